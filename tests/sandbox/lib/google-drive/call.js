// SPDX-License-Identifier: Apache-2.0
// What the routes of Google's Drive API ask of a request: who, with which scopes, which file.

import { readBody } from '../kernel/reply.js';
import { Accounts } from './accounts.js';
import { badValue, forbidden, notFound, refuse } from './errors.js';

const kAuth = 'https://www.googleapis.com/auth/';
export const kScope = { all: `${kAuth}drive`, read: `${kAuth}drive.readonly`, file: `${kAuth}drive.file`, metadata: `${kAuth}drive.metadata.readonly`, appData: `${kAuth}drive.appdata` };

// Any one of them will do.
export const kNeeds = {
  metadata: [kScope.all, kScope.read, kScope.file, kScope.metadata],
  read: [kScope.all, kScope.read, kScope.file],
  write: [kScope.all, kScope.file],
};

export function tokenOf(ask) {
  const header = ask.headers.authorization;
  if (header !== undefined) return /^Bearer (.+)$/i.exec(header)?.[1];
  return ask.query.get('access_token') ?? undefined;
}

export function checkScope(scopes, need) {
  if (kNeeds[need].some((scope) => scopes.includes(scope))) return;
  throw refuse(403, 'insufficientPermissions', 'Insufficient Permission: Request had insufficient authentication scopes.', {
    withStatus: true,
    headers: { 'WWW-Authenticate': 'Bearer realm="https://accounts.google.com/", error="insufficient_scope", scope="https://www.googleapis.com/auth/drive"' },
  });
}

export function flag(ask, name) {
  const text = ask.query.get(name);
  if (text === null) return false;
  if (text !== 'true' && text !== 'false') throw badValue(name, `Invalid value '${text}'. Values must match the following regular expression: 'true|false'`);
  return text === 'true';
}

export async function jsonBody(ask, stream = ask.stream) {
  const bytes = await readBody(stream, 1 << 20);
  if (bytes.length === 0) return {};
  try {
    const value = JSON.parse(bytes.toString('utf8'));
    if (value !== null && typeof value === 'object' && !Array.isArray(value)) return value;
  } catch {
    // said below
  }
  throw refuse(400, 'parseError', 'Parse Error');
}

// Only what the application made itself is there for it with the narrow scope.
export function isOutOfSight(call, { node }) {
  return !call.scopes.some((scope) => [kScope.all, kScope.read, kScope.metadata].includes(scope)) && node.extra?.byApp !== true && node.parent !== null;
}

// Files that were shared by a link long ago want the key of the link, too.
function isUnlocked(call, { node, owner }) {
  if (node.resourceKey === undefined || owner === call.person) return true;
  const told = (call.ask.headers['x-goog-drive-resource-keys'] ?? '').split(',').map((pair) => pair.trim());
  return told.includes(`${node.id}/${node.resourceKey}`);
}

export function placeOf(call, id) {
  const place = call.cloud.accounts.locate(call.person, id);
  if (!place?.role || !isUnlocked(call, place) || (place.sharedDrive && !flag(call.ask, 'supportsAllDrives')) || isOutOfSight(call, place)) throw notFound(id);
  return place;
}

export function mustBeWritable(place) {
  if (!Accounts.mayWrite(place)) throw forbidden(place.node.id);
}

export function mustBeUnlocked(place) {
  if (place.node.locked) throw refuse(403, 'cannotModifyContentRestricted', 'The content of this file is restricted and cannot be changed.');
}

export function folderFor(call, parents) {
  if (parents !== undefined && (!Array.isArray(parents) || parents.some((one) => typeof one !== 'string'))) throw badValue('parents');
  if (parents?.length > 1) throw refuse(400, 'invalid', 'A shared drive item must have exactly one parent.', { location: 'parents' });
  const place = placeOf(call, parents?.[0] ?? 'root');
  if (place.node.kind !== 'folder') throw refuse(403, 'parentNotAFolder', 'The specified parent is not a folder.', { location: 'parent.id' });
  mustBeWritable(place);
  return place;
}

export function checkQuota({ drive }, size) {
  if (size > drive.free) throw refuse(403, 'storageQuotaExceeded', "The user's Drive storage quota has been exceeded.", { domain: 'usageLimits' });
}

export function whenOf(text, name) {
  if (text === undefined) return undefined;
  const when = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d/.test(text) ? Date.parse(text) : NaN;
  if (Number.isNaN(when)) throw badValue(name, `Invalid value for: Invalid format: "${text}"`);
  return when;
}
