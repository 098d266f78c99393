// SPDX-License-Identifier: Apache-2.0
// driveItem: what Graph says about a file or folder.

import { createHash } from 'node:crypto';
import { isoSeconds } from '../kernel/clock.js';
import { linkTo } from './links.js';
import { hashOf } from './quick_xor.js';
import { ordering, pageOf } from './odata.js';
import { hasThumbnail, thumbnailSet } from './thumbnails.js';

const kTypes = {
  pdf: 'application/pdf', txt: 'text/plain', md: 'text/markdown', csv: 'text/csv', html: 'text/html', json: 'application/json',
  jpg: 'image/jpeg', jpeg: 'image/jpeg', png: 'image/png', gif: 'image/gif', bmp: 'image/bmp', tif: 'image/tiff', tiff: 'image/tiff', webp: 'image/webp',
  rtf: 'application/rtf', odt: 'application/vnd.oasis.opendocument.text', doc: 'application/msword', xls: 'application/vnd.ms-excel',
  docx: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  pptx: 'application/vnd.openxmlformats-officedocument.presentationml.presentation', wav: 'audio/wav', mp4: 'video/mp4', zip: 'application/zip',
};
const kDownloadUrlSeconds = 3600;

export function endingOf(name) {
  const dot = name.lastIndexOf('.');
  return dot > 0 ? name.slice(dot + 1).toLowerCase() : '';
}

export const mimeType = (name) => kTypes[endingOf(name)] ?? 'application/octet-stream';

export function isInfected(node) {
  return Boolean(node.infected || node.restricted);
}

export function isPackage(node) {
  return node.exportAs !== undefined;
}

// Recursive sizes, worked out again only where the drive has changed.
const sizes = new WeakMap();

function sizeOf(drive, node) {
  if (node.kind === 'file') return node.content.size;
  const known = sizes.get(node);
  if (known?.seq === drive.seq) return known.size;
  let size = 0;
  for (const inner of drive.childrenOf(node).values()) size += sizeOf(drive, inner);
  sizes.set(node, { seq: drive.seq, size });
  return size;
}

const guids = new WeakMap();

function nodeGuid(node) {
  if (!guids.has(node)) guids.set(node, guidOf(node));
  return guids.get(node);
}

function guidOf(node) {
  const hex = createHash('md5').update(node.id).digest('hex').toUpperCase();
  return `{${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}}`;
}

export function eTag(library, node) {
  if (library.business) return `"${nodeGuid(node)},${node.version}"`;
  return Buffer.from(`${nodeGuid(node)}.${node.version}`).toString('base64');
}

function cTag(library, node) {
  if (library.business && node.kind === 'folder') return undefined;
  const revision = node.kind === 'file' ? node.rev : node.version;
  return library.business ? `"c:${nodeGuid(node)},${parseInt(String(revision).slice(0, 6), 16)}"` : Buffer.from(`c:${nodeGuid(node)}.${revision}`).toString('base64');
}

// Whether a list of tags, or *, names the item.
export function tagMatches(header, library, node) {
  const bare = (tag) => tag.trim().replace(/^W\//, '').replace(/^"|"$/g, '');
  const mine = [eTag(library, node), cTag(library, node)].filter(Boolean).map(bare);
  const wanted = header.trim() === '*' ? mine : [bare(header), ...header.split(/\s*,\s*(?=")/).map(bare)];
  return wanted.some((tag) => mine.includes(tag));
}

// The personal store writes fractions of seconds, the other none.
function time(library, node, milliseconds) {
  const text = isoSeconds(milliseconds);
  if (library.business) return text;
  const fraction = String(parseInt(nodeGuid(node).slice(1, 5), 16) % 1000).padStart(3, '0').replace(/0+$/, '');
  return fraction === '' ? text : `${text.slice(0, -1)}.${fraction}Z`;
}

const encodeNames = (names) => names.map((name) => `/${encodeURIComponent(name)}`).join('');

export function parentReference(library, node, { path = true } = {}) {
  const { drive } = library;
  const base = { driveType: library.kind, driveId: library.otherId };
  if (!node.parent) return base;
  return {
    ...base,
    id: library.itemId(node.parent),
    ...(path ? { name: node.parent.parent ? node.parent.name : 'root', path: `/drives/${library.otherId}/root:${encodeNames(drive.namesOf(node.parent))}` } : {}),
    ...(library.site ? { siteId: library.site.id } : {}),
  };
}

function facets(library, node) {
  const { drive } = library;
  if (node.exportAs !== undefined) return { package: { type: 'oneNote' } };
  if (node.kind === 'file') return {};
  return { folder: { childCount: drive.childrenOf(node).size, ...(library.business ? {} : { view: { viewType: 'thumbnails', sortBy: 'name', sortOrder: 'ascending' } }) } };
}

export function webUrl(library, node) {
  return library.business ? library.webUrl + encodeNames(library.drive.namesOf(node)) : `https://1drv.ms/f/${library.itemId(node)}`;
}

// path: false in answers that leave the parent's path out.
export async function describe(ask, library, node, { path = true, download = true } = {}) {
  const made = time(library, node, node.created);
  const isFile = node.kind === 'file';
  const isRoot = node === library.drive.root;
  const changed = isFile ? node.serverModified : node.modified;
  const late = ask.cloud.hashDelaySeconds > 0 && isFile && node.serverModified > ask.now - ask.cloud.hashDelaySeconds * 1000;
  const hash = isFile && !isPackage(node) && !late ? await hashOf(node.content) : undefined;
  return {
    ...(isFile && !isPackage(node) && download ? { '@microsoft.graph.downloadUrl': linkTo(ask, 'content', { drive: library.id, item: node.id }, kDownloadUrlSeconds, library) } : {}),
    createdDateTime: made,
    ...(cTag(library, node) ? { cTag: cTag(library, node) } : {}),
    eTag: eTag(library, node),
    id: library.itemId(node),
    lastModifiedDateTime: time(library, node, changed),
    name: isRoot ? 'root' : node.name,
    size: sizeOf(library.drive, node),
    webUrl: webUrl(library, node),
    createdBy: library.owner.user ? { user: library.owner.user } : { group: library.owner.group },
    parentReference: parentReference(library, node, { path }),
    ...(isFile && !isPackage(node) ? { file: { mimeType: mimeType(node.name), ...(hash === undefined ? {} : { hashes: { quickXorHash: hash } }) } } : {}),
    fileSystemInfo: {
      createdDateTime: isoSeconds(node.clientCreated ?? node.created),
      lastModifiedDateTime: isoSeconds(isFile ? node.clientModified : changed),
    },
    ...facets(library, node),
    ...(isRoot ? { root: {} } : {}),
    ...(isInfected(node) ? { malware: { description: 'Sandbox test virus' } } : {}),
    ...(node.shareWith ? { shared: { scope: 'users', owner: library.owner } } : {}),
  };
}

// An item that lives in another drive, as it stands in this one.
export async function remoteItem(ask, library, node, { id, name = node.name, parent } = {}) {
  const facts = await describe(ask, library, node, { path: false, download: false });
  const { createdDateTime, lastModifiedDateTime, size, file, folder, fileSystemInfo, parentReference: at, webUrl: url } = facts;
  return {
    createdDateTime, lastModifiedDateTime, name, size, webUrl: url, id: id ?? facts.id, ...(parent ? { parentReference: parent } : {}),
    remoteItem: { createdDateTime, lastModifiedDateTime, id: facts.id, name: facts.name, size, webUrl: url, fileSystemInfo, parentReference: at, ...(file ? { file } : {}), ...(folder ? { folder } : {}), shared: { scope: 'users', owner: library.owner } },
  };
}

// An item as it stands in its folder: one that lives elsewhere says where.
export async function describeHere(cloud, ask, library, node) {
  const home = node.target && cloud.libraries.get(node.target.drive);
  const there = home?.drive.findById(node.target.item);
  if (!there) return describe(ask, library, node);
  return remoteItem(ask, home, there, { id: library.itemId(node), name: node.name, parent: parentReference(library, node) });
}

// $select and $expand applied.
export async function shaped(call, library, node, options, facts) {
  const { ask } = call;
  const whole = { ...facts };
  if (options.expand.has('thumbnails')) whole.thumbnails = hasThumbnail(node) ? [thumbnailSet(ask, library, node)] : [];
  if (options.expand.has('children') && node.kind === 'folder') {
    whole.children = await Promise.all([...library.drive.childrenOf(node).values()].map((child) => describe(ask, library, child)));
  }
  if (!options.select) return whole;
  const keep = new Set([...options.select, ...options.expand].map((one) => one.split('/')[0]));
  const withUrl = keep.has('@microsoft.graph.downloadUrl') || (keep.has('id') && keep.has('content.downloadUrl'));
  const kept = Object.entries(whole).filter(([key]) => keep.has(key) || (withUrl && key === '@microsoft.graph.downloadUrl'));
  return { '@odata.etag': facts.eTag, ...Object.fromEntries(kept) };
}

// Sorted children are kept while the drive stays as it is: 20,000 entries are asked for in many pages.
const sorted = new WeakMap();

function sortedChildren(library, folder, orderBy) {
  const { drive } = library;
  const { key, down } = ordering(orderBy, library);
  const known = sorted.get(folder);
  if (known?.seq === drive.seq && known.key === key && known.down === down && known.children === folder.children) return known.list;
  const keys = {
    name: (node) => node.name.normalize('NFC').toLowerCase(),
    size: (node) => sizeOf(drive, node),
    lastModifiedDateTime: (node) => node.serverModified ?? node.modified,
  };
  const list = [...drive.childrenOf(folder).values()].map((node) => [keys[key](node), node]);
  list.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  if (down) list.reverse();
  const nodes = list.map(([, node]) => node);
  sorted.set(folder, { seq: drive.seq, key, down, children: folder.children, list: nodes });
  return nodes;
}

export async function listing(call, library, folder, options) {
  const { ask, cloud } = call;
  const all = sortedChildren(library, folder, options.orderBy);
  const { part, next } = pageOf(all, options, ask, cloud.pageCap, library);
  const value = await Promise.all(
    part.map(async (node) => {
      const facts = await describeHere(cloud, ask, library, node);
      return shaped(call, library, node, options, facts);
    }),
  );
  return { value, next };
}
