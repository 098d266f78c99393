// SPDX-License-Identifier: Apache-2.0
// Makes the sample files once and keeps them in a folder named after the version of their plan.

import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { copyFile, mkdir, mkdtemp, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { setTimeout as sleep } from 'node:timers/promises';
import { DiskContent } from '../kernel/content.js';
import { makePdfs } from '../kernel/text_pdf.js';
import { Pictures } from './pictures.js';
import { planFiles } from './plan.js';
import { Random } from './random.js';

const run = promisify(execFile);

// Raise it whenever the plan or a maker changes.
const kVersion = 2;
const kWorkers = 2;
const kUnsignedMs = 5_000; // a lock without its owner's number, older than this, was left behind

export function defaultCache() {
  return join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'cloud-sandbox');
}

// The manifest of the sample files, which are made first if they are not there: { name, files: [{ path, file,
// size, hash, when, exportAs? }] } with absolute `file`.
export async function sampleFiles(cache = defaultCache(), tell = () => {}) {
  const folder = join(cache, `files-v${kVersion}`);
  const manifest = join(folder, 'manifest.json');
  if (!existsSync(manifest)) await once(cache, manifest, () => generate(cache, folder, tell));
  const found = JSON.parse(await readFile(manifest, 'utf8'));
  return { name: folder, files: found.files.map((file) => ({ ...file, file: join(folder, file.file) })) };
}

function isRunning(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

// One process makes them; others that start meanwhile wait. A maker that was killed is replaced.
async function once(cache, manifest, work) {
  await mkdir(cache, { recursive: true });
  const lock = join(cache, `making-v${kVersion}`);
  for (;;) {
    try {
      await writeFile(lock, String(process.pid), { flag: 'wx' });
      break;
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
    }
    const owner = Number(await readFile(lock, 'utf8').catch(() => ''));
    const age = await stat(lock).then((facts) => Date.now() - facts.mtimeMs, () => 0);
    if (owner > 0 ? !isRunning(owner) : age > kUnsignedMs) await rm(lock, { force: true });
    else await sleep(100);
    if (existsSync(manifest)) return;
  }
  try {
    for (const name of await readdir(cache)) {
      if (name.startsWith('building-')) await rm(join(cache, name), { recursive: true, force: true });
    }
    if (!existsSync(manifest)) await work();
  } finally {
    await rm(lock, { force: true });
  }
}

async function generate(cache, folder, tell) {
  const began = Date.now();
  const building = await mkdtemp(join(cache, 'building-'));
  try {
    const random = new Random(20250101);
    const files = planFiles(random).map((file, index) => ({ ...file, file: `${String(index).padStart(4, '0')}.${/\.(\w{1,5})$/.exec(file.path)?.[1].toLowerCase() ?? 'bin'}` }));
    await Promise.all([
      makePdfs(files.filter((file) => file.pdf).map((file) => [join(building, file.file), file.pdf]), building),
      makePictures(files, building),
      ...files.filter((file) => file.bytes !== undefined).map((file) => writeFile(join(building, file.file), file.bytes)),
    ]);
    for (const file of files) await spoil(join(building, file.file), file);
    const entries = await Promise.all(files.map((file) => describe(building, file)));
    await writeFile(join(building, 'manifest.json'), JSON.stringify({ version: kVersion, files: entries }));
    await rm(folder, { recursive: true, force: true });
    await rename(building, folder);
    tell(`made ${files.length} sample files in ${((Date.now() - began) / 1000).toFixed(1)} s: ${folder}`);
  } catch (error) {
    await rm(building, { recursive: true, force: true });
    throw new Error(`sample files could not be made (are ghostscript, imagemagick and qpdf installed?): ${error.message}`, { cause: error });
  }
}

async function makePictures(files, folder) {
  const queue = files.filter((file) => file.photo || file.screenshot || file.scanned || file.small);
  const work = async (seed) => {
    const pictures = await Pictures.open(await mkdtemp(join(folder, 'grain-')), new Random(seed));
    for (let file = queue.shift(); file; file = queue.shift()) {
      const target = join(folder, file.file);
      if (file.photo) await pictures.photo(target, file.photo);
      if (file.screenshot) await pictures.screenshot(target, file.screenshot);
      if (file.scanned) await pictures.scanned(target, file.scanned.pages, file.scanned);
      if (file.small) await pictures.small(target, file.small.format, file.small.frames);
    }
    await rm(pictures.folder, { recursive: true });
  };
  await Promise.all(Array.from({ length: kWorkers }, (_, index) => work(index + 1)));
}

async function spoil(path, { damage, encrypt }) {
  if (encrypt) {
    await copyFile(path, `${path}.plain`);
    await run('qpdf', ['--encrypt', encrypt, encrypt, '256', '--', `${path}.plain`, path]);
    await rm(`${path}.plain`);
  }
  if (!damage) return;
  const bytes = await readFile(path);
  if (damage === 'cut') return writeFile(path, bytes.subarray(0, Math.floor(bytes.length * 0.4)));
  for (let at = 900; at < bytes.length; at += 37) bytes[at] ^= 0x5a;
  return writeFile(path, bytes);
}

async function describe(folder, { path, when, file, exportAs, exportOptions }) {
  const { size } = await stat(join(folder, file));
  const hash = await new DiskContent(join(folder, file), size).contentHash();
  return { path: path.split('/'), file, size, hash, when: when.getTime(), exportAs, exportOptions };
}
