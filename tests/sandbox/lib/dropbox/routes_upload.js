// SPDX-License-Identifier: Apache-2.0
// Bytes in: upload in one request, upload sessions, and the rules of committing a file.

import { setTimeout as sleep } from 'node:timers/promises';
import { json } from '../kernel/reply.js';
import { kBlock } from '../kernel/content.js';
import { ApiError, refuse, tree } from './errors.js';
import { fileMetadata } from './metadata.js';
import { freeConflictedCopy, freeNumbered, writeTarget } from './paths.js';
import { boolean, integer, list, optional, string, struct, timestamp, union, withDefault, writePath } from './schema.js';

const kVoid = undefined;
const kPatienceMs = 100;
const write = 'files.content.write';
const hash = string({ min: 64, max: 64 });

const commitMembers = {
  path: writePath,
  mode: withDefault(union({ add: kVoid, overwrite: kVoid, update: string({ min: 9, pattern: '[0-9a-f]+' }) }), { tag: 'add' }),
  autorename: withDefault(boolean, false),
  client_modified: optional(timestamp),
  mute: withDefault(boolean, false),
  property_groups: optional(list((value) => value)),
  strict_conflict: withDefault(boolean, false),
};
const cursorStruct = struct({ session_id: string({ min: 1 }), offset: integer({ max: 2 ** 53 - 1 }) });
const finishMembers = { cursor: cursorStruct, commit: struct(commitMembers) };

// Where the bytes go and whether they are there already: { drive, names } or { same: node }.
async function plan(account, commit, contentHash, size) {
  const { drive, node, names } = writeTarget(account, commit.path, []);
  const { mode, autorename, strict_conflict: strict } = commit;
  if (drive.fileAbove(names)) throw refuse('conflict', 'file_ancestor');
  let target = names;
  if (node || mode.tag === 'update') {
    const sameBytes = node?.kind === 'file' && (await node.content.contentHash()) === contentHash;
    const allowed = node?.kind === 'file' && (mode.tag === 'overwrite' || (mode.tag === 'update' && mode.value === node.rev));
    if (sameBytes && !strict) return { drive, same: node };
    if (!allowed) {
      if (!autorename) throw refuse('conflict', node?.kind ?? 'file');
      target = mode.tag === 'update' && node?.kind === 'file' ? freeConflictedCopy(drive, names) : node ? freeNumbered(drive, names, 2) : names;
    }
  }
  const replaced = drive.find(target);
  if (size - (replaced?.kind === 'file' ? replaced.content.size : 0) > drive.free) throw refuse('insufficient_space');
  return { drive, names: target };
}

// Commits a finished session. Throws a bare WriteError tree; the session then stays.
async function commitSession(call, session, commit) {
  const { sessions } = call.cloud;
  const place = await plan(call.account, commit, sessions.hashOf(session), session.offset);
  if (place.same) {
    await sessions.discard(session);
    return fileMetadata(place.drive, place.same, { tag: false });
  }
  const bytes = await sessions.take(session);
  const node = place.drive.writeFile(place.names, bytes, { clientModified: commit.client_modified });
  call.cloud.noteUpload(call, place.drive, node);
  return fileMetadata(place.drive, node, { tag: false });
}

async function upload(call) {
  const { sessions } = call.cloud;
  const { content_hash: contentHash, ...commit } = call.argument;
  const session = await sessions.begin(call.account);
  try {
    await sessions.receive(call.ask, session, 0, { contentHash });
  } catch (error) {
    await sessions.discard(session);
    throw error;
  }
  try {
    return json(200, await commitSession(call, session, commit));
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    // The bytes are kept: they can be committed elsewhere with upload_session/finish.
    throw new ApiError({ '.tag': 'path', reason: error.tree, upload_session_id: session.id });
  }
}

async function start(call) {
  const { close, session_type: type, content_hash: contentHash } = call.argument;
  const { sessions } = call.cloud;
  const concurrent = type?.tag === 'concurrent';
  if (concurrent && close) throw refuse('concurrent_session_close_not_allowed');
  const session = await sessions.begin(call.account, { concurrent });
  try {
    if (concurrent) {
      for await (const chunk of call.ask.stream) if (chunk.length > 0) throw refuse('concurrent_session_data_not_allowed');
    } else {
      await sessions.receive(call.ask, session, 0, { contentHash, close });
    }
  } catch (error) {
    await sessions.discard(session);
    throw error;
  }
  return json(200, { session_id: session.id });
}

function checkOffset(session, offset, tags) {
  if (session.concurrent || session.offset === offset) return;
  const truth = { '.tag': 'incorrect_offset', correct_offset: session.offset };
  throw new ApiError(tags.length > 0 ? tree(...tags, truth) : truth);
}

async function append(call) {
  const { cursor, close, content_hash: contentHash } = call.argument;
  const { sessions } = call.cloud;
  const session = sessions.find(call.account, cursor.session_id, []);
  // The request of a sender that is gone may have arrived whole, and be on its way to the disk.
  if (session.busy && !session.concurrent) await Promise.race([session.arriving, sleep(kPatienceMs)]);
  if (session.closed && !session.concurrent) throw refuse('closed');
  if (session.concurrent) {
    if (cursor.offset % kBlock !== 0) throw refuse('concurrent_session_invalid_offset');
    if (close && session.closed) throw refuse('closed');
  }
  checkOffset(session, cursor.offset, []);
  if (session.busy && !session.concurrent) throw refuse('too_many_write_operations');
  session.busy = true;
  try {
    const received = sessions.receive(call.ask, session, cursor.offset, { contentHash, close });
    session.arriving = received.catch(() => {});
    await received;
  } finally {
    session.busy = false;
  }
  return json(200, null);
}

function checkFinishable(call, session, cursor, { mustBeClosed }) {
  if (session.concurrent) {
    if (!session.closed) throw refuse('concurrent_session_not_closed');
    if (!call.cloud.sessions.isWhole(session)) throw refuse('concurrent_session_missing_data');
    if (cursor.offset !== session.offset) {
      throw new ApiError(tree('lookup_failed', { '.tag': 'incorrect_offset', correct_offset: session.offset }));
    }
    return;
  }
  checkOffset(session, cursor.offset, ['lookup_failed']);
  if (mustBeClosed && !session.closed) throw refuse('lookup_failed', 'not_closed');
}

async function finishOne(call, session, commit) {
  try {
    return await commitSession(call, session, commit);
  } catch (error) {
    throw error instanceof ApiError ? new ApiError(tree('path', error.tree)) : error;
  }
}

async function finish(call) {
  const { cursor, commit, content_hash: contentHash } = call.argument;
  const { sessions } = call.cloud;
  const session = sessions.find(call.account, cursor.session_id, ['lookup_failed']);
  checkFinishable(call, session, cursor, { mustBeClosed: false });
  if (session.concurrent || session.closed) {
    for await (const chunk of call.ask.stream) {
      if (chunk.length > 0) throw session.concurrent ? refuse('concurrent_session_data_not_allowed') : refuse('lookup_failed', 'closed');
    }
  } else {
    await sessions.receive(call.ask, session, cursor.offset, { contentHash });
  }
  return json(200, await finishOne(call, session, commit));
}

async function finishBatch(call) {
  const entries = [];
  for (const { cursor, commit } of call.argument.entries) {
    try {
      const session = call.cloud.sessions.find(call.account, cursor.session_id, ['lookup_failed']);
      checkFinishable(call, session, cursor, { mustBeClosed: true });
      entries.push({ '.tag': 'success', ...(await finishOne(call, session, commit)) });
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      entries.push({ '.tag': 'failure', failure: error.tree });
    }
  }
  return json(200, { entries });
}

export const uploadRoutes = {
  'files/upload': { style: 'upload', scope: write, writes: true, argument: struct({ ...commitMembers, content_hash: optional(hash) }), run: upload },
  'files/upload_session/start': {
    style: 'upload', scope: write,
    argument: struct({
      close: withDefault(boolean, false),
      session_type: optional(union({ sequential: kVoid, concurrent: kVoid }, { open: true })),
      content_hash: optional(hash),
    }),
    run: start,
  },
  'files/upload_session/append_v2': {
    style: 'upload', scope: write,
    argument: struct({ cursor: cursorStruct, close: withDefault(boolean, false), content_hash: optional(hash) }),
    run: append,
  },
  'files/upload_session/finish': {
    style: 'upload', scope: write, writes: true,
    argument: struct({ ...finishMembers, content_hash: optional(hash) }),
    run: finish,
  },
  'files/upload_session/finish_batch_v2': {
    style: 'rpc', scope: write, writes: true,
    argument: struct({ entries: list(struct(finishMembers), { max: 1000 }) }),
    run: finishBatch,
  },
};
