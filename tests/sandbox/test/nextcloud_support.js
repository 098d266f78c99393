// SPDX-License-Identifier: Apache-2.0
// A sandbox of a test's own, and short ways to talk to its Nextcloud.

import { kMara, openSandbox } from './support.js';

export { kMara };
export const kJonas = 'jonas.weber@example.org';
export const kAiko = 'aiko.tanaka@example.net';
export const kPriya = 'priya.nair@example.org';

export const basic = (user, password) => `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;

export async function openNextcloud(options = {}) {
  const box = await openSandbox(options);
  const { webdav } = box.sandbox.credentials();
  const base = `${box.sandbox.url}/webdav`;
  const person = (email) => webdav.people.find((one) => one.email === email);

  const send = async (method, path, { as = kMara, body, headers = {} } = {}) => {
    const who = as && person(as);
    const answer = await fetch(/^https?:/.test(path) ? path : `${base}${path}`, {
      method,
      body,
      headers: { ...(who ? { Authorization: basic(who.login_name, who.app_password) } : {}), ...headers },
      redirect: 'manual',
    });
    const bytes = Buffer.from(await answer.arrayBuffer());
    return { status: answer.status, headers: answer.headers, bytes, text: bytes.toString('utf8') };
  };
  const filesOf = (email) => `/remote.php/dav/files/${encodeURIComponent(person(email).user)}`;
  const dav = (method, path, more = {}) => send(method, filesOf(more.as ?? kMara) + path, more);
  const exception = ({ text }) => /<s:exception>(.*?)<\/s:exception>/.exec(text)?.[1].split('\\').pop();
  const hrefs = ({ text }) => [...text.matchAll(/<d:href>(.*?)<\/d:href>/g)].map(([, href]) => href);
  const control = (command) => box.control(Array.isArray(command) ? command : { cloud: 'webdav', ...command });
  const props = (...names) => `<?xml version="1.0"?><d:propfind xmlns:d="DAV:" xmlns:oc="http://owncloud.org/ns" xmlns:nc="http://nextcloud.org/ns"><d:prop>${names.map((name) => `<${name}/>`).join('')}</d:prop></d:propfind>`;
  return { ...box, webdav, base, person, send, dav, filesOf, exception, hrefs, control, props };
}
