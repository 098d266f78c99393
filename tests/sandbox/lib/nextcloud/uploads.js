// SPDX-License-Identifier: Apache-2.0
// Chunked upload: a folder of numbered chunks that becomes one file. Version 2 where the folder is made with a
// Destination, else the older version, which has no rules for names and sizes.

import { randomBytes } from 'node:crypto';
import { open, rm, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { DiskContent } from '../kernel/content.js';
import { reply } from '../kernel/reply.js';
import { receive, spool } from '../kernel/spool.js';
import { checkSpace, depthOf, destinationOf, readTime, readXml, store, target } from './dav.js';
import { badRequest, conflict, exists, forbidden, notAllowed, notFound, notImplemented, stale } from './errors.js';
import { encodePath, escape, multistatus } from './xml.js';

const kSmallest = 5 * 2 ** 20; // all but the last
const kLargest = 5 * 2 ** 30;
const kMostChunks = 10_000;
const kLifeSeconds = 24 * 3600;
const kPatienceMs = 500;

function find(call) {
  const session = call.account.uploads.get(call.names[0]);
  if (!session || session.until <= call.cloud.clock.now()) throw notFound(call.names[0]);
  session.until = call.cloud.clock.now() + kLifeSeconds * 1000;
  return session;
}

function begin(call) {
  const [name] = call.names;
  const known = call.account.uploads.get(name);
  if (known && known.until > call.cloud.clock.now()) throw exists();
  const destination = call.ask.headers.destination === undefined ? undefined : destinationOf(call.toFiles);
  if (destination && !call.drive.find(destination.slice(0, -1))) throw conflict('The destination node is not found');
  call.account.uploads.set(name, { name, destination, until: call.cloud.clock.now() + kLifeSeconds * 1000, made: call.cloud.clock.now(), chunks: new Map(), arriving: new Set() });
  return reply(201, {}, '');
}

function checkDestination(call, session) {
  if (!session.destination) return;
  if (call.ask.headers.destination === undefined) throw badRequest('Destination header is missing');
  if (destinationOf(call.toFiles).join('/') !== session.destination.join('/')) throw badRequest('The destination is not the one that the upload was begun with');
}

async function put(call) {
  const session = find(call);
  const arriving = putAway(call, session);
  session.arriving.add(arriving);
  try {
    return await arriving;
  } finally {
    session.arriving.delete(arriving);
  }
}

async function putAway(call, session) {
  const [, chunk] = call.names;
  checkDestination(call, session);
  if (session.destination && (!/^\d{1,5}$/.test(chunk) || Number(chunk) < 1 || Number(chunk) > kMostChunks)) {
    throw badRequest('Invalid chunk name, must be numeric between 1 and 10000');
  }
  const total = call.ask.headers['oc-total-length'];
  if (total !== undefined) checkSpace(call, session.destination ?? [], Number(total), session.destination && call.drive.find(session.destination));
  if (Number(call.ask.headers['content-length'] ?? 0) > kLargest) throw badRequest('The chunk is too large');
  const content = await receive(call.ask.stream, call.cloud.uploadFolder);
  const key = session.destination ? String(Number(chunk)) : chunk;
  const before = session.chunks.get(key);
  if (before) await drop(before);
  session.chunks.set(key, { name: chunk, content, at: call.cloud.clock.now() });
  return reply(before ? 204 : 201, { ETag: `"${randomBytes(16).toString('hex')}"` }, before ? undefined : '');
}

const inOrder = (session) => [...session.chunks.values()].sort((a, b) => a.name.localeCompare(b.name, 'en', { numeric: true }));

async function drop({ content }) {
  if (content.owned) await unlink(content.path).catch(() => {});
}

async function discard(call, session) {
  call.account.uploads.delete(session.name);
  for (const chunk of session.chunks.values()) await drop(chunk);
}

async function propfind(call) {
  await readXml(call, 'propfind');
  const session = call.names.length > 0 ? find(call) : undefined;
  // The chunks of a sender that is gone may have arrived whole, and be on their way to the disk.
  if (session) await Promise.race([Promise.allSettled([...session.arriving]), sleep(kPatienceMs)]);
  if (call.names.length > 1 && !session.chunks.has(String(Number(call.names[1])))) throw notFound(call.names[1]);
  const one = (href, facts) => `<d:response><d:href>${escape(encodePath(href))}</d:href><d:propstat><d:prop>${facts}</d:prop><d:status>HTTP/1.1 200 OK</d:status></d:propstat></d:response>`;
  const date = (when) => `<d:getlastmodified>${new Date(when).toUTCString()}</d:getlastmodified>`;
  const folder = (href, when) => one(href, `${date(when)}<d:resourcetype><d:collection/></d:resourcetype>`);
  const file = (chunk) =>
    one(`${call.root}/${session.name}/${chunk.name}`, `${date(chunk.at)}<d:getcontentlength>${chunk.content.size}</d:getcontentlength><d:resourcetype/><d:getetag>&quot;${chunk.at}&quot;</d:getetag><d:getcontenttype>application/octet-stream</d:getcontenttype>`);
  const inner = depthOf(call.ask) === 0 ? [] : session ? [file0(call, session, one, date), ...inOrder(session).map(file)] : [...call.account.uploads.values()].map((other) => folder(`${call.root}/${other.name}/`, other.made));
  const body = multistatus([folder(session ? `${call.root}/${session.name}/` : `${call.root}/`, session?.made ?? call.cloud.clock.now()), ...inner]);
  return reply(207, { 'Content-Type': 'application/xml; charset=utf-8' }, body);
}

// The file to be, which is listed beside the chunks.
function file0(call, session, one, date) {
  return one(`${call.root}/${session.name}/.file`, `${date(session.made)}<d:resourcetype/><d:getcontentlength>0</d:getcontentlength>`);
}

async function assemble(call) {
  const session = find(call);
  checkDestination(call, session);
  const { toFiles, ask } = call;
  const { names, replaced } = target(toFiles);
  readTime(ask);
  if (replaced?.kind === 'folder') throw conflict('The destination is a folder');
  const match = ask.headers['if-match'];
  if (match !== undefined && (!replaced || match.replace(/^"|"$/g, '') !== call.account.etag(replaced))) throw stale('If-Match');
  const chunks = inOrder(session);
  const size = chunks.reduce((sum, chunk) => sum + chunk.content.size, 0);
  const total = ask.headers['oc-total-length'];
  if (total !== undefined && Number(total) !== size) throw badRequest(`Chunks on server do not sum up to ${total} but to ${size} bytes`);
  if (session.destination && chunks.slice(0, -1).some((chunk) => chunk.content.size < kSmallest)) throw badRequest('A chunk that is not the last is smaller than 5 MB');
  checkSpace(call, names, size, replaced);
  const path = join(call.cloud.uploadFolder, `whole-${randomBytes(9).toString('base64url')}`);
  const file = await open(path, 'w');
  try {
    let at = 0;
    for (const { content } of chunks) at += await spool(content.open(0, content.size - 1), file, at);
  } catch (error) {
    await rm(path, { force: true });
    throw error;
  } finally {
    await file.close();
  }
  await discard(call, session);
  return store(toFiles, names, new DiskContent(path, size, { owned: true }), replaced);
}

// call: as for files, with names below /uploads/USER, and toFiles: the same for the user's files.
export async function uploads(call) {
  const { method } = call.ask;
  const [, chunk] = call.names;
  if (call.names.length > 2) throw notFound(call.names.join('/'));
  if (method === 'PROPFIND') return propfind(call);
  if (call.names.length === 0) throw forbidden();
  if (method === 'MKCOL') {
    if (chunk !== undefined) throw forbidden('Permission denied to create file (filename is a folder of chunks)');
    return begin(call);
  }
  if (method === 'DELETE') {
    const session = find(call);
    if (chunk === undefined) await discard(call, session);
    else throw forbidden('Permission denied to delete a chunk');
    return reply(204);
  }
  if (method === 'PUT' && chunk !== undefined) return put(call);
  if (method === 'MOVE' && chunk === '.file') return assemble(call);
  if (['GET', 'HEAD', 'PUT', 'MOVE', 'COPY'].includes(method)) throw notAllowed('Chunks cannot be read');
  throw notImplemented(method);
}
