// SPDX-License-Identifier: Apache-2.0
// npm's webdav client, unchanged, against the sandbox's Nextcloud and against Apache's mod_dav: the same tests.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { AuthType, createClient } from 'webdav';
import { basic, kAiko, kMara, openNextcloud } from '../test/nextcloud_support.js';

const kModDav = fileURLToPath(new URL('../../support/mod-dav', import.meta.url));

let box;
let apache;
let servers;
before(async () => {
  box = await openNextcloud();
  apache = spawn(kModDav, { stdio: ['ignore', 'pipe', 'inherit'] });
  const [line] = await once(createInterface({ input: apache.stdout }), 'line');
  const ready = JSON.parse(line);
  const user = (email) => {
    const { login_name: username, app_password: password } = box.person(email);
    return createClient(`${box.base}${box.filesOf(email)}`, { authType: AuthType.Password, username, password });
  };
  servers = [
    ['Nextcloud', user(kMara)],
    ['Nextcloud, a user with a blank in the id', user(kAiko)],
    // The client writes passwords in Latin 1 only; this one is said in UTF-8, as Apache knows it.
    ['mod_dav', createClient(ready.url, { authType: AuthType.None, headers: { Authorization: basic(ready.user, ready.password) } })],
  ];
});
after(async () => {
  const gone = once(apache, 'exit');
  apache.kill();
  await gone;
  assert.deepEqual(box.problems, []);
  await box.sandbox.close();
});

function onEach(name, run) {
  test(name, async (context) => {
    for (const [title, client] of servers) await context.test(title, () => run(client));
  });
}

const refused = (promise, status) => assert.rejects(promise, (error) => (assert.equal(error.status, status), true));

onEach('folders are made, listed and found', async (client) => {
  await client.createDirectory('/Things');
  await client.createDirectory('/Things/Inner');
  await refused(client.createDirectory('/Things'), 405);
  await refused(client.createDirectory('/None/Inner'), 409);
  assert.equal(await client.exists('/Things/Inner'), true);
  assert.equal(await client.exists('/Things/Outer'), false);
  const listed = await client.getDirectoryContents('/Things');
  assert.deepEqual(listed.map(({ filename, type }) => [filename, type]), [['/Things/Inner', 'directory']]);
});

onEach('files go up and come down, with names beyond ASCII', async (client) => {
  const path = '/Things/Übersicht 日本 #1 & 🎂 100%.txt';
  assert.equal(await client.putFileContents(path, 'hello world'), true);
  assert.equal(await client.getFileContents(path, { format: 'text' }), 'hello world');
  const facts = await client.stat(path);
  assert.deepEqual([facts.filename, facts.size, facts.type], [path, 11, 'file']);
  assert.ok(facts.etag);
  assert.ok(Math.abs(Date.parse(facts.lastmod) - Date.now()) < 60_000);
  const names = (await client.getDirectoryContents('/Things')).map((one) => one.basename);
  assert.ok(names.includes('Übersicht 日本 #1 & 🎂 100%.txt'), names.join());
});

onEach('a file that is there is kept, when that is asked for', async (client) => {
  await client.putFileContents('/Things/kept.txt', 'first');
  assert.equal(await client.putFileContents('/Things/kept.txt', 'second', { overwrite: false }), false);
  assert.equal(await client.getFileContents('/Things/kept.txt', { format: 'text' }), 'first');
});

onEach('bytes by range', async (client) => {
  const bytes = randomBytes(200_000);
  await client.putFileContents('/Things/range.bin', bytes);
  const chunks = [];
  for await (const chunk of client.createReadStream('/Things/range.bin', { range: { start: 1000, end: 1999 } })) chunks.push(chunk);
  assert.ok(Buffer.concat(chunks).equals(bytes.subarray(1000, 2000)));
});

onEach('moving, copying, deleting', async (client) => {
  await client.putFileContents('/Things/one.txt', '1');
  await client.copyFile('/Things/one.txt', '/Things/two.txt');
  await client.moveFile('/Things/two.txt', '/Things/three é.txt');
  assert.equal(await client.getFileContents('/Things/three é.txt', { format: 'text' }), '1');
  await refused(client.moveFile('/Things/one.txt', '/Things/three é.txt', { overwrite: false }), 412);
  await client.deleteFile('/Things/three é.txt');
  await refused(client.stat('/Things/three é.txt'), 404);
  await refused(client.getFileContents('/Things/three é.txt'), 404);
  await client.deleteFile('/Things');
  assert.equal(await client.exists('/Things'), false);
});

test('a wrong password is refused by both', async () => {
  for (const [, client] of servers) {
    const stranger = createClient(client.getFileDownloadLink('/').replace(/\/\/[^@/]*@/, '//').replace(/\/$/, ''), { authType: AuthType.Password, username: 'mara', password: 'wrong' });
    await refused(stranger.getDirectoryContents('/'), 401);
  }
});

test('Nextcloud tells the quota, and searches', async () => {
  const [[, client]] = servers;
  const quota = await client.getQuota();
  assert.equal(quota.available, 2048 * 2 ** 30 - quota.used);
  await box.control({ do: 'make-file', path: '/Find/zebra.txt', text: 'z' });
  const root = createClient(`${box.base}/remote.php/dav`, { authType: AuthType.Password, username: 'mara', password: box.person(kMara).app_password });
  const { results } = await root.search('/', {
    data: `<?xml version="1.0"?><d:searchrequest xmlns:d="DAV:"><d:basicsearch><d:select><d:prop><d:displayname/><d:resourcetype/><d:getcontentlength/><d:getlastmodified/><d:getetag/></d:prop></d:select><d:from><d:scope><d:href>/files/mara</d:href><d:depth>infinity</d:depth></d:scope></d:from><d:where><d:like><d:prop><d:displayname/></d:prop><d:literal>%ZEBRA%</d:literal></d:like></d:where><d:orderby/></d:basicsearch></d:searchrequest>`,
    headers: { 'Content-Type': 'text/xml' },
    details: true,
  }).then(({ data }) => data);
  assert.deepEqual(results.map((one) => one.filename.replace(/^.*dav(?=.files)/, '')), ['/files/mara/Find/zebra.txt']);
});
