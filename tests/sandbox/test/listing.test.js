// SPDX-License-Identifier: Apache-2.0
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { openSandbox } from './support.js';

let box;
before(async () => {
  box = await openSandbox();
  const entries = Array.from({ length: 25 }, (_, n) => ({ path: `/Many/File ${n}.txt`, text: `file ${n}` }));
  await box.control({ do: 'make-tree', entries: [...entries, { path: '/Many/Inner/deep.txt', text: 'deep wombat' }, { path: '/plan.docx', text: 'x' }, { path: '/Ærlig 🎂.txt', text: 'hello world' }] });
});
after(() => box.sandbox.close());

async function listAll(argument) {
  let { body } = await box.rpc('files/list_folder', argument);
  const pages = [body];
  while (body.has_more) {
    ({ body } = await box.rpc('files/list_folder/continue', { cursor: body.cursor }));
    pages.push(body);
  }
  return pages;
}

test('a folder is listed in pages, whole and without repeats, and not sorted by name', async () => {
  const pages = await listAll({ path: '/many', limit: 10 });
  assert.deepEqual(pages.map((page) => page.entries.length), [10, 10, 6]);
  const names = pages.flatMap((page) => page.entries.map((entry) => entry.name));
  assert.equal(new Set(names).size, 26);
  assert.notDeepEqual(names, [...names].sort());
});

test('the page cap makes pages smaller than asked for', async () => {
  await box.control({ do: 'page-cap', cap: 4 });
  const pages = await listAll({ path: '/Many', limit: 10 });
  await box.control({ do: 'page-cap', cap: null });
  assert.equal(pages[0].entries.length, 4);
  assert.equal(pages.flatMap((page) => page.entries).length, 26);
});

test('files carry dates, size, rev and hash; folders carry none', async () => {
  const { body } = await box.rpc('files/list_folder', { path: '' });
  const file = body.entries.find((entry) => entry.name === 'Ærlig 🎂.txt');
  assert.equal(file['.tag'], 'file');
  assert.equal(file.size, 11);
  assert.equal(file.content_hash, 'bc62d4b80d9e36da29c16c5d4d9f11731f36052c72401a76c23c0fb5a9b74423');
  assert.match(file.server_modified, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
  assert.match(file.rev, /^[0-9a-f]{9,}$/);
  assert.equal(file.path_lower, '/ærlig 🎂.txt');
  const folder = body.entries.find((entry) => entry.name === 'Many');
  assert.deepEqual(Object.keys(folder).sort(), ['.tag', 'id', 'name', 'path_display', 'path_lower']);
});

test('the last cursor tells what changed later', async () => {
  const { body } = await box.rpc('files/list_folder', { path: '/Scans' });
  await box.control({ do: 'make-file', path: '/Scans/new.txt', text: 'new' });
  const next = (await box.rpc('files/list_folder/continue', { cursor: body.cursor })).body;
  assert.deepEqual(next.entries.map((entry) => entry.name), ['new.txt']);
  await box.control({ do: 'delete', path: '/Scans/new.txt' });
  const last = (await box.rpc('files/list_folder/continue', { cursor: next.cursor })).body;
  assert.equal(last.entries[0]['.tag'], 'deleted');
  assert.equal(last.entries[0].path_display, '/Scans/new.txt');
});

test('a reset cursor answers 409 reset', async () => {
  const { body } = await box.rpc('files/list_folder', { path: '/Many', limit: 5 });
  await box.control({ do: 'reset-cursors' });
  const answer = await box.rpc('files/list_folder/continue', { cursor: body.cursor });
  assert.equal(answer.status, 409);
  assert.match(answer.body.error_summary, /^reset\/\.{0,3}$/);
  assert.deepEqual(answer.body.error, { '.tag': 'reset' });
});

test('an invented cursor is a malformed request', async () => {
  const answer = await box.rpc('files/list_folder/continue', { cursor: 'AAEnonsense' });
  assert.equal(answer.status, 400);
  assert.match(answer.text, /^Error in call to API function "files\/list_folder\/continue": Invalid "cursor"/);
});

test('recursive listing covers inner folders', async () => {
  const pages = await listAll({ path: '/Many', recursive: true, limit: 2000 });
  const names = pages.flatMap((page) => page.entries.map((entry) => entry.path_display));
  assert.ok(names.includes('/Many/Inner/deep.txt'));
  assert.ok(names.includes('/Many'));
});

test('a long poll needs no token, and ends when something changes', async () => {
  const { cursor } = (await box.rpc('files/list_folder/get_latest_cursor', { path: '/Scans' })).body;
  const waiting = box.rpc('files/list_folder/longpoll', { cursor, timeout: 30 }, { token: null });
  await box.control({ do: 'make-file', path: '/Scans/arrived.txt', text: 'x' });
  assert.deepEqual((await waiting).body, { changes: true });
});

test('a long poll times out by the sandbox clock', async () => {
  const { cursor } = (await box.rpc('files/list_folder/get_latest_cursor', { path: '/Many' })).body;
  const waiting = box.rpc('files/list_folder/longpoll', { cursor, timeout: 480 }, { token: null });
  const asked = () => box.control({ do: 'requests', route: 'longpoll' });
  while ((await asked()).requests.filter((one) => !one.done).length === 0);
  await box.control({ do: 'clock', advanceSeconds: 481 });
  assert.deepEqual((await waiting).body, { changes: false });
});

test('metadata is found by path in any case, by id and by rev', async () => {
  const byPath = (await box.rpc('files/get_metadata', { path: '/PLAN.docx' })).body;
  assert.equal(byPath.path_display, '/plan.docx');
  for (const path of [byPath.id, `rev:${byPath.rev}`]) {
    assert.deepEqual((await box.rpc('files/get_metadata', { path })).body, byPath);
  }
});

test('search finds words of names below a folder, and the text of text files', async () => {
  const names = async (query, options = {}) => (await box.rpc('files/search_v2', { query, options })).body.matches.map((match) => match.metadata.metadata.name).sort();
  assert.deepEqual(await names('plan'), ['plan.docx']);
  assert.deepEqual(await names('plan', { path: '/Many' }), []);
  assert.deepEqual(await names('wombat'), ['deep.txt']);
  assert.deepEqual(await names('wombat', { filename_only: true }), []);
  assert.deepEqual(await names('file 7'), ['File 7.txt']);
  assert.deepEqual(await names('inner', { file_categories: ['folder'] }), ['Inner']);
  assert.deepEqual(await names('plan', { file_extensions: ['pdf'] }), []);
});

test('search comes in pages, and newly written files appear after the indexing delay', async () => {
  const { body } = await box.rpc('files/search_v2', { query: 'file', options: { max_results: 20, filename_only: true } });
  assert.equal(body.matches.length, 20);
  assert.equal(body.has_more, true);
  const rest = (await box.rpc('files/search/continue_v2', { cursor: body.cursor })).body;
  assert.equal(rest.matches.length, 5);
  assert.equal(rest.has_more, false);
  await box.control([{ do: 'search-delay', seconds: 60 }, { do: 'make-file', path: '/quokka.txt', text: 'x' }]);
  const count = async () => (await box.rpc('files/search_v2', { query: 'quokka' })).body.matches.length;
  assert.equal(await count(), 0);
  await box.control({ do: 'clock', advanceSeconds: 61 });
  assert.equal(await count(), 1);
  await box.control({ do: 'search-delay', seconds: 0 });
});

test('account and quota', async () => {
  const account = (await box.noArgument('users/get_current_account')).body;
  assert.equal(account.email, 'mara.lind@example.org');
  assert.equal(account.email_verified, true);
  const unverified = await box.noArgument('users/get_current_account', { token: box.person('jonas.weber@example.org').access_token });
  assert.equal(unverified.body.email_verified, false);
  const team = box.person('tomas.berg@example.org').access_token;
  const member = (await box.noArgument('users/get_current_account', { token: team })).body;
  assert.equal(member.account_type['.tag'], 'business');
  assert.notEqual(member.root_info.root_namespace_id, member.root_info.home_namespace_id);
  assert.equal((await box.noArgument('users/get_space_usage', { token: team })).body.allocation['.tag'], 'team');
  const root = JSON.stringify({ '.tag': 'root', root: member.root_info.root_namespace_id });
  const shared = await box.rpc('files/list_folder', { path: '' }, { token: team, headers: { 'Dropbox-API-Path-Root': root } });
  assert.ok(shared.body.entries.some((entry) => entry.name === 'Team documents'));
  const stale = await box.rpc('files/list_folder', { path: '' }, { token: team, headers: { 'Dropbox-API-Path-Root': '{".tag":"root","root":"1"}' } });
  assert.equal(stale.status, 422);
  assert.equal(stale.body.error['.tag'], 'invalid_root');
});
