// SPDX-License-Identifier: Apache-2.0
// WebDAV on a user's files, as Nextcloud (Sabre) does it.

import { createHash } from 'node:crypto';
import { contentReply, readBody, reply, text } from '../kernel/reply.js';
import { receive } from '../kernel/spool.js';
import { badName, badRequest, blocked, conflict, DavError, exists, forbidden, full, locked, notAllowed, notFound, notImplemented, stale } from './errors.js';
import { changed, fileId, hrefOf, kUsual, mimeType, response } from './props.js';
import { search } from './search.js';
import { childOf, element, kDav, kOwn, multistatus, parseXml, XmlError } from './xml.js';

const kMostName = 250;
const kXml = { 'Content-Type': 'application/xml; charset=utf-8' };
const kAllow = 'OPTIONS, GET, HEAD, DELETE, PROPFIND, PUT, PROPPATCH, COPY, MOVE, REPORT, SEARCH';

export function decodePath(path) {
  try {
    return path.split('/').filter(Boolean).map(decodeURIComponent);
  } catch {
    throw badRequest('The path is not valid UTF-8');
  }
}

const shown = (call, names) => `${call.filesPath}/${names.join('/')}`;

function existing(call) {
  const node = call.drive.find(call.names);
  if (!node) throw notFound(shown(call, call.names));
  return node;
}

export function checkName(name) {
  if (/[\\\u0000-\u001f]/.test(name)) throw badName('File name contains at least one invalid character');
  if (name.length > kMostName) throw badName('File name is too long');
  if (/^\.htaccess$/i.test(name)) throw badName(`"${name}" is a forbidden file or folder name.`);
  if (/\.(part|filepart)$/i.test(name)) throw badName(`"${name}" is a forbidden file type.`);
  if (name !== name.trimStart() && name.trim() === '') throw badName('Empty filename is not allowed');
}

export function checkWritable(call, node) {
  for (let at = node; at; at = at.parent) if (at.readOnly) throw forbidden();
  if (node.locked) throw locked(shown(call, call.drive.namesOf(node)));
}

function tagMatches(header, etag) {
  return header.split(',').some((one) => ['*', etag].includes(one.trim().replace(/^W\//, '').replace(/^"|"$/g, '').replace(/-gzip$/, '')));
}

// If-Match and If-None-Match; true when nothing has changed for somebody who only looks.
export function checkTags(call, node) {
  const { headers, method } = call.ask;
  const etag = node && call.account.etag(node);
  if (headers['if-match'] !== undefined && (!node || !tagMatches(headers['if-match'], etag))) throw stale('If-Match');
  if (headers['if-none-match'] !== undefined && node && tagMatches(headers['if-none-match'], etag)) {
    if (['GET', 'HEAD'].includes(method)) return true;
    throw stale('If-None-Match');
  }
  return false;
}

export async function readXml(call, root) {
  const body = (await readBody(call.ask.stream, 4 << 20)).toString('utf8');
  if (body.trim() === '') return undefined;
  try {
    const element = parseXml(body);
    if (element.space !== kDav || element.local !== root) throw badRequest(`Expected {DAV:}${root} but received {${element.space}}${element.local} as the root element`);
    return element;
  } catch (error) {
    if (error instanceof XmlError) throw badRequest(`This XML document is not well-formed: ${error.message}`);
    throw error;
  }
}

// Depth infinity is not done: it counts as 1.
export const depthOf = (ask) => (ask.headers.depth === '0' ? 0 : 1);

async function propfind(call) {
  const asked = await readXml(call, 'propfind');
  const node = existing(call);
  const names = childOf(asked, kDav, 'prop')?.children;
  const minimal = names === undefined || /return=minimal/.test(call.ask.headers.prefer ?? '');
  const nodes = [node, ...(depthOf(call.ask) === 1 && node.kind === 'folder' ? call.drive.childrenOf(node).values() : [])];
  const body = multistatus(nodes.map((one) => response(call, one, names ?? kUsual, { minimal })));
  return reply(207, { ...kXml, Vary: 'Brief,Prefer', DAV: '1, 3, extended-mkcol, access-control, calendarserver-principal-property-search, oc-resource-sharing, nextcloud-checksum-update' }, body);
}

const kSettable = new Set([`${kOwn} favorite`, `${kDav} lastmodified`, `${kDav} getlastmodified`, `${kDav} creationdate`]);

async function proppatch(call) {
  const asked = await readXml(call, 'propertyupdate');
  const node = existing(call);
  checkWritable(call, node);
  const wanted = (asked?.children ?? []).flatMap((one) => childOf(one, kDav, 'prop')?.children ?? []);
  const refused = wanted.filter((one) => !kSettable.has(`${one.space} ${one.local}`));
  if (refused.length === 0) {
    for (const one of wanted) {
      if (one.local === 'favorite') node.favorite = one.text === '1' || one.text === 'true';
      else if (one.local !== 'creationdate') setTime(call, node, /^\d+$/.test(one.text) ? Number(one.text) * 1000 : Date.parse(one.text));
    }
    call.drive.touch(node);
  }
  const state = (one) => `<d:propstat><d:prop>${element(one)}</d:prop><d:status>HTTP/1.1 ${refused.length === 0 ? '200 OK' : refused.includes(one) ? '403 Forbidden' : '424 Failed Dependency'}</d:status></d:propstat>`;
  return reply(207, kXml, multistatus([`<d:response><d:href>${hrefOf(call, node)}</d:href>${wanted.map(state).join('')}</d:response>`]));
}

function setTime(call, node, when) {
  if (Number.isNaN(when)) throw badRequest('The time is not valid');
  if (node.kind === 'file') node.clientModified = when;
  else node.modified = when;
}

function headersOf(call, node) {
  const etag = `"${call.account.etag(node)}"`;
  return { ETag: etag, 'OC-ETag': etag, 'OC-FileId': fileId(node) };
}

function download(call) {
  const node = existing(call);
  if (node.kind === 'folder') {
    return text(200, 'This is the WebDAV interface. It can only be accessed by WebDAV clients such as the Nextcloud desktop sync client.');
  }
  if (node.restricted) throw blocked();
  const headers = { ...headersOf(call, node), 'Last-Modified': new Date(changed(node)).toUTCString() };
  if (checkTags(call, node)) return reply(304, headers);
  const name = encodeURIComponent(node.name).replace(/'/g, '%27');
  // A range is for the file that the client knows; with another one it gets all of it.
  const unless = call.ask.headers['if-range'];
  const range = unless === undefined || tagMatches(unless, call.account.etag(node)) ? call.ask.headers.range : undefined;
  return contentReply(node.content, range, { 'Content-Type': mimeType(node.name), 'Content-Disposition': `attachment; filename*=UTF-8''${name}; filename="${name}"`, 'X-Accel-Buffering': 'no', ...headers });
}

export function readTime(ask) {
  const value = ask.headers['x-oc-mtime'];
  if (value === undefined) return undefined;
  if (!/^\d+(\.\d+)?$/.test(value)) throw badRequest('X-OC-MTime header must be an integer (unix timestamp).');
  return Math.floor(Number(value)) * 1000;
}

export function checkSpace(call, names, size, replaced) {
  if (call.account.unlimited || !Number.isFinite(size)) return;
  const back = replaced?.kind === 'file' ? replaced.content.size : 0;
  const free = call.drive.free + back;
  if (size > free) throw full(shown(call, names), size, free);
}

// New bytes at `names`; gives the answer to the request that brought them.
export function store(call, names, content, replaced, more = {}) {
  const time = readTime(call.ask);
  const checksum = call.ask.headers['oc-checksum'];
  const node = call.drive.writeFile(names, content, { clientModified: time });
  node.checksums = checksum === undefined ? undefined : { text: checksum.trim(), rev: node.rev };
  call.cloud.noteUpload(call, node);
  return reply(replaced ? 204 : 201, { ...headersOf(call, node), ...(time === undefined ? {} : { 'X-OC-MTime': 'accepted' }), ...more }, replaced ? undefined : '');
}

const kHashes = ['md5', 'sha1', 'sha256'];

async function hashOf(content, kind) {
  const hash = createHash(kind);
  if (content.size > 0) for await (const piece of content.open(0, content.size - 1)) hash.update(piece);
  return hash.digest('hex');
}

// X-Hash on an upload: what arrived, as the server sees it.
async function hashHeaders(ask, content) {
  const asked = (ask.headers['x-hash'] ?? '').toLowerCase();
  const wanted = kHashes.filter((kind) => asked === kind || asked === 'all');
  return Object.fromEntries(await Promise.all(wanted.map(async (kind) => [`X-Hash-${kind.toUpperCase()}`, await hashOf(content, kind)])));
}

// X-Recalculate-Hash: the stored file's checksum is worked out anew and kept.
async function recalculate(call) {
  const node = existing(call);
  const kind = (call.ask.headers['x-recalculate-hash'] ?? '').toLowerCase();
  if (node.kind !== 'file' || !kHashes.includes(kind)) throw notImplemented('PATCH');
  const checksum = `${kind.toUpperCase()}:${await hashOf(node.content, kind)}`;
  node.checksums = { text: checksum, rev: node.rev };
  return reply(204, { 'OC-Checksum': checksum, 'Content-Length': '0' });
}

// The file or nothing at `names`, where new bytes may go.
export function writablePlace(call, names) {
  const parent = call.drive.find(names.slice(0, -1));
  if (!parent || parent.kind !== 'folder') throw notFound(shown(call, names.slice(0, -1)));
  const node = call.drive.find(names);
  if (node?.kind === 'folder') throw conflict('PUT is not allowed on non-files.');
  if (!node) checkName(names[names.length - 1]);
  checkWritable(call, node ?? parent);
  return node;
}

async function upload(call) {
  const { ask, names } = call;
  if (names.length === 0) throw conflict('PUT is not allowed on non-files.');
  if (ask.headers['content-range'] !== undefined) throw notImplemented('PUT with Content-Range');
  readTime(ask);
  const replaced = writablePlace(call, names);
  checkTags(call, replaced);
  const announced = ask.headers['content-length'] ?? ask.headers['x-expected-entity-length'] ?? ask.headers['oc-total-length'];
  if (announced !== undefined) checkSpace(call, names, Number(announced), replaced);
  const content = await receive(ask.stream, call.cloud.uploadFolder);
  checkSpace(call, names, content.size, replaced);
  return store(call, names, content, call.drive.find(names), await hashHeaders(ask, content));
}

async function makeFolder(call) {
  const { drive, names } = call;
  const body = await readBody(call.ask.stream, 1 << 16);
  if (body.length > 0 && !/xml/.test(call.ask.headers['content-type'] ?? '')) {
    throw new DavError(415, 'Sabre\\DAV\\Exception\\UnsupportedMediaType', 'The request body for the MKCOL request must have an xml Content-Type');
  }
  if (drive.find(names)) throw exists();
  const parent = drive.find(names.slice(0, -1));
  if (!parent) throw conflict('Parent node does not exist');
  if (parent.kind !== 'folder') throw conflict('Parent node is not a collection');
  checkName(names[names.length - 1]);
  checkWritable(call, parent);
  const node = drive.makeFolder(names);
  return reply(201, { 'OC-FileId': fileId(node) }, '');
}

function remove(call) {
  const node = existing(call);
  if (!node.parent) throw forbidden('The root cannot be deleted');
  checkTags(call, node);
  checkWritable(call, node);
  call.drive.remove(node);
  return reply(204);
}

// The names below the user's files in a Destination header.
export function destinationOf(call) {
  const header = call.ask.headers.destination;
  if (header === undefined) throw badRequest('The destination header was not supplied');
  let path;
  try {
    path = new URL(header, 'http://sandbox').pathname;
  } catch {
    throw badRequest('The destination header is not an address');
  }
  const base = call.roots.find((root) => path === root || path.startsWith(`${root}/`));
  if (base === undefined) throw forbidden(`Requested uri (${path}) is out of base uri`);
  return decodePath(path.slice(base.length));
}

function overwrite(call) {
  const value = (call.ask.headers.overwrite ?? 'T').toUpperCase();
  if (!['T', 'F'].includes(value)) throw badRequest('The HTTP Overwrite header should be either T or F');
  return value === 'T';
}

// { names, replaced } of a MOVE or COPY.
export function target(call) {
  const names = destinationOf(call);
  const parent = call.drive.find(names.slice(0, -1));
  if (names.length === 0) throw forbidden('The root cannot be replaced');
  if (!parent) throw conflict('The destination node is not found');
  if (parent.kind !== 'folder') throw conflict('The destination node is not a collection');
  const replaced = call.drive.find(names);
  if (replaced && !overwrite(call)) throw stale('Overwrite');
  if (!replaced) checkName(names[names.length - 1]);
  checkWritable(call, replaced ?? parent);
  return { names, replaced };
}

function moveOrCopy(call) {
  const node = existing(call);
  const isMove = call.ask.method === 'MOVE';
  const { names, replaced } = target(call);
  if (node === replaced) throw forbidden('Source and destination uri are identical.');
  if (call.drive.isInside(call.drive.find(names.slice(0, -1)), node)) throw conflict('The destination may not be part of the same subtree as the source path.');
  if (isMove) checkWritable(call, node);
  else checkSpace(call, names, node.content?.size ?? 0, replaced);
  if (replaced) call.drive.remove(replaced);
  const made = isMove ? call.drive.move(node, names) : call.drive.copy(node, names);
  return reply(replaced ? 204 : 201, made.kind === 'file' ? headersOf(call, made) : {}, replaced ? undefined : '');
}

const kMethods = {
  OPTIONS: () => reply(200, { Allow: kAllow, DAV: '1, 3, extended-mkcol, access-control, calendarserver-principal-property-search, oc-resource-sharing, nextcloud-checksum-update', 'MS-Author-Via': 'DAV', 'Accept-Ranges': 'bytes' }, ''),
  PROPFIND: propfind,
  PROPPATCH: proppatch,
  GET: download,
  HEAD: download,
  PUT: upload,
  MKCOL: makeFolder,
  PATCH: recalculate,
  DELETE: remove,
  MOVE: moveOrCopy,
  COPY: moveOrCopy,
  SEARCH: search,
};

export const kWrites = new Set(['PROPPATCH', 'PUT', 'MKCOL', 'DELETE', 'MOVE', 'COPY']);

// call: { cloud, ask, account, drive, names, root, roots, filesPath }
export function files(call) {
  if (call.ask.method === 'POST') throw notAllowed('POST is not allowed here');
  if (!Object.hasOwn(kMethods, call.ask.method)) throw notImplemented(call.ask.method);
  return kMethods[call.ask.method](call);
}
