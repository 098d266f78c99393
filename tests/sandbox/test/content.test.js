// SPDX-License-Identifier: Apache-2.0
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { after, before, test } from 'node:test';
import { kConvert } from '../lib/kernel/convert.js';
import { docx, odt, rtf, xlsx } from '../lib/samples/office.js';
import { openSandbox } from './support.js';

let box;
const kText = 'The quick brown fox jumps over the lazy dog';
before(async () => {
  box = await openSandbox();
  const base64 = (bytes) => Buffer.from(bytes).toString('base64');
  const picture = (format) => base64(execFileSync(kConvert, ['-size', '600x400', 'gradient:red-blue', `${format}:-`]));
  await box.control({
    do: 'make-tree',
    entries: [
      { path: '/fox 日.txt', text: kText },
      { path: '/letter.docx', base64: base64(docx(['Dear Anna', 'Kind regards'])) },
      { path: '/letter.odt', base64: base64(odt(['Dear Peter'])) },
      { path: '/letter.rtf', base64: base64(rtf(['Dear Zoë'])) },
      { path: '/sheet.xlsx', base64: base64(xlsx([['Month', 'Rent'], ['January', 940]], 'Year')) },
      { path: '/broken.docx', text: 'not a document' },
      { path: '/note.paper', text: '# Note', exportAs: 'markdown', exportOptions: ['markdown', 'html'] },
      { path: '/picture.jpg', base64: picture('jpeg') },
      { path: '/picture.png', base64: picture('png') },
      { path: '/not a picture.jpg', text: 'text' },
      { path: '/big.bin', size: 64 << 20 },
    ],
  });
});
after(() => box.sandbox.close());

test('a download carries its metadata, escaped, in a header', async () => {
  const answer = await box.content('files/download', { path: '/fox 日.txt' }, undefined, { headers: { 'Dropbox-API-Arg': '{"path":"/fox \\u65e5.txt"}' } });
  assert.equal(answer.status, 200);
  assert.equal(answer.text, kText);
  const header = answer.headers.get('dropbox-api-result');
  assert.match(header, /\\u65e5/);
  assert.equal(JSON.parse(header).name, 'fox 日.txt');
  assert.equal(answer.headers.get('accept-ranges'), 'bytes');
  assert.equal(answer.headers.get('content-type'), 'application/octet-stream');
});

test('ranges: 206, the tail, and 416', async () => {
  const get = (Range) => box.send(`/2/files/download?arg=${encodeURIComponent('{"path":"/fox 日.txt"}')}`, { method: 'GET', headers: { Range } });
  const part = await get('bytes=4-8');
  assert.equal(part.status, 206);
  assert.equal(part.text, 'quick');
  assert.equal(part.headers.get('content-range'), `bytes 4-8/${kText.length}`);
  assert.equal((await get('bytes=-3')).text, 'dog');
  assert.equal((await get('bytes=40-')).text, 'dog');
  const beyond = await get('bytes=43-');
  assert.equal(beyond.status, 416);
  assert.equal(beyond.headers.get('content-range'), `bytes */${kText.length}`);
});

test('If-None-Match answers 304 while the file stays the same', async () => {
  const first = await box.content('files/download', { path: '/letter.odt' });
  const same = await box.content('files/download', { path: '/letter.odt' }, undefined, { headers: { 'If-None-Match': first.headers.get('etag') } });
  assert.equal(same.status, 304);
  assert.equal(same.bytes.length, 0);
});

test('what cannot be downloaded says so', async () => {
  const tagOf = async (path) => (await box.content('files/download', { path })).body.error;
  assert.deepEqual(await tagOf('/Scans'), { '.tag': 'path', path: { '.tag': 'not_file' } });
  assert.deepEqual(await tagOf('/note.paper'), { '.tag': 'unsupported_file' });
  const json = await box.content('files/download', { path: '/letter.odt' }, '{}', { headers: { 'Content-Type': 'application/json' } });
  assert.equal(json.status, 400);
});

test('large synthetic files are the same in parts as in whole', async () => {
  const whole = await box.content('files/download', { path: '/big.bin' });
  assert.equal(whole.bytes.length, 64 << 20);
  const part = await box.content('files/download', { path: '/big.bin' }, undefined, { headers: { Range: 'bytes=1048000-3200000' } });
  assert.ok(part.bytes.equals(whole.bytes.subarray(1048000, 3200001)));
});

test('a temporary link needs no token, and is gone after four hours', async () => {
  const { body } = await box.rpc('files/get_temporary_link', { path: '/letter.docx' });
  assert.equal(body.metadata.name, 'letter.docx');
  const answer = await fetch(body.link, { headers: { Range: 'bytes=0-1' } });
  assert.equal(answer.status, 206);
  assert.equal(await answer.text(), 'PK');
  await box.control({ do: 'clock', advanceSeconds: 4 * 3600 + 1 });
  assert.equal((await fetch(body.link)).status, 410);
  await box.control({ do: 'clock', advanceSeconds: -4 * 3600 - 1 });
  const unverified = await box.rpc('files/get_temporary_link', { path: '/x' }, { token: box.person('jonas.weber@example.org').access_token });
  assert.equal(unverified.status, 409);
});

test('previews: documents become PDF, sheets HTML', async () => {
  for (const name of ['letter.docx', 'letter.odt', 'letter.rtf']) {
    const answer = await box.content('files/get_preview', { path: `/${name}` });
    assert.equal(answer.status, 200, answer.text);
    assert.equal(answer.headers.get('content-type'), 'application/pdf');
    assert.equal(answer.bytes.subarray(0, 5).toString(), '%PDF-');
    assert.equal(JSON.parse(answer.headers.get('dropbox-api-result')).name, name);
  }
  const sheet = await box.content('files/get_preview', { path: '/sheet.xlsx' });
  assert.equal(sheet.headers.get('content-type'), 'text/html');
  assert.match(sheet.text, /January.*940/s);
});

test('what has no preview says so', async () => {
  const tagOf = async (path) => (await box.content('files/get_preview', { path })).body.error['.tag'];
  assert.equal(await tagOf('/picture.jpg'), 'unsupported_extension');
  assert.equal(await tagOf('/broken.docx'), 'unsupported_content');
  assert.equal(await tagOf('/none.docx'), 'path');
});

test('thumbnails fit the asked size', async () => {
  const answer = await box.content('files/get_thumbnail_v2', { resource: { '.tag': 'path', path: '/picture.jpg' }, size: 'w128h128', format: 'png' });
  assert.equal(answer.status, 200, answer.text);
  assert.equal(answer.headers.get('content-type'), 'image/png');
  assert.deepEqual([answer.bytes.readUInt32BE(16), answer.bytes.readUInt32BE(20)], [128, 85]);
  const tagOf = async (path) => (await box.content('files/get_thumbnail_v2', { resource: { '.tag': 'path', path } })).body.error['.tag'];
  assert.equal(await tagOf('/letter.docx'), 'unsupported_extension');
  assert.equal(await tagOf('/not a picture.jpg'), 'conversion_error');
});

test('thumbnails in a batch succeed and fail one by one', async () => {
  const { body } = await box.rpc('files/get_thumbnail_batch', { entries: [{ path: '/picture.png', size: 'w64h64' }, { path: '/none.png' }] });
  assert.equal(body.entries[0]['.tag'], 'success');
  assert.equal(Buffer.from(body.entries[0].thumbnail, 'base64').readUInt16BE(0), 0xffd8);
  assert.deepEqual(body.entries[1], { '.tag': 'failure', failure: { '.tag': 'path', path: { '.tag': 'not_found' } } });
  const tooMany = await box.rpc('files/get_thumbnail_batch', { entries: Array.from({ length: 26 }, () => ({ path: '/picture.png' })) });
  assert.equal(tooMany.status, 400);
});

test('Paper documents are exported', async () => {
  const answer = await box.content('files/export', { path: '/note.paper', export_format: 'html' });
  assert.equal(answer.status, 200);
  assert.match(answer.text, /# Note/);
  assert.equal(JSON.parse(answer.headers.get('dropbox-api-result')).export_metadata.name, 'note.html');
  assert.equal((await box.content('files/export', { path: '/letter.odt' })).body.error['.tag'], 'non_exportable');
});
