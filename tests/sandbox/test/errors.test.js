// SPDX-License-Identifier: Apache-2.0
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { openSandbox } from './support.js';

let box;
before(async () => {
  box = await openSandbox();
  await box.control({ do: 'make-tree', entries: [{ path: '/a.txt', text: 'a' }, { path: '/Folder/b.txt', text: 'b' }] });
});
after(() => box.sandbox.close());

async function refused(route, argument, tag) {
  const answer = await box.rpc(route, argument);
  assert.equal(answer.status, 409, answer.text);
  assert.equal(answer.headers.get('content-type'), 'application/json');
  assert.ok(answer.body.error_summary.startsWith(`${tag}/`), answer.body.error_summary);
  return answer.body.error;
}

async function malformed(route, argument, words, options = {}) {
  const answer = await box.rpc(route, argument, options);
  assert.equal(answer.status, 400);
  assert.match(answer.headers.get('content-type'), /^text\/plain/);
  assert.ok(answer.text.startsWith(`Error in call to API function "${route}": `), answer.text);
  assert.ok(answer.text.includes(words), answer.text);
}

test('malformed requests get a plain text', async () => {
  await malformed('files/list_folder', { path: '/' }, 'Specify the root folder as an empty string rather than as "/".');
  await malformed('files/list_folder', { path: 'a' }, "request body: path: 'a' did not match pattern");
  await malformed('files/list_folder', { path: '', limit: 0 }, 'limit: 0 is not >= 1');
  await malformed('files/list_folder', { path: '', limit: 1.5 }, 'expected integer, got float');
  await malformed('files/list_folder', { path: '', colour: 'red' }, "unknown field 'colour'");
  await malformed('files/list_folder', {}, "missing required field 'path'");
  await malformed('files/get_metadata', { path: '' }, 'The root folder is unsupported.');
  await malformed('files/search_v2', { query: 'x'.repeat(1001) }, 'at most 1000 characters');
  await malformed('files/list_folder', { path: '' }, 'Bad HTTP "Content-Type" header: "text/html"', { headers: { 'Content-Type': 'text/html' } });
});

test('requests that are not even JSON, or have no argument, get a plain text', async () => {
  const json = { 'Content-Type': 'application/json' };
  assert.match((await box.send('/2/files/list_folder', { body: '{', headers: json })).text, /could not decode input as JSON/);
  assert.match((await box.send('/2/files/download')).text, /Must provide HTTP header "Dropbox-API-Arg" or URL parameter "arg"/);
  assert.match((await box.send('/2/files/list_folder', { method: 'GET' })).text, /HTTP request method is "GET"/);
  const empty = await box.send('/2/users/get_current_account', { headers: json });
  assert.equal(empty.status, 400);
  assert.equal((await box.send('/2/users/get_current_account', { body: 'null', headers: json })).status, 200);
  assert.match((await box.rpc('files/invented', {})).text, /^Unknown API function/);
});

test('refusals are tag trees with a varying number of dots', async () => {
  assert.deepEqual(await refused('files/list_folder', { path: '/nope' }, 'path/not_found'), { '.tag': 'path', path: { '.tag': 'not_found' } });
  await refused('files/list_folder', { path: '/a.txt' }, 'path/not_folder');
  await refused('files/list_folder', { path: '/Folder/' }, 'path/malformed_path');
  await refused('files/get_metadata', { path: '/Folder/../a.txt' }, 'path/malformed_path');
  await refused('files/get_temporary_link', { path: '/Folder' }, 'path/not_file');
  const seen = new Set();
  for (let n = 0; n < 60; ++n) seen.add((await box.rpc('files/list_folder', { path: '/nope' })).body.error_summary);
  assert.ok(seen.size > 1);
});

test('creating folders: conflicts, names, autorename', async () => {
  const made = (await box.rpc('files/create_folder_v2', { path: '/New' })).body;
  assert.equal(made.metadata['.tag'], undefined);
  assert.equal(made.metadata.path_display, '/New');
  assert.deepEqual(await refused('files/create_folder_v2', { path: '/new' }, 'path/conflict/folder'), { '.tag': 'path', path: { '.tag': 'conflict', conflict: { '.tag': 'folder' } } });
  await refused('files/create_folder_v2', { path: '/a.txt' }, 'path/conflict/file');
  await refused('files/create_folder_v2', { path: '/a.txt/b' }, 'path/conflict/file_ancestor');
  await refused('files/create_folder_v2', { path: '/desktop.ini' }, 'path/disallowed_name');
  await refused('files/create_folder_v2', { path: '/trailing ' }, 'path/malformed_path');
  await refused('files/create_folder_v2', { path: `/${'x'.repeat(256)}` }, 'path/malformed_path');
  assert.equal((await box.rpc('files/create_folder_v2', { path: `/${'x'.repeat(255)}` })).status, 200);
  assert.equal((await box.rpc('files/create_folder_v2', { path: '/New', autorename: true })).body.metadata.name, 'New (1)');
});

test('moving, copying and deleting', async () => {
  await box.control({ do: 'make-tree', entries: [{ path: '/M/one.txt', text: '1' }, { path: '/M/Sub/two.txt', text: '2' }] });
  await refused('files/move_v2', { from_path: '/M/none', to_path: '/M/x' }, 'from_lookup/not_found');
  await refused('files/move_v2', { from_path: '/M/one.txt', to_path: '/a.txt' }, 'to/conflict/file');
  await refused('files/move_v2', { from_path: '/M', to_path: '/M/Sub/M' }, 'cant_move_folder_into_itself');
  const renamed = (await box.rpc('files/move_v2', { from_path: '/M/one.txt', to_path: '/M/ONE.txt' })).body.metadata;
  assert.equal(renamed.path_display, '/M/ONE.txt');
  assert.equal(renamed['.tag'], 'file');
  const moved = (await box.rpc('files/move_v2', { from_path: '/M', to_path: '/Moved' })).body.metadata;
  assert.equal(moved['.tag'], 'folder');
  assert.equal((await box.rpc('files/get_metadata', { path: '/moved/sub/TWO.txt' })).status, 200);
  assert.equal((await box.rpc('files/copy_v2', { from_path: '/Moved', to_path: '/Copy' })).status, 200);
  const twin = (await box.rpc('files/copy_v2', { from_path: '/Moved/ONE.txt', to_path: '/Moved/ONE.txt', autorename: true })).body.metadata;
  assert.equal(twin.name, 'ONE (2).txt');
  assert.equal((await box.rpc('files/delete_v2', { path: '/Copy' })).body.metadata['.tag'], 'folder');
  await refused('files/get_metadata', { path: '/Copy/Sub/two.txt' }, 'path/not_found');
  await refused('files/delete_v2', { path: '/Copy' }, 'path_lookup/not_found');
  await refused('files/delete_v2', { path: '/a.txt', parent_rev: '123456789abc' }, 'path_write/conflict/file');
  const gone = (await box.rpc('files/list_folder', { path: '', include_deleted: true })).body.entries.find((entry) => entry.name === 'Copy');
  assert.equal(gone['.tag'], 'deleted');
});

test('a folder of more than 10,000 entries cannot be deleted at once', async () => {
  const entries = Array.from({ length: 10_001 }, (_, n) => ({ path: `/Crowd/${n}`, text: '' }));
  await box.control({ do: 'make-tree', entries });
  await refused('files/delete_v2', { path: '/Crowd' }, 'too_many_files');
  await box.control({ do: 'delete', path: '/Crowd' });
});

test('deleted files come back by their revision', async () => {
  await box.control({ do: 'make-file', path: '/back.txt', text: 'first' });
  const { rev } = (await box.rpc('files/get_metadata', { path: '/back.txt' })).body;
  await box.rpc('files/delete_v2', { path: '/back.txt' });
  const revisions = (await box.rpc('files/list_revisions', { path: '/back.txt' })).body;
  assert.equal(revisions.is_deleted, true);
  assert.equal(revisions.entries[0].rev, rev);
  assert.equal((await box.rpc('files/restore', { path: '/back.txt', rev })).status, 200);
  assert.equal((await box.control({ do: 'read', path: '/back.txt' })).base64, Buffer.from('first').toString('base64'));
});

test('permissions, locks and blocked content', async () => {
  await box.control({ do: 'make-tree', entries: [{ path: '/Shared', folder: true, readOnly: true }, { path: '/blocked.pdf', text: 'x', restricted: true }, { path: '/locked.txt', text: 'x', locked: true }] });
  await refused('files/create_folder_v2', { path: '/Shared/New' }, 'path/no_write_permission');
  await refused('files/get_temporary_link', { path: '/blocked.pdf' }, 'path/restricted_content');
  await refused('files/delete_v2', { path: '/locked.txt' }, 'path_write/locked');
  const upload = await box.content('files/upload', { path: '/Shared/x.txt' }, 'x');
  assert.equal(upload.status, 409);
  assert.equal(upload.body.error.reason['.tag'], 'no_write_permission');
});

test('too many writers at once are turned away', async () => {
  await box.control({ do: 'writers-at-once', most: 0 });
  const answer = await box.rpc('files/create_folder_v2', { path: '/Busy' });
  await box.control({ do: 'writers-at-once', most: null });
  assert.equal(answer.status, 429);
  assert.equal(answer.headers.get('retry-after'), '1');
  assert.equal(answer.body.error.reason['.tag'], 'too_many_write_operations');
});
