// SPDX-License-Identifier: Apache-2.0
// Upload sessions: fragments in order to an address that takes no token.

import { randomBytes } from 'node:crypto';
import { open, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { DiskContent } from '../kernel/content.js';
import { isoSeconds } from '../kernel/clock.js';
import { json, reply } from '../kernel/reply.js';
import { spool } from '../kernel/spool.js';
import { invalid, refuse } from './errors.js';
import { describe, tagMatches } from './items.js';
import { bytesHost } from './links.js';
import { knowHash, QuickXor } from './quick_xor.js';
import { applyTimes, behaviourOf, checkTags, itemPath, kWrite, placeOf, readJson } from './routes_items.js';
import { targetOf } from './routes_content.js';

const kUnit = 320 << 10;
const kMostFragment = 60 << 20; // and not even that
const kMostInAll = 250 * 2 ** 30;
const kLifeSeconds = 7 * 86400;

const sessionGone = () => refuse(404, 'itemNotFound', 'The upload session was not found', 'uploadSessionNotFound');

async function create(call) {
  const { library, ...place } = placeOf(call);
  const { ask, cloud } = call;
  const body = await readJson(call);
  const item = body.item ?? {};
  if (item.name !== undefined && place.names.length > 0 && item.name !== place.names.at(-1)) {
    throw invalid('Item name in the path and in the body do not match.');
  }
  const behaviour = behaviourOf(item['@microsoft.graph.conflictBehavior'] ?? item['@name.conflictBehavior'], 'fail');
  checkTags(ask, library, place.node);
  // By the id of a file: new bytes for it, whatever its name.
  const target = targetOf(library, place, place.node && place.node === place.base ? 'replace' : behaviour);
  applyTimes({}, item.fileSystemInfo);
  if (item.fileSize !== undefined && !library.business) cloud.checkSpace(library, item.fileSize, target.replaced);
  const id = randomBytes(24).toString('base64url');
  const path = join(cloud.uploadFolder, `session-${randomBytes(9).toString('base64url')}`);
  const session = {
    id, path, library, behaviour,
    call: { person: call.person, account: call.account, cloud },
    names: place.names,
    byId: place.node !== undefined && place.node === place.base,
    match: ask.headers['if-match'],
    times: item.fileSystemInfo,
    defer: body.deferCommit === true,
    file: await open(path, 'w+'),
    total: undefined,
    next: 0,
    hash: new QuickXor(),
    until: 0,
    busy: false,
  };
  cloud.sessions.set(id, session);
  const host = bytesHost(ask, library);
  return json(200, { '@odata.context': `${ask.base}/v1.0/$metadata#microsoft.graph.uploadSession`, uploadUrl: `${host}/transfer/upload?guid=${id.slice(0, 8)}&tempauth=${id}`, ...state(cloud, session) });
}

function state(cloud, session) {
  session.until = cloud.clock.now() + kLifeSeconds * 1000;
  return { expirationDateTime: isoSeconds(session.until), nextExpectedRanges: session.next === session.total ? [] : [`${session.next}-${session.total === undefined ? '' : session.total - 1}`.replace(/-\d+$/, '-')] };
}

function find(cloud, ask) {
  const session = cloud.sessions.get(ask.query.get('tempauth') ?? '');
  if (!session || session.until <= cloud.clock.now()) throw sessionGone();
  return session;
}

// A request to the address of a session.
export async function sessionRequest(cloud, ask) {
  const session = find(cloud, ask);
  ask.note.person = session.call.person;
  switch (ask.method) {
    case 'GET':
      return json(200, state(cloud, session));
    case 'PUT':
      return fragment(cloud, ask, session);
    case 'POST':
      if (!session.library.business || session.next !== session.total) throw refuse(400, 'invalidRequest', 'The upload is not complete.', 'uploadSessionIncomplete');
      return commit(ask, session, session.names, session.behaviour);
    case 'DELETE':
      await discard(cloud, session);
      return reply(204);
    default:
      throw refuse(405, 'invalidRequest', 'Method not allowed');
  }
}

function readContentRange(ask, session) {
  const match = /^bytes (\d+)-(\d+)\/(\d+)$/.exec(ask.headers['content-range'] ?? '');
  if (!match) throw invalid('The Content-Range header is missing or malformed.', 'invalidContentRange');
  const [start, end, total] = match.slice(1).map(Number);
  const length = Number(ask.headers['content-length'] ?? NaN);
  if (end < start || end >= total || total > kMostInAll) throw invalid('The Content-Range header is not a range of the file.', 'invalidContentRange');
  if (!(length === end - start + 1)) throw invalid('The length of the fragment and its Content-Range do not match.', 'fragmentLengthMismatch');
  if (length >= kMostFragment) throw invalid('The fragment is too large.', 'maxFragmentLengthExceeded');
  if (session.total !== undefined && total !== session.total) throw invalid('The total size must stay the same.', 'invalidContentRange');
  if (start < session.next) throw refuse(416, 'invalidRange', 'The uploaded fragment overlaps with data that has already been received.', 'fragmentOverlap');
  if (start > session.next) throw invalid('The uploaded fragment is out of order.', 'fragmentOutOfOrder');
  if (end + 1 !== total && length % kUnit !== 0) throw invalid('The fragment is not a multiple of 320 KiB.', 'fragmentLengthMismatch');
  return { start, length, total };
}

async function fragment(cloud, ask, session) {
  // What a process sent that is no more ends a moment later.
  for (let n = 0; session.busy && n < 100; ++n) await sleep(20);
  if (session.busy) throw refuse(409, 'resourceModified', 'Another fragment is being received.', 'uploadSessionBusy');
  const { start, length, total } = readContentRange(ask, session);
  // Now and then less is kept than came, and the answer says from where to go on.
  const kept = cloud.takeAtMost !== undefined && start + length < total ? Math.min(cloud.takeAtMost, length) : length;
  cloud.takeAtMost = undefined;
  cloud.checkSpace(session.library, total, session.library.drive.find(session.names));
  session.busy = true;
  try {
    const hash = session.hash.copy();
    const size = await spool(ask.stream, session.file, start, (chunk) => hash.update(chunk.subarray(0, Math.max(0, start + kept - hash.size))));
    if (size !== length) throw invalid('The fragment ended early.', 'fragmentLengthMismatch');
    Object.assign(session, { total, hash, next: start + kept });
  } finally {
    session.busy = false;
  }
  if (session.next < total || session.defer) return json(202, state(cloud, session));
  return commit(ask, session, session.names, session.behaviour);
}

// The finished bytes become an item. A name that is taken leaves the session as it is.
async function commit(ask, session, names, behaviour) {
  const { library, call } = session;
  const { cloud } = call;
  const node = library.drive.find(names);
  if (session.match !== undefined && (!node || !tagMatches(session.match, library, node))) {
    throw refuse(409, 'resourceModified', 'The item was changed while it was uploaded.', 'entityTagDoesNotMatch');
  }
  const target = targetOf(library, { node, names }, session.byId && node ? 'replace' : behaviour);
  cloud.checkSpace(library, session.total, target.replaced);
  cloud.sessions.delete(session.id);
  await session.file.close();
  const content = knowHash(new DiskContent(session.path, session.total, { owned: true }), session.hash.digest());
  const made = await cloud.store(call, library, target.names, content, session.times);
  return json(target.replaced ? 200 : 201, { ...(await describe(ask, library, made)) });
}

async function discard(cloud, session) {
  cloud.sessions.delete(session.id);
  await session.file.close();
  await unlink(session.path);
}

export async function closeSessions(cloud) {
  await Promise.all([...cloud.sessions.values()].map((session) => session.file.close()));
  cloud.sessions.clear();
}

// PUT on an item with the address of a session whose bytes are all there.
export async function commitFromSession(call, place) {
  const body = await readJson(call);
  const source = body['@microsoft.graph.sourceUrl'];
  if (typeof source !== 'string') throw invalid('An @microsoft.graph.sourceUrl is needed.');
  let session;
  try {
    session = call.cloud.sessions.get(new URL(source).searchParams.get('tempauth'));
  } catch {
    throw invalid('The @microsoft.graph.sourceUrl is not an address.');
  }
  if (!session || session.library !== place.library || session.call.person !== call.person) throw sessionGone();
  if (session.next !== session.total) throw refuse(400, 'invalidRequest', 'The upload is not complete.', 'uploadSessionIncomplete');
  const names = body.name === undefined ? place.names : [...place.names.slice(0, -1), body.name];
  return commit(call.ask, session, names, behaviourOf(body['@microsoft.graph.conflictBehavior'], 'fail'));
}

export const sessionRoutes = [{ method: 'POST', path: itemPath('/createUploadSession'), scopes: kWrite, writes: true, run: create }];

