// SPDX-License-Identifier: Apache-2.0
// The properties of a file or folder.

import { encodePath, element, escape, kDav, kNext, kOwn } from './xml.js';

const kInstance = 'ocsandboxinst';
const kTypes = {
  pdf: 'application/pdf', txt: 'text/plain', md: 'text/markdown', csv: 'text/csv', html: 'text/html', css: 'text/css', json: 'application/json',
  jpg: 'image/jpeg', jpeg: 'image/jpeg', png: 'image/png', gif: 'image/gif', bmp: 'image/bmp', tif: 'image/tiff', tiff: 'image/tiff', webp: 'image/webp',
  rtf: 'text/rtf', odt: 'application/vnd.oasis.opendocument.text', doc: 'application/msword',
  docx: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document', xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet', wav: 'audio/wav', mp4: 'video/mp4', zip: 'application/zip',
};
const kPreviews = new Set(['image/jpeg', 'image/png', 'image/gif', 'image/bmp', 'image/webp']);
const kMostPreview = 50 << 20;

export function mimeType(name) {
  return kTypes[name.slice(name.lastIndexOf('.') + 1).toLowerCase()] ?? 'application/octet-stream';
}

export function hasPreview(node) {
  return node.kind === 'file' && kPreviews.has(mimeType(node.name)) && node.content.size > 0 && node.content.size <= kMostPreview;
}

export const changed = (node) => (node.kind === 'file' ? node.clientModified : node.modified);

// Recursive sizes, worked out again only where something below has changed.
const sizes = new WeakMap();

export function sizeOf(drive, node) {
  if (node.kind === 'file') return node.content.size;
  const known = sizes.get(node);
  if (known?.seq === drive.seq) return known.size;
  let size = 0;
  for (const inner of drive.childrenOf(node).values()) size += sizeOf(drive, inner);
  sizes.set(node, { seq: drive.seq, size });
  return size;
}

function readOnly(node) {
  for (let at = node; at; at = at.parent) if (at.readOnly) return true;
  return false;
}

function permissions(drive, node) {
  if (readOnly(node)) return 'G';
  return node.kind === 'folder' ? 'RGDNVCK' : 'RGDNVW';
}

export const fileId = (node) => `${node.id.padStart(8, '0')}${kInstance}`;

const kProperties = {
  [kDav]: {
    getlastmodified: (_, node) => new Date(changed(node)).toUTCString(),
    creationdate: (_, node) => new Date(node.created).toISOString().replace(/\.\d+Z$/, '+00:00'),
    getetag: ({ account }, node) => escape(`"${account.etag(node)}"`),
    getcontenttype: (_, node) => (node.kind === 'file' ? mimeType(node.name) : undefined),
    getcontentlength: (_, node) => (node.kind === 'file' ? node.content.size : undefined),
    resourcetype: (_, node) => (node.kind === 'folder' ? '<d:collection/>' : ''),
    displayname: ({ account }, node) => escape(node.parent ? node.name : account.id),
    'quota-used-bytes': ({ drive }, node) => (node.kind === 'folder' ? sizeOf(drive, node) + (node.parent ? 0 : drive.usedElsewhere) : undefined),
    'quota-available-bytes': ({ account, drive }, node) => (node.kind === 'folder' ? (account.unlimited ? -3 : drive.free) : undefined),
    lockdiscovery: () => '',
    supportedlock: () => ['exclusive', 'shared'].map((scope) => `<d:lockentry><d:lockscope><d:${scope}/></d:lockscope><d:locktype><d:write/></d:locktype></d:lockentry>`).join(''),
  },
  [kOwn]: {
    id: (_, node) => fileId(node),
    fileid: (_, node) => node.id,
    size: ({ drive }, node) => sizeOf(drive, node),
    permissions: ({ drive }, node) => permissions(drive, node),
    checksums: (_, node) => (node.checksums && node.checksums.rev === node.rev ? `<oc:checksum>${escape(node.checksums.text)}</oc:checksum>` : undefined),
    'owner-id': ({ account }) => escape(account.id),
    'owner-display-name': ({ account }) => escape(account.person.name),
    favorite: (_, node) => (node.favorite ? 1 : 0),
    'comments-unread': () => 0,
    'share-types': () => '',
    tags: () => '',
    'data-fingerprint': () => '',
  },
  [kNext]: {
    'has-preview': (_, node) => String(hasPreview(node)),
    creation_time: (_, node) => Math.floor(node.created / 1000),
    upload_time: (_, node) => (node.kind === 'file' ? Math.floor(node.serverModified / 1000) : undefined),
    'mount-type': () => '',
    'is-encrypted': () => 0,
    'is-mount-root': () => 'false',
    'contained-folder-count': ({ drive }, node) => (node.kind === 'folder' ? [...drive.childrenOf(node).values()].filter((one) => one.kind === 'folder').length : undefined),
    'contained-file-count': ({ drive }, node) => (node.kind === 'folder' ? [...drive.childrenOf(node).values()].filter((one) => one.kind === 'file').length : undefined),
    lock: (_, node) => (node.locked ? 1 : undefined),
  },
};

// What is told when nobody asks for anything in particular.
export const kUsual = ['getlastmodified', 'getcontentlength', 'resourcetype', 'quota-used-bytes', 'quota-available-bytes', 'getetag', 'getcontenttype'].map((local) => ({ space: kDav, local }));

export const hrefOf = (call, node) => {
  const path = call.drive.namesOf(node).join('/');
  return encodePath(`${call.root}/${path}${node.kind === 'folder' && path !== '' ? '/' : ''}`);
};

function propstat(properties, status) {
  return `<d:propstat><d:prop>${properties.join('')}</d:prop><d:status>HTTP/1.1 ${status}</d:status></d:propstat>`;
}

// One <d:response>. minimal: properties that are not there are not mentioned.
export function response(call, node, wanted, { minimal = false } = {}) {
  const there = [];
  const missing = [];
  for (const name of wanted) {
    const value = kProperties[name.space]?.[name.local]?.(call, node);
    if (value === undefined) missing.push(element(name));
    else there.push(element(name, String(value)));
  }
  const parts = [...(there.length > 0 || missing.length === 0 || minimal ? [propstat(there, '200 OK')] : []), ...(missing.length > 0 && !minimal ? [propstat(missing, '404 Not Found')] : [])];
  return `<d:response><d:href>${escape(hrefOf(call, node))}</d:href>${parts.join('')}</d:response>`;
}
