// SPDX-License-Identifier: Apache-2.0
import assert from 'node:assert/strict';
import net from 'node:net';
import { after, afterEach, before, test } from 'node:test';
import { openSandbox, rawRequest } from './support.js';

let box;
let port;
before(async () => {
  box = await openSandbox();
  port = Number(new URL(box.sandbox.url).port);
  await box.control({ do: 'make-file', path: '/data.bin', size: 1_000_000 });
});
afterEach(() => box.control({ do: 'clear-faults' }));
after(() => box.sandbox.close());

const fault = (route, action, more = {}) => box.control({ do: 'fault', cloud: 'dropbox', route, action, ...more });
const account = () => box.noArgument('users/get_current_account');
const download = (headers) => box.content('files/download', { path: '/data.bin' }, undefined, { headers });

async function receivedOfDownload() {
  const answer = await fetch(`${box.base}/2/files/download`, { method: 'POST', headers: { Authorization: `Bearer ${box.person('mara.lind@example.org').access_token}`, 'Dropbox-API-Arg': '{"path":"/data.bin"}' } });
  let size = 0;
  try {
    for await (const chunk of answer.body) size += chunk.length;
    return { size, broke: false };
  } catch {
    return { size, broke: true };
  }
}

test('a made-up status hits the nth request, so many times', async () => {
  await fault('get_current_account', { status: 503, body: 'later' }, { nth: 2, times: 2 });
  const seen = [];
  for (let n = 0; n < 4; ++n) seen.push((await account()).status);
  assert.deepEqual(seen, [200, 503, 503, 200]);
});

test('429 as JSON with Retry-After, and as text', async () => {
  await fault('get_current_account', { status: 429, headers: { 'Retry-After': '3' }, body: { error_summary: 'too_many_requests/..', error: { reason: { '.tag': 'too_many_requests' }, retry_after: 3 } } });
  const json = await account();
  assert.equal(json.status, 429);
  assert.equal(json.headers.get('retry-after'), '3');
  assert.equal(json.body.error.retry_after, 3);
  await fault('get_current_account', { status: 429, body: 'Too many requests' });
  assert.match((await account()).headers.get('content-type'), /^text\/plain/);
});

test('a connection is cut after so many bytes, and the rest can be fetched by range', async () => {
  await fault('files/download', { cutAfter: 400_000 });
  assert.deepEqual(await receivedOfDownload(), { size: 400_000, broke: true });
  const rest = await download({ Range: 'bytes=400000-' });
  assert.equal(rest.status, 206);
  assert.equal(rest.bytes.length, 600_000);
});

test('a lost answer: it happened, but nobody hears of it', async () => {
  await fault('create_folder_v2', { loseAnswer: true });
  await assert.rejects(box.rpc('files/create_folder_v2', { path: '/Lost' }));
  assert.equal((await box.rpc('files/get_metadata', { path: '/Lost' })).status, 200);
});

test('a failure that was none: it happened, but the answer says otherwise', async () => {
  await fault('create_folder_v2', { failAnswer: 502 });
  assert.equal((await box.rpc('files/create_folder_v2', { path: '/Denied' })).status, 502);
  assert.equal((await box.rpc('files/get_metadata', { path: '/Denied' })).status, 200);
});

test('an upload is cut in the middle, and none of it counts', async () => {
  const { body } = await box.content('files/upload_session/start', {}, '');
  await fault('append_v2', { cutRequestAfter: 100_000 });
  const argument = { cursor: { session_id: body.session_id, offset: 0 } };
  await assert.rejects(box.content('files/upload_session/append_v2', argument, Buffer.alloc(3_000_000)));
  const again = await box.content('files/upload_session/append_v2', argument, Buffer.alloc(3_000_000));
  assert.equal(again.status, 200, again.text);
  assert.deepEqual(box.problems, []);
});

test('the connection is dropped at once', async () => {
  await fault('', { dropAtOnce: true });
  await assert.rejects(account());
});

test('rubbish instead of JSON', async () => {
  await fault('get_space_usage', { rubbish: true });
  const { status, body } = await rawRequest({ port, path: '/dropbox/2/users/get_space_usage', method: 'POST', headers: { Authorization: `Bearer ${box.person('mara.lind@example.org').access_token}` } });
  assert.equal(status, 200);
  assert.throws(() => JSON.parse(body));
});

test('a lying Content-Length is a broken body', async () => {
  await fault('files/download', { contentLengthPlus: 1000 });
  assert.deepEqual(await receivedOfDownload(), { size: 1_000_000, broke: true });
});

test('a slow body, a late answer and a stalled one', async () => {
  await fault('files/download', { bytesPerSecond: 4_000_000 });
  const began = Date.now();
  assert.equal((await download()).bytes.length, 1_000_000);
  assert.ok(Date.now() - began >= 200);
  await fault('files/download', { delayMs: 120 });
  const late = Date.now();
  await download({ Range: 'bytes=0-0' });
  assert.ok(Date.now() - late >= 120);
  await fault('files/download', { stallAfter: 1000 });
  const patience = AbortSignal.timeout(300);
  const answer = await fetch(`${box.base}/2/files/download`, { method: 'POST', signal: patience, headers: { Authorization: `Bearer ${box.person('mara.lind@example.org').access_token}`, 'Dropbox-API-Arg': '{"path":"/data.bin"}' } });
  await assert.rejects(answer.arrayBuffer());
});

test('unknown fault actions and commands are refused', async () => {
  await assert.rejects(fault('', { explode: true }), /unknown fault action/);
  await assert.rejects(box.control({ do: 'dance' }), /unknown command/);
  await assert.rejects(box.control({ do: 'quota', person: 'nobody@example.org' }), /no such person/);
});

test('the request log names route, status and person, and never a token', async () => {
  await box.control({ do: 'clear-requests' });
  await account();
  await box.noArgument('users/get_space_usage', { token: 'sl.invented' });
  const { total, requests, counters } = await box.control({ do: 'requests' });
  assert.equal(total, 2);
  assert.equal(counters['POST /2/users/get_space_usage'], 1);
  assert.deepEqual(requests.map(({ path, status, authorised, person }) => [path, status, authorised, person]), [
    ['/2/users/get_current_account', 200, true, 'mara.lind@example.org'],
    ['/2/users/get_space_usage', 401, false, undefined],
  ]);
  assert.doesNotMatch(JSON.stringify(requests), /sl\.|Bearer/);
});

test('tokens expire and die on demand, quotas are set, everything goes back', async () => {
  await box.control({ do: 'expire-tokens', person: 'mara.lind@example.org' });
  assert.equal((await account()).body.error['.tag'], 'expired_access_token');
  await box.control({ do: 'revoke-tokens', person: 'mara.lind@example.org' });
  assert.equal((await account()).body.error['.tag'], 'invalid_access_token');
  const quota = await box.control({ do: 'quota', free: 10 });
  assert.equal(quota.free, 10);
  await box.control({ do: 'reset' });
  assert.equal((await account()).status, 200);
  assert.equal((await box.rpc('files/get_metadata', { path: '/Lost' })).status, 409);
});

test('what arrived whole is kept, also where its sender died meanwhile', async () => {
  await fault('files/upload$', { delayMs: 300 });
  const body = Buffer.alloc(10_000, 7); // all of it is in memory while the fault waits
  const head = ['POST /dropbox/2/files/upload HTTP/1.1', 'Host: 127.0.0.1', `Authorization: Bearer ${box.person('mara.lind@example.org').access_token}`,
    'Dropbox-API-Arg: {"path":"/last-words.bin"}', 'Content-Type: application/octet-stream', `Content-Length: ${body.length}`, '', ''].join('\r\n');
  await new Promise((resolve) => {
    const socket = net.connect(port, '127.0.0.1', () => socket.end(Buffer.concat([Buffer.from(head), body])));
    socket.on('finish', () => socket.destroy());
    socket.on('close', resolve);
  });
  const until = Date.now() + 10_000;
  let found;
  while (!found && Date.now() < until) {
    const answer = await box.rpc('files/get_metadata', { path: '/last-words.bin' });
    if (answer.status === 200) found = answer.body;
  }
  assert.equal(found?.size, body.length);
});
