// SPDX-License-Identifier: Apache-2.0
// Box: sign-in, lists, search, bytes out, forms of a file; what its official client does not try.
import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import { openCloud } from './cloud_support.js';
import { formFields, kMara, rawRequest } from './support.js';

let box;
before(async () => {
  box = await openCloud('box', { autoApprove: true });
});
afterEach(() => box.tell({ do: 'reset' }));
after(() => box.sandbox.close());

const make = (path, more = {}) => box.tell({ do: 'make-file', path, text: `text of ${path}`, ...more });
const itemsOf = (id, query = '') => box.send(`/2.0/folders/${id}/items${query}`);
const authorize = (more = {}) => {
  const query = new URLSearchParams({ response_type: 'code', client_id: box.facts.client_id, redirect_uri: 'http://localhost:1/back', state: 's', auto_approve: kMara, ...more });
  return box.send(`/api/oauth2/authorize?${query}`, { token: null });
};
const client = () => ({ client_id: box.facts.client_id, client_secret: box.facts.client_secret });
const redeem = async (more) => {
  const code = new URL((await authorize()).headers.get('location')).searchParams.get('code');
  return box.form('/oauth2/token', { grant_type: 'authorization_code', code, ...client(), ...more });
};

test('the consent page wants a redirect, and goes back with the code or the refusal', async () => {
  assert.match((await authorize({ redirect_uri: 'https://elsewhere.example/' })).text, /redirect_uri_mismatch/);
  const page = await box.send(`/api/oauth2/authorize?response_type=code&client_id=${box.facts.client_id}&redirect_uri=http://localhost:1/back&state=s`, { token: null });
  const { action, fields } = formFields(page.text, 'person', kMara);
  const consent = await box.send(new URL(action, box.base).href, { method: 'POST', token: null, body: fields });
  const no = formFields(consent.text, 'decision', 'deny');
  const back = await box.send(new URL(no.action, box.base).href, { method: 'POST', token: null, body: no.fields });
  assert.equal(new URL(back.headers.get('location')).searchParams.get('error'), 'access_denied');
});

test('a code lives thirty seconds; a refresh token works once and for sixty days', async () => {
  const { body } = await redeem();
  assert.deepEqual(Object.keys(body), ['access_token', 'expires_in', 'token_type', 'restricted_to', 'refresh_token']);
  const refresh = (token) => box.form('/oauth2/token', { grant_type: 'refresh_token', refresh_token: token, ...client() });
  const second = await refresh(body.refresh_token);
  assert.equal(second.status, 200);
  const reused = await refresh(body.refresh_token);
  assert.deepEqual([reused.status, reused.body], [400, { error: 'invalid_grant', error_description: 'Refresh token has expired' }]);
  await box.tell({ do: 'clock', advanceSeconds: 61 * 86_400 });
  assert.equal((await refresh(second.body.refresh_token)).body.error, 'invalid_grant');
  const code = new URL((await authorize()).headers.get('location')).searchParams.get('code');
  await box.tell({ do: 'clock', advanceSeconds: 31 });
  assert.equal((await box.form('/oauth2/token', { grant_type: 'authorization_code', code, ...client() })).body.error, 'invalid_grant');
});

test('the token endpoint names what is wrong', async () => {
  const wrong = await box.form('/oauth2/token', { grant_type: 'refresh_token', refresh_token: 'x', client_id: box.facts.client_id, client_secret: 'wrong' });
  assert.deepEqual(wrong.body, { error: 'invalid_client', error_description: 'The client credentials are invalid' });
  assert.equal((await box.form('/oauth2/token', { grant_type: 'dance', ...client() })).body.error, 'invalid_request');
  assert.equal((await box.form('/oauth2/token', { grant_type: 'client_credentials', ...client() })).body.error, 'unauthorized_client');
  const { body } = await redeem();
  assert.equal((await box.form('/oauth2/revoke', { token: body.refresh_token, ...client() })).status, 200);
  assert.equal((await box.send('/2.0/users/me', { token: body.access_token })).status, 401);
});

test('an expired token is said by the header alone', async () => {
  await box.tell({ do: 'expire-tokens', person: kMara });
  const answer = await box.send('/2.0/users/me');
  assert.deepEqual([answer.status, answer.text], [401, '']);
  assert.match(answer.headers.get('www-authenticate'), /error="invalid_token"/);
});

test('a read-only scope reads, and an unconfirmed person does nothing', async () => {
  const code = new URL((await authorize({ scope: 'root_readonly' })).headers.get('location')).searchParams.get('code');
  const { body } = await box.form('/oauth2/token', { grant_type: 'authorization_code', code, ...client() });
  assert.equal((await box.send('/2.0/folders/0/items', { token: body.access_token })).status, 200);
  const refused = await box.send('/2.0/folders', { method: 'POST', token: body.access_token, json: { name: 'x', parent: { id: '0' } } });
  assert.deepEqual([refused.status, refused.body.code], [403, 'insufficient_scope']);
  const jonas = await box.send('/2.0/folders/0/items', { token: box.person('jonas.weber@example.org').access_token });
  assert.equal(jonas.body.code, 'user_email_confirmation_required');
});

test('a list has small objects, or the fields that were asked for; folders come first', async () => {
  await make('/b.txt');
  await make('/A.txt');
  await box.tell({ do: 'make-folder', path: '/Zoo' });
  const { body } = await itemsOf('0');
  assert.deepEqual(body.entries.map(({ name }) => name), ['Scans', 'Zoo', 'A.txt', 'b.txt']);
  assert.equal(body.entries[2].size, undefined);
  assert.match(body.entries[2].sha1, /^[0-9a-f]{40}$/);
  const named = await itemsOf('0', '?fields=name,size,modified_at&sort=name&direction=DESC');
  assert.deepEqual(named.body.entries.map(({ name }) => name), ['Zoo', 'Scans', 'b.txt', 'A.txt']);
  assert.deepEqual(Object.keys(named.body.entries[2]), ['type', 'id', 'etag', 'name', 'size', 'modified_at']);
  assert.match(named.body.entries[2].modified_at, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d-0[78]:00$/);
  const root = await box.send('/2.0/folders/0');
  assert.deepEqual([root.body.name, root.body.etag, root.body.item_collection.total_count], ['All Files', null, 4]);
});

test('offsets end at ten thousand; markers do not, and die with a reset', async () => {
  const { id } = await box.tell({ do: 'make-many', path: '/Many', count: 10_050 });
  const far = await itemsOf(id, '?offset=10000&limit=1000&fields=name');
  assert.equal(far.body.entries.length, 50);
  assert.equal((await itemsOf(id, '?offset=10001')).status, 400);
  assert.equal((await itemsOf(id, '?limit=5000')).body.limit, 1000);
  const first = await itemsOf(id, '?usemarker=true&limit=1000');
  assert.equal(first.body.total_count, undefined);
  const next = (marker) => itemsOf(id, `?usemarker=true&limit=1000&marker=${encodeURIComponent(marker)}`);
  assert.equal((await next(first.body.next_marker)).status, 200);
  assert.equal((await itemsOf('0', '?usemarker=true&sort=name')).body.code, 'invalid_parameter');
  await box.tell({ do: 'reset-cursors' });
  assert.equal((await next(first.body.next_marker)).status, 400);
  await box.tell({ do: 'page-cap', cap: 7 });
  const capped = await itemsOf(id, '?limit=100');
  assert.deepEqual([capped.body.entries.length, capped.body.limit], [7, 7]);
});

test('search looks for the beginnings of words, by folder, kind and page', async () => {
  await make('/Inner/Plan of the house.txt');
  await make('/explain.txt');
  await make('/Planting.pdf');
  const find = async (query) => (await box.send(`/2.0/search?${new URLSearchParams(query)}`)).body;
  assert.deepEqual((await find({ query: 'plan', content_types: 'name' })).entries.map(({ name }) => name).sort(), ['Plan of the house.txt', 'Planting.pdf']);
  assert.equal((await find({ query: 'plan', file_extensions: 'pdf' })).total_count, 1);
  assert.equal((await find({ query: 'plan AND house', content_types: 'name' })).total_count, 1);
  assert.equal((await find({ query: '"the house"', content_types: 'name' })).total_count, 1);
  const inner = (await itemsOf('0')).body.entries.find(({ name }) => name === 'Inner').id;
  assert.equal((await find({ query: 'plan', ancestor_folder_ids: inner, content_types: 'name' })).total_count, 1);
  assert.equal((await find({ query: 'plan', ancestor_folder_ids: '999999999999' })).status, 404);
  assert.equal((await find({ query: 'plan', limit: 201 })).code, 'invalid_parameter');
  assert.equal((await find({ query: 'plan', offset: 10_001 })).status, 400);
  await box.tell({ do: 'search-delay', seconds: 600 });
  await make('/Plankton.txt');
  assert.equal((await find({ query: 'plankton', content_types: 'name' })).total_count, 0);
});

test('a download ends at another host, which takes ranges and no token', async () => {
  const { id } = await make('/a.bin', { text: undefined, size: 300_000 });
  const first = await box.send(`/2.0/files/${id}/content`);
  assert.equal(first.status, 302);
  const place = first.headers.get('location');
  assert.notEqual(new URL(place).hostname, new URL(box.base).hostname);
  assert.equal((await box.send(place)).status, 403);
  assert.equal((await box.send(place, { token: null })).bytes.length, 300_000);
  const part = await box.send(place, { token: null, headers: { Range: 'bytes=299990-' } });
  assert.deepEqual([part.status, part.bytes.length], [206, 10]);
  assert.equal((await box.send(place, { token: null, headers: { Range: 'bytes=300000-' } })).status, 416);
  await box.tell({ do: 'clock', advanceSeconds: 16 * 60 });
  assert.equal((await box.send(place, { token: null })).status, 403);
});

test('a file that has just arrived is not ready yet', async () => {
  await box.tell({ do: 'tune', settleSeconds: 5 });
  const { id } = await make('/new.txt');
  const early = await box.send(`/2.0/files/${id}/content`);
  assert.deepEqual([early.status, early.text], [202, '']);
  assert.ok(Number(early.headers.get('retry-after')) > 0);
  await box.tell({ do: 'clock', advanceSeconds: 6 });
  assert.equal((await box.send(`/2.0/files/${id}/content`)).status, 302);
});

test('marks: malware, locks, reading only, no download', async () => {
  const { id } = await make('/marked.txt');
  const status = async (path, options) => (await box.send(path, options)).body?.code;
  const rename = { method: 'PUT', json: { name: 'x.txt' } };
  await box.tell({ do: 'mark', path: '/marked.txt', infected: true });
  assert.equal(await status(`/2.0/files/${id}/content`), 'forbidden_by_policy');
  await box.tell({ do: 'mark', path: '/marked.txt', infected: false, locked: true });
  assert.equal(await status(`/2.0/files/${id}`, rename), 'access_denied_item_locked');
  assert.equal((await box.send(`/2.0/files/${id}?fields=lock`)).body.lock.type, 'lock');
  await box.tell({ do: 'mark', path: '/marked.txt', locked: false, readOnly: true });
  assert.equal(await status(`/2.0/files/${id}`, rename), 'access_denied_insufficient_permissions');
  await box.tell({ do: 'mark', path: '/marked.txt', noDownload: true });
  assert.equal((await box.send(`/2.0/files/${id}?fields=permissions`)).body.permissions.can_download, false);
});

test('a PDF is none, then pending, then there', async () => {
  const { id } = await make('/letter.txt', { text: 'Dear all\n\nThe boat is ready.\n' });
  const ask = async () => (await box.send(`/2.0/files/${id}?fields=representations`, { headers: { 'X-Rep-Hints': '[pdf][jpg?dimensions=32x32]' } })).body.representations.entries;
  const [pdf, ...none] = await ask();
  assert.deepEqual([pdf.status.state, none.length], ['none', 0]);
  const bytes = pdf.content.url_template.replace('{+asset_path}', '');
  assert.equal((await box.send(bytes)).status, 404);
  assert.equal((await box.send(pdf.info.url)).body.status.state, 'pending');
  assert.equal((await box.send(pdf.info.url)).body.status.state, 'success');
  assert.equal((await ask())[0].status.state, 'success');
  assert.equal((await box.send(bytes)).bytes.subarray(0, 5).toString(), '%PDF-');
  assert.equal((await box.send(`${bytes}1.pdf`)).bytes.subarray(0, 5).toString(), '%PDF-');
  assert.equal((await box.send(bytes, { token: null })).status, 401);
  const rendered = await box.tell({ do: 'make-file', path: '/paper.pdf', base64: (await box.send(bytes)).bytes.toString('base64') });
  const small = await box.send(`/2.0/files/${rendered.id}/thumbnail.png?min_height=64`);
  assert.deepEqual([small.status, small.bytes.subarray(1, 4).toString()], [200, 'PNG']);
  const picture = await make('/picture.jpg');
  const entries = (await box.send(`/2.0/files/${picture.id}?fields=representations`, { headers: { 'X-Rep-Hints': '[pdf]' } })).body.representations.entries;
  assert.deepEqual(entries, []);
});

test('what cannot be converted ends in error', async () => {
  const { id } = await make('/broken.docx', { text: 'no document' });
  const [pdf] = (await box.send(`/2.0/files/${id}?fields=representations`, { headers: { 'X-Rep-Hints': '[pdf]' } })).body.representations.entries;
  await box.send(pdf.info.url);
  const { status } = (await box.send(pdf.info.url)).body;
  assert.equal(status.state, 'error');
  assert.match(status.code, /^error_/);
});

test('trash holds what was deleted, at the expense of the quota', async () => {
  const { id } = await make('/Old/a.bin', { text: undefined, size: 1000 });
  const old = (await itemsOf('0')).body.entries.find(({ name }) => name === 'Old').id;
  const { free } = await box.tell({ do: 'quota' });
  assert.equal((await box.send(`/2.0/folders/${old}`, { method: 'DELETE' })).body.code, 'folder_not_empty');
  assert.equal((await box.send(`/2.0/folders/${old}?recursive=true`, { method: 'DELETE' })).status, 204);
  assert.equal((await box.send(`/2.0/files/${id}`)).body.code, 'trashed');
  assert.deepEqual((await box.send('/2.0/folders/trash/items')).body.entries.map(({ name }) => name), ['Old']);
  assert.equal((await box.tell({ do: 'quota' })).free, free);
  await box.tell({ do: 'make-folder', path: '/Old' });
  const back = await box.send(`/2.0/folders/${old}`, { method: 'POST' });
  assert.equal(back.body.code, 'item_name_in_use');
  assert.equal((await box.send(`/2.0/folders/${old}`, { method: 'POST', json: { name: 'Older' } })).body.name, 'Older');
  assert.equal((await box.send(`/2.0/files/${id}`)).status, 200);
  assert.equal((await box.send(`/2.0/files/${id}/trash`, { method: 'DELETE' })).body.code, 'not_trashed');
});

test('names that cannot be are refused', async () => {
  const create = async (name) => (await box.send('/2.0/folders', { method: 'POST', json: { name, parent: { id: '0' } } })).body.code;
  for (const name of ['.', '..', 'a/b', 'a\\b', 'end ', 'a\u0007', '']) assert.equal(await create(name), 'item_name_invalid', name);
  assert.equal(await create('x'.repeat(256)), 'item_name_too_long');
  assert.equal(await create('x'.repeat(255)), undefined);
  assert.equal(await create(' leading'), undefined);
});

test('the original host names are served at their own paths', async () => {
  const port = Number(new URL(box.sandbox.url).port);
  const headers = { Authorization: `Bearer ${box.person().access_token}` };
  const { id } = await make('/h.txt');
  const answer = await rawRequest({ port, host: 'api.box.com', path: `/2.0/files/${id}/content`, headers });
  assert.match(answer.headers.location, /^http:\/\/dl\.boxcloud\.com\/d\/1\//);
  const { pathname } = new URL(answer.headers.location);
  assert.equal((await rawRequest({ port, host: 'dl.boxcloud.com', path: pathname })).body, 'text of /h.txt');
  assert.equal((await rawRequest({ port, host: 'api.box.com', path: '/2.0/files/content', method: 'POST', headers })).status, 405);
  assert.equal((await rawRequest({ port, host: 'account.box.com', path: `/api/oauth2/authorize?client_id=${box.facts.client_id}&response_type=code&redirect_uri=http://localhost/` })).status, 200);
});
