// SPDX-License-Identifier: Apache-2.0
// Bytes: download (also as PDF), thumbnails, upload in one piece; and the addresses without tokens that carry them.

import { asPdf } from '../kernel/convert.js';
import { contentReply, json, redirect, reply } from '../kernel/reply.js';
import { existing } from './address.js';
import { invalid, malware, nameTaken, notFound, refuse } from './errors.js';
import { eTag, endingOf, isInfected, isPackage, mimeType, tagMatches } from './items.js';
import { linkTo, readLink } from './links.js';
import { checkName, freeName } from './names.js';
import { readOptions } from './odata.js';
import { kAnyFiles } from './routes_account.js';
import { behaviourOf, checkTags, checkWritable, context, itemPath, itemReply, kItself, kWrite, placeOf } from './routes_items.js';
import { commitFromSession } from './routes_sessions.js';
import { boxOf, hasThumbnail, thumbnailReply, thumbnailSet } from './thumbnails.js';

const kMostSimple = 250 * 1000 * 1000;
const kRedirectSeconds = 600;
const kToPdf = new Set('doc docx odp ods odt pps ppsx ppt pptx rtf xls xlsx'.split(' '));

function readable(place) {
  const node = existing(place);
  if (node.kind === 'folder' || isPackage(node)) throw invalid('You cannot get content for a folder or a package.', 'notAFile');
  if (isInfected(node)) throw malware();
  if (node.noDownload) throw refuse(403, 'notAllowed', 'Downloading is blocked by a policy of the organisation.');
  return node;
}

function download(call) {
  const { library, ...place } = placeOf(call);
  const node = readable(place);
  const { ask } = call;
  const format = ask.query.get('format');
  const facts = { drive: library.id, item: node.id };
  if (format === null) {
    const unless = ask.headers['if-none-match'];
    if (unless !== undefined && tagMatches(unless, library, node)) return reply(304, { ETag: eTag(library, node) });
    return redirect(linkTo(ask, 'content', facts, kRedirectSeconds, library));
  }
  const ending = endingOf(node.name);
  if (format !== 'pdf') throw invalid(`The format '${format}' is not supported.`);
  if (!kToPdf.has(ending)) throw refuse(406, 'notSupported', ending, 'InputFormatNotSupported');
  return redirect(linkTo(ask, 'pdf', facts, kRedirectSeconds, library));
}

function thumbnails(call) {
  const { library, ...place } = placeOf(call);
  const node = existing(place);
  const sizes = readOptions(call.ask.query, { allow: ['$select'], properties: { has: (name) => name === 'id' || boxOf(name) !== undefined } }).select;
  const wanted = sizes && [...sizes].filter((name) => name !== 'id');
  return json(200, { ...context(call, library, 'thumbnails'), value: hasThumbnail(node) ? [thumbnailSet(call.ask, library, node, wanted)] : [] });
}

function oneThumbnail(call) {
  const { library, tail, ...place } = placeOf(call);
  const node = existing(place);
  const [, set, size, content] = tail.split('/');
  if (!hasThumbnail(node) || set !== '0' || !boxOf(size)) throw notFound();
  const one = thumbnailSet(call.ask, library, node, [size])[size];
  return content === 'content' ? redirect(one.url) : json(200, { ...context(call, library, 'thumbnails'), ...one });
}

// The file behind an address without a token.
function linked(cloud, ask, kind) {
  const facts = readLink(kind, ask.query.get('tempauth'), ask.now);
  if (!facts) throw refuse(401, 'unauthenticated', 'The address is not valid any more.');
  const library = cloud.libraries.get(facts.drive);
  const node = library?.drive.findById(facts.item);
  if (!node) throw notFound();
  if (isInfected(node)) throw malware();
  return { library, node, facts };
}

export function sendContent(cloud, ask) {
  const { library, node } = linked(cloud, ask, 'content');
  const headers = { ETag: eTag(library, node).replace(/^([^"].*)$/, '"$1"'), 'Last-Modified': new Date(node.serverModified).toUTCString() };
  const unless = ask.headers['if-none-match'];
  if (unless !== undefined && tagMatches(unless, library, node)) return reply(304, { ETag: headers.ETag });
  const name = encodeURIComponent(node.name).replace(/'/g, '%27');
  return contentReply(node.content, ask.headers.range, { 'Content-Type': mimeType(node.name), 'Content-Disposition': `attachment; filename*=UTF-8''${name}`, ...headers });
}

export async function sendPdf(cloud, ask) {
  const { node } = linked(cloud, ask, 'pdf');
  const made = await asPdf(node.content, `.${endingOf(node.name)}`, cloud.workFolder).catch(() => undefined);
  if (!made) throw refuse(500, 'generalException', 'General exception while processing', 'OfficeConversion_ConverterInternal');
  return reply(200, { 'Content-Type': 'application/pdf' }, { length: made.size, open: () => made.open(0, made.size - 1) });
}

export async function sendThumbnail(cloud, ask) {
  const { node, facts } = linked(cloud, ask, 'thumbnail');
  const made = await thumbnailReply(cloud, node, facts.size);
  if (!made) throw notFound();
  return made;
}

// Whole files: PUT …/content, and the finishing of a session whose name was taken.
async function upload(call) {
  const { library, ...place } = placeOf(call);
  const { ask } = call;
  checkTags(ask, library, place.node);
  const tooLarge = () => refuse(413, 'invalidRequest', 'The request is too large; use an upload session.', 'maxStreamSizeExceeded');
  if (Number(ask.headers['content-length'] ?? 0) > kMostSimple) throw tooLarge();
  const behaviour = behaviourOf(ask.query.get('@microsoft.graph.conflictBehavior') ?? ask.query.get('@name.conflictBehavior') ?? undefined, 'replace');
  const target = targetOf(library, place, behaviour);
  call.cloud.checkSpace(library, Number(ask.headers['content-length'] ?? 0), target.replaced);
  const content = await call.cloud.spoolBody(ask.stream, { most: kMostSimple, tooLarge });
  call.cloud.checkSpace(library, content.size, target.replaced);
  const node = await call.cloud.store(call, library, target.names, content);
  return itemReply(call, library, node, target.replaced ? 200 : 201);
}

// Where new bytes go: { names, replaced }. Throws when the name is taken, wrong, or may not be changed.
export function targetOf(library, { node, names }, behaviour) {
  const { drive } = library;
  if (names.length === 0) throw invalid('The root is not a file.');
  checkName(library, names);
  if (drive.fileAbove(names)) throw invalid('The parent is not a folder.', 'invalidPath');
  if (!node) {
    const depth = [...names.keys()].reverse().find((n) => drive.find(names.slice(0, n)));
    for (let n = depth + 1; n < names.length; ++n) checkName(library, names.slice(0, n), { folder: true });
    checkWritable(drive.find(names.slice(0, depth)));
    return { names };
  }
  if (behaviour === 'rename') {
    checkWritable(node.parent);
    return { names: freeName(drive, names) };
  }
  if (behaviour === 'fail' || node.kind === 'folder') throw nameTaken();
  checkWritable(node);
  return { names, replaced: node };
}

async function putItem(call) {
  return commitFromSession(call, placeOf(call));
}

export const contentRoutes = [
  { method: 'GET', path: itemPath('/content'), scopes: kAnyFiles, run: download },
  { method: 'PUT', path: itemPath('/content'), scopes: kWrite, writes: true, run: upload },
  { method: 'PUT', path: kItself, scopes: kWrite, writes: true, run: putItem },
  { method: 'GET', path: itemPath('/thumbnails'), scopes: kAnyFiles, run: thumbnails },
  { method: 'GET', path: itemPath('/thumbnails/[^/]+/[^/]+(?:/content)?'), scopes: kAnyFiles, run: oneThumbnail },
];
