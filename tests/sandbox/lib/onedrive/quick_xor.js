// SPDX-License-Identifier: Apache-2.0
// quickXorHash: byte i of the data is XORed in at bit 11*i of a ring of 160 bits, and the length at the end.

const kBits = 160;
const kBytes = kBits / 8;
const kRound = 160; // after so many bytes the positions repeat
const kWords = kRound / 4;

export class QuickXor {
  #cells = new Int32Array(kWords); // the XOR of all bytes that share a position
  size = 0;

  update(chunk) {
    const words = this.#cells;
    const cells = new Uint8Array(words.buffer);
    const { length } = chunk;
    let at = 0;
    for (let place = this.size % kRound; place !== 0 && place < kRound && at < length; ++place) cells[place] ^= chunk[at++];
    const whole = at + Math.floor((length - at) / kRound) * kRound;
    if (whole > at) {
      const start = chunk.byteOffset + at;
      const source = start % 4 === 0 ? new Int32Array(chunk.buffer, start, (whole - at) / 4) : new Int32Array(chunk.buffer.slice(start, start + whole - at));
      for (let w = 0; w < kWords; ++w) {
        let sum = 0;
        for (let n = w; n < source.length; n += kWords) sum ^= source[n];
        words[w] ^= sum;
      }
      at = whole;
    }
    for (let place = 0; at < length; ++place) cells[place] ^= chunk[at++];
    this.size += length;
    return this;
  }

  copy() {
    const other = new QuickXor();
    other.#cells.set(this.#cells);
    other.size = this.size;
    return other;
  }

  digest() {
    const ring = Buffer.alloc(kBytes);
    new Uint8Array(this.#cells.buffer).forEach((value, n) => {
      const bit = (11 * n) % kBits;
      const wide = value << (bit % 8);
      ring[bit >> 3] ^= wide & 0xff;
      ring[((bit >> 3) + 1) % kBytes] ^= wide >> 8;
    });
    const length = Buffer.alloc(8);
    length.writeBigUInt64LE(BigInt(this.size));
    length.forEach((value, n) => (ring[kBytes - 8 + n] ^= value));
    return ring.toString('base64');
  }
}

// Larger ones are told without a hash, as the original may: nobody waits for gigabytes to be read.
const kHashUpTo = 256 << 20;
const known = new WeakMap();

export function knowHash(content, hash) {
  known.set(content, Promise.resolve(hash));
  return content;
}

// The hash of a content, or undefined.
export function hashOf(content) {
  if (!known.has(content)) {
    if (content.size > kHashUpTo) return Promise.resolve(undefined);
    known.set(
      content,
      (async () => {
        const hash = new QuickXor();
        for await (const chunk of content.open(0, content.size - 1)) hash.update(chunk);
        return hash.digest();
      })(),
    );
  }
  return known.get(content);
}
