// SPDX-License-Identifier: Apache-2.0
// The official Dropbox client for Node, unchanged, against the sandbox.

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { after, before, test } from 'node:test';
import sdk from 'dropbox';
import fetch from 'node-fetch'; // what the client itself uses on Node
import { formFields, kMara, openSandbox } from '../test/support.js';

const { Dropbox, DropboxAuth, DropboxResponseError } = sdk;
const kBack = 'http://localhost:4321/back';
let box;
let toSandbox;
before(async () => {
  box = await openSandbox();
  toSandbox = (url, init) => fetch(String(url).replace(/^https:\/\/(api|content|notify)\.dropboxapi\.com/, box.base), init);
  await box.control({ do: 'make-tree', entries: Array.from({ length: 30 }, (_, n) => ({ path: `/Docs/Paper ${n}.txt`, text: `paper ${n}` })) });
});
after(() => box.sandbox.close());

function client(more = {}) {
  const { access_token: accessToken } = box.person(kMara);
  return new Dropbox({ accessToken, fetch: toSandbox, ...more });
}

async function rejected(promise) {
  try {
    await promise;
  } catch (error) {
    assert.ok(error instanceof DropboxResponseError, error);
    return error;
  }
  return assert.fail('should have been refused');
}

async function walk(url) {
  const local = (address) => String(address).replace(/^https:\/\/(www\.)?dropbox\.com/, box.base);
  const post = async ({ action, fields }) => fetch(new URL(action, box.base), { method: 'POST', body: fields, redirect: 'manual' });
  const signIn = await (await fetch(local(url))).text();
  const consent = await (await post(formFields(signIn, 'person', kMara))).text();
  return new URL((await post(formFields(consent, 'decision', 'allow'))).headers.get('location'));
}

test('signing in with PKCE, then refreshing', async () => {
  const auth = new DropboxAuth({ clientId: box.dropbox.client_id, fetch: toSandbox });
  const url = await auth.getAuthenticationUrl(kBack, 'the-state', 'code', 'offline', ['account_info.read', 'files.metadata.read', 'files.content.read', 'files.content.write'], 'none', true);
  const back = await walk(url);
  assert.equal(back.searchParams.get('state'), 'the-state');
  const { result } = await auth.getAccessTokenFromCode(kBack, back.searchParams.get('code'));
  auth.setAccessToken(result.access_token);
  auth.setRefreshToken(result.refresh_token);
  auth.setAccessTokenExpiresAt(new Date(Date.now() - 1000));
  await box.control({ do: 'expire-tokens', person: kMara });
  const dropbox = new Dropbox({ auth, fetch: toSandbox });
  const account = await dropbox.usersGetCurrentAccount();
  assert.equal(account.result.email, kMara);
  assert.notEqual(auth.getAccessToken(), result.access_token);
  await box.control({ do: 'reset' });
  await box.control({ do: 'make-tree', entries: Array.from({ length: 30 }, (_, n) => ({ path: `/Docs/Paper ${n}.txt`, text: `paper ${n}` })) });
});

test('account and space', async () => {
  const { result } = await client().usersGetSpaceUsage();
  assert.equal(result.allocation['.tag'], 'individual');
});

test('listing with pages', async () => {
  const dropbox = client();
  let { result } = await dropbox.filesListFolder({ path: '/Docs', limit: 12 });
  const names = result.entries.map((entry) => entry.name);
  while (result.has_more) {
    ({ result } = await dropbox.filesListFolderContinue({ cursor: result.cursor }));
    names.push(...result.entries.map((entry) => entry.name));
  }
  assert.equal(new Set(names).size, 30);
});

test('search', async () => {
  const { result } = await client().filesSearchV2({ query: 'paper 17' });
  assert.equal(result.matches[0].metadata.metadata.name, 'Paper 17.txt');
});

test('upload and download with a name beyond ASCII', async () => {
  const dropbox = client();
  const path = '/Scans/Übersicht 日本 🎂.txt';
  const { result } = await dropbox.filesUpload({ path, contents: 'hello world', mode: { '.tag': 'add' } });
  assert.equal(result.path_display, path);
  assert.equal(result.content_hash, 'bc62d4b80d9e36da29c16c5d4d9f11731f36052c72401a76c23c0fb5a9b74423');
  const back = await dropbox.filesDownload({ path });
  assert.equal(back.result.name, 'Übersicht 日本 🎂.txt');
  const bytes = back.result.fileBinary;
  assert.equal(Buffer.from(bytes).toString(), 'hello world');
});

test('an upload session', async () => {
  const dropbox = client();
  const parts = [Buffer.alloc(5_000_000, 1), Buffer.alloc(5_000_000, 2), Buffer.alloc(123, 3)];
  const { result } = await dropbox.filesUploadSessionStart({ close: false, contents: parts[0] });
  const session_id = result.session_id;
  await dropbox.filesUploadSessionAppendV2({ cursor: { session_id, offset: 5_000_000 }, close: false, contents: parts[1] });
  const wrong = await rejected(dropbox.filesUploadSessionAppendV2({ cursor: { session_id, offset: 1 }, contents: parts[1] }));
  assert.equal(wrong.error.error.correct_offset, 10_000_000);
  const done = await dropbox.filesUploadSessionFinish({ cursor: { session_id, offset: 10_000_000 }, commit: { path: '/Scans/big.bin', mode: { '.tag': 'add' } }, contents: parts[2] });
  assert.equal(done.result.size, 10_000_123);
  const read = await box.control({ do: 'read', path: '/Scans/big.bin' });
  assert.equal(read.sha256, createHash('sha256').update(Buffer.concat(parts)).digest('hex'));
});

test('folders, moving, copying, deleting', async () => {
  const dropbox = client();
  assert.equal((await dropbox.filesCreateFolderV2({ path: '/SDK' })).result.metadata.name, 'SDK');
  assert.equal((await dropbox.filesMoveV2({ from_path: '/SDK', to_path: '/SDK 2' })).result.metadata.name, 'SDK 2');
  assert.equal((await dropbox.filesCopyV2({ from_path: '/SDK 2', to_path: '/SDK 3' })).result.metadata['.tag'], 'folder');
  assert.equal((await dropbox.filesDeleteV2({ path: '/SDK 3' })).result.metadata.name, 'SDK 3');
});

test('refusals arrive as the client expects them', async () => {
  const dropbox = client();
  const missing = await rejected(dropbox.filesGetMetadata({ path: '/none' }));
  assert.equal(missing.status, 409);
  assert.equal(missing.error.error.path['.tag'], 'not_found');
  const conflict = await rejected(dropbox.filesCreateFolderV2({ path: '/Docs' }));
  assert.equal(conflict.error.error.path.conflict['.tag'], 'folder');
  const malformed = await rejected(dropbox.filesListFolder({ path: '/' }));
  assert.equal(malformed.status, 400);
  assert.equal(typeof malformed.error, 'string');
  const stranger = await rejected(client({ accessToken: 'sl.invented' }).usersGetCurrentAccount());
  assert.equal(stranger.status, 401);
  assert.equal(stranger.error.error['.tag'], 'invalid_access_token');
});

test('a temporary link, a preview and a thumbnail', async () => {
  const dropbox = client();
  const { result } = await dropbox.filesGetTemporaryLink({ path: '/Docs/Paper 1.txt' });
  assert.equal(await (await fetch(result.link)).text(), 'paper 1');
  const preview = await rejected(dropbox.filesGetPreview({ path: '/Docs/Paper 1.txt' }));
  assert.equal(preview.status, 409);
  const thumbnail = await rejected(dropbox.filesGetThumbnailV2({ resource: { '.tag': 'path', path: '/Docs/Paper 1.txt' } }));
  assert.equal(thumbnail.status, 409);
});

test('revoking', async () => {
  const dropbox = client({ accessToken: box.person('aiko.tanaka@example.net').access_token });
  await dropbox.authTokenRevoke();
  assert.equal((await rejected(dropbox.usersGetCurrentAccount())).status, 401);
});
