// SPDX-License-Identifier: Apache-2.0
// Puts sample files into a person's drive: the generated ones, or a folder of the caller's.

import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { BytesContent, DiskContent } from '../kernel/content.js';

const kMany = 10_000;
const kSeed = 'samples';
const kStart = Date.UTC(2025, 0, 1);

function reading(index) {
  const number = String(index + 1).padStart(5, '0');
  return [`Reading ${number}.txt`, `Meter 7, reading ${number}: ${(index * 7919) % 10007} l\n`];
}

function manySize() {
  let size = 0;
  for (let index = 0; index < kMany; ++index) size += reading(index)[1].length;
  return size;
}

// manifest: as sampleFiles() gives it
export function filler(manifest) {
  const contents = manifest.files.map((file) => new DiskContent(file.file, file.size).knownHash(file.hash));
  const size = manySize();
  return (drive) => {
    manifest.files.forEach(({ path, when, exportAs, exportOptions }, index) => {
      const extra = exportAs ? { exportAs, exportOptions } : {};
      drive.writeFile(path, contents[index], { clientModified: when, serverModified: when + 5000, seed: kSeed, extra });
    });
    drive.makeFolder(['Scans'], kSeed);
    drive.makeLazyFolder(['Measurements'], kSeed, size, (folder) => {
      for (let index = 0; index < kMany; ++index) {
        const [name, text] = reading(index);
        drive.addSampleChild(folder, name, new BytesContent(Buffer.from(text)), kStart + index * 600_000, `Measurements/${name}`);
      }
    });
  };
}

// Every file under a folder, as a manifest.
export async function manifestOf(folder) {
  const files = [];
  const visit = async (path) => {
    for (const entry of await readdir(join(folder, ...path), { withFileTypes: true })) {
      const inner = [...path, entry.name];
      if (entry.isDirectory()) await visit(inner);
      if (!entry.isFile()) continue;
      const file = join(folder, ...inner);
      const { size, mtimeMs } = await stat(file);
      const when = Math.floor(mtimeMs / 1000) * 1000;
      files.push({ path: inner, file, size, hash: await new DiskContent(file, size).contentHash(), when });
    }
  };
  await visit([]);
  return { name: folder, files };
}
