// SPDX-License-Identifier: Apache-2.0
import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import { sampleFiles } from '../lib/samples/generate.js';
import { openSandbox } from './support.js';

const run = promisify(execFile);
const kProgram = fileURLToPath(new URL('../cloud-sandbox', import.meta.url));
let box;
let files;
before(async () => {
  ({ files } = await sampleFiles());
  box = await openSandbox({ seedFiles: undefined });
});
after(() => box.sandbox.close());

const fileOf = (path) => files.find((file) => file.path.join('/') === path).file;

async function pagesOf(path) {
  return Number((await run('qpdf', ['--show-npages', fileOf(path)])).stdout);
}

test('there are a few hundred files in nested folders', async () => {
  let { body } = await box.rpc('files/list_folder', { path: '', recursive: true, limit: 2000 });
  const entries = [...body.entries];
  while (body.has_more) {
    ({ body } = await box.rpc('files/list_folder/continue', { cursor: body.cursor }));
    entries.push(...body.entries);
  }
  const found = entries.filter((entry) => entry['.tag'] === 'file' && !entry.path_lower.startsWith('/measurements/'));
  assert.ok(found.length >= 250, String(found.length));
  assert.equal(entries.filter((entry) => entry.path_lower.startsWith('/measurements/')).length, 10_000);
  assert.ok(found.some((entry) => entry.path_display.split('/').length >= 7));
  assert.ok(found.some((entry) => [...entry.name].length === 255));
});

test('the scan folder is there and empty', async () => {
  const { body } = await box.rpc('files/list_folder', { path: '/Scans' });
  assert.deepEqual(body.entries, []);
});

test('PDF documents have their pages', async () => {
  assert.equal(await pagesOf('Reports/Annual report 2025.pdf'), 12);
  assert.equal(await pagesOf('Manuals/Sewing machine manual.pdf'), 32);
  assert.equal(await pagesOf('Getting started.pdf'), 3);
  assert.ok((await pagesOf('Reference/Licences/GPL-3.pdf')) > 8);
});

test('broken documents are truly broken, and the encrypted one asks for its password', async () => {
  await assert.rejects(pagesOf('Broken/Not a PDF.pdf'));
  await assert.rejects(run('qpdf', ['--check', fileOf('Broken/Damaged.pdf')]));
  await assert.rejects(pagesOf('Broken/Encrypted (password is secret).pdf'), /password/);
});

test('pictures are pictures, of several kinds', async () => {
  const { body } = await box.rpc('files/get_thumbnail_batch', {
    entries: ['/Photos/2024 Garden/IMG_2320.jpg', '/Faxes/Fax 2024-11-02.tif', '/Photos/Animations/Two suns.gif', '/Photos/Old computer/Desktop.bmp', '/Photos/Web/Header.webp', '/Faxes/Single page.png'].map((path) => ({ path })),
  });
  assert.deepEqual(body.entries.map((entry) => entry['.tag']), Array(6).fill('success'));
});

test('a folder of 10,000 entries is listed in pages within a second', async () => {
  const began = Date.now();
  let { body } = await box.rpc('files/list_folder', { path: '/Measurements', limit: 2000 });
  let count = body.entries.length;
  while (body.has_more) {
    ({ body } = await box.rpc('files/list_folder/continue', { cursor: body.cursor }));
    count += body.entries.length;
  }
  assert.equal(count, 10_000);
  assert.ok(Date.now() - began < 5000);
});

test('a maker that was killed half way does not hold up the next', async () => {
  const cache = await mkdtemp(join(tmpdir(), 'sandbox-cache-'));
  const version = basename(dirname(files[0].file));
  try {
    const maker = spawn(kProgram, ['--make-files', '--cache', cache], { stdio: 'ignore' });
    const until = Date.now() + 20_000;
    const lock = version.replace('files', 'making');
    while (!(await readdir(cache)).includes(lock) && Date.now() < until);
    maker.kill('SIGKILL');
    await once(maker, 'exit');
    assert.ok((await readdir(cache)).includes(lock));
    const next = spawn(kProgram, ['--make-files', '--cache', cache], { stdio: 'ignore' });
    while ((await readFile(join(cache, lock), 'utf8').catch(() => '')) !== String(next.pid) && Date.now() < until);
    assert.ok(Date.now() < until);
    next.kill('SIGKILL');
    await once(next, 'exit');
  } finally {
    await rm(cache, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
  }
});

test('the nearly full person has one megabyte left', async () => {
  const { body } = await box.noArgument('users/get_space_usage', { token: box.person('priya.nair@example.org').access_token });
  assert.equal(body.allocation.allocated - body.used, 2 ** 20);
});
