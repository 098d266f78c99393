// SPDX-License-Identifier: Apache-2.0
// Dropbox's path arguments: "/a/b", "id:...", "rev:...", "ns:123/..." against one person's drive.

import { refuse } from './errors.js';

const kIgnored = new Set(['desktop.ini', 'thumbs.db', '.ds_store', 'icon\r', '.dropbox', '.dropbox.attr']);
const kLongestName = 255;

// The names in "/a/b"; undefined when the path is malformed. "" has none.
function namesIn(path) {
  if (path === '') return [];
  const names = path.slice(1).split('/');
  for (const name of names) {
    if (name === '' || name === '.' || name === '..') return undefined;
    if ([...name].length > kLongestName || /[\\\u007f\0]/.test(name) || name.endsWith(' ')) return undefined;
  }
  return names;
}

// What stands at a path: { node, names, revision? }; node is undefined where there is nothing.
// Throws <tags>/malformed_path. `drive` may change with "ns:".
export function locate(account, path, tags) {
  let { drive } = account;
  let rest = path;
  if (path.startsWith('ns:')) {
    const [, number, inner] = /^ns:(\d+)(\/.*)?$/s.exec(path);
    drive = account.driveOf(number);
    if (!drive) throw refuse(...tags, 'not_found');
    rest = inner ?? '';
  } else if (path.startsWith('rev:')) {
    const revision = drive.byRev.get(path.slice(4));
    return { drive, node: revision?.node, revision, names: revision ? drive.namesOf(revision.node) : [] };
  } else if (path.startsWith('id:')) {
    const slash = path.indexOf('/');
    const id = slash < 0 ? path.slice(3) : path.slice(3, slash);
    const node = drive.findById(id);
    if (slash < 0 || !node) return { drive, node, names: node ? drive.namesOf(node) : undefined };
    const names = namesIn(path.slice(slash));
    if (!names) throw refuse(...tags, 'malformed_path');
    const all = [...drive.namesOf(node), ...names];
    return { drive, node: drive.find(all), names: all };
  }
  const names = namesIn(rest);
  if (!names) throw refuse(...tags, 'malformed_path');
  return { drive, node: drive.find(names), names };
}

export function mustBeThere(place, tags) {
  if (!place.node) throw refuse(...tags, 'not_found');
  if (place.node.restricted) throw refuse(...tags, 'restricted_content');
  return place;
}

export function fileAt(account, path, tags) {
  const place = mustBeThere(locate(account, path, tags), tags);
  if (place.node.kind !== 'file') throw refuse(...tags, 'not_file');
  return place;
}

export function folderAt(account, path, tags) {
  const place = mustBeThere(locate(account, path, tags), tags);
  if (place.node.kind !== 'folder') throw refuse(...tags, 'not_folder');
  return place;
}

// Where something may be written: throws malformed_path, disallowed_name, no_write_permission.
export function writeTarget(account, path, tags) {
  const place = locate(account, path, tags);
  if (!place.names || place.names.length === 0) throw refuse(...tags, 'malformed_path');
  const name = place.names[place.names.length - 1];
  if (kIgnored.has(name.toLowerCase())) throw refuse(...tags, 'disallowed_name');
  checkWritable(place.drive, place.names, tags);
  return place;
}

// The nearest folder above decides, then the node itself.
export function checkWritable(drive, names, tags) {
  for (let depth = names.length; depth >= 0; --depth) {
    const node = drive.find(names.slice(0, depth));
    if (node?.readOnly) throw refuse(...tags, 'no_write_permission');
    if (node?.locked && depth === names.length) throw refuse(...tags, 'locked');
  }
}

export function splitName(name) {
  const dot = name.lastIndexOf('.');
  return dot > 0 ? [name.slice(0, dot), name.slice(dot)] : [name, ''];
}

// The first free "name (n).ext" beside a taken one.
export function freeNumbered(drive, names, first) {
  const [stem, ending] = splitName(names[names.length - 1]);
  for (let n = first; ; ++n) {
    const other = [...names.slice(0, -1), `${stem} (${n})${ending}`];
    if (!drive.find(other)) return other;
  }
}

export function freeConflictedCopy(drive, names) {
  const [stem, ending] = splitName(names[names.length - 1]);
  for (let n = 0; ; ++n) {
    const mark = n === 0 ? 'conflicted copy' : `conflicted copy ${n}`;
    const other = [...names.slice(0, -1), `${stem} (${mark})${ending}`];
    if (!drive.find(other)) return other;
  }
}
