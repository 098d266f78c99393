// SPDX-License-Identifier: Apache-2.0
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { after, before, test } from 'node:test';
import { formFields } from './support.js';
import { basic, kAiko, kJonas, kMara, kPriya, openNextcloud } from './nextcloud_support.js';

let box;
before(async () => {
  box = await openNextcloud({ autoApprove: true });
});
after(async () => {
  assert.deepEqual(box.problems, []);
  await box.sandbox.close();
});

async function beginLogin() {
  const answer = await box.send('POST', '/index.php/login/v2', { as: null, headers: { 'User-Agent': 'A panel' } });
  assert.match(answer.text, /\\\//); // slashes as PHP writes them
  return JSON.parse(answer.text);
}

const poll = ({ poll: { endpoint, token } }) => box.send('POST', endpoint, { as: null, body: new URLSearchParams({ token }) });

test('a person allows in a browser, and the program is given an app password once', async () => {
  const flow = await beginLogin();
  assert.equal((await poll(flow)).status, 404);
  const page = await (await fetch(flow.login)).text();
  assert.match(page, /A panel/);
  const post = ({ action, fields }) => fetch(new URL(action, box.base), { method: 'POST', body: fields });
  const consent = await (await post(formFields(page, 'person', kJonas))).text();
  assert.doesNotMatch(consent, /<script/);
  assert.match(await (await post(formFields(consent, 'decision', 'allow'))).text(), /Account connected/);
  const granted = JSON.parse((await poll(flow)).text);
  assert.deepEqual([granted.server, granted.loginName], [box.base, kJonas]);
  assert.equal((await poll(flow)).status, 404);
  const headers = { Authorization: basic(granted.loginName, granted.appPassword), 'OCS-APIRequest': 'true' };
  const user = JSON.parse((await box.send('GET', '/ocs/v2.php/cloud/user?format=json', { as: null, headers })).text).ocs;
  assert.deepEqual([user.meta.statuscode, user.data.id, user.data.email], [200, 'jonas', kJonas]);
  assert.equal(user.data.email_verified, undefined);
  assert.equal((await box.send('DELETE', '/ocs/v2.php/core/apppassword', { as: null, headers })).status, 200);
  assert.equal((await box.send('GET', '/ocs/v2.php/cloud/user', { as: null, headers })).status, 401);
});

test('a login ends after twenty minutes, when it is refused, and can be approved by a link', async () => {
  const late = await beginLogin();
  await box.control({ do: 'clock', advanceSeconds: 1300 });
  assert.equal((await fetch(late.login)).status, 403);
  const flow = await beginLogin();
  await fetch(`${flow.login}?auto_approve=${kMara}`);
  assert.equal((await poll(flow)).status, 200);
  const log = JSON.stringify(await box.control({ do: 'requests' }));
  assert.ok(log.includes('/login/v2/flow/…') && !log.includes(flow.login.split('/').pop()));
});

test('without an app password nothing is told; a user may be named by address', async () => {
  const stranger = await box.dav('PROPFIND', '/', { headers: { Authorization: basic('mara', 'wrong') } });
  assert.equal(stranger.status, 401);
  assert.equal(box.exception(stranger), 'NotAuthenticated');
  const { app_password: password } = box.person(kMara);
  assert.equal((await box.dav('PROPFIND', '/', { headers: { Authorization: basic(kMara, password) } })).status, 207);
  assert.equal((await box.send('PROPFIND', '/remote.php/dav/files/priya/')).status, 404);
  assert.equal((await box.send('GET', '/ocs/v2.php/cloud/user')).status, 412);
});

test('a folder is listed at depth 0 and 1, and infinity counts as 1', async () => {
  await box.control({ do: 'make-tree', entries: [{ path: '/List/å b#.txt', text: 'x' }, { path: '/List/In/deep.txt', text: 'y' }] });
  const base = '/webdav/remote.php/dav/files/mara/List/';
  assert.deepEqual(box.hrefs(await box.dav('PROPFIND', '/List', { headers: { Depth: '0' } })), [base]);
  const one = [base, `${base}In/`, `${base}%c3%a5%20b%23.txt`];
  assert.deepEqual(box.hrefs(await box.dav('PROPFIND', '/List', { headers: { Depth: '1' } })).sort(), [...one].sort());
  assert.deepEqual(box.hrefs(await box.dav('PROPFIND', '/List', { headers: { Depth: 'infinity' } })).length, 3);
  assert.equal((await box.dav('PROPFIND', '/list')).status, 404);
  assert.equal(box.hrefs(await box.dav('PROPFIND', '/', { as: kAiko, headers: { Depth: '0' } }))[0], '/webdav/remote.php/dav/files/Aiko%20Tanaka/');
});

test('properties: what there is, and what is not found', async () => {
  await box.dav('PUT', '/props.txt', { body: 'hello', headers: { 'OC-Checksum': 'SHA1:aaf4c61ddcc5e8a2dabede0f3b482cd9aea9434d', 'X-OC-MTime': '1600000000' } });
  const body = box.props('d:getetag', 'd:getcontentlength', 'oc:fileid', 'oc:size', 'oc:permissions', 'oc:checksums', 'd:getlastmodified', 'nc:has-preview', 'oc:invented', 'd:quota-used-bytes');
  const { text } = await box.dav('PROPFIND', '/props.txt', { body, headers: { Depth: '0' } });
  for (const part of ['<d:getcontentlength>5</d:getcontentlength>', '<oc:size>5</oc:size>', '<oc:permissions>RGDNVW</oc:permissions>', '<oc:checksum>SHA1:aaf4c61ddcc5e8a2dabede0f3b482cd9aea9434d</oc:checksum>', 'Sun, 13 Sep 2020 12:26:40 GMT', '<nc:has-preview>false']) assert.ok(text.includes(part), part);
  assert.match(text, /<d:prop><oc:invented\/><d:quota-used-bytes\/><\/d:prop><d:status>HTTP\/1.1 404 Not Found/);
  const broken = await box.dav('PROPFIND', '/', { body: '<d:propfind' });
  assert.deepEqual([broken.status, box.exception(broken)], [400, 'BadRequest']);
});

test('putting: new and again, with conditions', async () => {
  const made = await box.dav('PUT', '/put.txt', { body: 'one', headers: { 'If-None-Match': '*' } });
  assert.equal(made.status, 201);
  assert.ok(made.headers.get('oc-fileid'));
  const again = await box.dav('PUT', '/put.txt', { body: 'two', headers: { 'If-None-Match': '*' } });
  assert.deepEqual([again.status, box.exception(again)], [412, 'PreconditionFailed']);
  assert.equal((await box.dav('PUT', '/put.txt', { body: 'two', headers: { 'If-Match': '"old"' } })).status, 412);
  const second = await box.dav('PUT', '/put.txt', { body: 'two', headers: { 'If-Match': made.headers.get('etag'), 'X-OC-MTime': '1700000000' } });
  assert.deepEqual([second.status, second.headers.get('x-oc-mtime')], [204, 'accepted']);
  assert.notEqual(second.headers.get('etag'), made.headers.get('etag'));
  assert.equal((await box.dav('PUT', '/none/put.txt', { body: 'x' })).status, 404);
  assert.equal((await box.dav('PUT', '/bad.part', { body: 'x' })).status, 400);
});

test('getting: ranges, conditions, a folder is a page of words', async () => {
  await box.dav('PUT', '/get.txt', { body: '0123456789' });
  const whole = await box.dav('GET', '/get.txt');
  assert.equal(whole.text, '0123456789');
  const part = await box.dav('GET', '/get.txt', { headers: { Range: 'bytes=4-6' } });
  assert.deepEqual([part.status, part.text], [206, '456']);
  assert.equal((await box.dav('GET', '/get.txt', { headers: { Range: 'bytes=4-', 'If-Range': '"old"' } })).status, 200);
  assert.equal((await box.dav('GET', '/get.txt', { headers: { 'If-None-Match': whole.headers.get('etag') } })).status, 304);
  assert.match((await box.dav('GET', '/')).text, /WebDAV interface/);
});

test('folders, moving, copying, overwriting', async () => {
  const to = (path) => ({ headers: { Destination: `${box.base}${box.filesOf(kMara)}${path}` } });
  assert.equal((await box.dav('MKCOL', '/Moves')).status, 201);
  assert.equal((await box.dav('MKCOL', '/Moves')).status, 405);
  assert.equal((await box.dav('MKCOL', '/None/Inner')).status, 409);
  await box.dav('PUT', '/Moves/a.txt', { body: 'a' });
  await box.dav('PUT', '/Moves/b.txt', { body: 'b' });
  const refused = await box.dav('MOVE', '/Moves/a.txt', { headers: { ...to('/Moves/b.txt').headers, Overwrite: 'F' } });
  assert.deepEqual([refused.status, box.exception(refused)], [412, 'PreconditionFailed']);
  assert.equal((await box.dav('MOVE', '/Moves/a.txt', to('/Moves/b.txt'))).status, 204);
  assert.equal((await box.dav('MOVE', '/Moves/b.txt', to('/Moves/c%20d.txt'))).status, 201);
  assert.equal((await box.dav('COPY', '/Moves', to('/Copies'))).status, 201);
  assert.equal((await box.dav('GET', '/Copies/c%20d.txt')).text, 'a');
  assert.equal((await box.dav('MOVE', '/Moves/c%20d.txt', to('/None/x.txt'))).status, 409);
  assert.equal((await box.dav('MOVE', '/Moves/c%20d.txt', { headers: { Destination: 'http://elsewhere.example/x' } })).status, 403);
  assert.equal((await box.dav('DELETE', '/Copies')).status, 204);
  assert.equal((await box.dav('DELETE', '/Copies')).status, 404);
});

test('names that differ in case only are two names', async () => {
  await box.dav('PUT', '/Case.txt', { body: 'A' });
  await box.dav('PUT', '/case.txt', { body: 'a' });
  assert.equal((await box.dav('GET', '/Case.txt')).text, 'A');
});

test('a chunked upload: rules of names, sizes and sums, and what is there after a break', async () => {
  const destination = `${box.base}${box.filesOf(kMara)}/big.bin`;
  const headers = { Destination: destination, 'OC-Total-Length': String((5 << 20) + 7) };
  const at = '/remote.php/dav/uploads/mara/upload-1';
  assert.equal((await box.send('MKCOL', at, { headers })).status, 201);
  assert.equal((await box.send('MKCOL', at, { headers })).status, 405);
  const bytes = randomBytes((5 << 20) + 7);
  assert.equal((await box.send('PUT', `${at}/1`, { body: 'x' })).status, 400);
  assert.equal((await box.send('PUT', `${at}/0`, { body: 'x', headers })).status, 400);
  assert.equal((await box.send('PUT', `${at}/00001`, { body: bytes.subarray(0, 1000), headers })).status, 201);
  assert.equal((await box.send('PUT', `${at}/00002`, { body: bytes.subarray(5 << 20), headers })).status, 201);
  const small = await box.send('MOVE', `${at}/.file`, { headers: { Destination: destination } });
  assert.equal(small.status, 400);
  assert.equal((await box.send('PUT', `${at}/00001`, { body: bytes.subarray(0, 5 << 20), headers })).status, 204);
  const there = await box.send('PROPFIND', at, { headers: { Depth: '1' } });
  assert.match(there.text, /00001<\/d:href>.*<d:getcontentlength>5242880</s);
  assert.equal((await box.send('GET', `${at}/00001`)).status, 405);
  const wrong = await box.send('MOVE', `${at}/.file`, { headers: { Destination: destination, 'OC-Total-Length': '1' } });
  assert.equal(wrong.status, 400);
  const done = await box.send('MOVE', `${at}/.file`, { headers: { ...headers, 'X-OC-MTime': '1500000000' } });
  assert.equal(done.status, 201);
  assert.equal((await box.send('PROPFIND', at)).status, 404);
  assert.equal((await box.control({ do: 'read', path: '/big.bin' })).size, bytes.length);
  assert.ok((await box.dav('GET', '/big.bin')).bytes.equals(bytes));
});

test('an upload folder is gone after a day, and when it is deleted', async () => {
  const headers = { Destination: `${box.base}${box.filesOf(kMara)}/never.bin` };
  for (const name of ['one', 'two']) await box.send('MKCOL', `/remote.php/dav/uploads/mara/${name}`, { headers });
  assert.equal((await box.send('DELETE', '/remote.php/dav/uploads/mara/one')).status, 204);
  assert.equal((await box.send('PROPFIND', '/remote.php/dav/uploads/mara/one')).status, 404);
  await box.control({ do: 'clock', advanceSeconds: 25 * 3600 });
  assert.equal((await box.send('PROPFIND', '/remote.php/dav/uploads/mara/two')).status, 404);
});

test('what is full, locked, read-only, blocked or closed says so', async () => {
  const full = await box.dav('PUT', '/big.bin', { as: kPriya, body: Buffer.alloc(2 << 20) });
  assert.deepEqual([full.status, box.exception(full)], [507, 'InsufficientStorage']);
  await box.control({ do: 'make-tree', entries: [{ path: '/Odd/locked.txt', text: 'x', locked: true }, { path: '/Odd/ro.txt', text: 'x', readOnly: true }, { path: '/Odd/no.txt', text: 'x', restricted: true }] });
  assert.equal((await box.dav('PUT', '/Odd/locked.txt', { body: 'y' })).status, 423);
  assert.equal((await box.dav('DELETE', '/Odd/ro.txt')).status, 403);
  assert.equal((await box.dav('GET', '/Odd/no.txt')).status, 403);
  await box.control({ do: 'tune', maintenance: true });
  const closed = await box.dav('PROPFIND', '/');
  assert.deepEqual([closed.status, box.exception(closed), closed.headers.get('retry-after')], [503, 'ServiceUnavailable', '120']);
  await box.control({ do: 'tune', maintenance: false });
});

test('search: by pattern below a folder, sorted, in parts', async () => {
  await box.control({ do: 'make-tree', entries: Array.from({ length: 5 }, (_, n) => ({ path: `/Find/Zebra ${n}.txt`, size: n * 10 })).concat({ path: '/Find/Deep/zebra deep.txt', size: 99 }, { path: '/Other/zebra.txt', size: 1 }) });
  const query = (more = '') => `<?xml version="1.0"?><d:searchrequest xmlns:d="DAV:" xmlns:oc="http://owncloud.org/ns"><d:basicsearch><d:select><d:prop><d:displayname/><oc:size/></d:prop></d:select><d:from><d:scope><d:href>/files/mara/Find</d:href><d:depth>infinity</d:depth></d:scope></d:from><d:where><d:like><d:prop><d:displayname/></d:prop><d:literal>%zebra%</d:literal></d:like></d:where><d:orderby><d:order><d:prop><oc:size/></d:prop><d:descending/></d:order></d:orderby>${more}</d:basicsearch></d:searchrequest>`;
  const search = (more) => box.send('SEARCH', '/remote.php/dav/', { body: query(more), headers: { 'Content-Type': 'text/xml' } });
  const found = box.hrefs(await search());
  assert.equal(found.length, 6);
  assert.match(found[0], /\/Find\/Deep\/zebra%20deep\.txt$/);
  const part = box.hrefs(await search('<d:limit><d:nresults>2</d:nresults><x:firstresult xmlns:x="https://github.com/icewind1991/SearchDAV/ns">1</x:firstresult></d:limit>'));
  assert.deepEqual(part, found.slice(1, 3));
  const elsewhere = await box.send('SEARCH', '/remote.php/dav/', { body: query().replace('/files/mara/', '/files/priya/'), headers: { 'Content-Type': 'text/xml' } });
  assert.equal(elsewhere.status, 400);
});

test('20,000 entries are made and listed in a moment', async () => {
  await box.control({ do: 'make-many', path: '/Many', count: 20_000 });
  const start = Date.now();
  const listed = await box.dav('PROPFIND', '/Many', { headers: { Depth: '1' }, body: box.props('d:getetag', 'oc:fileid', 'd:getcontentlength') });
  assert.equal(box.hrefs(listed).length, 20_001);
  assert.ok(Date.now() - start < 5000);
});

test('a picture has a preview, a text has none', async () => {
  const { mkdtemp, rm } = await import('node:fs/promises');
  const { execFile } = await import('node:child_process');
  const { promisify } = await import('node:util');
  const folder = await mkdtemp('/tmp/nextcloud-preview-');
  try {
    await promisify(execFile)('convert', ['-size', '640x480', 'xc:#3566a8', `${folder}/a.jpg`]);
    await box.control({ do: 'make-file', path: '/Pictures/a.jpg', from: `${folder}/a.jpg` });
    const { text } = await box.dav('PROPFIND', '/Pictures/a.jpg', { headers: { Depth: '0' }, body: box.props('oc:fileid', 'nc:has-preview') });
    const [, id] = /<oc:fileid>(\d+)<\/oc:fileid><nc:has-preview>true</.exec(text);
    const answer = await box.send('GET', `/index.php/core/preview?fileId=${id}&x=64&y=64&a=1&forceIcon=0`);
    assert.deepEqual([answer.status, answer.headers.get('content-type')], [200, 'image/jpeg']);
    assert.equal((await box.send('GET', '/index.php/core/preview?fileId=1&x=64&y=64')).status, 404);
    assert.equal((await box.send('GET', '/index.php/core/preview')).status, 400);
    assert.equal((await box.send('GET', `/index.php/core/preview?fileId=${id}&x=64&y=64`, { as: null })).status, 401);
    await box.control({ do: 'delete', path: '/Pictures' });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

test('what came up, and who may sign in, is there again after a restart', async () => {
  const { mkdtemp, rm } = await import('node:fs/promises');
  const state = await mkdtemp('/tmp/nextcloud-state-');
  try {
    const first = await openNextcloud({ state, autoApprove: true });
    const flow = JSON.parse((await first.send('POST', '/index.php/login/v2', { as: null })).text);
    await fetch(`${flow.login}?auto_approve=${kMara}`);
    const granted = JSON.parse((await first.send('POST', flow.poll.endpoint, { as: null, body: new URLSearchParams({ token: flow.poll.token }) })).text);
    const headers = { Authorization: basic(granted.loginName, granted.appPassword) };
    const put = await first.dav('PUT', '/kept.txt', { body: 'kept', headers });
    await first.sandbox.close();
    const second = await openNextcloud({ state });
    const got = await second.dav('GET', '/kept.txt', { headers });
    assert.deepEqual([got.text, got.headers.get('etag'), got.headers.get('oc-fileid')], ['kept', put.headers.get('etag'), put.headers.get('oc-fileid')]);
    await second.sandbox.close();
  } finally {
    await rm(state, { recursive: true, force: true });
  }
});

test('a writer too many is told to wait', async () => {
  await box.control({ do: 'writers-at-once', most: 0 });
  const answer = await box.dav('PUT', '/busy.txt', { body: 'x' });
  assert.deepEqual([answer.status, answer.headers.get('retry-after')], [429, '1']);
  await box.control({ do: 'writers-at-once' });
});
