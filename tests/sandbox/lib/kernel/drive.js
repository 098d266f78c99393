// SPDX-License-Identifier: Apache-2.0
// One person's files in one cloud: a case-insensitive tree with ids, revisions, tombstones, a journal of
// changes and a quota. Knows nothing of any cloud's API; paths are arrays of names.

import { createHash, randomBytes } from 'node:crypto';
import { unlink } from 'node:fs';
import { EventEmitter } from 'node:events';

// Contents above this are dropped when they are overwritten or deleted, so that benchmarks leave no rubbish.
const kKeepRevisionsUpTo = 32 << 20;
const kSamplesMade = Date.UTC(2025, 0, 1);

export function keyOf(name) {
  return name.normalize('NFC').toLowerCase();
}

export class Drive extends EventEmitter {
  constructor({ clock, owner, allocated, usedElsewhere = 0 }) {
    super();
    this.setMaxListeners(0);
    this.clock = clock;
    this.owner = owner;
    this.allocated = allocated;
    this.usedElsewhere = usedElsewhere;
    this.usedByFiles = 0;
    this.byId = new Map();
    this.byRev = new Map();
    this.tombstones = new Map(); // path key -> { name, names, node, at }
    this.journal = []; // { seq, node, names, gone }
    this.seq = 0;
    this.epoch = randomBytes(6).toString('hex');
    this.revCounter = 0;
    this.root = this.#newNode('folder', '', null, this.#id('root'), kSamplesMade);
  }

  get used() {
    return this.usedElsewhere + this.usedByFiles;
  }

  get free() {
    return Math.max(0, this.allocated - this.used);
  }

  // Follows names from the root; undefined when there is nothing. `deepest` reports how far it got.
  find(names) {
    let node = this.root;
    for (const name of names) {
      if (node.kind !== 'folder') return undefined;
      node = this.childrenOf(node).get(keyOf(name));
      if (!node) return undefined;
    }
    return node;
  }

  // The first file that stands where a parent folder should be.
  fileAbove(names) {
    let node = this.root;
    for (const name of names.slice(0, -1)) {
      node = this.childrenOf(node).get(keyOf(name));
      if (!node) return undefined;
      if (node.kind === 'file') return node;
    }
    return undefined;
  }

  findById(id) {
    if (!this.byId.has(id)) for (const node of [...this.byId.values()]) if (node.lazy) this.childrenOf(node);
    return this.byId.get(id);
  }

  childrenOf(folder) {
    if (folder.lazy) {
      const fill = folder.lazy;
      folder.lazy = undefined;
      fill(folder);
    }
    return folder.children;
  }

  namesOf(node) {
    const names = [];
    for (let at = node; at.parent; at = at.parent) names.unshift(at.name);
    return names;
  }

  *walk(folder) {
    for (const node of this.childrenOf(folder).values()) {
      yield node;
      if (node.kind === 'folder') yield* this.walk(node);
    }
  }

  sizeOf(node) {
    if (node.kind === 'file') return node.content.size;
    let size = 0;
    for (const inner of this.walk(node)) if (inner.kind === 'file') size += inner.content.size;
    return size;
  }

  isInside(node, folder) {
    for (let at = node; at; at = at.parent) if (at === folder) return true;
    return false;
  }

  makeFolder(names, seed = undefined) {
    let node = this.root;
    for (let i = 0; i < names.length; ++i) {
      const children = this.childrenOf(node);
      let next = children.get(keyOf(names[i]));
      if (!next) {
        next = this.#newNode('folder', names[i], node, this.#id(seed && `${seed}/${names.slice(0, i + 1).join('/')}`), seed);
        this.#attach(next, node, seed !== undefined);
      }
      node = next;
    }
    return node;
  }

  // Creates a file, or gives an existing one a new revision. Missing parents are made.
  writeFile(names, content, { clientModified, serverModified, seed, extra = {} } = {}) {
    const folder = this.makeFolder(names.slice(0, -1), seed);
    const name = names[names.length - 1];
    let node = this.childrenOf(folder).get(keyOf(name));
    if (!node) {
      const before = this.tombstones.get(this.#pathKey(names));
      node = this.#newNode('file', name, folder, this.#id(seed && `${seed}/${names.join('/')}`), seed && serverModified);
      if (before) node.revisions = before.node.revisions;
      this.#setContent(node, content, clientModified, serverModified, seed);
      Object.assign(node, extra);
      this.#attach(node, folder, seed !== undefined);
    } else {
      this.#changed(folder);
      this.usedByFiles -= node.content.size;
      this.#retire(node);
      this.#setContent(node, content, clientModified, serverModified);
      this.usedByFiles += content.size;
      Object.assign(node, extra);
      this.#note(node, false);
    }
    return node;
  }

  remove(node) {
    const names = this.namesOf(node);
    const all = [node, ...(node.kind === 'folder' ? this.walk(node) : [])];
    for (const one of all) {
      const path = this.namesOf(one);
      this.tombstones.set(this.#pathKey(path), { name: one.name, names: path, node: one, at: this.clock.now() });
      this.byId.delete(one.id);
      if (one.kind === 'file') {
        this.usedByFiles -= one.content.size;
        this.#retire(one);
      }
    }
    node.parent.children.delete(keyOf(node.name));
    this.#changed(node.parent);
    this.#record({ node, names, gone: true });
  }

  // Something about a node has changed, though neither its bytes nor its place.
  touch(node) {
    this.#note(node, false);
  }

  move(node, names) {
    const from = this.namesOf(node);
    const folder = this.makeFolder(names.slice(0, -1));
    node.parent.children.delete(keyOf(node.name));
    this.#changed(node.parent);
    this.#record({ node, names: from, gone: true });
    node.name = names[names.length - 1];
    node.parent = folder;
    this.place(node, folder);
    this.#changed(folder);
    this.tombstones.delete(this.#pathKey(names));
    this.#note(node, false);
    for (const inner of node.kind === 'folder' ? this.walk(node) : []) this.#note(inner, false);
    return node;
  }

  copy(node, names) {
    if (node.kind === 'file') {
      return this.writeFile(names, node.content, { clientModified: node.clientModified });
    }
    const copies = [...this.walk(node)].map((inner) => [inner, this.namesOf(inner).slice(this.namesOf(node).length)]);
    const folder = this.makeFolder(names);
    for (const [inner, rest] of copies) {
      if (inner.kind === 'folder') this.makeFolder([...names, ...rest]);
      else this.writeFile([...names, ...rest], inner.content, { clientModified: inner.clientModified });
    }
    return folder;
  }

  // Gives a folder children that are made only when somebody looks; `size` is what they hold together.
  makeLazyFolder(names, seed, size, fill) {
    const folder = this.makeFolder(names, seed);
    this.usedByFiles += size;
    folder.untouched = true; // until something in it changes
    folder.lazy = (self) => {
      const used = this.usedByFiles;
      fill(self);
      this.usedByFiles = used;
    };
    return folder;
  }

  addSampleChild(folder, name, content, when, seed) {
    const node = this.#newNode('file', name, folder, this.#id(seed), when);
    this.#setContent(node, content, when, when, seed);
    this.place(node, folder);
    return node;
  }

  forgetCursors() {
    this.epoch = randomBytes(6).toString('hex');
    this.emit('changed');
  }

  #pathKey(names) {
    return names.map(keyOf).join('/');
  }

  #id(seed) {
    if (seed === undefined) return randomBytes(16).toString('base64url').slice(0, 22);
    return createHash('sha256').update(`${this.owner}\n${seed}`).digest('base64url').slice(0, 22);
  }

  // created: when; anything else that is set means a sample.
  #newNode(kind, name, parent, id, created) {
    const sample = typeof created === 'number' ? created : kSamplesMade;
    const when = created === undefined ? Math.floor(this.clock.now() / 1000) * 1000 : sample;
    const node = { id, kind, name, parent, created: when, version: 1 };
    if (kind === 'folder') Object.assign(node, { children: new Map(), modified: when });
    else node.revisions = [];
    this.byId.set(id, node);
    return node;
  }

  #setContent(node, content, clientModified, serverModified, seed) {
    const now = Math.floor(this.clock.now() / 1000) * 1000;
    content.refs += 1;
    node.content = content;
    node.serverModified = serverModified ?? now;
    node.clientModified = clientModified ?? now;
    node.rev =
      seed === undefined
        ? `6${(++this.revCounter).toString(16).padStart(5, '0')}${randomBytes(5).toString('hex')}`
        : `5${createHash('sha256').update(`${this.owner}\n${seed}\n${node.name}`).digest('hex').slice(0, 14)}`;
    this.byRev.set(node.rev, { rev: node.rev, node, content, clientModified: node.clientModified, serverModified: node.serverModified });
  }

  #retire(node) {
    if (node.content.size <= kKeepRevisionsUpTo) {
      node.revisions.push(node.rev);
      return;
    }
    this.byRev.delete(node.rev);
    node.content.refs -= 1;
    if (node.content.refs === 0 && node.content.owned) unlink(node.content.path, () => {});
  }

  // Puts a node into a folder, nothing more.
  place(node, folder) {
    folder.children.set(keyOf(node.name), node);
  }

  #changed(folder) {
    folder.untouched = false;
    folder.modified = Math.floor(this.clock.now() / 1000) * 1000;
  }

  #attach(node, folder, quiet) {
    this.place(node, folder);
    if (quiet) folder.untouched = false;
    else this.#changed(folder);
    if (node.kind === 'file') this.usedByFiles += node.content.size;
    this.tombstones.delete(this.#pathKey(this.namesOf(node)));
    if (!quiet) this.#note(node, false);
  }

  #note(node, gone) {
    node.version += 1;
    this.#record({ node, names: this.namesOf(node), gone });
  }

  #record(change) {
    this.journal.push({ seq: ++this.seq, ...change });
    this.emit('changed');
  }
}
