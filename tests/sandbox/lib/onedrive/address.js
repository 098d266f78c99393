// SPDX-License-Identifier: Apache-2.0
// Finds what a Graph address names: a drive, an item by id, by path or by both, and what is asked of it.

import { driveKey } from './accounts.js';
import { denied, invalid, notFound } from './errors.js';

const kAll = ['Files.Read.All', 'Files.ReadWrite.All', 'Sites.Read.All', 'Sites.ReadWrite.All'];

function decode(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    throw invalid('The resource path is not valid UTF-8.');
  }
}

const kDrive = /^\/(?:me\/drive|users\/([^/]+)\/drive|drives\/([^/:]+)|sites\/([^/:]+)\/drive)(?=[/:]|$)(.*)$/;
const kItem = /^\/(root|special\/[^/:]+|items\/[^/:]+)(?::([^:]*)(:?))?(\/.*)?$/;

// { library, rest } of an address within a drive, or undefined.
export function driveOf(call, path) {
  const match = kDrive.exec(path);
  if (!match) return undefined;
  const [, user, drive, site, rest] = match;
  if (drive !== undefined) return { library: libraryById(call, decode(drive)), rest };
  if (site !== undefined) return { library: call.cloud.site(call, decode(site)).libraries[0], rest };
  if (user !== undefined && ![call.account.id, call.account.user().userPrincipalName].includes(decode(user))) throw denied();
  return { library: call.account.own, rest };
}

export function libraryById(call, id) {
  const library = call.cloud.libraries.get(driveKey(id));
  if (!library) throw /^(b!.+|[0-9a-f]{1,16})$/i.test(id) ? notFound() : invalid('The provided drive id appears to be malformed, or does not represent a valid drive.');
  const mine = call.account.libraries.includes(library);
  const shared = [...library.drive.byId.values()].some((node) => Object.hasOwn(node.shareWith ?? {}, call.person));
  if (!mine && !shared) throw notFound();
  if (library !== call.account.own && !kAll.some((scope) => call.scopes.includes(scope))) throw denied();
  return library;
}

// What one may do with a node: 'write', 'read', or nothing.
function roleAt(call, library, node) {
  if (call.account.libraries.includes(library)) return 'write';
  for (let at = node; at; at = at.parent) if (Object.hasOwn(at.shareWith ?? {}, call.person)) return at.shareWith[call.person];
  return undefined;
}

// { library, node?, names?, tail }: `names` is the path of a node that is not there (yet); tail is what follows.
export function itemAt(call, library, rest) {
  const match = kItem.exec(rest);
  if (!match) throw invalid('Invalid request: the resource path could not be read.');
  const [, start, path, , after = ''] = match;
  const base = start.startsWith('items/') ? library.nodeOf(decode(start.slice(6))) : start === 'root' ? library.drive.root : specialFolder(library, start.slice(8));
  if (!base) throw notFound();
  const below = (path ?? '').split('/').filter(Boolean).map(decode);
  if (below.some((name) => /[/\\]/.test(name))) throw invalid('The resource path has a name that is not allowed.', 'invalidPath');
  const names = [...library.drive.namesOf(base), ...below];
  const node = below.length === 0 ? base : base.kind === 'folder' ? library.drive.find(names) : undefined;
  const role = roleAt(call, library, node ?? base);
  if (!role) throw notFound();
  if (call.route.writes && role === 'read') throw denied();
  // What lives in another drive has to be asked for there.
  if (base.target && (below.length > 0 || after !== '')) throw notFound();
  return { library, node, names, base, tail: after.replace(/^\//, '').replace(/^microsoft\.graph\./, '') };
}

function specialFolder(library, name) {
  const title = { documents: 'Documents', photos: 'Pictures', cameraroll: 'Camera Roll', approot: 'Apps', music: 'Music' }[name.toLowerCase()];
  if (!title) throw invalid('Unknown special folder.');
  return library.drive.makeFolder([title]);
}

export function existing(place) {
  if (!place.node) throw notFound();
  return place.node;
}
