// SPDX-License-Identifier: Apache-2.0
// files/list_folder and what belongs to it: pages, changes, long poll. The order is by id: none that a
// client could mistake for a sort.

import { keyOf } from '../kernel/drive.js';
import { json } from '../kernel/reply.js';
import { decodeCursor, encodeCursor } from './cursors.js';
import { refuse } from './errors.js';
import { deletedMetadata, metadata } from './metadata.js';
import { folderAt } from './paths.js';
import { boolean, folderPath, integer, optional, string, struct, union, withDefault } from './schema.js';

const kDefaultPage = 500;

const listArgument = struct({
  path: folderPath,
  recursive: withDefault(boolean, false),
  include_media_info: withDefault(boolean, false),
  include_deleted: withDefault(boolean, false),
  include_has_explicit_shared_members: withDefault(boolean, false),
  include_mounted_folders: withDefault(boolean, true),
  limit: optional(integer({ min: 1, max: 2000 })),
  shared_link: optional(struct({ url: string(), password: optional(string()) })),
  include_property_groups: optional(union({ filter_some: (value) => value }, { open: true })),
  include_non_downloadable_files: withDefault(boolean, true),
});
const cursorArgument = struct({ cursor: string({ min: 1 }) });

function openState(call) {
  const { path, recursive, include_deleted: deleted, include_non_downloadable_files: all, limit } = call.argument;
  const { drive, node } = folderAt(call.account, path, ['path']);
  return { drive, folder: node.id, recursive, deleted, all, limit: limit ?? kDefaultPage, after: '', seq: drive.seq };
}

// Everything the listing covers, by id; kept until the drive changes.
function listing(drive, folder, state) {
  const key = `${drive.seq}/${folder.id}/${state.recursive}/${state.deleted}`;
  if (drive.lastListing?.key === key) return drive.lastListing.entries;
  const nodes = state.recursive ? [...drive.walk(folder)] : [...drive.childrenOf(folder).values()];
  if (state.recursive && folder.parent) nodes.push(folder);
  const entries = nodes.map((node) => ({ order: node.id, node }));
  if (state.deleted) {
    const base = drive.namesOf(folder);
    for (const { names, node } of drive.tombstones.values()) {
      if (covers(base, names, state.recursive)) entries.push({ order: node.id, gone: names });
    }
  }
  entries.sort((a, b) => (a.order < b.order ? -1 : 1));
  drive.lastListing = { key, entries };
  return entries;
}

function covers(base, names, recursive) {
  if (names.length <= base.length || (!recursive && names.length !== base.length + 1)) return false;
  return base.every((name, index) => keyOf(name) === keyOf(names[index]));
}

function folderOf(state) {
  const folder = state.drive.findById(state.folder);
  if (!folder) throw refuse('path', 'not_found');
  return folder;
}

function shown(state, entry) {
  if (entry.gone) return deletedMetadata(entry.gone);
  return metadata(state.drive, entry.node);
}

async function page(call, state) {
  const { drive } = state;
  const folder = folderOf(state);
  const size = Math.min(state.limit, call.cloud.pageCap ?? Infinity);
  const next = (more) => encodeCursor('list', drive, {
    folder: state.folder, recursive: state.recursive, deleted: state.deleted, all: state.all, limit: state.limit, after: state.after, seq: state.seq, ...more,
  });
  if (state.after !== null) {
    const entries = listing(drive, folder, state);
    let first = entries.findIndex((entry) => entry.order > state.after);
    if (first < 0) first = entries.length;
    const part = entries.slice(first, first + size);
    const more = first + part.length < entries.length;
    const visible = part.filter((entry) => state.all || !entry.node?.exportAs);
    return json(200, {
      entries: await Promise.all(visible.map((entry) => shown(state, entry))),
      cursor: next({ after: more ? part[part.length - 1].order : null }),
      has_more: more,
    });
  }
  const { entries, seq, more } = changes(drive, folder, state, size);
  return json(200, { entries: await Promise.all(entries.map((entry) => shown(state, entry))), cursor: next({ seq }), has_more: more });
}

// What happened under the folder after state.seq, the latest word on each path.
function changes(drive, folder, state, size = Infinity) {
  const base = drive.namesOf(folder);
  const latest = new Map();
  let { seq } = state;
  let more = false;
  for (const change of drive.journal) {
    if (change.seq <= state.seq) continue;
    const key = change.names.map(keyOf).join('/');
    if (covers(base, change.names, state.recursive)) {
      if (!latest.has(key) && latest.size >= size) {
        more = true;
        break;
      }
      latest.set(key, change.names);
    }
    seq = change.seq;
  }
  const entries = [...latest.values()].map((names) => {
    const node = drive.find(names);
    return node ? { node } : { gone: names };
  });
  return { entries, seq, more };
}

async function longpoll(call) {
  const { cursor, timeout } = call.argument;
  const state = decodeCursor('list', undefined, cursor);
  const drive = call.cloud.driveOwnedBy(state.owner);
  if (!drive || state.epoch !== drive.epoch) throw refuse('reset');
  const changed = () => {
    const folder = drive.findById(state.folder);
    return drive.epoch !== state.epoch || state.after !== null || !folder || changes(drive, folder, state, 1).entries.length > 0;
  };
  const until = call.cloud.clock.now() + timeout * 1000;
  await new Promise((resolve) => {
    let timer;
    const look = () => {
      if (!changed() && call.cloud.clock.now() < until) return;
      clearTimeout(timer);
      drive.off('changed', look);
      stop();
      resolve();
    };
    const stop = call.cloud.clock.onMoved(look);
    timer = setTimeout(look, timeout * 1000 + 5);
    drive.on('changed', look);
    call.ask.closed.then(() => {
      clearTimeout(timer);
      drive.off('changed', look);
      stop();
      resolve();
    });
    look();
  });
  if (drive.epoch !== state.epoch) throw refuse('reset');
  return json(200, { changes: changed() });
}

const metadataScope = 'files.metadata.read';

export const listRoutes = {
  'files/list_folder': {
    style: 'rpc', scope: metadataScope, argument: listArgument,
    run: (call) => page(call, openState(call)),
  },
  'files/list_folder/continue': {
    style: 'rpc', scope: metadataScope, argument: cursorArgument,
    run: (call) => page(call, decodeCursor('list', call.account, call.argument.cursor)),
  },
  'files/list_folder/get_latest_cursor': {
    style: 'rpc', scope: metadataScope, argument: listArgument,
    run: (call) => {
      const { drive, ...state } = openState(call);
      return json(200, { cursor: encodeCursor('list', drive, { ...state, after: null }) });
    },
  },
  'files/list_folder/longpoll': {
    style: 'rpc', open: true,
    argument: struct({ cursor: string({ min: 1 }), timeout: withDefault(integer({ min: 30, max: 480 }), 30) }),
    run: longpoll,
  },
};
