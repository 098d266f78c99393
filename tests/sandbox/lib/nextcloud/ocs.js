// SPDX-License-Identifier: Apache-2.0
// OCS: the user, what the server can do, and the end of an app password.

import { reply } from '../kernel/reply.js';
import { kVersion } from './status.js';
import { phpJson } from './login_flow.js';
import { escape } from './xml.js';

function xmlOf(value) {
  if (Array.isArray(value)) return value.map((one) => `<element>${xmlOf(one)}</element>`).join('');
  if (value !== null && typeof value === 'object') return Object.entries(value).map(([key, one]) => (one === null || one === '' ? `<${key}/>` : `<${key}>${xmlOf(one)}</${key}>`)).join('');
  return escape(value === true ? 1 : value === false || value === null ? '' : value);
}

// Version 1 answers 200 whatever happens and says in `statuscode` how it went; version 2 uses the status.
function answer(ask, version, status, data, message = 'OK') {
  const code = version === 1 ? (status === 200 ? 100 : status === 401 ? 997 : status) : status;
  const meta = { status: status < 300 ? 'ok' : 'failure', statuscode: code, message };
  const http = version === 1 && status !== 401 ? 200 : status;
  const wantsJson = ask.query.get('format') === 'json' || /application\/json/.test(ask.headers.accept ?? '');
  if (wantsJson) return phpJson(http, { ocs: { meta, data } });
  return reply(http, { 'Content-Type': 'text/xml; charset=UTF-8' }, `<?xml version="1.0"?>\n<ocs>${xmlOf({ meta, data: Array.isArray(data) && data.length === 0 ? '' : data })}</ocs>\n`);
}

function user({ account }) {
  const { person } = account;
  return {
    enabled: true, storageLocation: `/var/www/html/data/${account.id}`, id: account.id, firstLoginTimestamp: 1735689600, lastLogin: Date.now(), backend: 'Database',
    subadmin: [], quota: account.quota(), manager: '', avatarScope: 'v2-federated', email: account.mail, emailScope: 'v2-federated', additional_mail: [],
    displayname: person.name, 'display-name': person.name, phone: '', address: '', website: '', twitter: '', organisation: '', role: '', headline: '',
    biography: '', profile_enabled: '1', groups: person.team ? [person.team] : [], language: 'en', locale: '', notify_email: null,
    backendCapabilities: { setDisplayName: true, setPassword: true },
  };
}

function capabilities() {
  const [major, minor, micro] = kVersion.split('.').map(Number);
  return {
    version: { major, minor, micro, string: kVersion, edition: '', extendedSupport: false },
    capabilities: {
      core: { pollinterval: 60, 'webdav-root': 'remote.php/webdav', 'reference-api': true },
      bruteforce: { delay: 0, 'allow-listed': false },
      dav: { chunking: '1.0', bulkupload: '1.0' },
      files: { bigfilechunking: true, blacklisted_files: ['.htaccess'], forbidden_filename_characters: ['\\', '/'], undelete: true, versioning: true },
      checksums: { supportedTypes: [], preferredUploadType: '' },
    },
  };
}

export function ocs(call) {
  const { ask, cloud, account } = call;
  const match = /^\/ocs\/v([12])\.php(\/.*)$/.exec(ask.path);
  const version = Number(match[1]);
  const say = (status, data, message) => answer(ask, version, status, data, message);
  if (!account) return say(401, [], 'Unauthorised');
  if (ask.headers['ocs-apirequest'] === undefined) return phpJson(412, { message: 'CSRF check failed' });
  const route = `${ask.method} ${match[2]}`;
  switch (route) {
    case 'GET /cloud/user':
    case `GET /cloud/users/${encodeURIComponent(account.id)}`:
      return say(200, user(call));
    case 'GET /cloud/capabilities':
      return say(200, capabilities());
    case 'DELETE /core/apppassword':
      cloud.grants.remove(call.password);
      return say(200, []);
    case 'GET /core/getapppassword':
      return say(403, [], 'You cannot request an new apppassword with an apppassword');
    default:
      return say(version === 1 ? 998 : 404, [], 'Invalid query, please check the syntax. API specifications are here: http://www.freedesktop.org/wiki/Specifications/open-collaboration-services.');
  }
}
