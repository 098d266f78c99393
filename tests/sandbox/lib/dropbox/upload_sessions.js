// SPDX-License-Identifier: Apache-2.0
// Upload sessions: bytes straight to disk, hashed on the way, kept seven days by the sandbox's clock.

import { randomBytes } from 'node:crypto';
import { open, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { BlockHasher, DiskContent, hashOfBlocks, kBlock } from '../kernel/content.js';
import { spool } from '../kernel/spool.js';
import { refuse } from './errors.js';

export const kMostPerRequest = 150 * 2 ** 20;
const kMostInAll = 2 ** 41 - 2 ** 22;
const kLifeSeconds = 7 * 86400;

export class UploadSessions {
  #sessions = new Map();

  constructor({ clock, folder }) {
    this.clock = clock;
    this.folder = folder;
  }

  async begin(account, { concurrent = false } = {}) {
    const id = `pid_upload_session:${randomBytes(33).toString('base64url')}`;
    const path = join(this.folder, `upload-${randomBytes(9).toString('base64url')}`);
    const session = {
      id, path, concurrent,
      account: account.id,
      file: await open(path, 'w+'),
      until: this.clock.now() + kLifeSeconds * 1000,
      offset: 0,
      closed: false,
      hasher: new BlockHasher(),
      blocks: new Map(), // concurrent: block number -> digest
      end: undefined, // concurrent: where the last part ends
      busy: false,
    };
    this.#sessions.set(id, session);
    return session;
  }

  find(account, id, tags) {
    const session = this.#sessions.get(id);
    if (!session || session.account !== account.id || session.until <= this.clock.now()) throw refuse(...tags, 'not_found');
    return session;
  }

  // Reads a request body into the session. Only a body that arrived whole counts.
  // Throws payload_too_large, too_large, content_hash_mismatch, concurrent_session_*.
  async receive(ask, session, at, { contentHash, close = false } = {}) {
    if (Number(ask.headers['content-length'] ?? 0) > kMostPerRequest) throw refuse('payload_too_large');
    const hasher = session.concurrent ? new BlockHasher() : session.hasher.copy();
    const own = contentHash === undefined ? undefined : new BlockHasher();
    const size = await spool(ask.stream, session.file, at, (chunk, sizeSoFar) => {
      if (sizeSoFar > kMostPerRequest) throw refuse('payload_too_large');
      hasher.update(chunk);
      own?.update(chunk);
    });
    if (at + size > kMostInAll) throw refuse('too_large');
    if (own && hashOfBlocks(own.blockDigests()) !== contentHash) throw refuse('content_hash_mismatch');
    if (session.concurrent) return this.#keepConcurrent(session, at, size, hasher, close);
    session.hasher = hasher;
    session.offset = at + size;
    session.closed ||= close;
    return size;
  }

  // The finished bytes as content; the session is gone afterwards.
  async take(session) {
    const contentHash = this.hashOf(session);
    await session.file.truncate(session.offset);
    await this.#forget(session);
    return new DiskContent(session.path, session.offset, { owned: true }).knownHash(contentHash);
  }

  hashOf(session) {
    if (!session.concurrent) return hashOfBlocks(session.hasher.blockDigests());
    return hashOfBlocks([...session.blocks].sort(([a], [b]) => a - b).map(([, digest]) => digest));
  }

  async discard(session) {
    await this.#forget(session);
    await unlink(session.path);
  }

  async close() {
    await Promise.all([...this.#sessions.values()].map((session) => session.file.close()));
    this.#sessions.clear();
  }

  async #forget(session) {
    this.#sessions.delete(session.id);
    await session.file.close();
  }

  #keepConcurrent(session, at, size, hasher, close) {
    if (!close && size % kBlock !== 0) throw refuse('concurrent_session_invalid_data_size');
    hasher.blockDigests().forEach((digest, index) => session.blocks.set(at / kBlock + index, digest));
    session.offset = Math.max(session.offset, at + size);
    if (close) {
      session.closed = true;
      session.end = at + size;
    }
    return size;
  }

  // Closed, and every block up to the end is there.
  isWhole(session) {
    return session.blocks.size === Math.ceil(session.offset / kBlock) && session.end === session.offset;
  }
}
