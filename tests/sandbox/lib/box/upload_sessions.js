// SPDX-License-Identifier: Apache-2.0
// Box's upload sessions: parts of a size that the server dictates, in any order, each with its digest; seven days.

import { createHash, randomBytes } from 'node:crypto';
import { spool } from '../kernel/spool.js';
import { UploadFile } from '../kernel/upload_files.js';
import { badParameter, refuse } from './errors.js';

const kLifeSeconds = 7 * 86_400;
const kRememberSeconds = 30 * 86_400;
const kMostParts = 10_000;

export class UploadSessions {
  #sessions = new Map();

  constructor({ clock, folder }) {
    Object.assign(this, { clock, folder });
    this.resetRules();
  }

  resetRules() {
    this.partSize = 8 << 20;
    this.smallest = 20_000_000;
  }

  // facts: { person, folder or node, name, size }
  async begin(facts) {
    if (facts.size < this.smallest) throw refuse(400, 'file_size_too_small');
    let { partSize } = this;
    while (facts.size / partSize > kMostParts) partSize *= 2;
    const session = {
      ...facts,
      id: randomBytes(16).toString('hex').toUpperCase(),
      partSize,
      totalParts: Math.ceil(facts.size / partSize),
      parts: new Map(), // offset -> part
      file: await UploadFile.create(this.folder),
      until: this.clock.now() + kLifeSeconds * 1000,
      commits: 0,
      state: 'open', // committing, done, aborted
    };
    this.#sessions.set(session.id, session);
    return session;
  }

  find(person, id) {
    if (!/^[0-9A-F]{16,40}$/i.test(id)) throw refuse(400, 'invalid_upload_session_id', { message: 'Invalid upload session id' });
    const session = this.#sessions.get(id.toUpperCase());
    if (!session || session.state === 'aborted' || session.until + kRememberSeconds * 1000 <= this.clock.now()) throw refuse(404, 'not_found');
    if (session.person !== person) throw refuse(403, 'forbidden', { message: 'The upload session belongs to somebody else' });
    if (session.until <= this.clock.now()) throw refuse(410, 'session_expired');
    return session;
  }

  #rangeOf(session, ask) {
    const [, first, last, total] = /^bytes (\d+)-(\d+)\/(\d+)$/.exec(ask.headers['content-range'] ?? '') ?? [];
    if (first === undefined) throw badParameter('content-range', 'The Content-Range header is missing or malformed', 'missing_parameter');
    const [from, to] = [Number(first), Number(last)];
    const wanted = Math.min(session.partSize, session.size - from);
    if (Number(total) !== session.size || from % session.partSize !== 0 || to - from + 1 !== wanted || wanted <= 0) {
      throw refuse(416, 'range_not_satisfiable', { message: 'The range is not one of this session' });
    }
    return { from, wanted };
  }

  // One part: `Digest: sha=...` and `Content-Range` must be right, and so must the bytes.
  async receive(session, ask) {
    if (session.state !== 'open') throw refuse(412, 'precondition_failed', { message: 'The upload session is being committed' });
    const { from, wanted } = this.#rangeOf(session, ask);
    const [, digest] = /^sha=([A-Za-z0-9+/=]+)$/i.exec(ask.headers.digest ?? '') ?? [];
    if (digest === undefined) throw badParameter('digest', 'The Digest header is missing or malformed', 'missing_parameter');
    if (session.parts.has(from)) throw refuse(409, 'range_overlaps_existing_part');
    const hash = createHash('sha1');
    const size = await spool(ask.stream, session.file.handle, from, (chunk, sizeSoFar) => {
      if (sizeSoFar > wanted) throw refuse(416, 'range_not_satisfiable', { message: 'More bytes than the range says' });
      hash.update(chunk);
    });
    if (size !== wanted) throw refuse(416, 'range_not_satisfiable', { message: 'Fewer bytes than the range says' });
    const sum = hash.digest();
    if (sum.toString('base64') !== digest) throw refuse(400, 'bad_digest', { message: 'The digest is not that of the part' });
    if (session.parts.has(from)) throw refuse(409, 'range_overlaps_existing_part');
    const part = { part_id: randomBytes(4).toString('hex').toUpperCase(), offset: from, size, sha1: sum.toString('hex') };
    session.parts.set(from, part);
    return part;
  }

  partsOf(session) {
    return [...session.parts.values()].sort((a, b) => a.offset - b.offset);
  }

  // The whole file's SHA-1, once all parts that the caller names are all there are.
  async check(session, parts, digest) {
    const mine = this.partsOf(session);
    const same = Array.isArray(parts) && parts.length === mine.length && mine.length === session.totalParts;
    const theirs = same && [...parts].sort((a, b) => a?.offset - b?.offset);
    if (!same || mine.some((part, index) => part.part_id !== theirs[index]?.part_id)) throw refuse(400, 'parts_mismatch');
    const { sha1 } = await session.file.soFar(session.size).digests(['sha1']);
    if (Buffer.from(sha1, 'hex').toString('base64') !== digest) throw refuse(400, 'bad_digest', { message: 'The digest is not that of the file' });
    return sha1;
  }

  async take(session, sha1) {
    session.state = 'done';
    return session.file.finish(session.size, { sha1 });
  }

  async abort(session) {
    if (session.state !== 'open') throw refuse(412, 'precondition_failed');
    session.state = 'aborted';
    await session.file.discard();
  }

  // They do not outlive the process.
  async close() {
    await Promise.all([...this.#sessions.values()].filter(({ state }) => state === 'open').map(({ file }) => file.discard()));
    this.#sessions.clear();
  }
}
