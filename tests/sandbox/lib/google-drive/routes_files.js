// SPDX-License-Identifier: Apache-2.0
// One file: its resource, bytes, exports; folders and other files without bytes; names, places, trash, copies.

import { randomBytes } from 'node:crypto';
import { BytesContent } from '../kernel/content.js';
import { asPdf } from '../kernel/convert.js';
import { textOf } from '../kernel/office_text.js';
import { contentReply, reply } from '../kernel/reply.js';
import { checkQuota, checkScope, flag, folderFor, jsonBody, mustBeUnlocked, mustBeWritable, placeOf, whenOf } from './call.js';
import { badValue, forbidden, googleJson, notFound, refuse } from './errors.js';
import { milliseconds, revisionId } from './files.js';
import { exportsOf, kExportFormats, kFolderType, kGoogle, kShortcutType, mimeTypeOf, nativeKind, typeOfName } from './types.js';

const kMostExport = 10 << 20;

async function resource(call, place) {
  return googleJson(200, await call.files.asked(place), {}, call.ask.query.get('prettyPrint') !== 'false');
}

function media(call, place, content, mimeType) {
  const { node, role } = place;
  checkScope(call.scopes, 'read');
  if (node.kind !== 'file' || node.native) {
    throw refuse(403, 'fileNotDownloadable', 'Only files with binary content can be downloaded. Use Export with Docs Editors files.', { location: 'alt' });
  }
  if (node.noDownload) throw refuse(403, 'cannotDownloadFile', 'This file cannot be downloaded by the user.');
  if (node.restricted) throw refuse(403, 'domainPolicy', 'The domain administrators have disabled this for the file.');
  if (node.infected && !(role === 'owner' && flag(call.ask, 'acknowledgeAbuse'))) {
    throw refuse(403, 'cannotDownloadAbusiveFile', 'This file has been identified as malware or spam and cannot be downloaded.');
  }
  return contentReply(content, call.ask.headers.range, { 'Content-Type': mimeType, 'Content-Disposition': 'attachment' });
}

function show(call, id) {
  const place = placeOf(call, id);
  const alt = call.ask.query.get('alt') ?? 'json';
  if (alt === 'media') return media(call, place, place.node.content, mimeTypeOf(place.node));
  if (alt !== 'json') throw badValue('alt', `Invalid value '${alt}'. Values must match the following regular expression: 'json|media|proto'`);
  return resource(call, place);
}

function sourceEnding({ native, extra }) {
  return extra?.source ?? { document: '.txt', spreadsheet: '.csv', presentation: '.txt' }[native] ?? '.txt';
}

// What a Google document is as a file of that type.
async function exported(call, node, mimeType) {
  const ending = sourceEnding(node);
  const { content } = node;
  if (mimeType === 'application/pdf') return asPdf(content, ending, call.cloud.workFolder);
  if (mimeType === typeOfName(`x${ending}`)) return content;
  const text = textOf(await content.bytes(), ending);
  if (text === undefined) return undefined;
  if (mimeType === 'text/plain' || mimeType === 'text/markdown') return new BytesContent(Buffer.from(text));
  if (mimeType === 'text/html') return new BytesContent(Buffer.from(`<html><body><pre>${text.replace(/[&<>]/g, (c) => `&#${c.charCodeAt(0)};`)}</pre></body></html>`));
  if (mimeType === 'text/csv') return new BytesContent(Buffer.from(text.replace(/ {4}/g, ',')));
  if (mimeType === 'text/tab-separated-values') return new BytesContent(Buffer.from(text.replace(/ {4}/g, '\t')));
  return undefined;
}

async function exportAs(call, place, mimeType, most) {
  const { node } = place;
  if (!node.native) throw refuse(403, 'fileNotExportable', 'Export only supports Docs Editors files.');
  if (node.noDownload) throw refuse(403, 'cannotExportFile', 'This file cannot be exported by the user.');
  if (!exportsOf(node.native).includes(mimeType)) throw refuse(400, 'badRequest', 'The requested conversion is not supported.', { location: 'convertTo' });
  if ((node.exportBytes ?? 0) > most) throw refuse(403, 'exportSizeLimitExceeded', 'This file is too large to be exported.');
  const made = await exported(call, node, mimeType).catch((error) => {
    call.cloud.report(error);
    return undefined;
  });
  if (!made) throw refuse(500, 'internalError', 'Internal Error');
  if (made.size > most) throw refuse(403, 'exportSizeLimitExceeded', 'This file is too large to be exported.');
  // Neither a length nor ranges.
  return { status: 200, headers: { 'Content-Type': mimeType }, body: { length: made.size, open: () => made.open(0, made.size - 1) }, chunked: true };
}

function exportFile(call, id) {
  const mimeType = call.ask.query.get('mimeType');
  if (!mimeType) throw refuse(400, 'required', 'Required parameter: mimeType', { location: 'mimeType' });
  return exportAs(call, placeOf(call, id), mimeType, kMostExport);
}

// The address in exportLinks: any size.
export function exportByLink(call) {
  const place = call.cloud.accounts.locate(call.person, call.ask.query.get('id') ?? '');
  if (!place?.role) throw notFound(call.ask.query.get('id'));
  const format = call.ask.query.get('exportFormat') ?? '';
  const type = exportsOf(place.node.native).find((one) => one === `application/${format}` || one === `text/${format}` || one.split('.').pop() === format || { txt: 'text/plain', tsv: 'text/tab-separated-values' }[format] === one);
  return exportAs(call, place, type, Infinity);
}

function startDownload(call, id) {
  const place = placeOf(call, id);
  const mimeType = call.ask.query.get('mimeType') ?? 'application/pdf';
  if (place.node.native && !exportsOf(place.node.native).includes(mimeType)) throw refuse(400, 'badRequest', 'The requested conversion is not supported.');
  const name = randomBytes(18).toString('base64url');
  call.cloud.operations.set(name, { person: call.person, id: place.node.id, mimeType, asked: 0, until: call.cloud.clock.now() + 86_400_000 });
  return googleJson(200, { name, metadata: { '@type': 'type.googleapis.com/google.apps.drive.v3.DownloadFileMetadata', resourceKey: '' } });
}

function operation(call, name) {
  const found = call.cloud.operations.get(name);
  if (!found || found.person !== call.person || found.until <= call.cloud.clock.now()) throw refuse(404, 'notFound', 'Operation not found.');
  if (found.asked++ === 0) return googleJson(200, { name, done: false });
  const downloadUri = `${call.cloud.docsHost(call.ask)}/feeds/download/operation?name=${name}`;
  return googleJson(200, { name, done: true, response: { '@type': 'type.googleapis.com/google.apps.drive.v3.DownloadFileResponse', downloadUri, partialDownloadAllowed: false } });
}

export function operationResult(call) {
  const found = call.cloud.operations.get(call.ask.query.get('name') ?? '');
  if (!found || found.person !== call.person || found.until <= call.cloud.clock.now()) throw refuse(404, 'notFound', 'Operation not found.');
  const place = call.cloud.accounts.locate(call.person, found.id);
  if (!place?.role) throw notFound(found.id);
  return place.node.native ? exportAs(call, place, found.mimeType, Infinity) : media(call, place, place.node.content, mimeTypeOf(place.node));
}

// The metadata that a caller may set, as what is kept of it.
export function settable(body) {
  const extra = {};
  for (const name of ['starred', 'properties', 'appProperties']) if (body[name] !== undefined) extra[name] = body[name];
  const created = whenOf(body.createdTime, 'createdTime');
  if (created !== undefined) extra.created = created;
  return { extra, modified: whenOf(body.modifiedTime, 'modifiedTime') };
}

export function checkNewId(call, id, native) {
  if (id === undefined) return;
  if (typeof id !== 'string' || native || !call.cloud.generatedIds.has(id)) throw refuse(400, 'invalid', 'The provided file ID is not usable.', { location: 'file.id' });
  if (call.cloud.accounts.locate(call.person, id)) throw refuse(409, 'fileIdInUse', 'A file already exists with the provided ID.');
}

export function nameOf(body) {
  if (body.name !== undefined && typeof body.name !== 'string') throw badValue('name');
  return body.name === undefined || body.name === '' ? 'Untitled' : body.name;
}

// A folder, shortcut, Google document or empty file.
async function create(call) {
  const body = await jsonBody(call.ask);
  const { mimeType } = body;
  const native = nativeKind(mimeType);
  checkNewId(call, body.id, native !== undefined || mimeType === kShortcutType);
  const { extra, modified } = settable(body);
  const place = folderFor(call, body.parents);
  const { drive, node: folder } = place;
  const common = { id: body.id, extra: { description: body.description, extra: { ...extra, byApp: true, ...(modified === undefined ? {} : { modified }) } } };
  let node;
  if (mimeType === kFolderType) {
    node = drive.createFolder(folder, nameOf(body), common);
  } else if (mimeType === kShortcutType) {
    const target = placeOf(call, body.shortcutDetails?.targetId ?? '');
    Object.assign(common.extra, { target: target.node.id });
    common.extra.extra.targetMimeType = mimeTypeOf(target.node);
    node = drive.createLink(folder, nameOf(body), common);
  } else {
    if (native && !Object.hasOwn(kExportFormats, kGoogle + native)) throw badValue('mimeType');
    const content = new BytesContent(Buffer.alloc(0));
    Object.assign(common.extra, native ? { native } : {});
    if (!native && mimeType) common.extra.extra.mimeType = mimeType;
    node = drive.createFile(folder, nameOf(body), content, { ...common, clientModified: modified });
  }
  return resource(call, call.cloud.accounts.place(call.person, drive, node));
}

export function checkUpdate(call, place, body) {
  if (body.parents !== undefined) {
    throw refuse(403, 'fieldNotWritable', 'The parents field is not directly writable in update requests. Use the addParents and removeParents parameters instead.');
  }
  mustBeWritable(place);
  if (body.name !== undefined || body.trashed !== undefined) mustBeUnlocked(place);
}

// Name, dates, flags, place, trash; gives the place that it has then.
export function applyUpdate(call, place, body) {
  const { drive, node } = place;
  const { extra, modified } = settable(body);
  const add = call.ask.query.get('addParents')?.split(',').filter(Boolean) ?? [];
  const remove = call.ask.query.get('removeParents')?.split(',').filter(Boolean) ?? [];
  let folder = node.parent;
  if (add.length > 0) {
    const target = folderFor(call, add);
    if (target.drive !== drive) throw refuse(403, 'cannotMoveTrashedItemOutOfTeamDrive', 'Moves between drives are not supported here.');
    const stays = !remove.some((id) => (id === 'root' ? drive.root.id : id) === node.parent?.id);
    if (stays && target.node !== node.parent) throw refuse(403, 'cannotAddParent', 'Increasing the number of parents is not allowed');
    if (drive.isInside(target.node, node)) throw refuse(403, 'cyclicalParents', 'A folder cannot be moved into itself.');
    folder = target.node;
  }
  if (node.parent === null && (body.name !== undefined || body.trashed !== undefined || folder !== null)) throw forbidden(node.id);
  const name = body.name === undefined ? node.name : nameOf(body);
  if (name !== node.name || folder !== node.parent) drive.relocate(node, folder, name);
  if (body.trashed === true && !node.trashed) drive.trash(node);
  if (body.trashed === false && node.trashed) drive.restore(node);
  node.extra = { ...node.extra, ...extra };
  if (body.description !== undefined) node.description = body.description;
  if (Array.isArray(body.contentRestrictions)) node.locked = body.contentRestrictions.some((one) => one?.readOnly === true) || undefined;
  if (modified !== undefined) node.extra.modified = modified;
  drive.touch(node);
  return call.cloud.accounts.place(call.person, drive, node);
}

async function update(call, id) {
  const body = await jsonBody(call.ask);
  const place = placeOf(call, id);
  checkUpdate(call, place, body);
  return resource(call, applyUpdate(call, place, body));
}

function remove(call, id) {
  const { drive, node, role } = placeOf(call, id);
  if (node.parent === null || !['owner', 'organizer'].includes(role)) throw forbidden(id);
  drive.remove(node);
  return reply(204, {});
}

function emptyTrash(call) {
  const home = call.cloud.accounts.homeOf(call.person);
  for (const node of [...home.byId.values()]) if (node.trashed && home.byId.has(node.id)) home.remove(node);
  return reply(204, {});
}

async function copy(call, id) {
  const body = await jsonBody(call.ask);
  const { node } = placeOf(call, id);
  if (node.kind === 'folder' || node.noDownload) throw refuse(403, 'cannotCopyFile', 'This file cannot be copied by the user.');
  const { drive, node: folder } = folderFor(call, body.parents ?? (node.parent && [node.parent.id]));
  const { extra, modified } = settable(body);
  const name = body.name ?? `Copy of ${node.name}`;
  if (node.kind === 'file') checkQuota({ drive }, node.content.size);
  const about = { extra: { native: node.native, target: node.target, extra: { ...node.extra, ...extra, byApp: true } } };
  const made = node.kind === 'link' ? drive.createLink(folder, name, about) : drive.createFile(folder, name, node.content, { ...about, clientModified: modified });
  return resource(call, call.cloud.accounts.place(call.person, drive, made));
}

function revisionsOf({ drive, node }) {
  return [...node.revisions, node.rev].map((rev) => drive.byRev.get(rev)).filter(Boolean);
}

async function describeRevision({ node }, { rev, content, serverModified }) {
  const { md5 } = await content.digests();
  return { kind: 'drive#revision', id: revisionId(rev), mimeType: mimeTypeOf(node), modifiedTime: milliseconds(serverModified), keepForever: false, published: false, originalFilename: node.name, md5Checksum: md5, size: String(content.size) };
}

async function revisions(call, id) {
  const place = placeOf(call, id);
  if (place.node.kind !== 'file') throw refuse(403, 'revisionsNotSupported', 'The file does not support revisions.');
  return googleJson(200, { kind: 'drive#revisionList', revisions: await Promise.all(revisionsOf(place).map((one) => describeRevision(place, one))) });
}

async function revision(call, id, revisionOf) {
  const place = placeOf(call, id);
  const found = place.node.kind === 'file' ? revisionsOf(place).find(({ rev }) => revisionId(rev) === revisionOf || revisionOf === 'head') : undefined;
  if (!found) throw refuse(404, 'notFound', `Revision not found: ${revisionOf}.`, { location: 'revisionId' });
  if (call.ask.query.get('alt') === 'media') return media(call, place, found.content, mimeTypeOf(place.node));
  return googleJson(200, await describeRevision(place, found));
}

export const fileRoutes = [
  ['POST', '/files', 'write', create],
  ['DELETE', '/files/trash', 'write', emptyTrash],
  ['GET', '/files/:id', 'metadata', show],
  ['PATCH', '/files/:id', 'write', update],
  ['DELETE', '/files/:id', 'write', remove],
  ['GET', '/files/:id/export', 'read', exportFile],
  ['POST', '/files/:id/download', 'read', startDownload],
  ['GET', '/operations/:name', 'read', operation],
  ['POST', '/files/:id/copy', 'write', copy],
  ['GET', '/files/:id/revisions', 'read', revisions],
  ['GET', '/files/:id/revisions/:rev', 'read', revision],
];
