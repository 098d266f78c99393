// SPDX-License-Identifier: Apache-2.0
// Box: bytes in; the rules of forms and of upload sessions.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, before, test } from 'node:test';
import { openCloud } from './cloud_support.js';

const kMiB = 1 << 20;
let box;
before(async () => {
  box = await openCloud('box');
});
afterEach(() => box.tell({ do: 'reset' }));
after(() => box.sandbox.close());

const sha = (bytes, as = 'base64') => createHash('sha1').update(bytes).digest(as);

async function simple(name, bytes, { folder = '0', headers, path = '/api/2.0/files/content', fileFirst = false, more = {} } = {}) {
  const form = new FormData();
  const attributes = () => form.append('attributes', JSON.stringify({ name, parent: { id: folder }, ...more }));
  if (!fileFirst) attributes();
  form.append('file', new Blob([bytes]), 'file');
  if (fileFirst) attributes();
  return box.send(path, { method: 'POST', body: form, headers });
}

test('the attributes come first, and the digest must be right', async () => {
  assert.equal((await simple('a.txt', 'x', { fileFirst: true })).body.code, 'metadata_after_file_contents');
  assert.equal((await simple('a.txt', 'x', { headers: { 'Content-MD5': sha('y', 'hex') } })).body.code, 'bad_digest');
  const made = await simple('a.txt', 'x', { headers: { 'Content-MD5': sha('x', 'hex') }, more: { content_modified_at: '2024-05-06T07:08:09Z' } });
  assert.equal(made.status, 201);
  assert.equal(Date.parse(made.body.entries[0].content_modified_at), Date.UTC(2024, 4, 6, 7, 8, 9));
  assert.equal((await box.tell({ do: 'uploads' })).uploads[0].path, '/a.txt');
});

test('names are taken without regard to case, by folders, too; a new version goes by the id', async () => {
  const first = (await simple('Plan.txt', 'one')).body.entries[0];
  const taken = await simple('PLAN.txt', 'two');
  assert.deepEqual([taken.status, taken.body.context_info.conflicts.id], [409, first.id]);
  assert.equal((await simple('scans', 'x')).body.context_info.conflicts.type, 'folder');
  const stale = await simple(undefined, 'two', { path: `/api/2.0/files/${first.id}/content`, headers: { 'If-Match': '99' } });
  assert.equal(stale.body.code, 'precondition_failed');
  const second = (await simple(undefined, 'two', { path: `/api/2.0/files/${first.id}/content`, headers: { 'If-Match': first.etag } })).body.entries[0];
  assert.deepEqual([second.id, second.sha1], [first.id, sha('two', 'hex')]);
  const old = (await box.send(`/2.0/files/${first.id}/versions`)).body.entries[0];
  const place = (await box.send(`/2.0/files/${first.id}/content?version=${old.id}`)).headers.get('location');
  assert.equal((await box.send(place, { token: null })).text, 'one');
});

test('quota, plan and the limit of simple uploads', async () => {
  await box.tell({ do: 'quota', free: 3 });
  assert.equal((await simple('a.txt', 'four')).body.code, 'storage_limit_exceeded');
  await box.tell({ do: 'reset' });
  const tooMuch = await simple('big.bin', Buffer.alloc(51 * kMiB));
  assert.deepEqual([tooMuch.status, tooMuch.body.code], [413, 'request_entity_too_large']);
  const priya = box.person('priya.nair@example.org').access_token;
  const begin = await box.send('/api/2.0/files/upload_sessions', { method: 'POST', token: priya, json: { folder_id: '0', file_name: 'huge', file_size: 300_000_000 } });
  assert.equal(begin.body.code, 'file_size_limit_exceeded');
});

async function begin(size, more = { folder_id: '0', file_name: 'big.bin' }, path = '/api/2.0/files/upload_sessions') {
  return box.send(path, { method: 'POST', json: { file_size: size, ...more } });
}

function put(session, bytes, from, total, { digest = `sha=${sha(bytes)}` } = {}) {
  return box.send(session.session_endpoints.upload_part, {
    method: 'PUT', body: bytes,
    headers: { 'Content-Type': 'application/octet-stream', Digest: digest, 'Content-Range': `bytes ${from}-${from + bytes.length - 1}/${total}` },
  });
}

function commit(session, parts, bytes) {
  return box.send(session.session_endpoints.commit, { method: 'POST', json: { parts }, headers: { Digest: `sha=${sha(bytes)}` } });
}

test('a session: parts of the size that was told, in any order, and a commit that can be asked again', async () => {
  const bytes = Buffer.alloc(21 * kMiB, 'abcdefg');
  const { status, body: session } = await begin(bytes.length);
  assert.equal(status, 201);
  assert.deepEqual([session.part_size, session.total_parts], [8 * kMiB, 3]);
  const part = (index) => bytes.subarray(index * session.part_size, (index + 1) * session.part_size);
  assert.equal((await put(session, bytes.subarray(0, 1000), 0, bytes.length)).status, 416);
  assert.equal((await put(session, part(1), 4 * kMiB, bytes.length)).status, 416);
  assert.equal((await put(session, part(0), 0, bytes.length, { digest: `sha=${sha('wrong')}` })).body.code, 'bad_digest');
  const parts = await Promise.all([2, 0, 1].map(async (index) => (await put(session, part(index), index * session.part_size, bytes.length)).body.part));
  assert.equal((await put(session, part(0), 0, bytes.length)).body.code, 'range_overlaps_existing_part');
  const { body: listed } = await box.send(session.session_endpoints.list_parts);
  assert.deepEqual(listed.entries.map(({ offset }) => offset), [0, 8 * kMiB, 16 * kMiB]);
  assert.equal((await box.send(session.session_endpoints.status)).body.num_parts_processed, 3);
  assert.equal((await commit(session, parts.slice(1), bytes)).body.code, 'parts_mismatch');
  assert.equal((await commit(session, parts, Buffer.from('other'))).body.code, 'bad_digest');
  await box.tell({ do: 'tune', commitsNotReady: 2 });
  for (let n = 0; n < 2; ++n) {
    const wait = await commit(session, parts, bytes);
    assert.deepEqual([wait.status, wait.headers.get('retry-after')], [202, '1']);
  }
  const done = await commit(session, parts, bytes);
  assert.deepEqual([done.status, done.body.entries[0].sha1], [201, sha(bytes, 'hex')]);
  const again = await commit(session, parts, bytes);
  assert.deepEqual([again.status, again.body.context_info.conflicts.sha1], [409, sha(bytes, 'hex')]);
  const read = await box.tell({ do: 'read', path: '/big.bin' });
  assert.equal(read.sha1, sha(bytes, 'hex'));
});

test('a session of a new version, and of a name that is taken meanwhile', async () => {
  await box.tell({ do: 'tune', partSize: 100_000, smallestSession: 100_000 });
  const bytes = Buffer.alloc(250_000, 'xyz');
  const fill = async (session) => Promise.all([0, 1, 2].map(async (n) => (await put(session, bytes.subarray(n * 100_000, (n + 1) * 100_000), n * 100_000, bytes.length)).body.part));
  const { id } = await box.tell({ do: 'make-file', path: '/v.bin', text: 'old' });
  const { body: session } = await begin(bytes.length, {}, `/api/2.0/files/${id}/upload_sessions`);
  const made = (await commit(session, await fill(session), bytes)).body.entries[0];
  assert.deepEqual([made.id, made.size], [id, bytes.length]);
  const { body: late } = await begin(bytes.length);
  const parts = await fill(late);
  await box.tell({ do: 'make-file', path: '/BIG.bin', text: 'first' });
  assert.equal((await commit(late, parts, bytes)).body.code, 'item_name_in_use');
  const renamed = await box.send(late.session_endpoints.commit, { method: 'POST', json: { parts, attributes: { name: 'big (1).bin' } }, headers: { Digest: `sha=${sha(bytes)}` } });
  assert.equal(renamed.body.entries[0].name, 'big (1).bin');
});

test('a session says what is wrong with it', async () => {
  assert.equal((await begin(19_999_999)).body.code, 'file_size_too_small');
  assert.equal((await begin(undefined)).body.code, 'missing_file_size');
  assert.equal((await begin(20_000_000, { folder_id: 'x', file_name: 'a' })).body.code, 'invalid_folder_id');
  assert.equal((await begin(20_000_000, { folder_id: '0', file_name: 'SCANS' })).body.code, 'item_name_in_use');
  const { body: session } = await begin(20_000_000);
  const other = await box.send(session.session_endpoints.status, { token: box.person('aiko.tanaka@example.net').access_token });
  assert.deepEqual([other.status, other.body.code], [403, 'forbidden']);
  assert.equal((await box.send('/api/2.0/files/upload_sessions/zzz')).body.code, 'invalid_upload_session_id');
  await box.tell({ do: 'clock', advanceSeconds: 8 * 86_400 });
  assert.equal((await box.send(session.session_endpoints.status)).status, 401);
  await box.tell({ do: 'clock', set: new Date().toISOString() });
  const { body: second } = await begin(20_000_000);
  assert.equal((await box.send(second.session_endpoints.abort, { method: 'DELETE' })).status, 204);
  assert.equal((await box.send(second.session_endpoints.status)).status, 404);
});

test('a part that is cut does not count', async () => {
  const bytes = Buffer.alloc(20 * kMiB, 7);
  const { body: session } = await begin(bytes.length);
  await box.fault('upload_sessions/[^/]+$', { cutRequestAfter: kMiB }, { method: 'PUT' });
  await assert.rejects(put(session, bytes.subarray(0, 8 * kMiB), 0, bytes.length));
  assert.equal((await box.send(session.session_endpoints.list_parts)).body.total_count, 0);
  assert.equal((await put(session, bytes.subarray(0, 8 * kMiB), 0, bytes.length)).status, 200);
  assert.deepEqual(box.problems, []);
});

test('a shared folder for reading takes no uploads; the samples have one', async () => {
  const full = await openCloud('box', { seedFiles: new URL('../conformance', import.meta.url).pathname });
  try {
    const { entries } = (await full.send('/2.0/folders/0/items?fields=name,permissions,owned_by,url')).body;
    const rules = entries.find(({ name }) => name === 'House rules');
    assert.deepEqual([rules.permissions.can_upload, rules.owned_by.login === 'mara.lind@example.org'], [false, false]);
    assert.equal(entries.find(({ type }) => type === 'web_link').url, 'https://example.org/');
    const refused = await full.send('/2.0/folders', { method: 'POST', json: { name: 'x', parent: { id: rules.id } } });
    assert.equal(refused.body.code, 'access_denied_insufficient_permissions');
    const club = entries.find(({ name }) => name === 'Harbour club');
    assert.equal((await full.send('/2.0/folders', { method: 'POST', json: { name: 'x', parent: { id: club.id } } })).status, 201);
  } finally {
    await full.sandbox.close();
  }
});

test('a kept state folder brings grants and files back after a restart', async () => {
  const state = await mkdtemp(join(tmpdir(), 'sandbox-state-'));
  const withState = async (work) => {
    const kept = await openCloud('box', { state });
    await work(kept).finally(() => kept.sandbox.close());
  };
  try {
    let token;
    let id;
    const refresh = ({ form, facts, person }) => form('/oauth2/token', { grant_type: 'refresh_token', refresh_token: person().refresh_token, client_id: facts.client_id, client_secret: facts.client_secret });
    await withState(async (first) => {
      token = (await refresh(first)).body.access_token;
      ({ id } = await first.tell({ do: 'make-file', path: '/kept.txt', text: 'kept' }));
      const gone = await first.tell({ do: 'make-file', path: '/gone.bin', size: 5000 });
      await first.send(`/2.0/files/${gone.id}`, { method: 'DELETE' });
    });
    await withState(async (second) => {
      assert.equal((await second.send(`/2.0/files/${id}`, { token })).body.name, 'kept.txt');
      assert.equal((await second.send('/2.0/users/me?fields=space_used', { token })).body.space_used, 4);
      assert.equal((await refresh(second)).body.error, 'invalid_grant');
      assert.equal((await second.send('/2.0/users/me')).status, 200); // the ready access token is there again
    });
  } finally {
    await rm(state, { recursive: true });
  }
});
