// SPDX-License-Identifier: Apache-2.0
// One person's files in one cloud: a tree with ids, revisions, tombstones, trash, a journal of changes and a quota.
// Names are unique without regard to case, unless the cloud says otherwise. Knows nothing of any cloud's API; paths
// are arrays of names. A node's kind is folder, file, or link (no bytes of its own).

import { createHash, randomBytes } from 'node:crypto';
import { unlink } from 'node:fs';
import { EventEmitter } from 'node:events';

// Contents above this are dropped when they are overwritten or deleted, so that benchmarks leave no rubbish.
const kKeepRevisionsUpTo = 32 << 20;
const kSamplesMade = Date.UTC(2025, 0, 1);

export function keyOf(name) {
  return name.normalize('NFC').toLowerCase();
}

function plainId(seed) {
  const bytes = seed === undefined ? randomBytes(16) : createHash('sha256').update(seed).digest();
  return bytes.toString('base64url').slice(0, 22);
}

export class Drive extends EventEmitter {
  // makeId(seed): an id as the cloud writes them, always the same for a seed, random without one.
  // caseSensitive: names that differ in case only are two names.
  // duplicates: names may be there several times, and trashed nodes stay where they were.
  constructor({ clock, owner, allocated, usedElsewhere = 0, makeId = plainId, duplicates = false, caseSensitive = false }) {
    super();
    this.setMaxListeners(0);
    this.clock = clock;
    this.owner = owner;
    this.makeId = makeId;
    this.duplicates = duplicates;
    this.keyOf = duplicates || caseSensitive ? (name) => name : keyOf;
    this.trashed = new Set(); // what is out of the tree, without duplicates
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
      node = this.childrenOf(node).get(this.keyOf(name));
      if (!node) return undefined;
    }
    return node;
  }

  // The first file that stands where a parent folder should be.
  fileAbove(names) {
    let node = this.root;
    for (const name of names.slice(0, -1)) {
      node = this.childrenOf(node).get(this.keyOf(name));
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
    if (node.kind !== 'folder') return node.content?.size ?? 0;
    let size = 0;
    for (const inner of this.walk(node)) if (inner.kind === 'file') size += inner.content.size;
    return size;
  }

  isInside(node, folder) {
    for (let at = node; at; at = at.parent) if (at === folder) return true;
    return false;
  }

  // The child of that name; the oldest of them where there are several.
  childNamed(folder, name) {
    return this.childrenOf(folder).get(this.keyOf(name));
  }

  makeFolder(names, seed = undefined) {
    let node = this.root;
    names.forEach((name, index) => {
      const mine = seed && `${seed}/${names.slice(0, index + 1).join('/')}`;
      node = this.childNamed(node, name) ?? this.createFolder(node, name, { seed: mine, created: seed });
    });
    return node;
  }

  // Creates a file, or gives an existing one a new revision. Missing parents are made.
  writeFile(names, content, { clientModified, serverModified, seed, extra = {} } = {}) {
    const folder = this.makeFolder(names.slice(0, -1), seed);
    const name = names[names.length - 1];
    const node = this.childNamed(folder, name);
    if (node) return this.replaceContent(node, content, { clientModified, serverModified, extra });
    return this.createFile(folder, name, content, { clientModified, serverModified, seed: seed && `${seed}/${names.join('/')}`, extra });
  }

  // The three below take a free name for granted. seed: a sample, which is made without notice.
  createFolder(folder, name, { seed, created = seed, extra = {}, id } = {}) {
    const node = this.#newNode('folder', name, folder, id ?? this.#id(seed), created);
    Object.assign(node, extra);
    this.#attach(node, folder, seed !== undefined);
    return node;
  }

  createFile(folder, name, content, { clientModified, serverModified, seed, extra = {}, id } = {}) {
    const before = this.tombstones.get(this.#pathKey([...this.namesOf(folder), name]));
    const node = this.#newNode('file', name, folder, id ?? this.#id(seed), seed && serverModified);
    if (before && !this.duplicates) node.revisions = before.node.revisions ?? [];
    this.#setContent(node, content, clientModified, serverModified, seed);
    Object.assign(node, extra);
    this.#attach(node, folder, seed !== undefined);
    return node;
  }

  createLink(folder, name, { seed, when, extra = {}, id } = {}) {
    const node = this.#newNode('link', name, folder, id ?? this.#id(seed), seed && when);
    Object.assign(node, { modified: node.created }, extra);
    this.#attach(node, folder, seed !== undefined);
    return node;
  }

  replaceContent(node, content, { clientModified, serverModified, extra = {} } = {}) {
    this.#changed(node.parent);
    this.usedByFiles -= node.content.size;
    this.#retire(node);
    this.#setContent(node, content, clientModified, serverModified);
    this.usedByFiles += content.size;
    Object.assign(node, extra);
    this.#note(node, false);
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
    this.trashed.delete(node);
    this.#unplace(node);
    this.#changed(node.parent);
    this.#record({ node, names, gone: true });
  }

  // Into the trash with everything below. It counts against the quota, and is found by id only.
  trash(node) {
    this.#unplace(node);
    node.trashed = true;
    node.trashedAt = this.clock.now();
    if (this.duplicates) this.place(node, node.parent);
    else this.trashed.add(node);
    this.#changed(node.parent);
    this.#note(node, true);
  }

  // Back from the trash, to where the name is free.
  restore(node, folder = node.parent, name = node.name) {
    this.#unplace(node);
    this.trashed.delete(node);
    Object.assign(node, { trashed: undefined, trashedAt: undefined, name, parent: folder });
    this.place(node, folder);
    this.#changed(folder);
    this.#note(node, false);
  }

  isTrashed(node) {
    for (let at = node; at; at = at.parent) if (at.trashed) return true;
    return false;
  }

  // Something about a node has changed, though neither its bytes nor its place.
  touch(node) {
    this.#note(node, false);
  }

  move(node, names) {
    return this.relocate(node, this.makeFolder(names.slice(0, -1)), names[names.length - 1]);
  }

  relocate(node, folder, name) {
    const from = this.namesOf(node);
    this.#unplace(node);
    this.#changed(node.parent);
    this.#record({ node, names: from, gone: true });
    node.name = name;
    node.parent = folder;
    this.place(node, folder);
    this.#changed(folder);
    this.tombstones.delete(this.#pathKey(this.namesOf(node)));
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
      if (inner.kind === 'file') this.writeFile([...names, ...rest], inner.content, { clientModified: inner.clientModified });
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

  // Many files of the same content at once: `prefix 00001.txt` and so on, without a notice of each.
  addMany(folder, count, nameOf, content, when) {
    const children = this.childrenOf(folder);
    for (let index = 0; index < count; ++index) {
      const name = nameOf(index);
      if (children.has(this.keyOf(name))) continue;
      const node = this.#newNode('file', name, folder, this.#id(), undefined);
      this.#setContent(node, content, when, when);
      this.place(node, folder);
      this.usedByFiles += content.size;
    }
    this.#changed(folder);
    this.#note(folder, false);
  }

  forgetCursors() {
    this.epoch = randomBytes(6).toString('hex');
    this.emit('changed');
  }

  #pathKey(names) {
    return names.map(this.keyOf).join('/');
  }

  #id(seed) {
    return this.makeId(seed && `${this.owner}\n${seed}`);
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

  // Puts a node into a folder, nothing more. The second of a name, and what is in the trash, has a key of its own.
  place(node, folder) {
    const key = this.keyOf(node.name);
    const own = this.duplicates && (node.trashed || folder.children.has(key));
    node.key = own ? `${key}\0${node.id}` : key;
    folder.children.set(node.key, node);
  }

  #unplace(node) {
    const { children } = node.parent;
    if (children.get(node.key) === node) children.delete(node.key);
    if (!this.duplicates || node.key.includes('\0')) return;
    const next = [...children.values()].find((one) => one.name === node.name && !one.trashed);
    if (!next) return;
    children.delete(next.key);
    this.place(next, node.parent);
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
