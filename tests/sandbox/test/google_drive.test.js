// SPDX-License-Identifier: Apache-2.0
// Google Drive: sign-in, lists, search, bytes out, exports; what its official client does not try.
import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import { openCloud } from './cloud_support.js';
import { kMara, pkce, rawRequest } from './support.js';

const kAiko = 'aiko.tanaka@example.net';
const kBack = 'http://localhost:1/back';
const kDrive = 'https://www.googleapis.com/auth/drive';
let box;
before(async () => {
  box = await openCloud('google-drive', { autoApprove: true });
});
afterEach(() => box.tell({ do: 'reset' }));
after(() => box.sandbox.close());

const make = (path, more = {}) => box.tell({ do: 'make-file', path, text: `text of ${path}`, ...more });
const list = async (query, options) => (await box.send(`/drive/v3/files?${new URLSearchParams(query)}`, options)).body;
const names = async (q, more = {}) => (await list({ q, fields: 'files(name)', orderBy: 'name', ...more })).files.map(({ name }) => name);
const reasonOf = ({ status, body }) => [status, body.error.errors[0].reason];

const authorize = (more = {}) => {
  const query = { response_type: 'code', client_id: box.facts.client_id, redirect_uri: kBack, state: 's', auto_approve: kMara, scope: `${kDrive} openid email`, access_type: 'offline', prompt: 'consent', ...more };
  return box.send(`/o/oauth2/v2/auth?${new URLSearchParams(query)}`, { token: null });
};
const client = () => ({ client_id: box.facts.client_id, client_secret: box.facts.client_secret });
const redeem = async (more = {}, fields = {}) => {
  const code = new URL((await authorize(more)).headers.get('location')).searchParams.get('code');
  return box.form('/token', { grant_type: 'authorization_code', code, redirect_uri: kBack, ...client(), ...fields });
};

test('the consent page shows what is wrong, and lets scopes be left out', async () => {
  assert.match((await authorize({ redirect_uri: 'https://elsewhere.example/' })).text, /redirect_uri_mismatch/);
  assert.match((await authorize({ client_id: 'x' })).text, /invalid_client/);
  assert.match((await authorize({ auto_approve: '' })).text, /Mara Lind/);
  const { body } = await redeem({ refuse_scopes: kDrive });
  assert.equal(body.scope, 'openid https://www.googleapis.com/auth/userinfo.email');
  const refused = await box.send('/drive/v3/about?fields=user', { token: body.access_token });
  assert.deepEqual(reasonOf(refused), [403, 'insufficientPermissions']);
  assert.equal((await box.send('/v1/userinfo', { token: body.access_token })).body.email_verified, true);
});

test('PKCE, the secret and the redirect are all looked at', async () => {
  const { verifier, challenge } = pkce();
  const asked = { code_challenge: challenge, code_challenge_method: 'S256' };
  assert.equal((await redeem(asked)).body.error_description, 'Missing code verifier.');
  assert.equal((await redeem(asked, { code_verifier: 'x'.repeat(50) })).body.error_description, 'Invalid code verifier.');
  assert.deepEqual([(await redeem(asked, { code_verifier: verifier, client_secret: 'wrong' })).status], [401]);
  assert.equal((await redeem(asked, { code_verifier: verifier, redirect_uri: 'http://localhost:2/back' })).body.error, 'redirect_uri_mismatch');
  const good = await redeem(asked, { code_verifier: verifier });
  assert.deepEqual([good.status, good.body.expires_in, good.body.token_type], [200, 3599, 'Bearer']);
  const claims = JSON.parse(Buffer.from(good.body.id_token.split('.')[1], 'base64url'));
  assert.deepEqual([claims.email, claims.aud], [kMara, box.facts.client_id]);
});

test('a refresh token comes with the first consent or a new one, stays, and ends with a revocation', async () => {
  assert.equal((await redeem({ prompt: '' })).body.refresh_token, undefined);
  const first = (await redeem()).body.refresh_token;
  const refresh = (token) => box.form('/token', { grant_type: 'refresh_token', refresh_token: token, ...client() });
  const again = await refresh(first);
  assert.deepEqual([again.status, again.body.refresh_token], [200, undefined]);
  assert.equal((await refresh(first)).status, 200);
  assert.equal((await box.form('/revoke', { token: again.body.access_token })).status, 200);
  const dead = await refresh(first);
  assert.deepEqual([dead.status, dead.body], [400, { error: 'invalid_grant', error_description: 'Token has been expired or revoked.' }]);
  assert.equal((await box.form('/revoke', { token: first })).status, 400);
  await box.tell({ do: 'tune', testing: true });
  const short = (await redeem()).body.refresh_token;
  await box.tell({ do: 'clock', advanceSeconds: 6 * 86_400 });
  assert.equal((await refresh(short)).status, 200);
  await box.tell({ do: 'clock', advanceSeconds: 2 * 86_400 });
  assert.equal((await refresh(short)).status, 400);
});

test('the hundred and first refresh token ends the oldest', async () => {
  const oldest = box.person().refresh_token;
  for (let n = 0; n < 100; ++n) await redeem();
  const answer = await box.form('/token', { grant_type: 'refresh_token', refresh_token: oldest, ...client() });
  assert.equal(answer.body.error, 'invalid_grant');
});

test('expired tokens, and the device flow that cannot see a drive', async () => {
  await box.tell({ do: 'expire-tokens', person: kMara });
  const answer = await box.send('/drive/v3/about?fields=user');
  assert.deepEqual([...reasonOf(answer), answer.body.error.status], [401, 'authError', 'UNAUTHENTICATED']);
  assert.match(answer.headers.get('www-authenticate'), /invalid_token/);
  assert.equal((await box.form('/device/code', { ...client(), scope: kDrive })).body.error, 'invalid_scope');
});

test('lists hold what the fields say, trashed files too, and the same name twice', async () => {
  await make('/a.txt');
  const { id } = await make('/b.txt');
  await box.send('/upload/drive/v3/files?uploadType=media', { method: 'POST', body: 'x' });
  await box.send('/upload/drive/v3/files?uploadType=media', { method: 'POST', body: 'y' });
  await box.send(`/drive/v3/files/${id}`, { method: 'PATCH', json: { trashed: true } });
  const { files } = await list({ q: "'root' in parents", orderBy: 'folder,name' });
  assert.deepEqual(files.map(({ name }) => name), ['Scans', 'a.txt', 'b.txt', 'Untitled', 'Untitled']);
  assert.deepEqual(Object.keys(files[1]), ['kind', 'id', 'name', 'mimeType']);
  assert.deepEqual(await names("'root' in parents and trashed = false"), ['a.txt', 'Scans', 'Untitled', 'Untitled']);
  const root = (await box.send('/drive/v3/files/root?fields=id,name')).body;
  const [file] = (await list({ q: "name = 'A.TXT'", fields: 'files(parents,size,version,capabilities/canEdit,createdTime)' })).files;
  assert.deepEqual([file.parents, file.size, typeof file.version, file.capabilities], [[root.id], '14', 'string', { canEdit: true }]);
  assert.match(file.createdTime, /T\d\d:\d\d:\d\d\.\d{3}Z$/);
});

test('the query language', async () => {
  await make('/Plan.docx');
  await make("/It's mine.txt", { text: 'the two words' });
  await make('/explain.txt', { modified: '2024-01-02T03:04:05Z' });
  assert.deepEqual(await names("name contains 'pla' and trashed = false"), ['Plan.docx']);
  assert.deepEqual(await names("name = 'It\\'s mine.txt'"), ["It's mine.txt"]);
  assert.deepEqual(await names("modifiedTime < '2024-06-01T00:00:00' and mimeType != 'application/vnd.google-apps.folder'"), ['explain.txt']);
  assert.deepEqual(await names("not (name contains 'plan' or mimeType = 'text/plain') and 'root' in parents"), ['Scans']);
  assert.equal((await list({ q: "fullText contains '\"two words\"'" })).files.length, 1);
  assert.equal((await list({ q: "fullText contains '\"words two\"'" })).files.length, 0);
  for (const q of ["name contains", "name ~ 'x'", "'x' in", "(name = 'x'", "name = 'x' and", "colour = 'red'", "trashed = maybe"]) {
    const { error } = await list({ q });
    assert.deepEqual([error.code, error.errors[0].reason, error.errors[0].location], [400, 'invalid', 'q'], q);
  }
  assert.equal((await list({ q: "'1nothing' in parents" })).error.code, 404);
});

test('page tokens belong to their question, and expire', async () => {
  const { id } = await box.tell({ do: 'make-many', path: '/Many', count: 30 });
  const q = `'${id}' in parents and trashed = false`;
  const first = await list({ q, pageSize: 20 });
  const next = (more = {}) => list({ q, pageSize: 20, pageToken: first.nextPageToken, ...more });
  assert.equal((await next()).files.length, 10);
  assert.equal((await next({ orderBy: 'name' })).error.code, 400);
  await box.tell({ do: 'reset-cursors' });
  assert.deepEqual((await next()).error.errors[0].location, 'pageToken');
  const second = await list({ q, pageSize: 20 });
  await box.tell({ do: 'clock', advanceSeconds: 3500 });
  assert.equal((await next({ pageToken: second.nextPageToken })).files.length, 10);
  await box.tell({ do: 'page-cap', cap: 3 });
  assert.equal((await list({ q, pageSize: 20 })).files.length, 3);
  assert.equal((await list({ pageSize: 0 })).error.code, 400);
});

test('a page may be empty with more to come', async () => {
  await make('/a.txt');
  await box.tell({ do: 'tune', emptyPages: 2 });
  let page = {};
  let pages = 0;
  const files = [];
  do {
    page = await list({ q: "'root' in parents", ...(page.nextPageToken ? { pageToken: page.nextPageToken } : {}) });
    files.push(...page.files);
    pages += 1;
  } while (page.nextPageToken);
  assert.deepEqual([pages, files.length], [3, 2]);
});

test('an old link wants its key', async () => {
  const { id } = await make('/Old.txt', { person: kAiko, shareWith: { [kMara]: 'reader' }, resourceKey: '0-key' });
  const [file] = (await list({ q: 'sharedWithMe', fields: 'files(id,resourceKey)' })).files;
  assert.deepEqual(file, { id, resourceKey: '0-key' });
  assert.equal((await box.send(`/drive/v3/files/${id}?alt=media`)).status, 404);
  assert.equal((await box.send(`/drive/v3/files/${id}?alt=media`, { headers: { 'X-Goog-Drive-Resource-Keys': `${id}/0-key` } })).text, 'text of /Old.txt');
});

test('what others share, and shared drives', async () => {
  await make('/Mine.txt', { person: kAiko, shareWith: { [kMara]: 'reader' } });
  await box.tell({ do: 'make-folder', person: kAiko, path: '/Ours', shareWith: { [kMara]: 'writer' } });
  await make('/Ours/inner.txt', { person: kAiko });
  const { files } = await list({ q: 'sharedWithMe = true and trashed = false', fields: 'files(id,name,parents,ownedByMe,capabilities/canEdit)', orderBy: 'name' });
  assert.deepEqual(files.map(({ name, parents, capabilities }) => [name, parents, capabilities.canEdit]), [['Mine.txt', undefined, false], ['Ours', undefined, true]]);
  assert.deepEqual(await names(`'${files[1].id}' in parents`), ['inner.txt']);
  const refused = await box.send(`/drive/v3/files/${files[0].id}`, { method: 'PATCH', json: { name: 'x' } });
  assert.deepEqual(reasonOf(refused), [403, 'insufficientFilePermissions']);
  await make('/Manual.txt', { drive: 'Team' });
  const { drives } = (await box.send('/drive/v3/drives')).body;
  assert.deepEqual(drives.map(({ name }) => name), ['Team']);
  const everywhere = { supportsAllDrives: true, includeItemsFromAllDrives: true };
  assert.deepEqual(await names(`'${drives[0].id}' in parents`), []);
  assert.deepEqual(await names(`'${drives[0].id}' in parents`, everywhere), ['Manual.txt']);
  assert.deepEqual(await names('', { ...everywhere, corpora: 'drive', driveId: drives[0].id }), ['Manual.txt']);
  assert.equal((await list({ ...everywhere, corpora: 'drive' })).error.code, 400);
  const [manual] = (await list({ ...everywhere, corpora: 'allDrives', q: "name = 'Manual.txt'", fields: 'files(id,driveId,parents)' })).files;
  assert.deepEqual([manual.driveId, manual.parents], [drives[0].id, [drives[0].id]]);
  assert.equal((await box.send(`/drive/v3/files/${manual.id}`)).status, 404);
  assert.equal((await box.send(`/drive/v3/files/${manual.id}?supportsAllDrives=true`)).status, 200);
});

test('bytes: ranges, malware, no download, folders', async () => {
  const { id } = await make('/a.bin', { text: undefined, size: 1000 });
  const media = (query = '', headers = {}) => box.send(`/drive/v3/files/${id}?alt=media${query}`, { headers });
  assert.equal((await media('', { Range: 'bytes=990-' })).bytes.length, 10);
  assert.equal((await media('', { Range: 'bytes=1000-' })).status, 416);
  await box.tell({ do: 'mark', path: '/a.bin', infected: true });
  assert.deepEqual(reasonOf(await media()), [403, 'cannotDownloadAbusiveFile']);
  assert.equal((await media('&acknowledgeAbuse=true')).status, 200);
  await box.tell({ do: 'mark', path: '/a.bin', infected: false, noDownload: true });
  assert.equal((await media()).status, 403);
  const [folder] = (await list({ q: "name = 'Scans'" })).files;
  assert.deepEqual(reasonOf(await box.send(`/drive/v3/files/${folder.id}?alt=media`)), [403, 'fileNotDownloadable']);
  assert.equal((await box.send('/drive/v3/files/root?alt=media', { token: null })).status, 401);
});

test('a Google document is exported up to ten megabytes, and by its links beyond', async () => {
  const { id } = await make('/Minutes', { native: 'document', text: 'One\n\nTwo\n' });
  const exported = (type) => box.send(`/drive/v3/files/${id}/export?mimeType=${encodeURIComponent(type)}`);
  const pdf = await exported('application/pdf');
  assert.equal(pdf.bytes.subarray(0, 5).toString(), '%PDF-');
  assert.equal(pdf.headers.get('content-length'), null);
  assert.equal((await exported('text/plain')).text, 'One\n\nTwo\n');
  assert.equal((await exported('image/png')).status, 400);
  assert.deepEqual(reasonOf(await box.send(`/drive/v3/files/${id}?alt=media`)), [403, 'fileNotDownloadable']);
  await box.tell({ do: 'mark', path: '/Minutes', exportBytes: 20_000_000 });
  assert.deepEqual(reasonOf(await exported('application/pdf')), [403, 'exportSizeLimitExceeded']);
  const about = (await box.send(`/drive/v3/files/${id}?fields=exportLinks,size,md5Checksum`)).body;
  assert.equal(about.md5Checksum, undefined);
  const link = about.exportLinks['application/pdf'];
  assert.equal((await box.send(link)).bytes.subarray(0, 5).toString(), '%PDF-');
  assert.equal((await box.send(link, { token: null })).status, 401);
  const { body: operation } = await box.send(`/drive/v3/files/${id}/download?mimeType=application/pdf`, { method: 'POST' });
  assert.equal((await box.send(`/drive/v3/operations/${operation.name}`)).body.done, false);
  const done = (await box.send(`/drive/v3/operations/${operation.name}`)).body;
  assert.equal((await box.send(done.response.downloadUri)).bytes.subarray(0, 5).toString(), '%PDF-');
  const file = await make('/plain.txt');
  assert.deepEqual(reasonOf(await box.send(`/drive/v3/files/${file.id}/export?mimeType=application/pdf`)), [403, 'fileNotExportable']);
});

test('shortcuts, locks, moves and the narrow scope', async () => {
  const { id } = await make('/target.txt');
  const post = (json) => box.send('/drive/v3/files?fields=*', { method: 'POST', json });
  const shortcut = (await post({ name: 'Link', mimeType: 'application/vnd.google-apps.shortcut', shortcutDetails: { targetId: id } })).body;
  assert.deepEqual(shortcut.shortcutDetails, { targetId: id, targetMimeType: 'text/plain' });
  await box.tell({ do: 'mark', path: '/target.txt', locked: true });
  assert.equal((await box.send(`/drive/v3/files/${id}?fields=contentRestrictions/readOnly`)).body.contentRestrictions[0].readOnly, true);
  assert.equal((await box.send(`/drive/v3/files/${id}`, { method: 'PATCH', json: { name: 'x' } })).status, 403);
  assert.deepEqual(reasonOf(await box.send(`/drive/v3/files/${id}`, { method: 'PATCH', json: { parents: ['root'] } })), [403, 'fieldNotWritable']);
  const { body } = await redeem({ scope: 'https://www.googleapis.com/auth/drive.file' });
  const narrow = { token: body.access_token };
  assert.equal((await box.send(`/drive/v3/files/${id}`, narrow)).status, 404);
  const mine = (await box.send('/drive/v3/files', { ...narrow, method: 'POST', json: { name: 'by the app' } })).body;
  assert.deepEqual((await list({ q: "'root' in parents" }, narrow)).files.map((file) => file.id), [shortcut.id, mine.id].sort());
});

test('quota is strings, and pooled storage has no limit', async () => {
  const quota = async (email) => (await box.send('/drive/v3/about?fields=storageQuota', { token: box.person(email).access_token })).body.storageQuota;
  assert.equal(typeof (await quota(kMara)).limit, 'string');
  assert.equal((await quota('tomas.berg@example.org')).limit, undefined);
});

test('thumbnails have links with a size, some hours long', async () => {
  const { id } = await make('/p.txt');
  assert.equal((await box.send(`/drive/v3/files/${id}?fields=hasThumbnail,thumbnailLink`)).body.thumbnailLink, undefined);
  const base64 = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
  await make('/p.png', { text: undefined, base64 });
  const [{ thumbnailLink: link }] = (await list({ q: "name = 'p.png'", fields: 'files(thumbnailLink)' })).files;
  assert.match(link, /=s220$/);
  assert.equal((await box.send(link.replace('=s220', '=s64'))).headers.get('content-type'), 'image/png');
  assert.equal((await box.send(link, { token: null })).status, 401);
});

test('the original host names are served at their own paths, and at no others', async () => {
  const port = Number(new URL(box.sandbox.url).port);
  const headers = { Authorization: `Bearer ${box.person().access_token}` };
  const ask = (host, path) => rawRequest({ port, host, path, headers });
  assert.equal((await ask('www.googleapis.com', '/drive/v3/files/root')).status, 200);
  assert.equal((await ask('oauth2.googleapis.com', '/drive/v3/files/root')).status, 404);
  assert.equal((await ask('openidconnect.googleapis.com', '/v1/userinfo')).status, 200);
  assert.equal((await ask('accounts.google.com', `/o/oauth2/v2/auth?client_id=${box.facts.client_id}&redirect_uri=${kBack}&response_type=code&scope=openid`)).status, 200);
});
