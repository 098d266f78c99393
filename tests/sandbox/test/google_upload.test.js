// SPDX-License-Identifier: Apache-2.0
// Google Drive: bytes in, above all by resumable uploads, which its official client never does.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, before, test } from 'node:test';
import { openCloud } from './cloud_support.js';

const kStep = 256 << 10;
let box;
before(async () => {
  box = await openCloud('google-drive');
});
afterEach(() => box.tell({ do: 'reset' }));
after(() => box.sandbox.close());

const bytes = Buffer.alloc(3 * kStep + 1000, 'resumable');
const md5 = createHash('md5').update(bytes).digest('hex');
const reasonOf = ({ status, body }) => [status, body.error.errors[0].reason];

async function begin(metadata = { name: 'big.bin' }, { path = '/files', method = 'POST', size = bytes.length, headers = {} } = {}) {
  const announced = size === undefined ? {} : { 'X-Upload-Content-Length': String(size) };
  return box.send(`/upload/drive/v3${path}?uploadType=resumable&fields=id,name,size,md5Checksum,mimeType`, { method, json: metadata, headers: { ...announced, ...headers } });
}

const session = async (...args) => (await begin(...args)).headers.get('location');

function put(place, from, to, total = bytes.length, more = {}) {
  return box.send(place, { token: null, method: 'PUT', body: bytes.subarray(from, to), headers: { 'Content-Range': `bytes ${from}-${to - 1}/${total}` }, ...more });
}

const standing = (place, total = bytes.length) => box.send(place, { token: null, method: 'PUT', headers: { 'Content-Range': `bytes */${total}`, 'Content-Length': '0' } });

test('media, multipart, and their limit', async () => {
  const media = await box.send('/upload/drive/v3/files?uploadType=media', { method: 'POST', body: 'abc', headers: { 'Content-Type': 'text/plain' } });
  assert.deepEqual([media.status, media.body.name, media.body.mimeType], [200, 'Untitled', 'text/plain']);
  const body = ['--xx', 'Content-Type: application/json; charset=UTF-8', '', '{"name": "two parts"}', '--xx', 'Content-Type: text/plain', '', 'the bytes', '--xx--', ''].join('\r\n');
  const multipart = (text) => box.send('/upload/drive/v3/files?uploadType=multipart&fields=id,name,size,sha1Checksum', { method: 'POST', body: text, headers: { 'Content-Type': 'multipart/related; boundary=xx' } });
  const made = await multipart(body);
  assert.deepEqual([made.body.name, made.body.size, made.body.sha1Checksum], ['two parts', '9', createHash('sha1').update('the bytes').digest('hex')]);
  assert.equal((await multipart(body.replace('--xx--', '--x'))).status, 400);
  const replaced = await box.send(`/upload/drive/v3/files/${made.body.id}?uploadType=media&fields=size,name`, { method: 'PATCH', body: 'other bytes' });
  assert.deepEqual(replaced.body, { name: 'two parts', size: '11' });
  assert.equal((await box.send('/upload/drive/v3/files?uploadType=media', { method: 'POST', body: Buffer.alloc((5 << 20) + 1) })).status, 413);
  assert.equal((await box.send('/upload/drive/v3/files?uploadType=other', { method: 'POST', body: 'x' })).status, 400);
});

test('a resumable upload: 308 without a range, with one, and the file at its end', async () => {
  const first = await begin();
  assert.deepEqual([first.status, first.text], [200, '']);
  const place = first.headers.get('location');
  assert.match(place, /upload_id=/);
  const none = await standing(place);
  assert.deepEqual([none.status, none.headers.get('range')], [308, null]);
  const one = await put(place, 0, kStep);
  assert.deepEqual([one.status, one.headers.get('range')], [308, `bytes=0-${kStep - 1}`]);
  const wrong = await put(place, kStep, kStep + 1000);
  assert.equal(wrong.status, 400);
  assert.equal((await put(place, 2 * kStep, 3 * kStep)).status, 400); // a gap
  assert.equal((await put(place, kStep, 3 * kStep)).status, 308);
  const last = await put(place, 3 * kStep, bytes.length);
  assert.deepEqual([last.status, last.body.md5Checksum, last.body.size], [200, md5, String(bytes.length)]);
  const again = await standing(place);
  assert.deepEqual([again.status, again.body.id], [200, last.body.id]); // for those who did not hear it
});

test('of a request less may be kept than was sent', async () => {
  const place = await session();
  await box.fault('upload/drive', { keepBytes: kStep + 5 }, { method: 'PUT' });
  assert.equal((await put(place, 0, 3 * kStep)).headers.get('range'), `bytes=0-${kStep - 1}`);
  await box.fault('upload/drive', { keepBytes: 5 }, { method: 'PUT' });
  const other = await session();
  assert.equal((await put(other, 0, kStep)).headers.get('range'), null);
  await box.fault('upload/drive', { keepBytes: 0 }, { method: 'PUT' });
  assert.equal((await put(place, kStep, bytes.length)).status, 308);
  const done = await put(place, kStep, bytes.length);
  assert.equal(done.body.md5Checksum, md5);
});

test('of a request that is cut, what came in whole steps is kept', async () => {
  const place = await session();
  await box.fault('upload/drive', { cutRequestAfter: 2 * kStep + 20_000 }, { method: 'PUT' });
  await assert.rejects(put(place, 0, bytes.length));
  let range;
  for (let tries = 0; tries < 100 && !range; ++tries) range = (await standing(place)).headers.get('range');
  const [, end] = /^bytes=0-(\d+)$/.exec(range);
  assert.equal((Number(end) + 1) % kStep, 0);
  const done = await put(place, Number(end) + 1, bytes.length);
  assert.equal(done.body.md5Checksum, md5);
  assert.deepEqual(box.problems, []);
});

test('the answer to the last chunk is lost, and asked for', async () => {
  const place = await session();
  await box.fault('upload/drive', { loseAnswer: true }, { method: 'PUT' });
  await assert.rejects(put(place, 0, bytes.length));
  assert.equal((await standing(place)).body.md5Checksum, md5);
  assert.equal((await box.tell({ do: 'uploads' })).uploads.length, 1);
});

test('who asks while the last chunk is put away hears of the same file', async () => {
  const place = await session();
  const answers = await Promise.all([put(place, 0, bytes.length), standing(place), standing(place), standing(place)]);
  const made = answers.filter(({ status }) => status === 200);
  assert.equal(made[0].body.md5Checksum, md5);
  assert.equal(new Set(made.map(({ body }) => body.id)).size, 1);
  assert.equal((await box.tell({ do: 'uploads' })).uploads.length, 1);
  assert.deepEqual(box.problems, []);
});

test('all at once, without a length, and of nothing at all', async () => {
  const whole = await box.send(await session(), { token: null, method: 'PUT', body: bytes });
  assert.equal(whole.body.md5Checksum, md5);
  const open = await session({ name: 'open.bin' }, { size: undefined });
  assert.equal((await put(open, 0, kStep, '*')).status, 308);
  assert.equal((await put(open, kStep, bytes.length)).body.md5Checksum, md5);
  const empty = await session({ name: 'empty.txt' }, { size: 0 });
  assert.equal((await standing(empty, 0)).body.size, '0');
});

test('sessions end after a week, or when they are told to', async () => {
  const place = await session();
  await put(place, 0, kStep);
  await box.tell({ do: 'clock', advanceSeconds: 6 * 86_400 });
  assert.equal((await standing(place)).status, 308);
  await box.tell({ do: 'clock', advanceSeconds: 2 * 86_400 });
  assert.equal((await standing(place)).status, 404);
  await box.tell({ do: 'clock', set: new Date().toISOString() });
  const second = await session();
  assert.equal((await box.send(second, { token: null, method: 'DELETE' })).status, 499);
  assert.equal((await standing(second)).status, 404);
});

test('a session replaces content, keeps the date that was asked for, and counts against the quota', async () => {
  const { id } = await box.tell({ do: 'make-file', path: '/old.bin', text: 'old' });
  const place = await session({ modifiedTime: '2024-05-06T07:08:09.123Z' }, { path: `/files/${id}`, method: 'PATCH' });
  const done = await put(place, 0, bytes.length);
  assert.deepEqual([done.body.id, done.body.name], [id, 'old.bin']);
  assert.equal((await box.send(`/drive/v3/files/${id}?fields=modifiedTime`)).body.modifiedTime, '2024-05-06T07:08:09.123Z');
  await box.tell({ do: 'quota', free: 1000 });
  assert.deepEqual(reasonOf(await begin()), [403, 'storageQuotaExceeded']);
  assert.equal((await begin({ name: 'x', parents: ['1nothing'] })).status, 404);
  assert.deepEqual(reasonOf(await begin({ name: 'x', id: '1invented' })), [400, 'invalid']);
});

test('an id made beforehand guards against a second file', async () => {
  const [id] = (await box.send('/drive/v3/files/generateIds?count=1')).body.ids;
  const [one, two] = [await session({ name: 'a', id }), await session({ name: 'a', id })];
  assert.equal((await put(one, 0, bytes.length)).body.id, id);
  assert.equal((await put(two, 0, bytes.length)).status, 409);
  assert.equal((await begin({ name: 'a', id })).status, 409);
});

test('an Office file becomes a Google document when it is asked to', async () => {
  const place = await session({ name: 'Imported', mimeType: 'application/vnd.google-apps.document' }, { size: 11, headers: { 'X-Upload-Content-Type': 'text/plain' } });
  const made = await box.send(place, { token: null, method: 'PUT', body: 'hello world' });
  assert.equal(made.body.mimeType, 'application/vnd.google-apps.document');
  assert.equal((await box.send(`/drive/v3/files/${made.body.id}/export?mimeType=text/plain`)).text, 'hello world');
  assert.equal((await begin({ name: 'x', mimeType: 'application/vnd.google-apps.document' }, { headers: { 'X-Upload-Content-Type': 'image/png' } })).status, 400);
});

test('samples: documents, shortcuts, two of a name, others\' files, shared drives', async () => {
  const full = await openCloud('google-drive', { seedFiles: new URL('../conformance', import.meta.url).pathname });
  try {
    const list = async (query) => (await full.send(`/drive/v3/files?${new URLSearchParams({ supportsAllDrives: true, includeItemsFromAllDrives: true, ...query })}`)).body.files;
    const [club] = await list({ q: "name = 'Club'" });
    const inner = await list({ q: `'${club.id}' in parents`, fields: 'files(name,mimeType,shortcutDetails)' });
    assert.equal(inner.filter(({ name }) => name === 'Shopping.txt').length, 2);
    assert.ok(inner.some(({ name }) => name.includes('/')));
    const kinds = inner.map(({ mimeType }) => mimeType.split('.').pop());
    for (const kind of ['document', 'spreadsheet', 'presentation', 'shortcut', 'form']) assert.ok(kinds.includes(kind), kind);
    assert.deepEqual((await list({ q: 'sharedWithMe', orderBy: 'name' })).map(({ name }) => name), ['From Aiko', 'Plan of the week', 'Timetable for everybody.txt']);
    assert.deepEqual((await full.send('/drive/v3/drives')).body.drives.map(({ name }) => name), ['Example Team', 'Archive (read only)']);
  } finally {
    await full.sandbox.close();
  }
});

test('a kept state folder brings grants, files, shortcuts and shared drives back after a restart', async () => {
  const state = await mkdtemp(join(tmpdir(), 'sandbox-state-'));
  const withState = async (work) => {
    const kept = await openCloud('google-drive', { state });
    await work(kept).finally(() => kept.sandbox.close());
  };
  try {
    let ids;
    await withState(async (first) => {
      const { id } = await first.tell({ do: 'make-file', path: '/kept', text: 'kept', native: 'document' });
      const link = (await first.send('/drive/v3/files', { method: 'POST', json: { name: 'kept', mimeType: 'application/vnd.google-apps.shortcut', shortcutDetails: { targetId: id } } })).body.id;
      const team = (await first.tell({ do: 'make-file', drive: 'Team', path: '/team.txt', text: 'team' })).id;
      ids = [id, link, team];
    });
    await withState(async (second) => {
      const about = async (id) => (await second.send(`/drive/v3/files/${id}?supportsAllDrives=true&fields=name,mimeType,shortcutDetails`)).body;
      assert.equal((await about(ids[0])).mimeType, 'application/vnd.google-apps.document');
      assert.equal((await about(ids[1])).shortcutDetails.targetId, ids[0]);
      assert.equal((await about(ids[2])).name, 'team.txt');
    });
  } finally {
    await rm(state, { recursive: true });
  }
});
