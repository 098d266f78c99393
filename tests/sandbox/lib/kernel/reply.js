// SPDX-License-Identifier: Apache-2.0
// A reply is plain data, { status, headers, body }, so that faults can change it before it is written.
// body: undefined, string, Buffer, or { length, open() } where open() gives a readable stream.

export function reply(status, headers = {}, body = undefined) {
  return { status, headers, body };
}

export function json(status, value, headers = {}) {
  return reply(status, { 'Content-Type': 'application/json', ...headers }, JSON.stringify(value));
}

export function text(status, value, headers = {}) {
  return reply(status, { 'Content-Type': 'text/plain; charset=utf-8', ...headers }, value);
}

export function html(status, value, headers = {}) {
  return reply(
    status,
    {
      'Content-Type': 'text/html; charset=utf-8',
      'Cache-Control': 'no-store',
      'X-Frame-Options': 'DENY',
      'Referrer-Policy': 'no-referrer',
      'Content-Security-Policy': "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'none'",
      ...headers,
    },
    value,
  );
}

export function redirect(location, status = 302) {
  return reply(status, { Location: location, 'Cache-Control': 'no-store' }, '');
}

export function bodyLength(body) {
  if (body === undefined) return 0;
  if (typeof body === 'string') return Buffer.byteLength(body);
  return body.length;
}

// The `first-last` of a Range header as { start, end } (both included), undefined when there is none that
// counts, or 'unsatisfiable'.
export function parseRange(header, size) {
  const match = /^bytes=(\d*)-(\d*)$/.exec(header ?? '');
  if (!match || (match[1] === '' && match[2] === '')) return undefined;
  if (match[1] === '') {
    const tail = Number(match[2]);
    if (tail === 0 || size === 0) return 'unsatisfiable';
    return { start: Math.max(0, size - tail), end: size - 1 };
  }
  const start = Number(match[1]);
  const end = match[2] === '' ? size - 1 : Math.min(Number(match[2]), size - 1);
  if (start >= size) return 'unsatisfiable';
  if (match[2] !== '' && Number(match[2]) < start) return undefined;
  return { start, end };
}

// 200, 206 or 416 for a content object, by the request's Range.
export function contentReply(content, rangeHeader, headers) {
  const { size } = content;
  const range = parseRange(rangeHeader, size);
  const common = { 'Accept-Ranges': 'bytes', ...headers };
  if (range === 'unsatisfiable') {
    return text(416, 'Requested range not satisfiable', { 'Content-Range': `bytes */${size}` });
  }
  if (range === undefined) {
    return reply(200, common, { length: size, open: () => content.open(0, size - 1) });
  }
  return reply(
    206,
    { ...common, 'Content-Range': `bytes ${range.start}-${range.end}/${size}` },
    { length: range.end - range.start + 1, open: () => content.open(range.start, range.end) },
  );
}

export class TooLarge extends Error {}

// Reads a request body of at most `limit` bytes.
export async function readBody(stream, limit = 8 << 20) {
  const chunks = [];
  let size = 0;
  for await (const chunk of stream) {
    size += chunk.length;
    if (size > limit) throw new TooLarge(`body over ${limit} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, size);
}
