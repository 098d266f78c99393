// SPDX-License-Identifier: Apache-2.0
// Google's official clients for Node, unchanged, against the sandbox: sign-in by google-auth-library, files by
// @googleapis/drive.

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { after, before, test } from 'node:test';
import { drive as driveOf } from '@googleapis/drive';
import { CodeChallengeMethod, OAuth2Client } from 'google-auth-library';
import { formFields, kMara, openSandbox } from '../test/support.js';

const kAiko = 'aiko.tanaka@example.net';
const kBack = 'http://localhost:4321/back';
const kScope = 'https://www.googleapis.com/auth/drive';
let box;
let facts;
let base;
before(async () => {
  box = await openSandbox();
  facts = box.sandbox.credentials()['google-drive'];
  base = `${box.sandbox.url}/google-drive`;
  await box.control({ do: 'make-many', cloud: 'google-drive', path: '/Docs', count: 250, prefix: 'Paper ' });
  await box.control({ do: 'make-file', cloud: 'google-drive', path: '/letter.txt', text: 'Dear Sirs, the heron is back.' });
  await box.control({ do: 'make-file', cloud: 'google-drive', path: '/Minutes', text: 'One\nTwo\n', native: 'document' });
});
after(() => box.sandbox.close());

function signIn(email) {
  const { access_token: token } = facts.people.find((one) => one.email === email);
  const auth = authClient();
  auth.setCredentials({ access_token: token });
  return auth;
}

function authClient() {
  return new OAuth2Client({
    clientId: facts.client_id,
    clientSecret: facts.client_secret,
    redirectUri: kBack,
    forceRefreshOnFailure: true,
    endpoints: { oauth2AuthBaseUrl: `${base}/o/oauth2/v2/auth`, oauth2TokenUrl: `${base}/token`, oauth2RevokeUrl: `${base}/revoke`, tokenInfoUrl: `${base}/tokeninfo` },
  });
}

// The client keeps nothing of a path in rootUrl, so its requests are sent here on their way.
const toSandbox = (url, init) => fetch(String(url).replace(/^https:\/\/www\.googleapis\.com/, base), init);

function client(auth = signIn(kMara)) {
  return driveOf({ version: 'v3', auth, fetchImplementation: toSandbox, retry: false });
}

async function rejected(promise) {
  try {
    await promise;
  } catch (error) {
    assert.ok(error.response, error);
    return { ...error.response.data.error, status: error.response.status, reason: error.response.data.error?.errors?.[0]?.reason };
  }
  return assert.fail('should have been refused');
}

async function walk(url, email) {
  const post = async ({ action, fields }) => fetch(new URL(action, base), { method: 'POST', body: fields, redirect: 'manual' });
  const first = await (await fetch(url)).text();
  const consent = await (await post(formFields(first, 'person', email))).text();
  const [, scope] = /<input type="checkbox" form="allow" name="scope" value="([^"]*)" checked>/.exec(consent);
  const [, action, inner] = /<form method="post" action="([^"]*)" id="allow">(.*?)<\/form>/s.exec(consent);
  const fields = new URLSearchParams([...inner.matchAll(/name="([^"]*)" value="([^"]*)"/g)].map(([, name, value]) => [name, value]));
  fields.append('scope', scope);
  return new URL((await post({ action, fields })).headers.get('location'));
}

test('signing in with PKCE, refreshing, and revoking', async () => {
  const auth = authClient();
  const { codeVerifier, codeChallenge } = await auth.generateCodeVerifierAsync();
  const url = auth.generateAuthUrl({ access_type: 'offline', prompt: 'consent', scope: [kScope, 'openid', 'email'], state: 'the-state', code_challenge: codeChallenge, code_challenge_method: CodeChallengeMethod.S256 });
  const back = await walk(url, kAiko);
  assert.equal(back.searchParams.get('state'), 'the-state');
  const { tokens } = await auth.getToken({ code: back.searchParams.get('code'), codeVerifier });
  assert.ok(tokens.refresh_token.startsWith('1//'));
  assert.ok(tokens.scope.split(' ').includes(kScope));
  auth.setCredentials(tokens);
  assert.equal((await auth.getTokenInfo(tokens.access_token)).email, kAiko);
  await box.control({ do: 'expire-tokens', cloud: 'google-drive', person: kAiko });
  const about = await client(auth).about.get({ fields: 'user' }); // refreshed on the way
  assert.equal(about.data.user.emailAddress, kAiko);
  assert.notEqual(auth.credentials.access_token, tokens.access_token);
  assert.equal(auth.credentials.refresh_token, tokens.refresh_token);
  await auth.revokeToken(tokens.refresh_token);
  const late = authClient();
  late.setCredentials({ refresh_token: tokens.refresh_token });
  await assert.rejects(late.getAccessToken(), /invalid_grant/);
});

test('a second consent without prompt=consent brings no refresh token', async () => {
  const auth = authClient();
  const back = await walk(auth.generateAuthUrl({ access_type: 'offline', scope: [kScope] }), kMara);
  const { tokens } = await auth.getToken(back.searchParams.get('code'));
  assert.equal(tokens.refresh_token, undefined);
  assert.equal(tokens.token_type, 'Bearer');
});

test('account and quota, numbers as strings', async () => {
  const { data } = await client().about.get({ fields: 'user,storageQuota,maxUploadSize,exportFormats' });
  assert.equal(data.user.displayName, 'Mara Lind');
  assert.equal(typeof data.storageQuota.limit, 'string');
  assert.ok(data.exportFormats['application/vnd.google-apps.document'].includes('application/pdf'));
  assert.equal((await rejected(client().about.get())).reason, 'required');
});

test('listing with pages, only the fields that were asked for', async () => {
  const drive = client();
  const { data } = await drive.files.list({ q: "name = 'Docs' and mimeType = 'application/vnd.google-apps.folder'" });
  const names = [];
  let pageToken;
  do {
    const page = await drive.files.list({ q: `'${data.files[0].id}' in parents and trashed = false`, pageSize: 120, pageToken, orderBy: 'folder,name_natural', fields: 'nextPageToken,files(name,size)' });
    names.push(...page.data.files.map((file) => file.name));
    assert.deepEqual(Object.keys(page.data.files[0]).sort(), ['name', 'size']);
    pageToken = page.data.nextPageToken;
  } while (pageToken);
  assert.equal(new Set(names).size, 250);
  assert.equal(names[249], 'Paper 00250.txt');
});

test('search', async () => {
  const drive = client();
  const find = async (q, more = {}) => (await drive.files.list({ q, fields: 'files(name)', ...more })).data.files.map((file) => file.name);
  assert.deepEqual(await find("name contains 'lett'"), ['letter.txt']);
  assert.deepEqual(await find("name contains 'etter'"), []);
  assert.deepEqual(await find("fullText contains 'heron'"), ['letter.txt']);
  assert.deepEqual(await find("(name = 'letter.txt' or name = 'minutes') and not mimeType contains 'text/'"), ['Minutes']);
  assert.equal((await rejected(find("fullText contains 'heron'", { orderBy: 'name' }))).status, 400);
  assert.equal((await rejected(find("name contains"))).reason, 'invalid');
});

test('upload, replace and download with a name beyond ASCII; twice the same name', async () => {
  const drive = client();
  const name = 'Übersicht 日本 🎂.txt';
  const media = (text) => ({ mimeType: 'text/plain', body: Readable.from([Buffer.from(text)]) });
  const first = await drive.files.create({ requestBody: { name }, media: media('hello world'), fields: 'id,name,sha256Checksum,size' });
  assert.equal(first.data.name, name);
  assert.equal(first.data.sha256Checksum, createHash('sha256').update('hello world').digest('hex'));
  assert.equal(first.data.size, '11');
  const second = await drive.files.create({ requestBody: { name }, media: media('hello twice') });
  assert.notEqual(second.data.id, first.data.id);
  await drive.files.update({ fileId: first.data.id, media: media('hello again') });
  const bytes = await drive.files.get({ fileId: first.data.id, alt: 'media' }, { responseType: 'arraybuffer' });
  assert.equal(Buffer.from(bytes.data).toString(), 'hello again');
  const part = await drive.files.get({ fileId: first.data.id, alt: 'media' }, { responseType: 'text', headers: { Range: 'bytes=6-' } });
  assert.equal(part.status, 206);
  assert.equal(part.data, 'again');
});

test('an id that was made beforehand can be used once', async () => {
  const drive = client();
  const { ids } = (await drive.files.generateIds({ count: 2 })).data;
  const make = () => drive.files.create({ requestBody: { id: ids[0], name: 'once.txt' }, media: { mimeType: 'text/plain', body: 'x' } });
  assert.equal((await make()).data.id, ids[0]);
  assert.equal((await rejected(make())).status, 409);
});

test('folders, renaming, moving, copying, trash, deleting', async () => {
  const drive = client();
  const folder = async (name, parents) => (await drive.files.create({ requestBody: { name, parents, mimeType: 'application/vnd.google-apps.folder' } })).data.id;
  const [one, two] = [await folder('SDK'), await folder('SDK')];
  const inner = await folder('inner', [one]);
  await drive.files.update({ fileId: inner, requestBody: { name: 'moved' }, addParents: two, removeParents: one });
  const moved = await drive.files.get({ fileId: inner, fields: 'name,parents' });
  assert.deepEqual(moved.data, { name: 'moved', parents: [two] });
  await drive.files.update({ fileId: two, requestBody: { trashed: true } });
  const trashed = await drive.files.get({ fileId: inner, fields: 'trashed,explicitlyTrashed' });
  assert.deepEqual(trashed.data, { trashed: true, explicitlyTrashed: false });
  await drive.files.delete({ fileId: two });
  assert.equal((await rejected(drive.files.get({ fileId: inner }))).reason, 'notFound');
  const { data } = await drive.files.list({ q: "name = 'letter.txt'" });
  const copy = await drive.files.copy({ fileId: data.files[0].id, requestBody: { name: 'copy.txt' } });
  assert.equal(copy.data.name, 'copy.txt');
});

test('a Google document: no bytes, but exports', async () => {
  const drive = client();
  const [file] = (await drive.files.list({ q: "name = 'Minutes'", fields: 'files(id,md5Checksum,exportLinks)' })).data.files;
  assert.equal(file.md5Checksum, undefined);
  assert.ok(file.exportLinks['application/pdf']);
  const pdf = await drive.files.export({ fileId: file.id, mimeType: 'application/pdf' }, { responseType: 'arraybuffer' });
  assert.equal(Buffer.from(pdf.data).subarray(0, 5).toString(), '%PDF-');
  assert.equal((await rejected(drive.files.export({ fileId: file.id, mimeType: 'video/mp4' }))).status, 400);
});

test('refusals arrive as the client expects them', async () => {
  const drive = client();
  const missing = await rejected(drive.files.get({ fileId: '1nothing' }));
  assert.deepEqual([missing.status, missing.reason, missing.errors[0].location], [404, 'notFound', 'fileId']);
  assert.equal((await rejected(drive.files.list({ fields: 'files(colour)' }))).message, 'Invalid field selection colour');
  assert.equal((await rejected(drive.files.list({ pageToken: 'invented' }))).status, 400);
  const auth = authClient();
  auth.setCredentials({ access_token: 'ya29.invented' });
  const stranger = await rejected(client(auth).about.get({ fields: 'user' }));
  assert.deepEqual([stranger.status, stranger.reason], [401, 'authError']);
});
