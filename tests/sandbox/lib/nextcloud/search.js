// SPDX-License-Identifier: Apache-2.0
// SEARCH (RFC 5323): a basicsearch below one folder of the user's files.

import { reply } from '../kernel/reply.js';
import { decodePath, readXml } from './dav.js';
import { badRequest, notFound } from './errors.js';
import { changed, mimeType, response, sizeOf } from './props.js';
import { childOf, kDav, kOwn, multistatus } from './xml.js';

const kPaging = 'https://github.com/icewind1991/SearchDAV/ns';
const kSearchable = {
  [`${kDav} displayname`]: (call, node) => node.name,
  [`${kDav} getcontenttype`]: (call, node) => (node.kind === 'folder' ? 'httpd/unix-directory' : mimeType(node.name)),
  [`${kDav} getlastmodified`]: (call, node) => changed(node),
  [`${kOwn} size`]: (call, node) => sizeOf(call.drive, node),
  [`${kOwn} fileid`]: (call, node) => Number(node.id),
  [`${kOwn} favorite`]: (call, node) => (node.favorite ? 1 : 0),
};

function property(part) {
  const [name] = childOf(part, kDav, 'prop')?.children ?? [];
  const value = name && kSearchable[`${name.space} ${name.local}`];
  if (!value) throw badRequest(`requested property is not a valid search property: ${name?.local ?? ''}`);
  return [value, name.local];
}

function literal(part, local) {
  const words = childOf(part, kDav, 'literal')?.text;
  if (words === undefined) throw badRequest('Invalid operator: a literal is missing');
  if (local === 'getlastmodified') return /^\d+$/.test(words) ? Number(words) * 1000 : Date.parse(words);
  return ['size', 'fileid', 'favorite'].includes(local) ? Number(words) : words;
}

function like(pattern) {
  const source = [...pattern].map((c) => (c === '%' ? '[^]*' : c === '_' ? '[^]' : c.replace(/[\\^$.*+?()[\]{}|/]/, '\\$&'))).join('');
  return new RegExp(`^${source}$`, 'iu');
}

// A condition as a function of a node.
function condition(part) {
  if (!part) return () => true;
  const inner = () => part.children.map(condition);
  switch (part.space === kDav ? part.local : undefined) {
    case 'and': {
      const all = inner();
      return (call, node) => all.every((one) => one(call, node));
    }
    case 'or': {
      const any = inner();
      return (call, node) => any.some((one) => one(call, node));
    }
    case 'not': {
      const [one] = inner();
      return (call, node) => !one(call, node);
    }
    case 'is-collection':
      return (call, node) => node.kind === 'folder';
    case 'like': {
      const [value, local] = property(part);
      const pattern = like(String(literal(part, local)));
      return (call, node) => pattern.test(String(value(call, node)).normalize('NFC'));
    }
    case 'eq': case 'gt': case 'gte': case 'lt': case 'lte': {
      const [value, local] = property(part);
      const wanted = literal(part, local);
      const holds = { eq: (a) => a === wanted, gt: (a) => a > wanted, gte: (a) => a >= wanted, lt: (a) => a < wanted, lte: (a) => a <= wanted }[part.local];
      return (call, node) => holds(value(call, node));
    }
    default:
      throw badRequest(`Invalid operator: ${part.local}`);
  }
}

function ordering(parts) {
  const keys = (parts?.children ?? []).filter((one) => one.local === 'order').concat(childOf(parts, kDav, 'prop') ? [parts] : []);
  return keys.map((one) => {
    const [value, local] = property(one);
    if (local === 'fileid') throw badRequest('requested property is not a valid sort property');
    return [value, childOf(one, kDav, 'descending') ? -1 : 1];
  });
}

const number = (element) => (element && /^\d+$/.test(element.text.trim()) ? Number(element.text) : undefined);

export async function search(call) {
  const request = await readXml(call, 'searchrequest');
  if (!/xml/.test(call.ask.headers['content-type'] ?? '')) throw badRequest('The content type must be text/xml or application/xml');
  const basic = request && childOf(request, kDav, 'basicsearch');
  if (!basic) throw badRequest('Only basicsearch is supported');
  const wanted = childOf(childOf(basic, kDav, 'select'), kDav, 'prop')?.children ?? [];
  const scope = childOf(childOf(basic, kDav, 'from'), kDav, 'scope');
  const [kind, user, ...names] = decodePath(childOf(scope, kDav, 'href')?.text.trim() ?? '');
  if (kind !== 'files' || user !== call.account.id) throw badRequest('Search is only supported on the files of the user: the scope must begin with /files/USER');
  const folder = call.drive.find(names);
  if (!folder) throw notFound(names.join('/'));
  const holds = condition(childOf(basic, kDav, 'where')?.children[0]);
  const order = ordering(childOf(basic, kDav, 'orderby'));
  const indexedUpTo = call.cloud.clock.now() - call.cloud.searchDelaySeconds * 1000;
  const found = [];
  for (const node of call.drive.walk(folder)) if ((node.serverModified ?? node.created) <= indexedUpTo && holds(call, node)) found.push(node);
  for (const [value, way] of order.reverse()) {
    const key = (node) => (typeof value(call, node) === 'string' ? value(call, node).toLowerCase() : value(call, node));
    found.sort((a, b) => (key(a) < key(b) ? -way : key(a) > key(b) ? way : 0));
  }
  const limit = childOf(basic, kDav, 'limit');
  const most = number(childOf(limit, kDav, 'nresults')) ?? Infinity;
  const first = number(limit?.children.find((one) => one.space === kPaging && one.local === 'firstresult')) ?? 0;
  const part = found.slice(first, first + most);
  return reply(207, { 'Content-Type': 'application/xml; charset=utf-8' }, multistatus(part.map((node) => response(call, node, wanted))));
}
