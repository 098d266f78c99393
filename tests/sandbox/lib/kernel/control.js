// SPDX-License-Identifier: Apache-2.0
// The door for tests: POST /sandbox/control takes one command, or a list of them, as JSON.

import { stat } from 'node:fs/promises';
import { BytesContent, DiskContent, SyntheticContent } from './content.js';
import { contentReply, json, readBody, text } from './reply.js';
import { isoSeconds } from './clock.js';
import { setMarks } from './marks.js';

const kShowBytesUpTo = 1 << 20;
const kDefaultCloud = 'dropbox';

function namesOf(path) {
  if (typeof path !== 'string' || !path.startsWith('/')) throw new Error('path must start with "/"');
  return path.split('/').filter(Boolean);
}

export class Control {
  // sandbox: { clock, people, clouds, faults, log, credentials(), reset() }
  constructor(sandbox) {
    this.sandbox = sandbox;
  }

  async handle(ask) {
    try {
      if (ask.path === '/sandbox/credentials') return json(200, this.sandbox.credentials());
      if (ask.path === '/sandbox/file') return await this.#file(ask);
      if (ask.path !== '/sandbox/control') return text(404, 'Not found');
      if (ask.method !== 'POST') return text(405, 'POST a JSON command', { Allow: 'POST' });
      const commands = JSON.parse((await readBody(ask.stream, 64 << 20)).toString('utf8'));
      if (!Array.isArray(commands)) return json(200, await this.#do(commands));
      const results = [];
      for (const command of commands) results.push(await this.#do(command));
      return json(200, results);
    } catch (error) {
      return json(400, { error: error.message });
    }
  }

  async #do(command) {
    if (command?.do === 'tune') {
      const done = cloudOf(this.sandbox, command).control?.(command);
      if (!done) throw new Error('this cloud has nothing to tune');
      return done;
    }
    if (!Object.hasOwn(kCommands, command?.do)) throw new Error(`unknown command: ${command?.do}`);
    return (await kCommands[command.do](this.sandbox, command)) ?? { ok: true };
  }

  // The bytes of a file: GET /sandbox/file?cloud=&person=&path=
  async #file(ask) {
    const { content } = fileOf(this.sandbox, Object.fromEntries(ask.query));
    return contentReply(content, ask.headers.range, { 'Content-Type': 'application/octet-stream' });
  }
}

function cloudOf({ clouds }, { cloud = kDefaultCloud }) {
  const found = clouds.find((one) => one.name === cloud);
  if (!found) throw new Error(`no such cloud: ${cloud}`);
  return found;
}

function emailOf({ people }, { person }) {
  const found = person === undefined ? people.all()[0] : people.get(person);
  if (!found) throw new Error(`no such person: ${person}`);
  return found.email;
}

function driveOf(sandbox, command) {
  return cloudOf(sandbox, command).drive(emailOf(sandbox, command), command.drive);
}

function nodeOf(sandbox, command) {
  const drive = driveOf(sandbox, command);
  const node = command.id === undefined ? drive.find(namesOf(command.path)) : drive.findById(command.id);
  if (!node) throw new Error(`nothing at ${command.id ?? command.path}`);
  return { drive, node };
}

function fileOf(sandbox, command) {
  const { node, drive } = nodeOf(sandbox, command);
  if (node.kind !== 'file') throw new Error(`${command.path} is a folder`);
  return { drive, node, content: node.content };
}

// One of: size (synthetic bytes), text, base64, from (a local file).
async function contentOf({ size, text: words, base64, from }) {
  if (size !== undefined) return new SyntheticContent(size);
  if (words !== undefined) return new BytesContent(Buffer.from(words));
  if (base64 !== undefined) return new BytesContent(Buffer.from(base64, 'base64'));
  if (from !== undefined) return new DiskContent(from, (await stat(from)).size);
  return new BytesContent(Buffer.alloc(0));
}

async function makeFile(drive, command) {
  const content = await contentOf(command);
  const when = command.modified === undefined ? undefined : Date.parse(command.modified);
  const node = drive.writeFile(namesOf(command.path), content, { clientModified: when, serverModified: when });
  setMarks(node, command);
  return { id: node.id, rev: node.rev, size: content.size };
}

const kCommands = {
  ping: () => ({ ok: true }),
  clock: ({ clock }, { advanceSeconds, set }) => {
    if (set !== undefined) clock.set(Date.parse(set));
    if (advanceSeconds !== undefined) clock.advance(advanceSeconds);
    return { now: isoSeconds(clock.now()) };
  },
  fault: ({ faults }, command) => ({ id: faults.add(command) }),
  'clear-faults': ({ faults }, { id }) => (id === undefined ? faults.clear() : faults.remove(id), undefined),
  faults: ({ faults }) => ({ faults: faults.list() }),
  'expire-tokens': (sandbox, command) => cloudOf(sandbox, command).grants.expireOf(command.person),
  'revoke-tokens': (sandbox, command) => cloudOf(sandbox, command).grants.revokeOf(command.person),
  quota: (sandbox, command) => {
    const drive = driveOf(sandbox, command);
    if (command.allocated !== undefined) drive.allocated = command.allocated;
    if (command.free !== undefined) drive.allocated = drive.used + command.free;
    drive.emit('changed');
    return { used: drive.used, allocated: drive.allocated, free: drive.free };
  },
  'page-cap': (sandbox, command) => {
    cloudOf(sandbox, command).pageCap = command.cap ?? undefined;
  },
  'search-delay': (sandbox, command) => {
    cloudOf(sandbox, command).searchDelaySeconds = command.seconds ?? 0;
  },
  'writers-at-once': (sandbox, command) => {
    cloudOf(sandbox, command).writersAtOnce = command.most ?? undefined;
  },
  'reset-cursors': (sandbox, command) => driveOf(sandbox, command).forgetCursors(),
  'make-file': (sandbox, command) => makeFile(driveOf(sandbox, command), command),
  'make-folder': (sandbox, command) => {
    const node = driveOf(sandbox, command).makeFolder(namesOf(command.path));
    setMarks(node, command);
    return { id: node.id };
  },
  'make-tree': async (sandbox, command) => {
    const drive = driveOf(sandbox, command);
    for (const entry of command.entries) {
      if (entry.folder) setMarks(drive.makeFolder(namesOf(entry.path)), entry);
      else await makeFile(drive, entry);
    }
    return { made: command.entries.length };
  },
  // `count` files of `size` bytes: `prefix00001.txt` and so on.
  'make-many': (sandbox, { path, count, prefix = 'File ', ending = '.txt', size, modified, ...command }) => {
    const drive = driveOf(sandbox, command);
    const folder = drive.makeFolder(namesOf(path));
    const digits = Math.max(5, String(count).length);
    const content = size === undefined ? new BytesContent(Buffer.from('one of many\n')) : new SyntheticContent(size);
    const when = modified === undefined ? undefined : Date.parse(modified);
    drive.addMany(folder, count, (index) => `${prefix}${String(index + 1).padStart(digits, '0')}${ending}`, content, when);
    return { id: folder.id, made: count };
  },
  mark: (sandbox, command) => {
    const { drive, node } = nodeOf(sandbox, command);
    setMarks(node, command);
    drive.touch(node);
  },
  delete: (sandbox, command) => {
    const { drive, node } = nodeOf(sandbox, command);
    drive.remove(node);
  },
  list: (sandbox, command) => {
    const { drive, node } = command.path === undefined || command.path === '/' ? { drive: driveOf(sandbox, command), node: driveOf(sandbox, command).root } : nodeOf(sandbox, command);
    const entries = [...drive.childrenOf(node).values()];
    return { entries: entries.filter((one) => !one.trashed).map(({ id, name, kind, content }) => ({ id, name, kind, size: content?.size })) };
  },
  read: async (sandbox, command) => {
    const { node, content } = fileOf(sandbox, command);
    return {
      name: node.name,
      rev: node.rev,
      size: content.size,
      clientModified: isoSeconds(node.clientModified),
      ...(await content.digests()),
      contentHash: await content.contentHash(),
      ...(content.size <= kShowBytesUpTo ? { base64: (await content.bytes()).toString('base64') } : {}),
    };
  },
  uploads: (sandbox, command) => ({ uploads: cloudOf(sandbox, command).uploads }),
  requests: ({ log }, { since, route }) => ({ total: log.total, requests: log.since(since, route), counters: log.counters }),
  'clear-requests': ({ log }) => log.clear(),
  credentials: (sandbox) => sandbox.credentials(),
  reset: (sandbox) => sandbox.reset(),
};
