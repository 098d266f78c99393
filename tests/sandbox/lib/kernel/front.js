// SPDX-License-Identifier: Apache-2.0
// The HTTP and HTTPS doors: finds the cloud by host name or path prefix, applies faults, writes replies.

import http from 'node:http';
import https from 'node:https';
import net from 'node:net';
import { pipeline } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { bodyFilters, cutRequest, madeUpReply } from './faults.js';
import { bodyLength, text } from './reply.js';

const kGone = new Set(['ECONNRESET', 'EPIPE', 'ERR_STREAM_PREMATURE_CLOSE', 'ERR_STREAM_DESTROYED', 'ABORT_ERR']);

// Long uploads take their time; long paths, escaped, make long headers.
// Listening on one loopback address means on this one, too: a second origin for bytes and links that take no token.
const kSecond = '127.0.0.2';

const kServer = { requestTimeout: 0, maxHeaderSize: 128 << 10 };

function plainQuery(url) {
  return [...url.searchParams].map(([name, value]) => `${name}=${value}`).join('&');
}

export class Front {
  #servers = [];
  #tunnels = new Set();

  constructor({ clouds, faults, log, clock, local, publicUrl, report }) {
    Object.assign(this, { clouds, faults, log, clock, local, publicUrl, report });
    this.byHost = new Map(clouds.flatMap((cloud) => cloud.hostNames.map((name) => [name, cloud])));
  }

  async listen({ host, port, httpsPort, tls }) {
    this.own = ['0.0.0.0', '::'].includes(host) ? '127.0.0.1' : host;
    const plain = this.#prepare(http.createServer(kServer), false);
    plain.on('connect', (request, socket) => this.#tunnel(request, socket));
    this.port = await this.#open(plain, port, host);
    const secure = () => this.#prepare(https.createServer({ key: tls.key, cert: tls.cert, ...kServer }), true);
    if (tls) this.httpsPort = await this.#open(secure(), httpsPort, host);
    if (host !== '127.0.0.1') return;
    await this.#open(this.#prepare(http.createServer(kServer), false), this.port, kSecond);
    if (tls) await this.#open(secure(), this.httpsPort, kSecond);
  }

  async close() {
    for (const socket of this.#tunnels) socket.destroy();
    await Promise.all(
      this.#servers.map((server) => {
        const closed = new Promise((resolve) => server.close(resolve));
        server.closeAllConnections();
        return closed;
      }),
    );
  }

  #prepare(server, secure) {
    server.keepAliveTimeout = 75_000;
    // A body that arrived whole counts, as at the originals, also where its sender is gone before it was read from memory.
    server.httpAllowHalfOpen = true;
    server.on('request', (request, response) => {
      this.#serve(request, response, secure).catch((error) => {
        if (!kGone.has(error.code)) this.report(error);
        response.destroy();
      });
    });
    server.on('clientError', (_error, socket) => {
      if (socket.writable) socket.end('HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Length: 0\r\n\r\n');
      else socket.destroy();
    });
    return server;
  }

  #open(server, port, host) {
    this.#servers.push(server);
    return new Promise((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, host, () => resolve(server.address().port));
    });
  }

  // As a proxy: CONNECT to one of the clouds' host names ends at our own HTTPS door.
  #tunnel(request, socket) {
    const [name] = request.url.split(':');
    socket.on('error', () => {});
    if (!this.byHost.has(name.toLowerCase()) || !this.httpsPort) {
      socket.end('HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n');
      return;
    }
    const inner = net.connect(this.httpsPort, this.own, () => {
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
      socket.pipe(inner).pipe(socket);
    });
    for (const [one, other] of [[socket, inner], [inner, socket]]) {
      this.#tunnels.add(one);
      one.on('error', () => other.destroy());
      one.on('close', () => {
        this.#tunnels.delete(one);
        other.destroy();
      });
    }
  }

  // { cloud, path, url, host, prefix }; cloud is undefined for the sandbox's own pages.
  #locate(request) {
    const absolute = /^https?:\/\//i.test(request.url);
    const url = new URL(absolute ? request.url : `http://sandbox${request.url}`);
    const authority = absolute ? url.host : (request.headers.host ?? '');
    const host = authority.replace(/:\d+$/, '').toLowerCase();
    const cloud = this.byHost.get(host);
    if (cloud) return { cloud, path: url.pathname, url, host, authority, prefix: '' };
    const [, first] = url.pathname.split('/');
    const byPath = this.clouds.find((one) => one.name === first);
    if (!byPath) return { path: url.pathname, url, host, authority, prefix: '' };
    return { cloud: byPath, path: url.pathname.slice(first.length + 1) || '/', url, host, authority, prefix: `/${first}` };
  }

  async #serve(request, response, secure) {
    const { cloud, path, url, host, authority, prefix } = this.#locate(request);
    const door = `${secure ? 'https' : 'http'}://${authority || `127.0.0.1:${this.port}`}`;
    const ask = {
      cloud,
      method: request.method,
      path,
      query: url.searchParams,
      headers: request.headers,
      stream: request,
      host,
      prefix,
      // Where absolute links point: the original's own host, or the public address.
      base: prefix === '' ? door : `${this.publicUrl ?? door}${prefix}`,
      // The same at another host, as far as there is one.
      elsewhere: prefix === '' ? door : `${this.publicUrl ?? door.replace('//127.0.0.1:', `//${kSecond}:`)}${prefix}`,
      secure,
      remote: request.socket.remoteAddress,
      closed: new Promise((resolve) => response.once('close', resolve)),
      note: undefined,
    };
    if (!cloud) {
      await this.#write(ask, response, await this.local(ask));
      return;
    }
    const action = this.faults.take(cloud.name, request.method, path, plainQuery(url));
    const entry = this.log.begin({
      at: new Date(this.clock.now()).toISOString(),
      cloud: cloud.name,
      method: request.method,
      path: cloud.loggedPath?.(path) ?? path, // some paths are secrets
      bearer: /^bearer /i.test(request.headers.authorization ?? ''),
      fault: action ? Object.keys(action).join('+') : undefined,
    });
    ask.note = entry;
    try {
      await this.#withFault(ask, response, entry, action);
    } finally {
      entry.bytesIn = Number(request.headers['content-length'] ?? 0);
      entry.done = true;
    }
  }

  async #withFault(ask, response, entry, action) {
    if (action?.delayMs) await sleep(action.delayMs);
    if (action?.dropAtOnce) {
      response.socket?.destroy();
      return;
    }
    if (action?.cutRequestAfter !== undefined) ask.stream = cutRequest(ask.stream, action.cutRequestAfter);
    ask.keepBytes = action?.keepBytes;
    let answer = action && madeUpReply(action);
    if (!answer) answer = await this.#ask(ask);
    entry.status = answer.status;
    if (action?.loseAnswer) {
      response.socket?.destroy();
      return;
    }
    if (action?.failAnswer) answer = text(action.failAnswer, 'It was done, but a fault says that it was not');
    if (action?.headers) answer.headers = { ...answer.headers, ...action.headers };
    await this.#write(ask, response, answer, entry, action);
  }

  async #ask(ask) {
    try {
      return await ask.cloud.handle(ask);
    } catch (error) {
      if (kGone.has(error.code)) throw error;
      this.report(error);
      return text(500, 'Internal server error in the sandbox');
    }
  }

  async #write(ask, response, answer, entry = {}, action = {}) {
    const length = bodyLength(answer.body);
    const headers = { ...answer.headers };
    if (answer.status !== 304 && answer.status !== 204 && !answer.chunked) headers['Content-Length'] = length + (action.contentLengthPlus ?? 0);
    const { stream } = ask;
    if (!stream.readableEnded && !stream.destroyed) stream.resume(); // an unread body must not block the socket
    response.writeHead(answer.status, headers);
    const { socket } = response;
    const filters = bodyFilters(action, socket);
    if (ask.method === 'HEAD' || length === 0) {
      response.end();
      if (filters.length > 0 || action.contentLengthPlus) socket.end();
      return;
    }
    entry.bytesOut = length;
    if (typeof answer.body === 'object' && !Buffer.isBuffer(answer.body)) {
      await pipeline(answer.body.open(), ...filters, response);
    } else if (filters.length > 0) {
      await pipeline([Buffer.from(answer.body)], ...filters, response);
    } else {
      response.end(answer.body);
    }
    if (action.contentLengthPlus) socket.end();
  }
}
