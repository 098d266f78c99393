// SPDX-License-Identifier: Apache-2.0
// Google's resumable uploads: one after the other, in multiples of 256 KiB, for a week. What was kept of a request
// may be less than what was sent.

import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { spool } from '../kernel/spool.js';
import { reply, text } from '../kernel/reply.js';
import { UploadFile } from '../kernel/upload_files.js';

export const kStep = 256 << 10;
const kLifeSeconds = 7 * 86_400;
const kPatienceMs = 100;

export class UploadSessions {
  #sessions = new Map();

  constructor({ clock, folder }) {
    Object.assign(this, { clock, folder });
  }

  // facts: who, where to, what it will be; size: what the caller announced, or undefined
  async begin(facts, size) {
    const session = {
      facts,
      size,
      id: `AHmUCY${randomBytes(66).toString('base64url')}`,
      file: await UploadFile.create(this.folder),
      until: this.clock.now() + kLifeSeconds * 1000,
      offset: 0,
      state: 'open', // done, gone
      busy: false,
    };
    this.#sessions.set(session.id, session);
    return session;
  }

  // undefined when it is over
  find(id) {
    const session = this.#sessions.get(id ?? '');
    return session && session.state !== 'gone' && session.until > this.clock.now() ? session : undefined;
  }

  async cancel(session) {
    if (session.state === 'open') await session.file.discard();
    session.state = 'gone';
  }

  // Takes a request with bytes or a question; gives a reply, or undefined when all bytes are there.
  async receive(session, ask) {
    // The request of a sender that is gone may have arrived whole, and be on its way to the disk.
    if (session.busy) await Promise.race([session.arriving, sleep(kPatienceMs)]);
    const told = ask.headers['content-range'];
    const length = ask.headers['content-length'] === undefined ? undefined : Number(ask.headers['content-length']);
    const [, first, last, total] = told === undefined ? [undefined, '0', undefined, '*'] : (/^bytes (?:(\d+)-(\d+)|\*)\/(\d+|\*)$/.exec(told) ?? []);
    if (told !== undefined && total === undefined) return text(400, 'Failed to parse Content-Range header.');
    if (total !== '*') {
      if (session.size !== undefined && session.size !== Number(total)) return text(400, `Invalid request.  There were ${total} byte(s) in the request, but ${session.size} byte(s) were announced.`);
      session.size = Number(total);
    }
    if (first === undefined) return session.offset === session.size ? undefined : this.standing(session);
    if (session.busy) return text(503, 'Service Unavailable');
    const from = Number(first);
    const wanted = last === undefined ? (length ?? session.size) : Number(last) - from + 1;
    const final = last === undefined || (session.size !== undefined && Number(last) + 1 === session.size);
    if (from > session.offset || wanted < 0 || (length !== undefined && length !== wanted) || (session.size !== undefined && from + wanted > session.size)) {
      return text(400, 'Invalid request.  The range is not what follows.');
    }
    if (!final && wanted % kStep !== 0) {
      return text(400, `Invalid request.  The number of bytes uploaded is required to be equal or greater than ${kStep}, except for the final request (it's recommended to be the exact multiple of ${kStep}).  The received request contained ${wanted} bytes, which does not meet this requirement.`);
    }
    session.busy = true;
    try {
      const spooled = spool(ask.stream, session.file.handle, from, undefined, { keep: true });
      session.arriving = spooled.then(() => {}, () => {});
      const size = await spooled;
      if (last !== undefined && size !== wanted) return text(400, 'Invalid request.  The body is not as long as the range.');
      const kept = ask.keepBytes === undefined || ask.keepBytes >= size ? size : ask.keepBytes - (ask.keepBytes % kStep);
      session.offset = Math.max(session.offset, from + kept);
      if (last === undefined && kept === size) session.size = from + size;
    } catch (error) {
      const reached = from + (error.spooled ?? 0);
      session.offset = Math.max(session.offset, reached - (reached % kStep));
      throw error;
    } finally {
      session.busy = false;
    }
    return session.offset === session.size ? undefined : this.standing(session);
  }

  // 308 with what is there so far; without a range when that is nothing.
  standing(session) {
    const range = session.offset > 0 ? { Range: `bytes=0-${session.offset - 1}` } : {};
    return reply(308, { ...range, 'X-GUploader-UploadID': session.id.slice(0, 40) }, '');
  }

  async take(session) {
    const content = await session.file.finish(session.size);
    session.state = 'done';
    return content;
  }

  // They do not outlive the process.
  async close() {
    await Promise.all([...this.#sessions.values()].filter(({ state }) => state === 'open').map(({ file }) => file.discard()));
    this.#sessions.clear();
  }
}
