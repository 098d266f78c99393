// SPDX-License-Identifier: Apache-2.0
// The parts of a multipart body, one after the other, each as a stream.

export class BrokenMultipart extends Error {}

// The boundary of a Content-Type, or undefined when it is not of that kind ("form-data", "related").
export function boundaryOf(contentType, kind) {
  const match = new RegExp(`^multipart/${kind}\\s*;.*boundary=(?:"([^"]+)"|([^;\\s]+))`, 'i').exec(contentType ?? '');
  return match?.[1] ?? match?.[2];
}

function headersOf(text) {
  const fields = {};
  for (const line of text.split('\r\n').filter(Boolean)) {
    const colon = line.indexOf(':');
    if (colon < 0) throw new BrokenMultipart('a part has a broken header');
    fields[line.slice(0, colon).trim().toLowerCase()] = line.slice(colon + 1).trim();
  }
  return fields;
}

// Gives { headers, body }; a body that nobody has read when the next part is wanted is passed over.
export async function* partsOf(stream, boundary) {
  const source = stream[Symbol.asyncIterator]();
  let held = Buffer.alloc(0);
  const more = async () => {
    const { value, done } = await source.next();
    if (done) throw new BrokenMultipart('the body ends early');
    held = held.length === 0 ? value : Buffer.concat([held, value]);
  };
  const upTo = async (mark, most = 64 << 10) => {
    let at = held.indexOf(mark);
    while (at < 0) {
      if (held.length > most) throw new BrokenMultipart('no boundary where one should be');
      await more();
      at = held.indexOf(mark);
    }
    const before = held.subarray(0, at);
    held = held.subarray(at + mark.length);
    return before;
  };
  const end = Buffer.from(`\r\n--${boundary}`);
  await upTo(end.subarray(2));
  for (;;) {
    const rest = (await upTo(Buffer.from('\r\n')).catch((error) => {
      if (held.subarray(0, 2).toString() === '--') return held;
      throw error;
    })).toString().trim();
    if (rest.startsWith('--')) break;
    if (rest !== '') throw new BrokenMultipart('something follows a boundary');
    // A part without headers begins with an empty line.
    const bare = async () => {
      while (held.length < 2) await more();
      return held.subarray(0, 2).toString() === '\r\n';
    };
    const headers = (await bare()) ? ((held = held.subarray(2)), {}) : headersOf((await upTo(Buffer.from('\r\n\r\n'))).toString());
    let done = false;
    const body = (async function* () {
      while (!done) {
        const at = held.indexOf(end);
        if (at >= 0) {
          done = true;
          const last = held.subarray(0, at);
          held = held.subarray(at + end.length);
          if (last.length > 0) yield last;
          return;
        }
        const safe = held.length - end.length + 1;
        if (safe > 0) {
          const chunk = held.subarray(0, safe);
          held = held.subarray(safe);
          yield chunk;
        } else {
          await more();
        }
      }
    })();
    yield { headers, body };
    for await (const chunk of body) void chunk;
    if (!done) throw new BrokenMultipart('a part was left halfway');
  }
  for (;;) if ((await source.next()).done) return;
}

// name and filename of a form's part.
export function dispositionOf(headers) {
  const field = (key) => {
    const match = new RegExp(`[;\\s]${key}="((?:[^"\\\\]|\\\\.)*)"`, 'i').exec(headers['content-disposition'] ?? '');
    return match?.[1];
  };
  return { name: field('name'), filename: field('filename') };
}
