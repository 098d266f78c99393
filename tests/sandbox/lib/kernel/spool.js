// SPDX-License-Identifier: Apache-2.0
// A request's body straight to disk.

import { randomBytes } from 'node:crypto';
import { open, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { BytesContent, DiskContent } from './content.js';

const kWriteAt = 1 << 20;

// Writes the stream into an open file from `at` on, in megabyte batches while the next bytes come in; one batch is
// in flight at a time. each(chunk, sizeSoFar) sees everything first and may throw. Gives the size. With `keep`, what
// had come is written, too, when the stream breaks off; the error says how much that is: `spooled`.
export async function spool(stream, file, at, each = () => {}, { keep = false } = {}) {
  let size = 0;
  let batch = [];
  let batched = 0;
  let writing = Promise.resolve();
  const flush = async () => {
    await writing;
    const [chunks, position] = [batch, at + size - batched];
    batch = [];
    batched = 0;
    writing = file.writev(chunks, position);
    writing.catch(() => {});
  };
  try {
    for await (const chunk of stream) {
      each(chunk, size + chunk.length);
      size += chunk.length;
      batch.push(chunk);
      batched += chunk.length;
      if (batched >= kWriteAt) await flush();
    }
    if (batched > 0) await flush();
  } catch (error) {
    if (keep && batched > 0) await flush();
    if (keep) error.spooled = size;
    throw error;
  } finally {
    await writing; // nothing of a request that broke off may land later
  }
  return size;
}

const kKeepInMemory = 64 << 10;

// A request's body as content: a small one in memory, another in a file of its own in the folder.
export async function receive(stream, folder, each = () => {}) {
  const path = join(folder, `upload-${randomBytes(9).toString('base64url')}`);
  const file = await open(path, 'w+');
  let size;
  try {
    size = await spool(stream, file, 0, each);
  } catch (error) {
    await unlink(path);
    throw error;
  } finally {
    await file.close();
  }
  const content = new DiskContent(path, size, { owned: true });
  if (size > kKeepInMemory) return content;
  const bytes = new BytesContent(await content.bytes());
  await unlink(path);
  return bytes;
}
