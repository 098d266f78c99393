// SPDX-License-Identifier: Apache-2.0
// Graph's ways of saying no: an outer code, and somewhere within it a more exact one.

import { json } from '../kernel/reply.js';

export class GraphError extends Error {
  constructor(status, code, message, { inner, headers = {} } = {}) {
    super(message);
    Object.assign(this, { status, code, inner, headers });
  }
}

export function refuse(status, code, message, inner = undefined) {
  return new GraphError(status, code, message, { inner });
}

export const notFound = () => refuse(404, 'itemNotFound', 'The resource could not be found.');
export const nameTaken = () => refuse(409, 'nameAlreadyExists', 'The specified item name already exists.');
export const invalid = (message, inner) => refuse(400, 'invalidRequest', message, inner);
export const denied = () => refuse(403, 'accessDenied', 'Access denied');
export const full = () => refuse(507, 'quotaLimitReached', 'Insufficient Space Available', 'insufficientQuota');
export const stale = () => refuse(412, 'resourceModified', 'ETag does not match current item\'s value', 'entityTagDoesNotMatch');
export const malware = () => new GraphError(403, 'malwareDetected', 'Malware detected', { inner: 'virusSuspicious', headers: { 'X-Virus-Infected': 'Yes' } });
export const unauthenticated = () =>
  new GraphError(401, 'unauthenticated', 'The caller is not authenticated.', { headers: { 'WWW-Authenticate': 'Bearer realm="storage"' } });

let told = 0;

// The parts behind the original do not agree on the case of codes and of the inner key; so each answer differs here.
export function errorReply(error, ids) {
  told += 1;
  const facts = { date: new Date().toISOString().slice(0, 19), ...ids };
  const inner = error.inner === undefined ? facts : { code: error.inner, ...facts };
  const code = told % 3 === 0 ? error.code[0].toUpperCase() + error.code.slice(1) : error.code;
  const key = told % 2 === 0 ? 'innererror' : 'innerError';
  return json(error.status, { error: { code, message: error.message, [key]: inner } }, error.headers);
}
