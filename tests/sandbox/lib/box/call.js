// SPDX-License-Identifier: Apache-2.0
// What every route of Box's API asks of a request: who, with which scope, which item, which fields.

import { keyOf } from '../kernel/drive.js';
import { readBody } from '../kernel/reply.js';
import { badParameter, notFound, refuse } from './errors.js';
import { mayWrite, typeOf } from './items.js';

// The grant behind a request, or undefined. Downloads may carry the token in the query.
export function tokenOf(ask) {
  const header = ask.headers.authorization;
  if (header !== undefined) return /^Bearer (.+)$/i.exec(header)?.[1];
  return ask.method === 'GET' ? (ask.query.get('access_token') ?? undefined) : undefined;
}

export function fieldsOf(ask) {
  const text = ask.query.get('fields');
  return text ? text.split(',').map((name) => name.trim()).filter(Boolean) : undefined;
}

export function wholeNumber(ask, name, otherwise, { min = 0, max = Infinity } = {}) {
  const text = ask.query.get(name);
  if (text === null || text === '') return otherwise;
  if (!/^\d+$/.test(text) || Number(text) < min || Number(text) > max) throw badParameter(name, `Invalid value '${text}'. Entry does not match the rules of '${name}'`);
  return Number(text);
}

export async function jsonBody(ask) {
  let value;
  try {
    value = JSON.parse((await readBody(ask.stream, 4 << 20)).toString('utf8'));
  } catch {
    throw refuse(400, 'bad_request', { message: 'Entity body should be a correctly nested resource attribute name/value pair' });
  }
  if (value === null || typeof value !== 'object' || Array.isArray(value)) throw refuse(400, 'bad_request');
  return value;
}

// The item of an id: not there, in the trash, or of another type are the same as in the original.
export function itemOf(call, id, type, { trashed = false } = {}) {
  if (!/^\d+$/.test(id)) throw refuse(405, 'method_not_allowed');
  const node = call.drive.findById(id);
  if (!node || typeOf(node) !== type) throw notFound('item', `d_${id}`);
  const inTrash = call.drive.isTrashed(node);
  if (inTrash && !trashed) throw refuse(404, 'trashed');
  if (!inTrash && trashed) throw refuse(404, 'not_trashed');
  return node;
}

export function folderFor(call, id, name = 'parent') {
  if (typeof id !== 'string') throw badParameter(name, `'${name}' is required`, 'missing_parameter');
  const node = /^\d+$/.test(id) ? call.drive.findById(id) : undefined;
  if (!node || node.kind !== 'folder') throw notFound('parent', `d_${id}`);
  if (call.drive.isTrashed(node)) throw refuse(404, 'trashed');
  return node;
}

export function mustBeWritable(node) {
  if (!mayWrite(node)) throw refuse(403, 'access_denied_insufficient_permissions');
  if (node.locked) throw refuse(403, 'access_denied_item_locked');
}

export function checkEtag(call, node) {
  const asked = call.ask.headers['if-match'];
  if (asked !== undefined && asked.replace(/^W\/|"/g, '') !== String(node.version - 1)) throw refuse(412, 'precondition_failed');
}

export function checkName(name) {
  if (typeof name !== 'string' || name === '') throw refuse(400, 'item_name_invalid');
  if (name.length > 255) throw refuse(400, 'item_name_too_long');
  if (name === '.' || name === '..' || /[/\\\u0000-\u001f\u007f]/.test(name) || name.endsWith(' ')) throw refuse(400, 'item_name_invalid');
}

// Names are taken by files, folders and web links alike. In folder routes, Box lists what is in the way.
export async function checkFree(call, folder, name, { except, list = false } = {}) {
  const other = call.drive.childrenOf(folder).get(keyOf(name));
  if (!other || other === except) return;
  const mini = await call.items.mini(other);
  throw refuse(409, 'item_name_in_use', { context: { conflicts: list ? [mini] : mini } });
}

export function checkQuota(call, size) {
  if (size > call.account.mostUpload) throw refuse(403, 'file_size_limit_exceeded');
  if (size > call.drive.free) throw refuse(403, 'storage_limit_exceeded');
}
