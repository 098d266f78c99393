// SPDX-License-Identifier: Apache-2.0
// What a file holds: bytes in memory, a file on disk, or a synthetic pattern of any length.
// Every content has size, open(first, last) -> readable stream, and async blockDigests().

import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { Readable } from 'node:stream';

export const kBlock = 4 << 20;
const kChunk = 1 << 20;

// SHA-256 of each 4 MiB block of a stream of bytes. copy() lets a request that breaks off be forgotten.
export class BlockHasher {
  digests = [];
  #partial = createHash('sha256');
  #filled = 0;
  size = 0;

  update(chunk) {
    this.size += chunk.length;
    let at = 0;
    while (at < chunk.length) {
      const take = Math.min(kBlock - this.#filled, chunk.length - at);
      this.#partial.update(take === chunk.length ? chunk : chunk.subarray(at, at + take));
      this.#filled += take;
      at += take;
      if (this.#filled === kBlock) {
        this.digests.push(this.#partial.digest());
        this.#partial = createHash('sha256');
        this.#filled = 0;
      }
    }
  }

  copy() {
    const other = new BlockHasher();
    other.digests = [...this.digests];
    other.#partial = this.#partial.copy();
    other.#filled = this.#filled;
    other.size = this.size;
    return other;
  }

  blockDigests() {
    return this.#filled > 0 ? [...this.digests, this.#partial.copy().digest()] : [...this.digests];
  }
}

export function hashOfBlocks(digests) {
  return createHash('sha256').update(Buffer.concat(digests)).digest('hex');
}

const kDigests = ['md5', 'sha1', 'sha256'];

// Some of the usual digests of a stream of bytes.
export class ManyHasher {
  size = 0;
  #hashes;

  constructor(names = kDigests) {
    this.#hashes = names.map((name) => [name, createHash(name)]);
  }

  update(chunk) {
    this.size += chunk.length;
    for (const [, hash] of this.#hashes) hash.update(chunk);
  }

  digests() {
    return Object.fromEntries(this.#hashes.map(([name, hash]) => [name, hash.copy().digest('hex')]));
  }
}

class Content {
  #hash;
  #digests = {};

  constructor(size) {
    this.size = size;
    this.refs = 0;
  }

  // The block hash as lower-case hex (Dropbox calls it content_hash); worked out once.
  contentHash() {
    this.#hash ??= this.blockDigests().then(hashOfBlocks);
    return this.#hash;
  }

  knownHash(hash) {
    this.#hash = Promise.resolve(hash);
    return this;
  }

  async blockDigests() {
    const hasher = new BlockHasher();
    for await (const chunk of this.open(0, this.size - 1)) hasher.update(chunk);
    return hasher.blockDigests();
  }

  // { md5, sha1, sha256 } in lower-case hex, or those that are named; each worked out once.
  async digests(names = kDigests) {
    const missing = names.filter((name) => !(name in this.#digests));
    if (missing.length > 0) {
      const work = this.workOutDigests(missing);
      for (const name of missing) this.#digests[name] = work.then((found) => found[name]);
    }
    const values = await Promise.all(names.map((name) => this.#digests[name]));
    return Object.fromEntries(names.map((name, index) => [name, values[index]]));
  }

  knownDigests(digests) {
    Object.assign(this.#digests, digests);
    return this;
  }

  async workOutDigests(names) {
    const hasher = new ManyHasher(names);
    for await (const chunk of this.open(0, this.size - 1)) hasher.update(chunk);
    return hasher.digests();
  }

  async bytes() {
    const chunks = [];
    for await (const chunk of this.open(0, this.size - 1)) chunks.push(chunk);
    return Buffer.concat(chunks);
  }
}

export class BytesContent extends Content {
  #bytes;

  constructor(bytes) {
    super(bytes.length);
    this.#bytes = bytes;
  }

  open(first, last) {
    const part = this.#bytes.subarray(first, last + 1);
    return Readable.from(part.length > 0 ? [part] : []);
  }

  describe() {
    return { kind: 'bytes', base64: this.#bytes.toString('base64') };
  }
}

export class DiskContent extends Content {
  constructor(path, size, { owned = false } = {}) {
    super(size);
    this.path = path;
    this.owned = owned;
  }

  open(first, last) {
    if (last < first) return Readable.from([]);
    return createReadStream(this.path, { start: first, end: last, highWaterMark: kChunk });
  }

  describe() {
    return { kind: 'disk', path: this.path, size: this.size, owned: this.owned };
  }
}

// A pattern in which every 64 KiB starts with its own offset, so that misplaced blocks change the hash.
export class SyntheticContent extends Content {
  static #pattern;
  static #known = new Map(); // size and names -> digests

  // Nobody waits for the digests of what is larger than this: they are made up, always the same for a size.
  static #mostHashed = 2 ** 32;

  constructor(size) {
    super(size);
    if (size <= SyntheticContent.#mostHashed) return;
    const madeUp = (name) => createHash(name).update(`synthetic ${size}`).digest('hex');
    this.knownHash(madeUp('sha256')).knownDigests(Object.fromEntries(kDigests.map((name) => [name, madeUp(name)])));
  }

  // Same size, same bytes.
  workOutDigests(names) {
    const known = SyntheticContent.#known;
    const key = `${this.size}/${names}`;
    if (!known.has(key)) known.set(key, super.workOutDigests(names));
    return known.get(key);
  }

  static pattern() {
    if (!this.#pattern) {
      const bytes = Buffer.alloc(kChunk);
      let x = 0x2545f491;
      for (let i = 0; i < kChunk; i += 4) {
        x ^= x << 13;
        x ^= x >>> 17;
        x ^= x << 5;
        bytes.writeInt32LE(x | 0, i);
      }
      this.#pattern = bytes;
    }
    return this.#pattern;
  }

  open(first, last) {
    return Readable.from(SyntheticContent.#generate(first, last), { highWaterMark: 1 });
  }

  static *#generate(first, last) {
    const pattern = this.pattern();
    for (let at = first - (first % kChunk); at <= last; at += kChunk) {
      const end = Math.min(kChunk, last + 1 - at);
      const chunk = Buffer.allocUnsafe(Math.min(kChunk, end + 8)); // the last mark may reach behind the end
      pattern.copy(chunk);
      for (let mark = 0; mark < end; mark += 1 << 16) chunk.writeBigUInt64BE(BigInt(at + mark), mark);
      yield chunk.subarray(Math.max(0, first - at), end);
    }
  }

  describe() {
    return { kind: 'synthetic', size: this.size };
  }
}

export function contentFrom(description) {
  switch (description.kind) {
    case 'bytes':
      return new BytesContent(Buffer.from(description.base64, 'base64'));
    case 'disk':
      return new DiskContent(description.path, description.size, description);
    case 'synthetic':
      return new SyntheticContent(description.size);
    default:
      throw new Error(`unknown content ${description.kind}`);
  }
}
