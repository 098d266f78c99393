// SPDX-License-Identifier: Apache-2.0
// Bytes in: media, multipart and resumable uploads, of new files and over old ones.

import { BrokenMultipart, boundaryOf, partsOf } from '../kernel/multipart.js';
import { isoSeconds } from '../kernel/clock.js';
import { reply, text } from '../kernel/reply.js';
import { spool } from '../kernel/spool.js';
import { UploadFile } from '../kernel/upload_files.js';
import { checkQuota, folderFor, jsonBody, mustBeUnlocked, placeOf } from './call.js';
import { badValue, googleJson, refuse } from './errors.js';
import { applyUpdate, checkNewId, checkUpdate, nameOf, settable } from './routes_files.js';
import { importable, nativeKind, typeOfName } from './types.js';

const kMostSimple = 5 << 20;
const kMostInAll = 5_242_880_000_000;

// A media type without its parameters.
function plainType(text) {
  return text?.split(';')[0].trim();
}

// Checks what can be checked before the bytes; gives what finish() needs.
function plan(call, id, body, contentType, size) {
  const native = nativeKind(body.mimeType);
  if (id === undefined) checkNewId(call, body.id, native !== undefined);
  settable(body); // dates must be good now
  const facts = { id, body, contentType, person: call.person, scopes: call.scopes };
  const target = id === undefined ? folderFor(call, body.parents) : placeOf(call, id);
  if (id !== undefined) {
    checkUpdate(call, target, body);
    mustBeUnlocked(target);
    if (target.node.kind !== 'file' || target.node.native) throw refuse(403, 'fileNotUpdatable', 'The content of this file cannot be replaced.');
  }
  if (native !== undefined && !importable(native, contentType ?? typeOfName(nameOf(body)))) throw refuse(400, 'badRequest', 'Bad Request', { location: 'mimeType' });
  if (size > kMostInAll) throw refuse(413, 'uploadTooLarge', 'Upload too large.');
  checkQuota(target, size - (id === undefined ? 0 : target.node.content.size));
  return facts;
}

async function finish(call, { id, body, contentType }, content) {
  const { accounts } = call.cloud;
  const { extra, modified } = settable(body);
  let place;
  if (id === undefined) {
    checkNewId(call, body.id, false);
    const { drive, node: folder } = folderFor(call, body.parents);
    checkQuota({ drive }, content.size);
    const native = nativeKind(body.mimeType);
    const type = contentType ?? typeOfName(nameOf(body));
    const kept = { ...extra, byApp: true, ...(native ? { source: importable(native, type) } : { mimeType: body.mimeType ?? type }) };
    const node = drive.createFile(folder, nameOf(body), content, { id: body.id, clientModified: modified, extra: { native, description: body.description, extra: kept } });
    place = accounts.place(call.person, drive, node);
  } else {
    const target = placeOf(call, id);
    checkQuota(target, content.size - target.node.content.size);
    target.drive.replaceContent(target.node, content, { clientModified: modified });
    target.node.extra = { ...target.node.extra, modified: undefined, ...(contentType ? { mimeType: body.mimeType ?? contentType } : {}) };
    place = applyUpdate(call, target, body);
  }
  call.cloud.noteUpload(call, place);
  return googleJson(200, await call.files.asked(place), {}, call.ask.query.get('prettyPrint') !== 'false');
}

// Reads bytes of at most 5 MiB to disk.
async function receive(call, stream) {
  const file = await UploadFile.create(call.cloud.uploadFolder);
  try {
    const size = await spool(stream, file.handle, 0, (_, sizeSoFar) => {
      if (sizeSoFar > kMostSimple) throw refuse(413, 'uploadTooLarge', 'Request Too Large. Use a resumable upload.');
    });
    return { file, size };
  } catch (error) {
    await file.discard();
    throw error;
  }
}

async function store(call, id, body, contentType, { file, size }) {
  try {
    const facts = plan(call, id, body, contentType, size);
    return await finish(call, facts, await file.finish(size));
  } catch (error) {
    await file.discard().catch(() => {});
    throw error;
  }
}

async function media(call, id) {
  return store(call, id, {}, plainType(call.ask.headers['content-type']), await receive(call, call.ask.stream));
}

async function multipart(call, id) {
  const boundary = boundaryOf(call.ask.headers['content-type'], 'related');
  if (!boundary) throw refuse(400, 'badContent', 'Media type of the request is not multipart/related.');
  let body;
  let received;
  let contentType;
  try {
    for await (const part of partsOf(call.ask.stream, boundary)) {
      if (body === undefined) {
        if (!/^application\/json/i.test(part.headers['content-type'] ?? '')) throw refuse(400, 'badContent', 'The first part must be the metadata as JSON.');
        body = await jsonBody(call.ask, part.body);
      } else if (!received) {
        contentType = plainType(part.headers['content-type']);
        received = await receive(call, part.body);
      } else {
        throw refuse(400, 'badContent', 'There may be two parts.');
      }
    }
    if (!received) throw refuse(400, 'badContent', 'The media part is missing.');
  } catch (error) {
    await received?.file.discard();
    if (error instanceof BrokenMultipart) throw refuse(400, 'badContent', 'Malformed multipart body.');
    throw error;
  }
  return store(call, id, body, contentType, received);
}

async function beginSession(call, id) {
  const announced = call.ask.headers['x-upload-content-length'];
  const size = announced === undefined ? undefined : Number(announced);
  if (size !== undefined && !Number.isSafeInteger(size)) throw badValue('X-Upload-Content-Length');
  const body = await jsonBody(call.ask);
  const facts = plan(call, id, body, plainType(call.ask.headers['x-upload-content-type']), size ?? 0);
  const session = await call.cloud.sessions.begin({ ...facts, query: call.ask.query, path: call.ask.path }, size);
  const query = new URLSearchParams(call.ask.query);
  query.delete('access_token');
  query.set('upload_id', session.id);
  return reply(200, { Location: `${call.cloud.apiHost(call.ask)}${call.ask.path}?${query}`, 'X-GUploader-UploadID': session.id.slice(0, 40) }, '');
}

// A request to a session's own address. It is the secret itself, so no token is asked for.
export async function continueSession(cloud, ask, callAs) {
  const session = cloud.sessions.find(ask.query.get('upload_id'));
  if (!session || session.facts.path !== ask.path) return text(404, 'Not Found');
  const call = callAs(session.facts, session.facts.query);
  Object.assign(ask.note, { authorised: true, person: session.facts.person });
  if (ask.method === 'DELETE') {
    await cloud.sessions.cancel(session);
    return reply(499, {}, '');
  }
  if (ask.method !== 'PUT') return text(405, 'Method Not Allowed');
  const answer = session.made ? undefined : await cloud.sessions.receive(session, ask);
  if (answer) return answer;
  // Once, whoever asks meanwhile or later.
  session.made ??= cloud.sessions.take(session).then((content) => finish(call, session.facts, content));
  return session.made.then(
    (made) => ({ ...made }),
    async (error) => {
      await cloud.sessions.cancel(session);
      throw error;
    },
  );
}

function upload(call, id) {
  const type = call.ask.query.get('uploadType');
  if (type === 'media') return media(call, id);
  if (type === 'multipart') return multipart(call, id);
  if (type === 'resumable') return beginSession(call, id);
  throw badValue('uploadType');
}

export function noteOf(call, { drive, node }, now) {
  return { person: call.person, path: `/${drive.namesOf(node).join('/')}`, id: node.id, size: node.content.size, rev: node.rev, at: isoSeconds(now) };
}

export const uploadRoutes = [
  ['POST', '/files', 'write', (call) => upload(call)],
  ['PATCH', '/files/:id', 'write', upload],
];
