// SPDX-License-Identifier: Apache-2.0
// Faults on demand: rules that match requests, and what they do to the reply.

import { Transform } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';

const kActions = new Set([
  'status', 'headers', 'body', 'delayMs', 'dropAtOnce', 'cutAfter', 'cutRequestAfter', 'stallAfter',
  'loseAnswer', 'bytesPerSecond', 'rubbish', 'contentLengthPlus', 'keepBytes', 'failAnswer',
]);

export class Faults {
  #rules = new Map();
  #next = 1;

  // rule: { cloud?, method?, route?: regular expression on the path, query?: one on the query as it was sent (without
  //         its percent signs), nth?: skip the first nth-1 matches, times?: how often it acts (default 1; 0 = for
  //         ever), action }
  add(rule) {
    const action = rule.action ?? {};
    const unknown = Object.keys(action).filter((key) => !kActions.has(key));
    if (unknown.length > 0) throw new Error(`unknown fault action: ${unknown.join(', ')}`);
    if (Object.keys(action).length === 0) throw new Error('a fault needs an action');
    const id = this.#next++;
    this.#rules.set(id, {
      id,
      cloud: rule.cloud,
      method: rule.method?.toUpperCase(),
      route: new RegExp(rule.route ?? ''),
      query: new RegExp(rule.query ?? ''),
      nth: rule.nth ?? 1,
      times: rule.times ?? 1,
      seen: 0,
      acted: 0,
      action,
    });
    return id;
  }

  remove(id) {
    return this.#rules.delete(id);
  }

  clear() {
    this.#rules.clear();
  }

  list() {
    return [...this.#rules.values()].map((rule) => ({ ...rule, route: rule.route.source, query: rule.query.source }));
  }

  // The first rule that wants to act on this request; counts it.
  take(cloud, method, path, query = '') {
    for (const rule of this.#rules.values()) {
      if (rule.cloud !== undefined && rule.cloud !== cloud) continue;
      if (rule.method !== undefined && rule.method !== method) continue;
      if (!rule.route.test(path) || !rule.query.test(query)) continue;
      rule.seen += 1;
      if (rule.seen < rule.nth) continue;
      if (rule.times !== 0 && rule.acted >= rule.times) continue;
      rule.acted += 1;
      return rule.action;
    }
    return undefined;
  }
}

// A reply that the fault makes up by itself, without asking the cloud.
export function madeUpReply(action) {
  if (action.rubbish) {
    const headers = { 'Content-Type': 'application/json', ...action.headers };
    return { status: action.status ?? 200, headers, body: action.body ?? '{"entries":[{"name": "half a rep' };
  }
  if (action.status === undefined) return undefined;
  const isText = action.body === undefined || typeof action.body === 'string';
  const headers = { 'Content-Type': isText ? 'text/plain; charset=utf-8' : 'application/json', ...action.headers };
  return { status: action.status, headers, body: isText ? (action.body ?? '') : JSON.stringify(action.body) };
}

// Breaks the request's socket after that many bytes of its body.
export function cutRequest(stream, limit) {
  let seen = 0;
  const cut = stream.pipe(
    new Transform({
      transform(chunk, _encoding, done) {
        seen += chunk.length;
        if (seen < limit) return done(null, chunk);
        const error = new Error('connection cut by a fault');
        error.code = 'ECONNRESET';
        stream.socket.destroy();
        return done(error);
      },
    }),
  );
  // Whoever reads the body may have turned away from it already; nobody listening would end the process.
  stream.on('error', () => {});
  cut.on('error', () => {});
  return cut;
}

// The stream filters that a fault puts between a body and the socket.
export function bodyFilters(action, socket) {
  const filters = [];
  if (action.bytesPerSecond) filters.push(slow(action.bytesPerSecond));
  if (action.cutAfter !== undefined) filters.push(cutOff(action.cutAfter, socket, false));
  if (action.stallAfter !== undefined) filters.push(cutOff(action.stallAfter, socket, true));
  return filters;
}

function slow(bytesPerSecond) {
  return new Transform({
    async transform(chunk, _encoding, done) {
      const step = Math.max(1, Math.floor(bytesPerSecond / 20));
      for (let at = 0; at < chunk.length && !this.destroyed; at += step) {
        this.push(chunk.subarray(at, at + step));
        await sleep((1000 * Math.min(step, chunk.length - at)) / bytesPerSecond);
      }
      done();
    },
  });
}

// Closes the socket once all that has passed the filter is on its way.
function endWhenSent(filter, socket) {
  const look = setInterval(() => {
    if (!socket.destroyed && (filter.readableLength > 0 || socket.writableLength > 0)) return;
    clearInterval(look);
    socket.destroy();
  }, 10);
}

// Lets `limit` bytes pass, then closes the socket, or (stall) leaves it open and silent.
function cutOff(limit, socket, stall) {
  let left = limit;
  return new Transform({
    transform(chunk, _encoding, done) {
      if (chunk.length < left) {
        left -= chunk.length;
        return done(null, chunk);
      }
      if (left > 0) this.push(chunk.subarray(0, left));
      left = 0;
      if (!stall) endWhenSent(this, socket);
      return undefined; // never done: nothing more passes
    },
  });
}
