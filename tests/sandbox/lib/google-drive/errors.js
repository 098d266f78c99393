// SPDX-License-Identifier: Apache-2.0
// Google's refusals. The reason inside says what happened; the status alone never does.

import { reply } from '../kernel/reply.js';

const kStatusWords = { 400: 'INVALID_ARGUMENT', 401: 'UNAUTHENTICATED', 403: 'PERMISSION_DENIED', 404: 'NOT_FOUND' };

export class ApiError extends Error {
  constructor(status, reason, message, { location, locationType = 'parameter', domain = 'global', outer = message, withStatus = false, headers = {} } = {}) {
    super(`${status} ${reason}`);
    Object.assign(this, { status, reason, words: message, location, locationType, domain, outer, withStatus, headers });
  }
}

export function refuse(status, reason, message, more) {
  return new ApiError(status, reason, message, more);
}

export function notFound(id) {
  return refuse(404, 'notFound', `File not found: ${id}.`, { location: 'fileId' });
}

export function badValue(location, message = 'Invalid Value') {
  return refuse(400, 'invalid', message, { location });
}

export function forbidden(id) {
  return refuse(403, 'insufficientFilePermissions', `The user does not have sufficient permissions for file ${id}.`);
}

export function googleJson(status, value, headers = {}, pretty = true) {
  return reply(status, { 'Content-Type': 'application/json; charset=UTF-8', Vary: 'Origin, X-Origin, Referer', ...headers }, JSON.stringify(value, undefined, pretty ? 1 : undefined));
}

export function errorReply(error) {
  const { status, reason, words: message, location, locationType, domain, outer } = error;
  const one = { message, domain, reason, ...(location ? { location, locationType } : {}) };
  const body = { error: { code: status, message: outer, errors: [one], ...(error.withStatus ? { status: kStatusWords[status] } : {}) } };
  return googleJson(status, body, error.headers);
}

export function unauthorized() {
  return refuse(401, 'authError', 'Invalid Credentials', {
    location: 'Authorization',
    locationType: 'header',
    outer: 'Request had invalid authentication credentials. Expected OAuth 2 access token, login cookie or other valid authentication credential. See https://developers.google.com/identity/sign-in/web/devconsole-project.',
    withStatus: true,
    headers: { 'WWW-Authenticate': 'Bearer realm="https://accounts.google.com/", error="invalid_token"' },
  });
}
