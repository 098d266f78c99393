// SPDX-License-Identifier: Apache-2.0
// A sandbox of a test's own, and short ways to talk to its OneDrive.

import { openSandbox } from './support.js';

export const kTomas = 'tomas.berg@example.org';
export const kAiko = 'aiko.tanaka@example.net';
export const kPriya = 'priya.nair@example.org';
export const kJonas = 'jonas.weber@example.org';
const kMara = 'mara.lind@example.org';
export { kMara };

export async function openOneDrive(options = {}) {
  const box = await openSandbox(options);
  const { onedrive } = box.sandbox.credentials();
  const base = `${box.sandbox.url}/onedrive`;
  const person = (email) => onedrive.people.find((one) => one.email === email);

  // path: below /v1.0, or a whole address. Gives { status, headers, bytes, body }.
  const send = async (method, path, { as = kMara, token, body, headers = {} } = {}) => {
    const address = /^https?:/.test(path) ? path : `${base}/v1.0${path}`;
    const bearer = token ?? (as && person(as).access_token);
    const isJson = body !== undefined && !Buffer.isBuffer(body) && typeof body !== 'string';
    const answer = await fetch(address, {
      method,
      body: isJson ? JSON.stringify(body) : body,
      headers: { ...(bearer ? { Authorization: `Bearer ${bearer}` } : {}), ...(isJson ? { 'Content-Type': 'application/json' } : {}), ...headers },
      redirect: 'manual',
    });
    const bytes = Buffer.from(await answer.arrayBuffer());
    const json = answer.headers.get('content-type') === 'application/json';
    return { status: answer.status, headers: answer.headers, bytes, body: json ? JSON.parse(bytes.toString()) : undefined };
  };
  const get = (path, more) => send('GET', path, more);
  const bare = (method, address, more = {}) => send(method, address, { ...more, as: null });
  const inner = ({ body }) => body.error.innerError ?? body.error.innererror;
  const code = ({ body }) => body.error.code[0].toLowerCase() + body.error.code.slice(1);
  const control = (command) => box.control(Array.isArray(command) ? command : { cloud: 'onedrive', ...command });
  const session = (path, item = {}, more = {}) => send('POST', `${path}:/createUploadSession`, { body: { item }, ...more });
  const fragment = (url, bytes, start, total, more) => bare('PUT', url, { body: bytes, headers: { 'Content-Range': `bytes ${start}-${start + bytes.length - 1}/${total}` }, ...more });
  return { ...box, onedrive, base, person, send, get, bare, inner, code, control, session, fragment };
}
