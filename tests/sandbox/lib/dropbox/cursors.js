// SPDX-License-Identifier: Apache-2.0
// Cursors carry their own state, signed, so that any number of them stay valid until they are reset.

import { createHmac } from 'node:crypto';
import { BadRequest, refuse } from './errors.js';

const kSecret = 'sandbox cursors are not secret, only guarded against slips';

function sign(text) {
  return createHmac('sha256', kSecret).update(text).digest('base64url').slice(0, 11);
}

export function encodeCursor(kind, drive, state) {
  const text = Buffer.from(JSON.stringify({ kind, owner: drive.owner, epoch: drive.epoch, ...state })).toString('base64url');
  return `AAE${sign(text)}${text}`;
}

export function decodeCursor(kind, account, cursor) {
  const text = cursor.slice(14);
  if (!cursor.startsWith('AAE') || cursor.slice(3, 14) !== sign(text)) throw new BadRequest('Invalid "cursor" parameter: it was not made by this route');
  const state = JSON.parse(Buffer.from(text, 'base64url').toString());
  const drive = account === undefined ? undefined : [...account.namespaces.values()].find((one) => one.owner === state.owner);
  if (state.kind !== kind || (account && !drive)) throw new BadRequest('Invalid "cursor" parameter: it belongs to another account or route');
  if (drive && state.epoch !== drive.epoch) throw refuse('reset');
  return { drive, ...state };
}
