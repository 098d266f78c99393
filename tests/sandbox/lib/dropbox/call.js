// SPDX-License-Identifier: Apache-2.0
// How a Dropbox route is called: method, content type, authorisation, path root, argument; in that order.

import { readBody, TooLarge } from '../kernel/reply.js';
import { ApiError, BadRequest, tree, unauthorised } from './errors.js';

const kJson = ['application/json', 'application/json; charset=utf-8', 'text/plain; charset=dropbox-cors-hack'];
const kBytes = ['application/octet-stream', 'text/plain; charset=dropbox-cors-hack'];
const kEmpty = ['', 'text/plain', 'text/plain; charset=utf-8', 'application/octet-stream', 'application/octet-stream; charset=utf-8'];

function normalised(type) {
  return (type ?? '').toLowerCase().replace(/\s*;\s*/g, '; ').trim();
}

function checkContentType(headers, allowed) {
  const got = headers['content-type'];
  if (allowed.includes(normalised(got))) return;
  const wanted = allowed.filter(Boolean).map((type) => `"${type}"`).join(', ');
  if (got === undefined) throw new BadRequest(`Missing HTTP "Content-Type" header.  Expecting one of ${wanted}.`);
  throw new BadRequest(`Bad HTTP "Content-Type" header: "${got}".  Expecting one of ${wanted}.`);
}

export function checkMethod(route, method) {
  const allowed = route.style === 'download' ? ['POST', 'GET'] : ['POST'];
  if (allowed.includes(method)) return;
  throw new BadRequest(`Your request's HTTP request method is "${method}". This function only accepts the HTTP request method "POST".`);
}

// The grant behind a bearer token: { person, client, scopes, grant }.
export function authorise(route, ask, grants) {
  const value = ask.headers.authorization ?? ask.query.get('authorization');
  if (value === undefined || value === null) {
    throw new BadRequest('Must provide HTTP header "Authorization" or URL parameter "authorization".');
  }
  const match = /^Bearer ([\x21-\x7e]+)$/.exec(value);
  if (!match) throw new BadRequest('Invalid authorization value in HTTP header "Authorization". Expecting "Bearer <access token>".');
  const access = grants.access(match[1]);
  if (!access) throw unauthorised('invalid_access_token');
  if (access.expired) throw unauthorised('expired_access_token');
  if (route.scope && !access.scopes.includes(route.scope)) throw unauthorised('missing_scope', { required_scope: route.scope });
  if (ask.headers['dropbox-api-select-user']) throw unauthorised('invalid_select_user');
  if (ask.headers['dropbox-api-select-admin']) throw unauthorised('invalid_select_admin');
  return { person: access.grant.person, client: access.grant.client, scopes: access.scopes, grant: access.grant };
}

function parse(text, where) {
  try {
    return JSON.parse(text);
  } catch {
    throw new BadRequest(`${where}: could not decode input as JSON`);
  }
}

function headerArgument(ask) {
  const header = ask.headers['dropbox-api-arg'];
  const query = ask.query.get('arg');
  if (header === undefined && query === null) {
    throw new BadRequest('Must provide HTTP header "Dropbox-API-Arg" or URL parameter "arg".');
  }
  if (header !== undefined && query !== null) {
    throw new BadRequest('You provided a value for both HTTP header "Dropbox-API-Arg" and URL parameter "arg".');
  }
  const where = header !== undefined ? 'HTTP header "Dropbox-API-Arg"' : 'URL parameter "arg"';
  if (header !== undefined && /[^\x20-\x7e]/.test(header)) throw new BadRequest(`${where}: could not decode input as JSON`);
  return [parse(header ?? query, where), where];
}

async function bodyArgument(route, ask) {
  let body;
  try {
    body = (await readBody(ask.stream)).toString('utf8');
  } catch (error) {
    if (error instanceof TooLarge) throw new BadRequest('request body: too large');
    throw error;
  }
  if (!route.argument) {
    if (body === '' && ask.headers['content-type'] === undefined) return [undefined, ''];
    checkContentType(ask.headers, kJson);
    if (body === '') throw new BadRequest('request body: could not decode input as JSON');
    if (parse(body, 'request body') !== null) throw new BadRequest('request body: expected null');
    return [undefined, ''];
  }
  return [parse(body, 'request body'), 'request body'];
}

// Reads and checks the argument of a call. The body of an upload is left unread.
export async function readArgument(route, ask) {
  if (route.style === 'rpc' && route.argument) checkContentType(ask.headers, kJson);
  if (route.style === 'upload') checkContentType(ask.headers, kBytes);
  if (route.style === 'download') checkContentType(ask.headers, kEmpty);
  const [raw, where] = route.style === 'rpc' ? await bodyArgument(route, ask) : headerArgument(ask);
  if (!route.argument) return undefined;
  try {
    return route.argument(raw, '');
  } catch (error) {
    if (error instanceof BadRequest) throw new BadRequest(`${where}: ${error.message}`);
    throw error;
  }
}

// The drive that paths are relative to, by the Dropbox-API-Path-Root header.
export function pathRoot(ask, account) {
  const header = ask.headers['dropbox-api-path-root'];
  if (header === undefined) return account.home;
  const root = parse(header, 'HTTP header "Dropbox-API-Path-Root"');
  const number = { root: root?.root, namespace_id: root?.namespace_id, home: account.homeNamespace }[root?.['.tag']];
  if (number === undefined) throw new BadRequest('HTTP header "Dropbox-API-Path-Root": unknown tag');
  if (root['.tag'] === 'root' && number !== account.rootNamespace) {
    throw new ApiError({ '.tag': 'invalid_root', invalid_root: account.rootInfo() }, { status: 422 });
  }
  const drive = account.driveOf(number);
  if (!drive) throw new ApiError(tree('no_permission'), { status: 422 });
  return drive;
}
