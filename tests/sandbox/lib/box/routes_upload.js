// SPDX-License-Identifier: Apache-2.0
// Bytes in: the check before an upload, uploads in one request, upload sessions.

import { createHash } from 'node:crypto';
import { json, readBody, reply } from '../kernel/reply.js';
import { BrokenMultipart, boundaryOf, dispositionOf, partsOf } from '../kernel/multipart.js';
import { isoSeconds } from '../kernel/clock.js';
import { spool } from '../kernel/spool.js';
import { UploadFile } from '../kernel/upload_files.js';
import { checkEtag, checkFree, checkName, checkQuota, fieldsOf, folderFor, itemOf, jsonBody, mustBeWritable, wholeNumber } from './call.js';
import { badParameter, refuse } from './errors.js';

const kMostSimple = 50 * 2 ** 20;
const kMostAttributes = 64 << 10;

function when(text, name) {
  if (text === undefined || text === null) return undefined;
  const at = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:?\d\d)$/.test(text) ? Date.parse(text) : NaN;
  if (!(at >= 0)) throw badParameter(name, `Invalid value '${text}'`);
  return Math.floor(at / 1000) * 1000;
}

function datesOf(attributes) {
  const created = when(attributes.content_created_at, 'content_created_at');
  return { clientModified: when(attributes.content_modified_at, 'content_modified_at'), extra: created === undefined ? {} : { extra: { contentCreated: created } } };
}

// May this become a new file there, or (node) a new version?
async function checkPlace(call, { folder, node, name, size }) {
  if (name !== undefined) checkName(name);
  if (node) {
    checkEtag(call, node);
    mustBeWritable(node);
    if (name !== undefined && name !== node.name) await checkFree(call, node.parent, name, { except: node });
  } else {
    mustBeWritable(folder);
    await checkFree(call, folder, name);
  }
  checkQuota(call, size);
}

function store(call, { folder, node, name }, content, dates) {
  const { drive } = call;
  if (node) {
    if (name !== undefined && name !== node.name) drive.relocate(node, node.parent, name);
    drive.replaceContent(node, content, dates);
  }
  const made = node ?? drive.createFile(folder, name, content, dates);
  call.cloud.noteUpload(call, made);
  return made;
}

async function answer(call, node, status) {
  return json(status, { total_count: 1, entries: [await call.items.asked(node, fieldsOf(call.ask))] });
}

function sizeOf(value) {
  if (!Number.isInteger(value) || value < 0) throw badParameter('size', 'The size is missing or no number', 'missing_parameter');
  return value;
}

async function preflight(call, id) {
  const { name, parent, size } = await jsonBody(call.ask);
  const node = id === undefined ? undefined : itemOf(call, id, 'file');
  const folder = node ? undefined : folderFor(call, parent?.id);
  await checkPlace(call, { folder, node, name, size: size ?? 0 });
  const path = node ? `/files/${node.id}/content` : '/files/content';
  return json(200, { upload_url: `${call.cloud.uploadHost(call.ask)}/api/2.0${path}?upload_session_id=${createHash('sha1').update(String(name)).digest('hex')}`, upload_token: null });
}

async function attributesOf(part) {
  const chunks = [];
  let size = 0;
  for await (const chunk of part.body) {
    size += chunk.length;
    if (size <= kMostAttributes) chunks.push(chunk);
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString('utf8'));
  } catch {
    throw badParameter('attributes', 'The attributes are no JSON object');
  }
}

// Reads the form; gives { attributes, file, size, sha1 }. The attributes come first.
async function readForm(call) {
  const boundary = boundaryOf(call.ask.headers['content-type'], 'form-data');
  if (!boundary) throw refuse(415, 'unsupported_media_type', { message: 'multipart/form-data is needed' });
  if (Number(call.ask.headers['content-length'] ?? 0) > kMostSimple + kMostAttributes) throw refuse(413, 'request_entity_too_large');
  let attributes;
  let file;
  const hash = createHash('sha1');
  let size = 0;
  try {
    for await (const part of partsOf(call.ask.stream, boundary)) {
      const { name, filename } = dispositionOf(part.headers);
      if (name === 'attributes') attributes = await attributesOf(part);
      else if (filename !== undefined && attributes === undefined) throw refuse(400, 'metadata_after_file_contents');
      else if (filename !== undefined && !file) {
        file = await UploadFile.create(call.cloud.uploadFolder);
        size = await spool(part.body, file.handle, 0, (chunk, sizeSoFar) => {
          if (sizeSoFar > kMostSimple) throw refuse(413, 'request_entity_too_large');
          hash.update(chunk);
        });
      }
    }
    if (!attributes) throw badParameter('attributes', 'The attributes are missing', 'missing_parameter');
    if (!file) throw badParameter('file', 'The file is missing', 'missing_parameter');
  } catch (error) {
    await file?.discard();
    if (error instanceof BrokenMultipart) throw refuse(400, 'bad_request', { message: 'The form is broken' });
    throw error;
  }
  return { attributes, file, size, sha1: hash.digest('hex') };
}

async function simple(call, id) {
  const { attributes, file, size, sha1 } = await readForm(call);
  try {
    const told = call.ask.headers['content-md5'];
    if (told !== undefined && told.toLowerCase() !== sha1) throw refuse(400, 'bad_digest');
    const node = id === undefined ? undefined : itemOf(call, id, 'file');
    const place = { node, folder: node ? undefined : folderFor(call, attributes.parent?.id), name: attributes.name };
    await checkPlace(call, { ...place, size });
    const dates = datesOf(attributes);
    return await answer(call, store(call, place, await file.finish(size, { sha1 }), dates), 201);
  } catch (error) {
    if (error.code !== undefined && error.status !== undefined) await file.discard().catch(() => {});
    throw error;
  }
}

function described(call, session) {
  const base = `${call.cloud.uploadHost(call.ask)}/api/2.0/files/upload_sessions/${session.id}`;
  return {
    id: session.id,
    type: 'upload_session',
    session_expires_at: isoSeconds(session.until),
    part_size: session.partSize,
    total_parts: session.totalParts,
    num_parts_processed: session.parts.size,
    session_endpoints: { upload_part: base, commit: `${base}/commit`, abort: base, list_parts: `${base}/parts`, status: base, log_event: `${base}/log` },
  };
}

async function begin(call, id) {
  const body = await jsonBody(call.ask);
  if (body.file_size === undefined) throw badParameter('file_size', 'The size is missing', 'missing_file_size');
  const size = sizeOf(body.file_size);
  const node = id === undefined ? undefined : itemOf(call, id, 'file');
  if (!node && !/^\d+$/.test(body.folder_id ?? '')) throw badParameter('folder_id', 'The folder is missing or no number', 'invalid_folder_id');
  const place = { node, folder: node ? undefined : folderFor(call, body.folder_id), name: body.file_name };
  if (!node && place.name === undefined) throw refuse(400, 'item_name_invalid');
  await checkPlace(call, { ...place, size });
  const session = await call.cloud.sessions.begin({ person: call.person, place, size });
  return json(201, described(call, session));
}

const found = (call, id) => call.cloud.sessions.find(call.person, id);

async function uploadPart(call, id) {
  return json(200, { part: await call.cloud.sessions.receive(found(call, id), call.ask) });
}

function listParts(call, id) {
  const parts = call.cloud.sessions.partsOf(found(call, id));
  const offset = wholeNumber(call.ask, 'offset', 0);
  const limit = Math.min(wholeNumber(call.ask, 'limit', 1000, { min: 1 }), 1000, call.cloud.pageCap ?? Infinity);
  return json(200, { total_count: parts.length, limit, offset, order: [{ by: 'type', direction: 'ASC' }], entries: parts.slice(offset, offset + limit) });
}

// Said again, a commit that has been done meets its own file.
async function alreadyThere(call, node) {
  return refuse(409, 'item_name_in_use', { context: { conflicts: await call.items.mini(node) } });
}

async function commit(call, id) {
  const session = found(call, id);
  const { parts, attributes = {} } = await jsonBody(call.ask);
  const [, digest] = /^sha=([A-Za-z0-9+/=]+)$/i.exec(call.ask.headers.digest ?? '') ?? [];
  if (digest === undefined) throw badParameter('digest', 'The Digest header is missing or malformed', 'missing_parameter');
  if (session.state === 'done') throw await alreadyThere(call, session.made);
  if (session.state === 'committing') return reply(202, { 'Retry-After': '1' }, '');
  const { sessions } = call.cloud;
  const place = { ...session.place, name: attributes.name ?? session.place.name };
  session.state = 'committing';
  try {
    const dates = datesOf(attributes);
    const sha1 = await sessions.check(session, parts, digest);
    await checkPlace(call, { ...place, size: session.size });
    if (++session.commits <= call.cloud.commitsNotReady) return reply(202, { 'Retry-After': '1' }, '');
    session.made = store(call, place, await sessions.take(session, sha1), dates);
    return await answer(call, session.made, 201);
  } finally {
    if (session.state === 'committing') session.state = 'open';
  }
}

async function abort(call, id) {
  await call.cloud.sessions.abort(found(call, id));
  return reply(204, {});
}

async function logEvent(call, id) {
  found(call, id);
  await readBody(call.ask.stream, 1 << 16);
  return reply(204, {});
}

export const preflightRoutes = [
  ['OPTIONS', '/files/content', 'write', (call) => preflight(call)],
  ['OPTIONS', '/files/content/', 'write', (call) => preflight(call)],
  ['OPTIONS', '/files/:id/content', 'write', preflight],
];

export const uploadRoutes = [
  ['POST', '/files/content', 'write', (call) => simple(call)],
  ['POST', '/files/upload_sessions', 'write', (call) => begin(call)],
  ['GET', '/files/upload_sessions/:id', 'write', (call, id) => json(200, described(call, found(call, id)))],
  ['PUT', '/files/upload_sessions/:id', 'write', uploadPart],
  ['DELETE', '/files/upload_sessions/:id', 'write', abort],
  ['GET', '/files/upload_sessions/:id/parts', 'write', listParts],
  ['POST', '/files/upload_sessions/:id/commit', 'write', commit],
  ['POST', '/files/upload_sessions/:id/log', 'write', logEvent],
  ['POST', '/files/:id/content', 'write', simple],
  ['POST', '/files/:id/upload_sessions', 'write', begin],
];
