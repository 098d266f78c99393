// SPDX-License-Identifier: Apache-2.0
// A sandbox of a test's own, and short ways to talk to its Dropbox.

import { createHash, randomBytes } from 'node:crypto';
import http from 'node:http';
import { startSandbox } from '../lib/sandbox.js';

export const kMara = 'mara.lind@example.org';

export async function openSandbox(options = {}) {
  const problems = [];
  const sandbox = await startSandbox({ seedFiles: 'none', httpsPort: undefined, report: (error) => problems.push(error), ...options });
  const { dropbox } = sandbox.credentials();
  const person = (email) => dropbox.people.find((one) => one.email === email);
  const base = `${sandbox.url}/dropbox`;

  const send = async (path, { token = person(kMara).access_token, headers = {}, method = 'POST', body, host } = {}) => {
    const answer = await fetch(`${base}${path}`, {
      method,
      body,
      headers: { ...(token ? { Authorization: `Bearer ${token}` } : {}), ...(host ? { Host: host } : {}), ...headers },
      redirect: 'manual',
    });
    const bytes = Buffer.from(await answer.arrayBuffer());
    const text = bytes.toString('utf8');
    const isJson = answer.headers.get('content-type') === 'application/json';
    return { status: answer.status, headers: answer.headers, text, bytes, body: isJson ? JSON.parse(text) : undefined };
  };
  const rpc = (route, argument, options2 = {}) =>
    send(`/2/${route}`, { ...options2, body: JSON.stringify(argument), headers: { 'Content-Type': 'application/json', ...options2.headers } });
  const noArgument = (route, options2) => send(`/2/${route}`, options2);
  const content = (route, argument, bytes, options2 = {}) =>
    send(`/2/${route}`, {
      ...options2,
      body: bytes,
      headers: { 'Dropbox-API-Arg': JSON.stringify(argument), ...(bytes === undefined ? {} : { 'Content-Type': 'application/octet-stream' }), ...options2.headers },
    });
  const control = async (command) => {
    const answer = await fetch(`${sandbox.url}/sandbox/control`, { method: 'POST', body: JSON.stringify(command) });
    const value = await answer.json();
    if (answer.status !== 200) throw new Error(value.error);
    return value;
  };
  return { ...sandbox, sandbox, base, problems, dropbox, person, send, rpc, noArgument, content, control };
}

export function pkce() {
  const verifier = randomBytes(40).toString('base64url');
  return { verifier, challenge: createHash('sha256').update(verifier).digest('base64url') };
}

// A request with full control over path, Host and headers; gives { status, headers, body }.
export function rawRequest({ port, path, host, method = 'GET', headers = {}, body }) {
  return new Promise((resolve, reject) => {
    const request = http.request({ host: '127.0.0.1', port, path, method, headers: { ...(host ? { Host: host } : {}), ...headers }, agent: false }, (answer) => {
      const chunks = [];
      answer.on('data', (chunk) => chunks.push(chunk));
      answer.on('error', reject);
      answer.on('end', () => resolve({ status: answer.statusCode, headers: answer.headers, body: Buffer.concat(chunks).toString() }));
    });
    request.on('error', reject);
    request.end(body);
  });
}

// The fields of the form in a page whose submit button carries the wanted name and value.
export function formFields(page, name, value) {
  const forms = [...page.matchAll(/<form method="post" action="([^"]*)">(.*?)<\/form>/gs)];
  for (const [, action, inner] of forms) {
    const fields = new URLSearchParams();
    for (const [, key, text] of inner.matchAll(/<input type="hidden" name="([^"]*)" value="([^"]*)">/g)) fields.set(key, text);
    const button = [...inner.matchAll(/<button [^>]*name="([^"]*)" value="([^"]*)"/g)].some(([, key, text]) => key === name && text === value);
    if (button) fields.set(name, value);
    if (fields.get(name) === value) return { action, fields };
  }
  return undefined;
}
