// SPDX-License-Identifier: Apache-2.0
// The official Box client for Node, unchanged, against the sandbox.

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { after, before, test } from 'node:test';
import { BoxClient, BoxDeveloperTokenAuth, BoxOAuth, OAuthConfig } from 'box-node-sdk';
import { BoxApiError } from 'box-node-sdk/box/errors';
import { formFields, kMara, openSandbox } from '../test/support.js';

const kAiko = 'aiko.tanaka@example.net';
const kBack = 'http://localhost:4321/back';
let box;
let facts;
let urls;
before(async () => {
  box = await openSandbox();
  facts = box.sandbox.credentials().box;
  const base = `${box.sandbox.url}/box`;
  urls = { baseUrl: base, uploadUrl: `${base}/api`, oauth2Url: `${base}/api/oauth2` };
  await box.control({ do: 'make-many', cloud: 'box', path: '/Docs', count: 250, prefix: 'Paper ' });
  await box.control({ do: 'make-file', cloud: 'box', path: '/letter.txt', text: 'Dear Sirs' });
});
after(() => box.sandbox.close());

const person = (email) => facts.people.find((one) => one.email === email);

function clientOf(token = person(kMara).access_token) {
  return new BoxClient({ auth: new BoxDeveloperTokenAuth({ token }) }).withCustomBaseUrls(urls);
}

async function oauthClient(tokens) {
  const auth = new BoxOAuth({ config: new OAuthConfig({ clientId: facts.client_id, clientSecret: facts.client_secret }) });
  if (tokens) await auth.tokenStorage.store(tokens);
  const client = new BoxClient({ auth }).withCustomBaseUrls(urls);
  return { auth, client, session: client.networkSession };
}

async function rejected(promise) {
  try {
    await promise;
  } catch (error) {
    assert.ok(error instanceof BoxApiError, error);
    return error.responseInfo;
  }
  return assert.fail('should have been refused');
}

async function bytesOf(stream) {
  const chunks = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks);
}

async function walk(url) {
  const base = urls.baseUrl;
  const post = async ({ action, fields }) => fetch(new URL(action, base), { method: 'POST', body: fields, redirect: 'manual' });
  const signIn = await (await fetch(String(url).replace('https://account.box.com', base))).text();
  const consent = await (await post(formFields(signIn, 'person', kAiko))).text();
  return new URL((await post(formFields(consent, 'decision', 'allow'))).headers.get('location'));
}

test('signing in, refreshing with a token that works once, revoking', async () => {
  const { auth, client, session } = await oauthClient();
  const back = await walk(auth.getAuthorizeUrl({ redirectUri: kBack, state: 'the-state' }));
  assert.equal(back.searchParams.get('state'), 'the-state');
  const first = await auth.getTokensAuthorizationCodeGrant(back.searchParams.get('code'), session);
  assert.equal(first.expiresIn, 3600);
  assert.equal((await client.users.getUserMe()).login, kAiko);
  await box.control({ do: 'expire-tokens', cloud: 'box', person: kAiko });
  assert.equal((await client.users.getUserMe()).login, kAiko); // refreshed on the way
  const second = await auth.tokenStorage.get();
  assert.notEqual(second.refreshToken, first.refreshToken);
  const late = await oauthClient(first);
  const reused = await rejected(late.auth.refreshToken(late.session));
  assert.equal(reused.statusCode, 400);
  assert.equal(reused.body.error, 'invalid_grant');
  await auth.revokeToken(session);
  const gone = await oauthClient(second);
  assert.equal((await rejected(gone.client.users.getUserMe())).body.error, 'invalid_grant');
});

test('account and space', async () => {
  const me = await clientOf().users.getUserMe();
  assert.equal(me.name, 'Mara Lind');
  assert.ok(me.spaceAmount > me.spaceUsed);
  const named = await clientOf().users.getUserMe({ fields: ['max_upload_size'] });
  assert.equal(named.name, undefined);
  assert.ok(named.maxUploadSize > 0);
});

async function docs() {
  const { entries } = await clientOf().folders.getFolderItems('0');
  return entries.find((entry) => entry.name === 'Docs').id;
}

test('listing by offset and by marker', async () => {
  const { folders } = clientOf();
  const id = await docs();
  const names = [];
  let total = 1;
  for (let offset = 0; offset < total; offset += 100) {
    const page = await folders.getFolderItems(id, { queryParams: { offset, limit: 100, fields: ['name', 'size'] } });
    total = page.totalCount;
    names.push(...page.entries.map((entry) => entry.name));
  }
  assert.equal(new Set(names).size, 250);
  assert.equal(names[0], 'Paper 00001.txt');
  const marked = [];
  let marker;
  do {
    const page = await folders.getFolderItems(id, { queryParams: { usemarker: true, marker, limit: 120 } });
    marked.push(...page.entries.map((entry) => entry.id));
    marker = page.nextMarker;
  } while (marker);
  assert.equal(new Set(marked).size, 250);
});

test('search', async () => {
  const { search } = clientOf();
  const found = await search.searchForContent({ query: 'letter', type: 'file', ancestorFolderIds: ['0'], contentTypes: ['name'] });
  assert.equal(found.entries[0].name, 'letter.txt');
  assert.equal((await rejected(search.searchForContent({ query: 'x', limit: 201 }))).statusCode, 400);
});

test('upload and download with a name beyond ASCII', async () => {
  const { downloads, uploads } = clientOf();
  const name = 'Übersicht 日本 🎂.txt';
  const { entries } = await uploads.uploadFile({ attributes: { name, parent: { id: '0' } }, file: Readable.from([Buffer.from('hello world')]) });
  assert.equal(entries[0].name, name);
  assert.equal(entries[0].sha1, '2aae6c35c94fcfb415dbe95f408b9ce91ee846ed');
  assert.equal((await bytesOf(await downloads.downloadFile(entries[0].id))).toString(), 'hello world');
  const second = await uploads.uploadFileVersion(entries[0].id, { attributes: { name }, file: Readable.from([Buffer.from('hello again')]) });
  assert.equal(second.entries[0].id, entries[0].id);
  assert.notEqual(second.entries[0].etag, entries[0].etag);
});

test('the check before an upload, and conflicts', async () => {
  const { folders, uploads } = clientOf();
  const free = await uploads.preflightFileUploadCheck({ name: 'free.txt', parent: { id: '0' }, size: 10 });
  assert.match(free.uploadUrl, /\/api\/2\.0\/files\/content/);
  const taken = await rejected(uploads.preflightFileUploadCheck({ name: 'LETTER.txt', parent: { id: '0' }, size: 10 }));
  assert.equal(taken.statusCode, 409);
  assert.equal(taken.body.context_info.conflicts.type, 'file');
  const again = await rejected(uploads.uploadFile({ attributes: { name: 'letter.txt', parent: { id: '0' } }, file: Readable.from([Buffer.from('x')]) }));
  assert.equal(again.body.code, 'item_name_in_use');
  const folder = await rejected(folders.createFolder({ name: 'docs', parent: { id: '0' } }));
  assert.equal(folder.body.context_info.conflicts[0].type, 'folder');
});

test('a chunked upload', async () => {
  const { chunkedUploads, downloads } = clientOf();
  const bytes = Buffer.alloc(20 * 1024 * 1024 + 12345, 'cloud');
  const made = await chunkedUploads.uploadBigFile(Readable.from([bytes.subarray(0, 9_000_000), bytes.subarray(9_000_000)]), 'big.bin', bytes.length, '0');
  assert.equal(made.size, bytes.length);
  assert.equal(made.sha1, createHash('sha1').update(bytes).digest('hex'));
  assert.ok((await bytesOf(await downloads.downloadFile(made.id))).equals(bytes));
  const small = await rejected(chunkedUploads.createFileUploadSession({ folderId: '0', fileName: 'small.bin', fileSize: 1000 }));
  assert.equal(small.body.code, 'file_size_too_small');
});

test('the steps of an upload session', async () => {
  const { chunkedUploads } = clientOf();
  const session = await chunkedUploads.createFileUploadSession({ folderId: '0', fileName: 'steps.bin', fileSize: 25_000_000 });
  assert.equal(session.totalParts, Math.ceil(25_000_000 / session.partSize));
  const part = Buffer.alloc(session.partSize, 1);
  const digest = `sha=${createHash('sha1').update(part).digest('base64')}`;
  const headers = { digest, contentRange: `bytes 0-${part.length - 1}/25000000` };
  const uploaded = await chunkedUploads.uploadFilePart(session.id, Readable.from([part]), headers);
  assert.equal(uploaded.part.offset, 0);
  assert.equal((await rejected(chunkedUploads.uploadFilePart(session.id, Readable.from([part]), headers))).body.code, 'range_overlaps_existing_part');
  assert.equal((await chunkedUploads.getFileUploadSessionParts(session.id)).entries.length, 1);
  assert.equal((await chunkedUploads.getFileUploadSessionById(session.id)).numPartsProcessed, 1);
  await chunkedUploads.deleteFileUploadSessionById(session.id);
  assert.equal((await rejected(chunkedUploads.getFileUploadSessionById(session.id))).statusCode, 404);
});

test('folders, renaming, copying, deleting, trash', async () => {
  const { files, folders, trashedFolders } = clientOf();
  const made = await folders.createFolder({ name: 'SDK', parent: { id: '0' } });
  assert.equal((await folders.updateFolderById(made.id, { requestBody: { name: 'SDK 2' } })).name, 'SDK 2');
  const copy = await folders.copyFolder(made.id, { parent: { id: '0' }, name: 'SDK 3' });
  await folders.deleteFolderById(copy.id);
  assert.equal((await rejected(folders.getFolderById(copy.id))).body.code, 'trashed');
  assert.equal((await trashedFolders.getTrashedFolderById(copy.id)).itemStatus, 'trashed');
  await trashedFolders.restoreFolderFromTrash(copy.id);
  assert.equal((await folders.getFolderById(copy.id)).itemStatus, 'active');
  const { id } = (await folders.getFolderItems('0')).entries.find((entry) => entry.name === 'letter.txt');
  const letter = await files.getFileById(id);
  assert.equal(letter.pathCollection.entries[0].name, 'All Files');
  assert.equal((await rejected(files.updateFileById(id, { requestBody: { name: 'x.txt' }, headers: { ifMatch: '99' } }))).statusCode, 412);
});

test('representations say where they are', async () => {
  const { id } = (await clientOf().folders.getFolderItems('0')).entries.find((entry) => entry.name === 'letter.txt');
  const file = await clientOf().files.getFileById(id, { queryParams: { fields: ['representations'] }, headers: { xRepHints: '[pdf]' } });
  assert.equal(file.representations.entries[0].representation, 'pdf');
  assert.equal(file.representations.entries[0].status.state, 'none');
});

test('refusals arrive as the client expects them', async () => {
  const { files, folders } = clientOf();
  const missing = await rejected(files.getFileById('123456789012'));
  assert.equal(missing.statusCode, 404);
  assert.equal(missing.body.code, 'not_found');
  assert.equal((await rejected(folders.createFolder({ name: 'a/b', parent: { id: '0' } }))).body.code, 'item_name_invalid');
  assert.equal((await rejected(folders.getFolderById('abc'))).statusCode, 405);
  await assert.rejects(clientOf('invented').users.getUserMe(), /token has expired/); // what the client makes of a 401
});
