// SPDX-License-Identifier: Apache-2.0
// Dropbox's Metadata objects.

import { isoSeconds } from '../kernel/clock.js';

function pathFields(drive, names) {
  const display = `/${names.join('/')}`;
  return { path_lower: display.toLowerCase(), path_display: display };
}

export async function fileMetadata(drive, node, { revision, tag = true, hash = true } = {}) {
  const content = revision?.content ?? node.content;
  const about = revision ?? node;
  return {
    ...(tag ? { '.tag': 'file' } : {}),
    name: node.name,
    id: `id:${node.id}`,
    client_modified: isoSeconds(about.clientModified),
    server_modified: isoSeconds(about.serverModified),
    rev: about.rev,
    size: content.size,
    ...pathFields(drive, drive.namesOf(node)),
    ...(node.readOnly ? { sharing_info: { read_only: true, parent_shared_folder_id: '84528192421' } } : {}),
    is_downloadable: node.exportAs === undefined,
    ...(node.exportAs ? { export_info: { export_as: node.exportAs, export_options: node.exportOptions } } : {}),
    ...(hash && !node.exportAs ? { content_hash: await content.contentHash() } : {}),
  };
}

export function folderMetadata(drive, node, { tag = true } = {}) {
  return {
    ...(tag ? { '.tag': 'folder' } : {}),
    name: node.name,
    id: `id:${node.id}`,
    ...pathFields(drive, drive.namesOf(node)),
    ...(node.readOnly ? { sharing_info: { read_only: true, shared_folder_id: '84528192421', traverse_only: false, no_access: false } } : {}),
  };
}

export function deletedMetadata(names) {
  return { '.tag': 'deleted', name: names[names.length - 1], ...pathFields(undefined, names) };
}

export function metadata(drive, node, options = {}) {
  return node.kind === 'file' ? fileMetadata(drive, node, options) : folderMetadata(drive, node, options);
}

// Header JSON is ASCII: everything from U+007F up is escaped.
export function headerJson(value) {
  return JSON.stringify(value).replace(/[\u007f-\uffff]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
