// SPDX-License-Identifier: Apache-2.0
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { after, before, test } from 'node:test';
import { kAiko, kJonas, kMara, kPriya, kTomas, openOneDrive } from './onedrive_support.js';

let box;
before(async () => {
  box = await openOneDrive();
});
after(async () => {
  assert.deepEqual(box.problems, []);
  await box.sandbox.close();
});

test('who one is: a personal account has its mail only in the sign-in name', async () => {
  const { body } = await box.get('/me?$select=id,mail,userPrincipalName');
  assert.equal(body.mail, null);
  assert.equal(body.userPrincipalName, kMara);
  assert.match(body.id, /^[0-9a-f]{16}$/);
  assert.equal(body.displayName, undefined);
  const work = (await box.get('/me', { as: kTomas })).body;
  assert.equal(work.mail, kTomas);
  assert.notEqual(work.userPrincipalName, kTomas);
  assert.equal((await box.get('/me', { as: kAiko })).body.mail, null);
});

test('drives say their kind and quota', async () => {
  const { body } = await box.get('/me/drive');
  assert.equal(body.driveType, 'personal');
  assert.equal(body.quota.state, 'normal');
  assert.equal(body.quota.total, 2048 * 2 ** 30);
  assert.equal((await box.get('/me/drive', { as: kTomas })).body.driveType, 'business');
  const nearly = (await box.get('/me/drive', { as: kPriya })).body;
  assert.equal(nearly.quota.remaining, 2 ** 20);
  assert.equal(nearly.quota.state, 'critical');
});

test('a folder comes in pages, each with the address of the next', async () => {
  await box.control({ do: 'make-tree', entries: Array.from({ length: 25 }, (_, n) => ({ path: `/Pages/Paper ${String(n).padStart(2, '0')}.txt`, text: `paper ${n}` })) });
  let { body } = await box.get('/me/drive/root:/Pages:/children?$top=10&$orderby=name desc');
  const names = body.value.map((item) => item.name);
  assert.equal(names.length, 10);
  while (body['@odata.nextLink']) {
    assert.match(body['@odata.nextLink'], /^http:\/\/127\.0\.0\.1:.*\$skiptoken=/);
    ({ body } = await box.get(body['@odata.nextLink']));
    names.push(...body.value.map((item) => item.name));
  }
  assert.deepEqual(names, [...names].sort().reverse());
  assert.equal(new Set(names).size, 25);
});

test('an item carries facets, hash and parent; a personal drive spells its id in two ways', async () => {
  await box.control({ do: 'make-file', path: '/Facts/hello.txt', text: 'hello world' });
  const { body } = await box.get('/me/drive/root:/facts/HELLO.txt');
  assert.equal(body.name, 'hello.txt');
  assert.equal(body.file.hashes.quickXorHash, 'aCgDG9jwBhDc4Q1yawMZAAAAAAA=');
  assert.equal(body.file.mimeType, 'text/plain');
  assert.equal(body.parentReference.path, `/drives/${body.parentReference.driveId}/root:/Facts`);
  const drive = (await box.get('/me/drive')).body.id;
  assert.notEqual(body.parentReference.driveId, drive);
  assert.equal(body.parentReference.driveId.toLowerCase(), drive);
  for (const id of [drive, body.parentReference.driveId]) {
    assert.equal((await box.get(`/drives/${id}/items/${encodeURIComponent(body.id)}`)).body.id, body.id);
  }
  const priya = (await box.get('/me/drive', { as: kPriya })).body.id;
  const root = (await box.get('/me/drive/root', { as: kPriya })).body;
  assert.equal(priya.length, 16);
  assert.ok(root.parentReference.driveId.length < 16);
  assert.equal((await box.get(`/drives/${root.parentReference.driveId}/root`, { as: kPriya })).status, 200);
});

test('work accounts sort by name only', async () => {
  assert.equal((await box.get('/me/drive/root/children?$orderby=size desc')).status, 200);
  assert.equal((await box.get('/me/drive/root/children?$orderby=name', { as: kTomas })).status, 200);
  const refused = await box.get('/me/drive/root/children?$orderby=size', { as: kTomas });
  assert.equal(refused.status, 400);
  assert.equal(box.inner(refused).code, 'notSupported');
  assert.equal((await box.get('/me/drive/root/children?$filter=x')).status, 400);
  assert.equal((await box.get('/me/drive/root/children?$select=wrong')).status, 400);
});

test('bytes go up in one piece and come down from another host, without the token', async () => {
  const made = await box.send('PUT', '/me/drive/root:/Up/new.txt:/content', { body: 'hello world' });
  assert.equal(made.status, 201);
  assert.equal(made.body.file.hashes.quickXorHash, 'aCgDG9jwBhDc4Q1yawMZAAAAAAA=');
  assert.equal((await box.send('PUT', '/me/drive/root:/Up/new.txt:/content', { body: 'hello again' })).status, 200);
  const moved = await box.get(`/me/drive/items/${made.body.id}/content`, { headers: { Range: 'bytes=0-1' } });
  assert.equal(moved.status, 302);
  const target = moved.headers.get('location');
  assert.match(target, /^http:\/\/127\.0\.0\.2:/);
  assert.equal((await box.bare('GET', target)).bytes.toString(), 'hello again');
  const part = await box.bare('GET', target, { headers: { Range: 'bytes=6-' } });
  assert.deepEqual([part.status, part.bytes.toString()], [206, 'again']);
  assert.equal((await box.get(target)).status, 401);
  await box.control({ do: 'clock', advanceSeconds: 3700 });
  assert.equal((await box.bare('GET', target)).status, 401);
  await box.control({ do: 'reset' });
});

test('conflicts: fail, replace, rename', async () => {
  const put = (behaviour) => box.send('PUT', `/me/drive/root:/Clash/plan.txt:/content?@microsoft.graph.conflictBehavior=${behaviour}`, { body: behaviour });
  assert.equal((await put('fail')).status, 201);
  const clash = await put('fail');
  assert.equal(clash.status, 409);
  assert.equal(box.code(clash), 'nameAlreadyExists');
  assert.equal((await put('replace')).status, 200);
  assert.equal((await put('rename')).body.name, 'plan 1.txt');
  const folder = { name: 'Clash', folder: {}, '@microsoft.graph.conflictBehavior': 'rename' };
  assert.equal((await box.send('POST', '/me/drive/root/children', { body: folder })).body.name, 'Clash 1');
  assert.equal((await box.send('POST', '/me/drive/root/children', { body: { name: 'Clash', folder: {} } })).status, 409);
});

test('a session takes fragments of 320 KiB, in order, and no token', async () => {
  const bytes = randomBytes(327_680 * 2 + 5);
  const { body } = await box.session('/me/drive/root:/Scans/big.bin', { '@microsoft.graph.conflictBehavior': 'rename', name: 'big.bin', fileSystemInfo: { lastModifiedDateTime: '2024-02-03T04:05:06Z' } });
  const url = body.uploadUrl;
  assert.match(url, /^http:\/\/127\.0\.0\.2:/);
  assert.deepEqual(body.nextExpectedRanges, ['0-']);
  const withToken = await box.fragment(url, bytes.subarray(0, 327_680), 0, bytes.length, { token: box.person(kMara).access_token });
  assert.deepEqual([withToken.status, box.code(withToken)], [401, 'unauthenticated']);
  const odd = await box.fragment(url, bytes.subarray(0, 1000), 0, bytes.length);
  assert.deepEqual([odd.status, box.inner(odd).code], [400, 'fragmentLengthMismatch']);
  const first = await box.fragment(url, bytes.subarray(0, 327_680), 0, bytes.length);
  assert.deepEqual([first.status, first.body.nextExpectedRanges], [202, ['327680-']]);
  const again = await box.fragment(url, bytes.subarray(0, 327_680), 0, bytes.length);
  assert.deepEqual([again.status, box.inner(again).code], [416, 'fragmentOverlap']);
  const ahead = await box.fragment(url, bytes.subarray(655_360), 655_360, bytes.length);
  assert.deepEqual([ahead.status, box.inner(ahead).code], [400, 'fragmentOutOfOrder']);
  assert.deepEqual((await box.bare('GET', url)).body.nextExpectedRanges, ['327680-']);
  const done = await box.fragment(url, bytes.subarray(327_680), 327_680, bytes.length);
  assert.equal(done.status, 201);
  assert.equal(done.body.fileSystemInfo.lastModifiedDateTime, '2024-02-03T04:05:06Z');
  assert.equal((await box.bare('GET', url)).status, 404);
  const read = await box.control({ do: 'read', path: '/Scans/big.bin' });
  assert.equal(read.size, bytes.length);
});

test('a name that was taken in the meantime leaves the bytes with the session', async () => {
  const { body } = await box.session('/me/drive/root:/Scans/late.txt', { '@microsoft.graph.conflictBehavior': 'fail' });
  await box.control({ do: 'make-file', path: '/Scans/late.txt', text: 'first' });
  const clash = await box.fragment(body.uploadUrl, Buffer.from('second'), 0, 6);
  assert.equal(clash.status, 409);
  const finish = await box.send('PUT', '/me/drive/root:/Scans/late.txt', { body: { name: 'late.txt', '@microsoft.graph.conflictBehavior': 'rename', '@microsoft.graph.sourceUrl': body.uploadUrl } });
  assert.deepEqual([finish.status, finish.body.name], [201, 'late 1.txt']);
});

test('a session ends after a week without use, or when it is told to', async () => {
  const one = (await box.session('/me/drive/root:/Scans/one.bin')).body.uploadUrl;
  const two = (await box.session('/me/drive/root:/Scans/two.bin')).body.uploadUrl;
  assert.equal((await box.bare('DELETE', one)).status, 204);
  assert.equal((await box.bare('GET', one)).status, 404);
  await box.control({ do: 'clock', advanceSeconds: 8 * 86400 });
  const gone = await box.bare('GET', two);
  assert.deepEqual([gone.status, box.inner(gone).code], [404, 'uploadSessionNotFound']);
  await box.control({ do: 'reset' });
});

test('Office files of a work account are not what was sent', async () => {
  const sent = Buffer.from('not really a document');
  const work = await box.send('PUT', '/me/drive/root:/Scans/plan.docx:/content', { as: kTomas, body: sent });
  assert.ok(work.body.size > sent.length);
  const personal = await box.send('PUT', '/me/drive/root:/Scans/plan.docx:/content', { body: sent });
  assert.equal(personal.body.size, sent.length);
});

test('what is full, locked, infected or badly named says so', async () => {
  const full = await box.send('PUT', '/me/drive/root:/big.bin:/content', { as: kPriya, body: Buffer.alloc(2 << 20) });
  assert.deepEqual([full.status, box.code(full)], [507, 'quotaLimitReached']);
  const early = await box.session('/me/drive/root:/big.bin', { fileSize: 5 << 20 }, { as: kPriya });
  assert.equal(early.status, 507);
  await box.control({ do: 'make-tree', entries: [{ path: '/Odd/locked.txt', text: 'x', locked: true }, { path: '/Odd/virus.txt', text: 'x', restricted: true }] });
  assert.equal((await box.send('PUT', '/me/drive/root:/Odd/locked.txt:/content', { body: 'y' })).status, 423);
  assert.ok((await box.get('/me/drive/root:/Odd/virus.txt')).body.malware);
  const virus = await box.get('/me/drive/root:/Odd/virus.txt:/content');
  assert.deepEqual([virus.status, box.code(virus)], [403, 'malwareDetected']);
  for (const name of ['a:b.txt', 'CON', 'x.', '~$x.docx', 'desktop.ini', ' lead.txt']) {
    const bad = await box.send('POST', '/me/drive/root/children', { body: { name, folder: {} } });
    assert.deepEqual([bad.status, box.code(bad)], [400, 'invalidRequest'], name);
  }
});

test('rename, move, stale tags, delete, copy', async () => {
  const { body } = await box.send('PUT', '/me/drive/root:/Move/a.txt:/content', { body: 'a' });
  const stale = await box.send('PATCH', `/me/drive/items/${body.id}`, { body: { name: 'b.txt' }, headers: { 'If-Match': '"old"' } });
  assert.deepEqual([stale.status, box.code(stale)], [412, 'resourceModified']);
  const moved = await box.send('PATCH', `/me/drive/items/${body.id}`, { body: { name: 'b.txt' }, headers: { 'If-Match': body.eTag } });
  assert.equal(moved.body.name, 'b.txt');
  assert.notEqual(moved.body.eTag, body.eTag);
  assert.equal(moved.body.cTag, body.cTag);
  assert.equal((await box.send('PATCH', `/me/drive/items/${body.id}`, { body: { parentReference: { id: 'root' } } })).status, 400);
  const copy = await box.send('POST', `/me/drive/items/${body.id}/copy`, { body: { name: 'c.txt' } });
  assert.equal(copy.status, 202);
  assert.equal((await box.bare('GET', copy.headers.get('location'))).body.status, 'inProgress');
  assert.equal((await box.bare('GET', copy.headers.get('location'))).body.status, 'completed');
  assert.equal((await box.send('DELETE', `/me/drive/items/${body.id}`)).status, 204);
  assert.equal((await box.get(`/me/drive/items/${body.id}`)).status, 404);
});

test('search keeps to the folder in a personal account, and not in a work account', async () => {
  for (const person of [kMara, kTomas]) {
    await box.control({ do: 'make-tree', person, entries: [{ path: '/In/zebra one.txt', text: '1' }, { path: '/Out/zebra two.txt', text: '2' }, { path: "/Out/it's.txt", text: 'quoted' }] });
  }
  const find = async (as, where, words) => (await box.get(`/me/drive/${where}/search(q='${words}')`, { as })).body.value.map((item) => item.name).sort();
  assert.deepEqual(await find(kMara, 'root:/In:', 'zebra'), ['zebra one.txt']);
  assert.deepEqual(await find(kTomas, 'root:/In:', 'zebra'), ['zebra one.txt', 'zebra two.txt']);
  assert.deepEqual(await find(kMara, 'root', "it''s"), ["it's.txt"]);
  const { body } = await box.get("/me/drive/root/search(q='zebra')?$top=1");
  assert.equal(body.value[0].parentReference.path, undefined);
  assert.equal((await box.get(body['@odata.nextLink'])).body.value.length, 1);
});

test('a team site has document libraries, for work accounts', async () => {
  const { body } = await box.get('/sites?search=*', { as: kTomas });
  assert.equal(body.value.length, 1);
  const drives = (await box.get(`/sites/${body.value[0].id}/drives`, { as: kTomas })).body.value;
  assert.deepEqual(drives.map((drive) => drive.name), ['Documents', 'Minutes']);
  assert.equal(drives[0].driveType, 'documentLibrary');
  const inside = (await box.get(`/drives/${drives[0].id}/root/children`, { as: kTomas })).body.value;
  assert.ok(inside.length >= 2);
  assert.equal((await box.get(`/drives/${drives[0].id}/root`, { as: kAiko })).status, 404);
  assert.equal((await box.get('/sites?search=*', { as: kJonas })).status, 400);
});

test('what another shares is in a list of its own, and as a remote item where it was put', async () => {
  await box.control({ do: 'make-tree', person: kJonas, entries: [{ path: '/Holiday/plan.txt', text: 'theirs' }] });
  await box.control({ do: 'mark', person: kJonas, path: '/Holiday', shareWith: { [kMara]: 'read' } });
  const [shared] = (await box.get('/me/drive/sharedWithMe')).body.value;
  const { remoteItem } = shared;
  assert.ok(remoteItem.folder);
  const there = `/drives/${remoteItem.parentReference.driveId}/items/${remoteItem.id}`;
  assert.deepEqual((await box.get(`${there}/children`)).body.value.map((item) => item.name), ['plan.txt']);
  assert.equal((await box.send('PUT', `${there}:/mine.txt:/content`, { body: 'x' })).status, 403);
  await box.control({ do: 'mark', person: kJonas, path: '/Holiday', shareWith: { [kMara]: 'write' } });
  assert.equal((await box.send('PUT', `${there}:/mine.txt:/content`, { body: 'x' })).status, 201);
  assert.equal((await box.get(`/drives/${remoteItem.parentReference.driveId}/root/children`)).status, 404);
  const found = async (where) => (await box.get(`/me/drive${where}/search(q='plan')`)).body.value.filter((item) => item.remoteItem).map((item) => item.name);
  assert.deepEqual([await found(''), await found('/root')], [['plan.txt'], []]);
  await box.control({ do: 'tune', mount: { at: '/From Jonas', of: kJonas, path: '/Holiday' } });
  const listed = (await box.get('/me/drive/root/children')).body.value.find((item) => item.name === 'From Jonas');
  assert.equal(listed.folder, undefined);
  assert.equal(listed.remoteItem.id, remoteItem.id);
  assert.equal((await box.get(`/me/drive/items/${listed.id}/children`)).status, 404);
  assert.equal((await box.get(`/me/drive/items/${listed.id}`)).body.remoteItem.id, remoteItem.id);
});

test('a session may keep less of a fragment than came, and says so', async () => {
  const bytes = randomBytes(327_680 * 3);
  const { uploadUrl } = (await box.session('/me/drive/root:/Scans/partly.bin')).body;
  await box.control({ do: 'tune', takeAtMost: 400_000 });
  const first = await box.fragment(uploadUrl, bytes.subarray(0, 655_360), 0, bytes.length);
  assert.deepEqual(first.body.nextExpectedRanges, ['400000-']);
  assert.equal((await box.fragment(uploadUrl, bytes.subarray(655_360), 655_360, bytes.length)).status, 400);
  const rest = await box.fragment(uploadUrl, bytes.subarray(400_000), 400_000, bytes.length);
  assert.equal(rest.status, 201);
  const back = await box.get(`/me/drive/items/${rest.body.id}/content`);
  assert.ok((await box.bare('GET', back.headers.get('location'))).bytes.equals(bytes));
});

test('hashes may come late, and a quota may not be told', async () => {
  await box.control({ do: 'tune', hashDelaySeconds: 30 });
  const made = await box.send('PUT', '/me/drive/root:/Late.txt:/content', { body: 'x' });
  assert.equal(made.body.file.hashes, undefined);
  await box.control({ do: 'clock', advanceSeconds: 31 });
  assert.ok((await box.get(`/me/drive/items/${made.body.id}`)).body.file.hashes);
  await box.control({ do: 'quota', allocated: 0 });
  assert.deepEqual((await box.get('/me/drive')).body.quota, { total: 0, used: 0, remaining: 0, deleted: 0 });
  assert.equal((await box.send('PUT', '/me/drive/root:/Late.txt:/content', { body: 'y' })).status, 200);
  await box.control({ do: 'reset' });
});

test('20,000 entries are made and listed, and a huge file is streamed', async () => {
  await box.control({ do: 'make-many', person: kTomas, path: '/Many', count: 20_000 });
  let count = 0;
  for (let next = '/me/drive/root:/Many:/children?$top=1000'; next;) {
    const { body } = await box.get(next, { as: kTomas });
    count += body.value.length;
    next = body['@odata.nextLink'];
  }
  assert.equal(count, 20_000);
  await box.control({ do: 'make-file', path: '/huge.bin', size: 30 * 2 ** 30 });
  const { body } = await box.get('/me/drive/root:/huge.bin');
  assert.equal(body.size, 30 * 2 ** 30);
  const part = await box.bare('GET', body['@microsoft.graph.downloadUrl'], { headers: { Range: `bytes=${20 * 2 ** 30}-${20 * 2 ** 30 + 7}` } });
  assert.equal(part.bytes.readBigUInt64BE(), BigInt(20 * 2 ** 30));
});

test('the control door reaches the libraries of a site', async () => {
  const { entries } = await box.control({ do: 'list', person: kTomas, drive: 'Minutes', path: '/' });
  assert.ok(entries.some((entry) => entry.name === 'Board'));
});

test('what came up is there again after a restart', async () => {
  const { mkdtemp, rm } = await import('node:fs/promises');
  const state = await mkdtemp('/tmp/onedrive-state-');
  try {
    const before = await openOneDrive({ state });
    const big = Buffer.alloc(100_000, 7);
    const { body } = await before.send('PUT', '/me/drive/root:/Kept/big.bin:/content', { body: big });
    await before.sandbox.close();
    const afterwards = await openOneDrive({ state });
    const again = await afterwards.get(`/me/drive/items/${body.id}`);
    assert.equal(again.body.size, big.length);
    assert.equal(again.body.file.hashes.quickXorHash, body.file.hashes.quickXorHash);
    assert.equal(again.body.eTag, body.eTag);
    await afterwards.sandbox.close();
  } finally {
    await rm(state, { recursive: true, force: true });
  }
});

test('a document comes as a PDF; a table of plain text does not', async () => {
  const { docx } = await import('../lib/samples/office.js');
  const bytes = docx(['Dear Anna,', 'all is well.']);
  await box.control({ do: 'make-file', path: '/Pdf/letter.docx', base64: Buffer.from(bytes).toString('base64') });
  const pdf = await box.get('/me/drive/root:/Pdf/letter.docx:/content?format=pdf');
  assert.equal(pdf.status, 302);
  const made = await box.bare('GET', pdf.headers.get('location'));
  assert.deepEqual([made.status, made.bytes.subarray(0, 5).toString()], [200, '%PDF-']);
  await box.control({ do: 'make-tree', entries: [{ path: '/Pdf/table.csv', text: 'a,b' }] });
  const csv = await box.get('/me/drive/root:/Pdf/table.csv:/content?format=pdf');
  assert.deepEqual([csv.status, box.code(csv), csv.body.error.message, box.inner(csv).code], [406, 'notSupported', 'csv', 'InputFormatNotSupported']);
});

test('pictures have thumbnails, whose addresses take no token', async () => {
  const { mkdtemp, rm } = await import('node:fs/promises');
  const { execFile } = await import('node:child_process');
  const { promisify } = await import('node:util');
  const folder = await mkdtemp('/tmp/onedrive-thumbnails-');
  try {
    await promisify(execFile)('convert', ['-size', '640x480', 'xc:#3566a8', `${folder}/a.jpg`]);
    await box.control({ do: 'make-tree', entries: [{ path: '/Pictures/a.jpg', from: `${folder}/a.jpg` }, { path: '/Pictures/b.txt', text: 'b' }] });
    const { value } = (await box.get('/me/drive/root:/Pictures:/children?$expand=thumbnails')).body;
    assert.deepEqual(value.map((item) => item.thumbnails.length), [1, 0]);
    const { url } = value[0].thumbnails[0].medium;
    const picture = await box.bare('GET', url);
    assert.deepEqual([picture.status, picture.headers.get('content-type')], [200, 'image/jpeg']);
    assert.equal((await box.get(url)).status, 401);
    const one = await box.get(`/me/drive/items/${value[0].id}/thumbnails/0/c300x400/content`);
    assert.equal(one.status, 302);
    assert.equal((await box.get(`/me/drive/items/${value[1].id}/thumbnails/0/medium`)).status, 404);
    await box.control({ do: 'delete', path: '/Pictures' });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

test('a notebook is a package: neither a folder nor a file', async () => {
  await box.control({ do: 'make-file', path: '/Ideas', text: 'x', exportAs: 'onenote' });
  const { body } = await box.get('/me/drive/root:/Ideas');
  assert.deepEqual(body.package, { type: 'oneNote' });
  assert.equal(body.file ?? body.folder, undefined);
  assert.equal((await box.get('/me/drive/root:/Ideas:/content')).status, 400);
});

test('a store of which the answer was lost is found again', async () => {
  const { uploadUrl } = (await box.session('/me/drive/root:/Scans/lost.txt')).body;
  await box.control({ do: 'fault', method: 'PUT', route: 'transfer/upload$', action: { loseAnswer: true } });
  await assert.rejects(box.fragment(uploadUrl, Buffer.from('found'), 0, 5));
  assert.equal((await box.bare('GET', uploadUrl)).status, 404);
  assert.equal((await box.get('/me/drive/root:/Scans/lost.txt')).body.size, 5);
});

test('a session that was meant for one version does not replace another', async () => {
  const { body } = await box.send('PUT', '/me/drive/root:/Scans/version.txt:/content', { body: 'one' });
  const options = { headers: { 'If-Match': body.eTag } };
  const { uploadUrl } = (await box.session('/me/drive/root:/Scans/version.txt', { '@microsoft.graph.conflictBehavior': 'replace' }, options)).body;
  assert.equal((await box.send('PUT', '/me/drive/root:/Scans/version.txt:/content', { body: 'two' })).status, 200);
  const late = await box.fragment(uploadUrl, Buffer.from('three'), 0, 5);
  assert.deepEqual([late.status, box.code(late), box.inner(late).code], [409, 'resourceModified', 'entityTagDoesNotMatch']);
  const early = await box.session('/me/drive/root:/Scans/version.txt', {}, options);
  assert.deepEqual([early.status, box.code(early)], [412, 'resourceModified']);
});

test('the address of a next page dies, in two ways', async () => {
  for (const [person, status, code] of [[kMara, 410, 'resyncRequired'], [kTomas, 400, 'invalidRequest']]) {
    await box.control({ do: 'make-tree', person, entries: [1, 2, 3].map((n) => ({ path: `/Dying/${n}.txt`, text: 'x' })) });
    const { body } = await box.get('/me/drive/root:/Dying:/children?$top=2', { as: person });
    await box.control({ do: 'reset-cursors', person });
    const dead = await box.get(body['@odata.nextLink'], { as: person });
    assert.deepEqual([dead.status, box.code(dead)], [status, code]);
  }
  assert.equal((await box.get('/me/drive/root/children?$skiptoken=invented')).status, 400);
});
