// SPDX-License-Identifier: Apache-2.0
import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { after, before, test } from 'node:test';
import { openSandbox } from './support.js';

const kBlock = 4 << 20;
let box;
before(async () => {
  box = await openSandbox();
});
after(() => box.sandbox.close());

async function sha256Of(path) {
  return (await box.control({ do: 'read', path })).sha256;
}

function sha256(bytes) {
  return createHash('sha256').update(bytes).digest('hex');
}

async function start(argument = {}, bytes = '') {
  return (await box.content('files/upload_session/start', argument, bytes)).body.session_id;
}

const append = (session_id, offset, bytes, more = {}) => box.content('files/upload_session/append_v2', { cursor: { session_id, offset }, ...more }, bytes);
const finish = (session_id, offset, commit, bytes = '') => box.content('files/upload_session/finish', { cursor: { session_id, offset }, commit }, bytes);

test('content_hash agrees with the published vectors', async () => {
  const vectors = [
    [Buffer.alloc(0), 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'],
    [Buffer.from('hello world'), 'bc62d4b80d9e36da29c16c5d4d9f11731f36052c72401a76c23c0fb5a9b74423'],
    [Buffer.alloc(kBlock), 'c7e946d101855255d919ef0c70718633adf77d3dfb3adeeecf5d0cb4e951be58'],
    [Buffer.alloc(kBlock + 1), '14a4d47f23a30177885d9820122f17d2d3a55fe63f7f5c27b95f689e0b2accd6'],
    [Buffer.from(Uint8Array.from({ length: 10485760 }, (_, n) => n % 251)), '9b168152f37a1b2c33d9b26ca4a679d5f99f84f8c070fd3a4491d52cbfe96af4'],
  ];
  for (const [index, [bytes, hash]] of vectors.entries()) {
    const { body } = await box.content('files/upload', { path: `/vector ${index}`, content_hash: hash }, bytes);
    assert.equal(body.content_hash, hash);
    assert.equal(body['.tag'], undefined);
    assert.equal(body.size, bytes.length);
  }
});

test('the same name with the same bytes is no conflict, unless asked for', async () => {
  const first = (await box.content('files/upload', { path: '/same.txt' }, 'one')).body;
  const again = (await box.content('files/upload', { path: '/SAME.txt' }, 'one')).body;
  assert.equal(again.rev, first.rev);
  const strict = await box.content('files/upload', { path: '/same.txt', strict_conflict: true }, 'one');
  assert.equal(strict.status, 409);
});

test('a conflict keeps the bytes in a session that can be committed elsewhere', async () => {
  await box.content('files/upload', { path: '/taken.txt' }, 'one');
  const { status, body } = await box.content('files/upload', { path: '/taken.txt' }, 'two!');
  assert.equal(status, 409);
  assert.ok(body.error_summary.startsWith('path/conflict/file/'));
  assert.deepEqual(body.error.reason, { '.tag': 'conflict', conflict: { '.tag': 'file' } });
  const done = await finish(body.error.upload_session_id, 4, { path: '/elsewhere.txt' });
  assert.equal(done.status, 200);
  assert.equal(await sha256Of('/elsewhere.txt'), sha256('two!'));
});

test('modes: autorename, overwrite, update', async () => {
  const first = (await box.content('files/upload', { path: '/doc.txt' }, '1')).body;
  assert.equal((await box.content('files/upload', { path: '/doc.txt', autorename: true }, '2')).body.name, 'doc (2).txt');
  assert.equal((await box.content('files/upload', { path: '/doc.txt', autorename: true }, '3')).body.name, 'doc (3).txt');
  const over = (await box.content('files/upload', { path: '/doc.txt', mode: 'overwrite' }, '4')).body;
  assert.equal(over.id, first.id);
  assert.notEqual(over.rev, first.rev);
  const update = (rev, bytes, more = {}) => box.content('files/upload', { path: '/doc.txt', mode: { '.tag': 'update', update: rev }, ...more }, bytes);
  assert.equal((await update(first.rev, '5')).status, 409);
  assert.equal((await update(first.rev, '5', { autorename: true })).body.name, 'doc (conflicted copy).txt');
  assert.equal((await update(over.rev, '6')).body.name, 'doc.txt');
  await box.rpc('files/create_folder_v2', { path: '/dir' });
  assert.equal((await box.content('files/upload', { path: '/dir', mode: 'overwrite' }, 'x')).body.error.reason.conflict['.tag'], 'folder');
  const old = await box.content('files/download', { path: `rev:${first.rev}` });
  assert.equal(old.text, '1');
});

test('missing folders are made, client_modified is kept, a wrong content_hash is refused', async () => {
  const { body } = await box.content('files/upload', { path: '/x/y/z.txt', client_modified: '2020-02-03T04:05:06Z' }, 'z');
  assert.equal(body.client_modified, '2020-02-03T04:05:06Z');
  const wrong = await box.content('files/upload', { path: '/w.txt', content_hash: '0'.repeat(64) }, 'z');
  assert.equal(wrong.body.error['.tag'], 'content_hash_mismatch');
  const when = await box.content('files/upload', { path: '/w.txt', client_modified: '2020-02-03T04:05:06.5Z' }, 'z');
  assert.equal(when.status, 400);
  assert.equal((await box.content('files/upload', { path: '/w.txt' }, 'z', { headers: { 'Content-Type': 'text/plain' } })).status, 400);
});

test('a header argument must be ASCII with escapes', async () => {
  const escaped = '{"path":"/\\u65e5\\u672c \\ud83c\\udf82.txt"}';
  const { body } = await box.content('files/upload', {}, 'x', { headers: { 'Dropbox-API-Arg': escaped } });
  assert.equal(body.name, '日本 🎂.txt');
  const raw = await box.content('files/upload', {}, 'x', { headers: { 'Dropbox-API-Arg': '{"path":"/\u00e9.txt"}' } });
  assert.equal(raw.status, 400);
});

test('a full account answers insufficient_space', async () => {
  const { access_token: token } = box.person('priya.nair@example.org');
  const answer = await box.content('files/upload', { path: '/big.bin' }, Buffer.alloc(2 << 20), { token });
  assert.equal(answer.status, 409);
  assert.equal(answer.body.error.reason['.tag'], 'insufficient_space');
  assert.equal((await box.content('files/upload', { path: '/small.bin' }, Buffer.alloc(1000), { token })).status, 200);
});

test('a request over 150 MiB is refused by its announced length', async () => {
  const session = await start();
  const bytes = Buffer.alloc(157286401);
  const tooMuch = await append(session, 0, bytes);
  assert.equal(tooMuch.body.error['.tag'], 'payload_too_large');
  assert.equal((await append(session, 0, bytes.subarray(0, 157286400))).status, 200);
});

test('a session in order: wrong offsets are told the truth, closed sessions stay closed', async () => {
  const bytes = randomBytes(300_000);
  const session = await start({}, bytes.subarray(0, 100_000));
  const wrong = await append(session, 50_000, bytes.subarray(50_000, 60_000));
  assert.deepEqual(wrong.body.error, { '.tag': 'incorrect_offset', correct_offset: 100_000 });
  const done = await append(session, 100_000, bytes.subarray(100_000, 200_000));
  assert.equal(done.status, 200);
  assert.equal(done.text, 'null');
  const early = await finish(session, 5, { path: '/session.bin' });
  assert.deepEqual(early.body.error, { '.tag': 'lookup_failed', lookup_failed: { '.tag': 'incorrect_offset', correct_offset: 200_000 } });
  assert.ok(early.body.error_summary.startsWith('lookup_failed/incorrect_offset/'));
  const whole = await finish(session, 200_000, { path: '/session.bin' }, bytes.subarray(200_000));
  assert.equal(whole.body.size, 300_000);
  assert.equal(await sha256Of('/session.bin'), sha256(bytes));
  const twice = await finish(session, 300_000, { path: '/session.bin' });
  assert.equal(twice.body.error.lookup_failed['.tag'], 'not_found');
  const closed = await start({ close: true }, 'abc');
  assert.equal((await append(closed, 3, 'd')).body.error['.tag'], 'closed');
});

test('after a failed finish the data is kept', async () => {
  await box.content('files/upload', { path: '/there.bin' }, 'other');
  const session = await start({}, 'first');
  const failed = await finish(session, 5, { path: '/there.bin' }, 'last');
  assert.deepEqual(failed.body.error, { '.tag': 'path', path: { '.tag': 'conflict', conflict: { '.tag': 'file' } } });
  const done = await finish(session, 9, { path: '/there.bin', autorename: true });
  assert.equal(done.body.name, 'there (2).bin');
  assert.equal(done.body.size, 9);
});

test('a session lives seven days', async () => {
  const session = await start({}, 'abc');
  await box.control({ do: 'clock', advanceSeconds: 7 * 86400 - 60 });
  await box.control({ do: 'expire-tokens' });
  const { body } = await box.send(`/oauth2/token?grant_type=refresh_token&client_id=${box.dropbox.client_id}&refresh_token=${box.person('mara.lind@example.org').refresh_token}`, { token: null });
  const token = body.access_token;
  const args = { cursor: { session_id: session, offset: 3 } };
  assert.equal((await box.content('files/upload_session/append_v2', args, 'd', { token })).status, 200);
  await box.control({ do: 'clock', advanceSeconds: 120 });
  const late = await box.content('files/upload_session/append_v2', { cursor: { session_id: session, offset: 4 } }, 'e', { token });
  assert.equal(late.body.error['.tag'], 'not_found');
  await box.control({ do: 'reset' });
});

test('a concurrent session takes 4 MiB blocks in any order', async () => {
  const bytes = randomBytes(2 * kBlock + 1000);
  const session = await start({ session_type: 'concurrent' });
  assert.equal((await append(session, 5, bytes.subarray(0, 10))).body.error['.tag'], 'concurrent_session_invalid_offset');
  assert.equal((await append(session, 0, bytes.subarray(0, 10))).body.error['.tag'], 'concurrent_session_invalid_data_size');
  const last = append(session, 2 * kBlock, bytes.subarray(2 * kBlock), { close: true });
  const second = append(session, kBlock, bytes.subarray(kBlock, 2 * kBlock));
  assert.deepEqual((await Promise.all([last, second])).map((answer) => answer.status), [200, 200]);
  const holes = await finish(session, bytes.length, { path: '/concurrent.bin' });
  assert.equal(holes.body.error['.tag'], 'concurrent_session_missing_data');
  await append(session, 0, bytes.subarray(0, kBlock));
  const data = await finish(session, bytes.length, { path: '/concurrent.bin' }, 'x');
  assert.equal(data.body.error['.tag'], 'concurrent_session_data_not_allowed');
  const done = await finish(session, bytes.length, { path: '/concurrent.bin' });
  assert.equal(done.status, 200, done.text);
  const read = await box.control({ do: 'read', path: '/concurrent.bin' });
  assert.equal(read.sha256, sha256(bytes));
  assert.equal(read.contentHash, done.body.content_hash);
});

test('a concurrent session wants its rules kept', async () => {
  const closing = await box.content('files/upload_session/start', { session_type: 'concurrent', close: true }, '');
  assert.equal(closing.body.error['.tag'], 'concurrent_session_close_not_allowed');
  const data = await box.content('files/upload_session/start', { session_type: { '.tag': 'concurrent' } }, 'abc');
  assert.equal(data.body.error['.tag'], 'concurrent_session_data_not_allowed');
  const session = await start({ session_type: 'concurrent' });
  assert.equal((await finish(session, 0, { path: '/n.bin' })).body.error['.tag'], 'concurrent_session_not_closed');
});

test('a batch commits closed sessions, and says which failed', async () => {
  const good = await start({ close: true }, 'good');
  const open = await start({}, 'open');
  const { body } = await box.rpc('files/upload_session/finish_batch_v2', {
    entries: [
      { cursor: { session_id: good, offset: 4 }, commit: { path: '/batch.txt' } },
      { cursor: { session_id: open, offset: 4 }, commit: { path: '/batch2.txt' } },
    ],
  });
  assert.equal(body.entries[0]['.tag'], 'success');
  assert.equal(body.entries[0].name, 'batch.txt');
  assert.deepEqual(body.entries[1], { '.tag': 'failure', failure: { '.tag': 'lookup_failed', lookup_failed: { '.tag': 'not_closed' } } });
});

test('the control door lists uploads and gives files back', async () => {
  await box.content('files/upload', { path: '/Scans/scan.pdf' }, '%PDF');
  const { uploads } = await box.control({ do: 'uploads' });
  assert.equal(uploads[uploads.length - 1].path, '/Scans/scan.pdf');
  const file = await fetch(`${box.sandbox.url}/sandbox/file?path=/Scans/scan.pdf`);
  assert.equal(await file.text(), '%PDF');
});
