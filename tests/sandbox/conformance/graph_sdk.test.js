// SPDX-License-Identifier: Apache-2.0
// Microsoft's Graph client for Node, unchanged, against the sandbox over HTTPS.

import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { after, before, test } from 'node:test';
import graph from '@microsoft/microsoft-graph-client';
import { runWithAuthority, stateFolder } from './authority.js';
import { kMara, kPriya, kTomas, openOneDrive } from '../test/onedrive_support.js';

const { Client, FileUpload, GraphError, LargeFileUploadTask, OneDriveLargeFileUploadTask, PageIterator, ResponseType } = graph;

if (stateFolder === undefined) runWithAuthority(import.meta.url);
else run();

function run() {
  let box;
  before(async () => {
    box = await openOneDrive({ httpsPort: 0, state: stateFolder });
    const entries = Array.from({ length: 30 }, (_, n) => ({ path: `/Docs/Paper ${n}.txt`, text: `paper ${n}` }));
    for (const person of [kMara, kTomas]) await box.control({ do: 'make-tree', person, entries });
  });
  after(async () => {
    assert.deepEqual(box.problems, []);
    await box.sandbox.close();
  });

  const client = (email = kMara, token = box.person(email).access_token) =>
    Client.init({ baseUrl: `${box.sandbox.httpsUrl}/onedrive/`, defaultVersion: 'v1.0', customHosts: new Set(['127.0.0.1']), authProvider: (done) => done(null, token) });

  const refused = async (promise) => {
    try {
      await promise;
    } catch (error) {
      assert.ok(error instanceof GraphError, error);
      return error;
    }
    return assert.fail('should have been refused');
  };

  test('who one is, and the drive', async () => {
    assert.equal((await client().api('/me').select('userPrincipalName').get()).userPrincipalName, kMara);
    assert.equal((await client(kTomas).api('/me/drive').get()).driveType, 'business');
  });

  test('pages are followed to the end', async () => {
    const first = await client().api('/me/drive/root:/Docs:/children').top(7).orderby('name').get();
    const names = [];
    await new PageIterator(client(), first, (item) => names.push(item.name)).iterate();
    assert.equal(new Set(names).size, 30);
  });

  test('search', async () => {
    const found = await client().api("/me/drive/root/search(q='paper 17')").get();
    assert.equal(found.value[0].name, 'Paper 17.txt');
  });

  test('a small file goes up and comes down', async () => {
    const name = encodeURIComponent('Übersicht 日本 #1 🎂.txt');
    const made = await client().api(`/me/drive/root:/Scans/${name}:/content`).put('hello world');
    assert.equal(made.name, 'Übersicht 日本 #1 🎂.txt');
    assert.equal(made.file.hashes.quickXorHash, 'aCgDG9jwBhDc4Q1yawMZAAAAAAA=');
    const stream = await client().api(`/me/drive/items/${made.id}/content`).responseType(ResponseType.ARRAYBUFFER).get();
    assert.equal(Buffer.from(stream).toString(), 'hello world');
  });

  test('a large file goes up in fragments, to a host that gets no token', async () => {
    const bytes = randomBytes(3 * 327_680 + 11);
    const session = await LargeFileUploadTask.createUploadSession(client(), `${box.sandbox.httpsUrl}/onedrive/v1.0/me/drive/root:/Scans/large.bin:/createUploadSession`, { item: { '@microsoft.graph.conflictBehavior': 'rename' } });
    const task = new LargeFileUploadTask(client(), new FileUpload(bytes, 'large.bin', bytes.length), session, { rangeSize: 327_680 });
    const { responseBody } = await task.upload();
    assert.equal(responseBody.size, bytes.length);
    const read = await box.control({ do: 'read', path: '/Scans/large.bin' });
    assert.equal(read.sha256, createHash('sha256').update(bytes).digest('hex'));
  });

  test('the upload task for OneDrive renames, and can be cancelled', async () => {
    const bytes = randomBytes(400_000);
    const options = { path: '/Scans', fileName: 'again.bin', rangeSize: 327_680, conflictBehavior: 'rename' };
    for (const expected of ['again.bin', 'again 1.bin']) {
      const task = await OneDriveLargeFileUploadTask.create(client(), bytes, options);
      assert.equal((await task.upload()).responseBody.name, expected);
    }
    const task = await OneDriveLargeFileUploadTask.create(client(), bytes, options);
    await task.cancel();
    assert.equal((await refused(task.getStatus())).statusCode, 404);
  });

  test('folders, renaming, copying, deleting', async () => {
    const made = await client().api('/me/drive/root/children').post({ name: 'SDK', folder: {} });
    assert.equal((await client().api(`/me/drive/items/${made.id}`).patch({ name: 'SDK 2' })).name, 'SDK 2');
    const paper = await client().api('/me/drive/root:/Docs/Paper 1.txt').get();
    await client().api(`/me/drive/items/${paper.id}/copy`).post({ parentReference: { id: made.id }, name: 'copy.txt' });
    assert.equal((await client().api(`/me/drive/items/${made.id}/children`).get()).value[0].name, 'copy.txt');
    await client().api(`/me/drive/items/${made.id}`).delete();
    assert.equal((await refused(client().api(`/me/drive/items/${made.id}`).get())).statusCode, 404);
  });

  test('refusals arrive as the client expects them', async () => {
    const conflict = await refused(client().api('/me/drive/root/children').post({ name: 'Docs', folder: {} }));
    assert.deepEqual([conflict.statusCode, conflict.code.toLowerCase()], [409, 'namealreadyexists']);
    const full = await refused(client(kPriya).api('/me/drive/root:/big.bin:/content').put(Buffer.alloc(2 << 20)));
    assert.equal(full.statusCode, 507);
    const sorted = await refused(client(kTomas).api('/me/drive/root/children').orderby('size').get());
    assert.equal(sorted.statusCode, 400);
    const stranger = await refused(client(kMara, 'EwBinvented').api('/me').get());
    assert.deepEqual([stranger.statusCode, stranger.code.toLowerCase()], [401, 'invalidauthenticationtoken']);
  });

  test('a throttled request is tried again', async () => {
    await box.control({ do: 'fault', route: '/me/drive$', action: { status: 429, headers: { 'Retry-After': '1' }, body: { error: { code: 'activityLimitReached', message: 'slow down' } } } });
    assert.equal((await client().api('/me/drive').get()).driveType, 'personal');
  });

  test('a site and its libraries', async () => {
    const sites = await client(kTomas).api('/sites').query({ search: 'team' }).get();
    const drives = await client(kTomas).api(`/sites/${sites.value[0].id}/drives`).get();
    assert.equal(drives.value[0].driveType, 'documentLibrary');
  });

  test('thumbnails come with a listing', async () => {
    const { value } = await client().api('/me/drive/root:/Docs:/children').expand('thumbnails').get();
    assert.deepEqual(value[0].thumbnails, []);
  });
}
