// SPDX-License-Identifier: Apache-2.0
// A sandbox of a test's own, and short ways to talk to one of its clouds.

import { kMara, openSandbox } from './support.js';

export async function openCloud(cloud, options = {}) {
  const box = await openSandbox(options);
  const facts = box.sandbox.credentials()[cloud];
  const base = `${box.sandbox.url}/${cloud}`;
  const person = (email = kMara) => facts.people.find((one) => one.email === email);
  const send = async (path, { token = person().access_token, headers = {}, method = 'GET', body, json } = {}) => {
    const answer = await fetch(path.startsWith('http') ? path : base + path, {
      method,
      body: json === undefined ? body : JSON.stringify(json),
      headers: { ...(token ? { Authorization: `Bearer ${token}` } : {}), ...(json === undefined ? {} : { 'Content-Type': 'application/json' }), ...headers },
      redirect: 'manual',
    });
    const bytes = Buffer.from(await answer.arrayBuffer());
    const text = bytes.toString('utf8');
    const isJson = /^application\/json/.test(answer.headers.get('content-type') ?? '') && text !== '';
    return { status: answer.status, headers: answer.headers, bytes, text, body: isJson ? JSON.parse(text) : undefined };
  };
  const form = (path, fields) => send(path, { method: 'POST', token: null, headers: { 'Content-Type': 'application/x-www-form-urlencoded' }, body: new URLSearchParams(fields).toString() });
  const tell = (command) => box.control({ cloud, ...command });
  const fault = (route, action, more = {}) => tell({ do: 'fault', route, action, ...more });
  return { ...box, facts, base, person, send, form, tell, fault };
}
