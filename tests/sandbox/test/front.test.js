// SPDX-License-Identifier: Apache-2.0
import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { access, mkdtemp, readFile, rm } from 'node:fs/promises';
import https from 'node:https';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createInterface } from 'node:readline';
import tls from 'node:tls';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import { kMara, openSandbox, rawRequest } from './support.js';

const kProgram = fileURLToPath(new URL('../cloud-sandbox', import.meta.url));
const run = promisify(execFile);
let box;
let port;
let authorization;
before(async () => {
  box = await openSandbox({ httpsPort: 0, publicUrl: 'https://sandbox.example:8443/' });
  port = Number(new URL(box.sandbox.url).port);
  authorization = `Bearer ${box.person(kMara).access_token}`;
  await box.control({ do: 'make-file', path: '/a.txt', text: 'a' });
});
after(() => box.sandbox.close());

test('the original host names are served at their own paths', async () => {
  for (const host of ['api.dropboxapi.com', 'content.dropboxapi.com', 'API.Dropbox.com:443']) {
    const answer = await rawRequest({ port, host, path: '/2/users/get_current_account', method: 'POST', headers: { Authorization: authorization } });
    assert.equal(answer.status, 200, answer.body);
  }
  const page = await rawRequest({ port, host: 'www.dropbox.com', path: `/oauth2/authorize?client_id=${box.dropbox.client_id}&response_type=code` });
  assert.equal(page.status, 200);
  assert.match(page.body, /action="\/oauth2\/authorize"/);
  assert.equal((await rawRequest({ port, host: 'elsewhere.example', path: '/2/users/get_current_account', method: 'POST' })).status, 404);
});

function overTls(socket, servername, path) {
  return new Promise((resolve, reject) => {
    const request = https.request({ createConnection: () => tls.connect({ socket, servername, ca: box.caBytes }), path, method: 'POST', headers: { Host: servername, Authorization: authorization } }, (answer) => {
      answer.resume();
      answer.on('end', () => resolve(answer.statusCode));
    });
    request.on('error', reject);
    request.end();
  });
}

test('HTTPS is certified by the sandbox authority for localhost and the original names', async () => {
  box.caBytes = await readFile(box.sandbox.ca);
  const httpsPort = Number(new URL(box.sandbox.httpsUrl).port);
  for (const name of ['localhost', 'content.dropboxapi.com', 'notify.dropboxapi.com']) {
    const prefix = name === 'localhost' ? '/dropbox' : '';
    assert.equal(await overTls(net.connect(httpsPort, '127.0.0.1'), name, `${prefix}/2/users/get_space_usage`), 200);
  }
});

test('as a proxy it connects to the clouds it emulates, and to nothing else', async () => {
  const connectTo = async (target) => {
    const socket = net.connect(port, '127.0.0.1');
    socket.write(`CONNECT ${target} HTTP/1.1\r\nHost: ${target}\r\n\r\n`);
    const [head] = await once(socket, 'data');
    return [socket, head.toString()];
  };
  const [socket, head] = await connectTo('api.dropboxapi.com:443');
  assert.match(head, /^HTTP\/1.1 200/);
  assert.equal(await overTls(socket, 'api.dropboxapi.com', '/2/users/get_space_usage'), 200);
  const [other, refusal] = await connectTo('example.com:443');
  assert.match(refusal, /^HTTP\/1.1 403/);
  other.destroy();
});

test('absolute links start with the public address, or stay on the original host', async () => {
  const { link } = (await box.rpc('files/get_temporary_link', { path: '/a.txt' })).body;
  assert.ok(link.startsWith('https://sandbox.example:8443/dropbox/cd/0/get/'), link);
  const headers = { Authorization: authorization, 'Content-Type': 'application/json' };
  const original = await rawRequest({ port, host: 'api.dropboxapi.com', path: '/2/files/get_temporary_link', method: 'POST', headers, body: '{"path":"/a.txt"}' });
  assert.match(JSON.parse(original.body).link, /^http:\/\/uc\w+\.dl\.dropboxusercontent\.com\/cd\/0\/get\//);
});

test('a plain HTTP proxy request finds its cloud', async () => {
  const answer = await rawRequest({ port, path: 'http://api.dropboxapi.com/2/users/get_current_account', method: 'POST', headers: { Authorization: authorization } });
  assert.equal(answer.status, 200, answer.body);
});

test('the control door is closed to pages in a browser and to HTTPS', async () => {
  const fromPage = await rawRequest({ port, path: '/sandbox/control', method: 'POST', headers: { Origin: 'https://evil.example' }, body: '{"do":"ping"}' });
  assert.equal(fromPage.status, 404);
  const httpsPort = Number(new URL(box.sandbox.httpsUrl).port);
  assert.equal(await overTls(net.connect(httpsPort, '127.0.0.1'), 'localhost', '/sandbox/control'), 404);
});

test('the control door can be shut', async () => {
  const shut = await openSandbox({ control: false });
  try {
    await assert.rejects(shut.control({ do: 'ping' }));
  } finally {
    await shut.sandbox.close();
  }
});

async function begin(args) {
  const child = spawn(kProgram, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  const [line] = await once(createInterface({ input: child.stdout }), 'line');
  return { child, ready: JSON.parse(line) };
}

test('the program says when it is ready, and ends cleanly on SIGTERM and SIGINT', async () => {
  for (const signal of ['SIGTERM', 'SIGINT']) {
    const { child, ready } = await begin(['--seed-files', 'none', '--https-port', 'off', '--quiet']);
    assert.equal((await fetch(ready.http)).status, 200);
    child.kill(signal);
    assert.deepEqual(await once(child, 'exit'), [0, null]);
    await assert.rejects(access(ready.state));
  }
});

test('credentials are the same from a running sandbox as without one', async () => {
  const { child, ready } = await begin(['--seed-files', 'none', '--https-port', 'off', '--redirect-uri', 'https://portal.example/']);
  try {
    const alone = JSON.parse((await run(kProgram, ['--print-credentials', '--redirect-uri', 'https://portal.example/'])).stdout);
    const live = JSON.parse((await run(kProgram, ['--print-credentials', '--from', ready.http])).stdout);
    assert.deepEqual(live.dropbox.people, alone.dropbox.people);
    assert.deepEqual(live.dropbox.redirect_uris, ['loopback', 'https://portal.example/']);
    const answer = await fetch(`${live.dropbox.api}/users/get_current_account`, { method: 'POST', headers: { Authorization: `Bearer ${alone.dropbox.people[0].access_token}` } });
    assert.equal((await answer.json()).email, kMara);
  } finally {
    child.kill();
  }
});

test('with --die-with-parent it ends when its parent is killed', async () => {
  const parent = spawn('sh', ['-c', `"${kProgram}" --seed-files none --https-port off --die-with-parent & wait`], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [line] = await once(createInterface({ input: parent.stdout }), 'line');
  const { pid } = JSON.parse(line);
  parent.kill('SIGKILL');
  const until = Date.now() + 10_000;
  const alive = () => {
    try {
      process.kill(pid, 0);
      return true;
    } catch {
      return false;
    }
  };
  while (alive() && Date.now() < until) await new Promise((resolve) => setImmediate(resolve));
  assert.equal(alive(), false);
});

test('a kept state folder brings grants and files back after a restart', async () => {
  const state = await mkdtemp(join(tmpdir(), 'sandbox-state-'));
  try {
    const first = await openSandbox({ state });
    const back = new URLSearchParams({ grant_type: 'refresh_token', client_id: first.dropbox.client_id, refresh_token: first.person(kMara).refresh_token });
    const { access_token: token } = (await first.send('/oauth2/token', { token: null, body: back })).body;
    await first.content('files/upload', { path: '/Scans/kept.bin' }, Buffer.alloc(100_000, 7), { token });
    const old = (await first.content('files/upload', { path: '/Scans/twice.txt' }, 'first', { token })).body.rev;
    await first.content('files/upload', { path: '/Scans/twice.txt', mode: 'overwrite' }, 'second', { token });
    await first.control({ do: 'revoke-tokens', person: 'aiko.tanaka@example.net' });
    await first.sandbox.close();
    const second = await openSandbox({ state });
    const kept = await second.content('files/download', { path: '/Scans/kept.bin' }, undefined, { token });
    assert.equal(kept.status, 200, kept.text);
    assert.ok(kept.bytes.equals(Buffer.alloc(100_000, 7)));
    assert.equal((await second.content('files/download', { path: `rev:${old}` }, undefined, { token })).text, 'first');
    assert.equal((await second.content('files/download', { path: '/Scans/twice.txt' }, undefined, { token })).text, 'second');
    const revoked = await second.noArgument('users/get_current_account', { token: second.person('aiko.tanaka@example.net').access_token });
    assert.equal(revoked.status, 401);
    await second.sandbox.close();
    const other = await openSandbox({ state, seedFiles: fileURLToPath(new URL('../conformance', import.meta.url)) });
    const afresh = (await other.rpc('files/list_folder', { path: '' }, { token })).body.entries.map((entry) => entry.name);
    assert.ok(afresh.includes('dropbox_sdk.test.js'), afresh.join());
    await other.sandbox.close();
  } finally {
    await rm(state, { recursive: true });
  }
});

test('wrong options are named', async () => {
  await assert.rejects(run(kProgram, ['--port', 'many']), /--port must be a port number/);
  await assert.rejects(run(kProgram, ['--colour']), /colour/);
});
