// SPDX-License-Identifier: Apache-2.0
// Refusals as Sabre writes them.

import { reply } from '../kernel/reply.js';
import { escape } from './xml.js';

export class DavError extends Error {
  constructor(status, exception, message, { headers = {}, more = '' } = {}) {
    super(message);
    Object.assign(this, { status, exception, headers, more });
  }
}

const sabre = (status, name, message, more) => new DavError(status, `Sabre\\DAV\\Exception\\${name}`, message, more);

export const badRequest = (message) => sabre(400, 'BadRequest', message);
export const notFound = (name) => sabre(404, 'NotFound', `File with name ${name} could not be located`);
export const forbidden = (message = 'Access denied') => sabre(403, 'Forbidden', message);
export const conflict = (message) => sabre(409, 'Conflict', message);
export const exists = () => sabre(405, 'MethodNotAllowed', 'The resource you tried to create already exists');
export const notAllowed = (message) => sabre(405, 'MethodNotAllowed', message, { headers: { Allow: 'OPTIONS, GET, HEAD, DELETE, PROPFIND, PUT, PROPPATCH, COPY, MOVE, REPORT, SEARCH' } });
export const notImplemented = (method) => sabre(501, 'NotImplemented', `There was no handler found for this "${method}" method`);
export const full = (path, size, free) => sabre(507, 'InsufficientStorage', `Insufficient space in ${path}, ${size} required, ${free} available`);
export const stale = (header) =>
  sabre(412, 'PreconditionFailed', header === 'Overwrite' ? 'The destination node already exists, and the overwrite header is set to false' : `An ${header} header was specified, but none of the specified the ETags matched.`, {
    more: `\n  <s:header>${header}</s:header>`,
  });
export const locked = (path) => new DavError(423, 'OCA\\DAV\\Connector\\Sabre\\Exception\\FileLocked', `"${path}" is locked`);
export const blocked = () =>
  new DavError(403, 'OCA\\DAV\\Connector\\Sabre\\Exception\\Forbidden', 'Access denied', {
    more: '\n  <o:retry xmlns:o="o:">false</o:retry>\n  <o:reason xmlns:o="o:">Access denied by file access control</o:reason>',
  });
export const badName = (reason) =>
  new DavError(400, 'OCA\\DAV\\Connector\\Sabre\\Exception\\InvalidPath', reason, { more: `\n  <o:retry xmlns:o="o:">false</o:retry>\n  <o:reason xmlns:o="o:">${escape(reason)}</o:reason>` });
export const notAuthenticated = () =>
  sabre(401, 'NotAuthenticated', "No public access to this resource., Username or password was incorrect, No 'Authorization: Bearer' header found. Either the client didn't send one, or the server is mis-configured", {
    headers: { 'WWW-Authenticate': 'Basic realm="Nextcloud", charset="UTF-8"' },
  });
export const maintenance = () => sabre(503, 'ServiceUnavailable', 'System is in maintenance mode.', { headers: { 'Retry-After': '120', 'X-Nextcloud-Maintenance-Mode': '1' } });
export const tooMany = () => new DavError(429, 'OCA\\DAV\\Connector\\Sabre\\Exception\\TooManyRequests', 'Too many requests', { headers: { 'Retry-After': '1' } });

export function errorReply({ status, exception, message, headers, more }) {
  const body = `<?xml version="1.0" encoding="utf-8"?>\n<d:error xmlns:d="DAV:" xmlns:s="http://sabredav.org/ns">\n  <s:exception>${escape(exception)}</s:exception>\n  <s:message>${escape(message)}</s:message>${more}\n</d:error>\n`;
  return reply(status, { 'Content-Type': 'application/xml; charset=utf-8', ...headers }, body);
}
