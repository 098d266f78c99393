// SPDX-License-Identifier: Apache-2.0
// files/*: metadata, folders, moving, copying, deleting, revisions.

import { keyOf } from '../kernel/drive.js';
import { json } from '../kernel/reply.js';
import { refuse } from './errors.js';
import { deletedMetadata, fileMetadata, folderMetadata, metadata } from './metadata.js';
import { checkWritable, freeNumbered, locate, mustBeThere, writeTarget } from './paths.js';
import { boolean, integer, metadataPath, optional, readPath, string, struct, union, withDefault, writePath } from './schema.js';

const kMostDeleted = 10_000;
const write = 'files.content.write';

const metadataArgument = struct({
  path: metadataPath,
  include_media_info: withDefault(boolean, false),
  include_deleted: withDefault(boolean, false),
  include_has_explicit_shared_members: withDefault(boolean, false),
  include_property_groups: optional(union({ filter_some: (value) => value }, { open: true })),
});

async function getMetadata(call) {
  const { path, include_deleted: deleted } = call.argument;
  const place = locate(call.account, path, ['path']);
  if (!place.node && deleted && place.names) {
    const gone = place.drive.tombstones.get(place.names.map(keyOf).join('/'));
    if (gone) return json(200, deletedMetadata(gone.names));
  }
  mustBeThere(place, ['path']);
  return json(200, await metadata(place.drive, place.node, { revision: place.revision }));
}

function createFolder(call) {
  const { path, autorename } = call.argument;
  const place = writeTarget(call.account, path, ['path']);
  if (place.drive.fileAbove(place.names)) throw refuse('path', 'conflict', 'file_ancestor');
  let { names } = place;
  if (place.node) {
    if (!autorename) throw refuse('path', 'conflict', place.node.kind);
    names = freeNumbered(place.drive, names, 1);
  }
  return json(200, { metadata: folderMetadata(place.drive, place.drive.makeFolder(names), { tag: false }) });
}

const relocationArgument = struct({
  from_path: writePath,
  to_path: writePath,
  allow_shared_folder: withDefault(boolean, false),
  autorename: withDefault(boolean, false),
  allow_ownership_transfer: withDefault(boolean, false),
});

function relocation(call, { copying }) {
  const { from_path: from, to_path: to, autorename } = call.argument;
  const source = mustBeThere(locate(call.account, from, ['from_lookup']), ['from_lookup']);
  if (source.names.length === 0) throw refuse('from_write', 'malformed_path');
  if (!copying) checkWritable(source.drive, source.names, ['from_write']);
  const target = writeTarget(call.account, to, ['to']);
  const { drive } = source;
  if (target.drive !== drive) throw refuse('cant_move_shared_folder');
  if (drive.fileAbove(target.names)) throw refuse('to', 'conflict', 'file_ancestor');
  const parent = drive.find(target.names.slice(0, -1));
  if (source.node.kind === 'folder' && parent && drive.isInside(parent, source.node)) {
    throw refuse(copying ? 'duplicated_or_nested_paths' : 'cant_move_folder_into_itself');
  }
  let { names } = target;
  const sameNode = target.node === source.node;
  const sameName = source.names.join('/') === names.join('/');
  if (sameNode && sameName && !autorename) throw refuse('duplicated_or_nested_paths');
  if (target.node && !(sameNode && !copying && !sameName)) {
    if (!autorename) throw refuse('to', 'conflict', target.node.kind);
    names = freeNumbered(drive, names, target.node.kind === 'folder' ? 1 : 2);
  }
  if (copying && drive.sizeOf(source.node) > drive.free) throw refuse('insufficient_quota');
  return { drive, node: source.node, names };
}

async function move(call) {
  const { drive, node, names } = relocation(call, { copying: false });
  return json(200, { metadata: await metadata(drive, drive.move(node, names)) });
}

async function copy(call) {
  const { drive, node, names } = relocation(call, { copying: true });
  return json(200, { metadata: await metadata(drive, drive.copy(node, names)) });
}

async function remove(call) {
  const { path, parent_rev: rev } = call.argument;
  const place = mustBeThere(locate(call.account, path, ['path_lookup']), ['path_lookup']);
  if (place.names.length === 0) throw refuse('path_write', 'malformed_path');
  checkWritable(place.drive, place.names, ['path_write']);
  if (rev !== undefined && (place.node.kind !== 'file' || place.node.rev !== rev)) throw refuse('path_write', 'conflict', place.node.kind);
  if (place.node.kind === 'folder') {
    let count = 0;
    for (const _ of place.drive.walk(place.node)) if (++count > kMostDeleted) throw refuse('too_many_files');
  }
  const answer = await metadata(place.drive, place.node);
  place.drive.remove(place.node);
  return json(200, { metadata: answer });
}

async function listRevisions(call) {
  const { path, limit } = call.argument;
  const place = locate(call.account, path, ['path']);
  const gone = place.node ? undefined : place.names && place.drive.tombstones.get(place.names.map(keyOf).join('/'));
  const node = place.node ?? gone?.node;
  if (!node) throw refuse('path', 'not_found');
  if (node.kind !== 'file') throw refuse('path', 'not_file');
  const revs = [...node.revisions, ...(place.node ? [node.rev] : [])].reverse();
  const entries = [];
  for (const rev of revs.slice(0, limit)) {
    const revision = place.drive.byRev.get(rev);
    entries.push(await fileMetadata(place.drive, node, { revision, tag: false }));
  }
  return json(200, { is_deleted: !place.node, entries, has_more: revs.length > limit });
}

async function restore(call) {
  const { path, rev } = call.argument;
  const place = writeTarget(call.account, path, ['path_write']);
  const revision = place.drive.byRev.get(rev);
  if (!revision) throw refuse('invalid_revision');
  const node = place.drive.writeFile(place.names, revision.content, { clientModified: revision.clientModified });
  return json(200, await fileMetadata(place.drive, node, { tag: false }));
}

export const fileRoutes = {
  'files/get_metadata': { style: 'rpc', scope: 'files.metadata.read', argument: metadataArgument, run: getMetadata },
  'files/create_folder_v2': {
    style: 'rpc', scope: write, writes: true,
    argument: struct({ path: writePath, autorename: withDefault(boolean, false) }),
    run: createFolder,
  },
  'files/move_v2': { style: 'rpc', scope: write, writes: true, argument: relocationArgument, run: move },
  'files/copy_v2': { style: 'rpc', scope: write, writes: true, argument: relocationArgument, run: copy },
  'files/delete_v2': {
    style: 'rpc', scope: write, writes: true,
    argument: struct({ path: writePath, parent_rev: optional(string({ min: 9, pattern: '[0-9a-f]+' })) }),
    run: remove,
  },
  'files/list_revisions': {
    style: 'rpc', scope: 'files.metadata.read',
    argument: struct({
      path: readPath,
      mode: withDefault(union({ path: undefined, id: undefined }, { open: true }), { tag: 'path' }),
      limit: withDefault(integer({ min: 1, max: 100 }), 10),
    }),
    run: listRevisions,
  },
  'files/restore': {
    style: 'rpc', scope: write, writes: true,
    argument: struct({ path: writePath, rev: string({ min: 9, pattern: '[0-9a-f]+' }) }),
    run: restore,
  },
};
