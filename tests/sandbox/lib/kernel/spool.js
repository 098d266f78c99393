// SPDX-License-Identifier: Apache-2.0
// A request's body straight to disk.

const kWriteAt = 1 << 20;

// Writes the stream into an open file from `at` on, in megabyte batches while the next bytes come in; one batch is
// in flight at a time. each(chunk, sizeSoFar) sees everything first and may throw. Gives the size.
export async function spool(stream, file, at, each = () => {}) {
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
      size += chunk.length;
      each(chunk, size);
      batch.push(chunk);
      batched += chunk.length;
      if (batched >= kWriteAt) await flush();
    }
    if (batched > 0) await flush();
  } finally {
    await writing; // nothing of a request that broke off may land later
  }
  return size;
}
