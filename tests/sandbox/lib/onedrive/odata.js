// SPDX-License-Identifier: Apache-2.0
// The $-parameters: $top, $select, $expand, $orderby and the token of the next page.

import { invalid, refuse } from './errors.js';

const kKnown = new Set(['$top', '$select', '$expand', '$orderby', '$skiptoken']);
const kRefused = new Set(['$filter', '$skip', '$count', '$search', '$apply', '$compute']);
const kDefaultTop = 200;
const kMostTop = 1000;

export const kItemProperties = new Set(
  `id name size eTag cTag createdDateTime lastModifiedDateTime createdBy lastModifiedBy description webUrl webDavUrl parentReference
   fileSystemInfo folder file package remoteItem root specialFolder bundle deleted malware shared sharepointIds image photo audio
   video location searchResult publication content thumbnails children permissions versions @microsoft.graph.downloadUrl
   content.downloadUrl`.split(/\s+/),
);

export function readOptions(query, { allow = ['$top', '$select', '$expand', '$orderby', '$skiptoken'], properties = kItemProperties } = {}) {
  for (const name of query.keys()) {
    if (kRefused.has(name) || (kKnown.has(name) && !allow.includes(name))) {
      throw invalid(`The query specified in the URI is not valid. Query option '${name}' is not allowed.`);
    }
  }
  const list = (name) => (query.get(name) ?? '').split(',').map((one) => one.trim()).filter(Boolean);
  const select = list('$select');
  for (const one of select) {
    if (one !== '*' && !properties.has(one.split('/')[0])) throw invalid(`Could not find a property named '${one}' on type 'microsoft.graph.driveItem'.`);
  }
  const expand = list('$expand').map((one) => one.replace(/\(.*$/, ''));
  for (const one of expand) if (!['thumbnails', 'children'].includes(one)) throw invalid(`Property '${one}' cannot be expanded.`);
  const top = query.get('$top');
  if (top !== null && !/^[1-9]\d{0,8}$/.test(top)) throw invalid(`Invalid value '${top}' for $top query option found.`);
  return {
    select: select.length === 0 || select.includes('*') ? undefined : new Set(select),
    expand: new Set(expand),
    orderBy: query.get('$orderby') ?? undefined,
    top: Math.min(top === null ? kDefaultTop : Number(top), kMostTop),
    ...readToken(query.get('$skiptoken')),
  };
}

function readToken(token) {
  if (token === null) return { from: 0 };
  const match = /^sandbox-(\w*)-(\d+)$/.exec(Buffer.from(token, 'base64url').toString());
  if (!match) throw deadToken();
  return { epoch: match[1], from: Number(match[2]) };
}

const deadToken = () => invalid('The skip token is not valid.', 'invalidSkipToken');

// One page of a list: { part, next } where next is the address of the page after it. Addresses die with the cursors of
// the library that the list is of.
export function pageOf(all, options, ask, cap = Infinity, library = undefined) {
  const epoch = library?.drive.epoch ?? '';
  if (options.epoch !== undefined && options.epoch !== epoch) {
    throw library?.business === false ? refuse(410, 'resyncRequired', 'The list has changed; begin again.') : deadToken();
  }
  const size = Math.min(options.top, cap);
  const part = all.slice(options.from, options.from + size);
  const end = options.from + part.length;
  if (end >= all.length) return { part };
  const query = new URLSearchParams(ask.query);
  query.set('$skiptoken', Buffer.from(`sandbox-${epoch}-${end}`).toString('base64url'));
  const text = query.toString().replace(/%24/g, '$');
  return { part, next: `${ask.base}${ask.path}?${text}` };
}

// The order of a listing, as a comparison.
export function ordering(text, library) {
  const [key, direction = 'asc', ...rest] = (text ?? 'name').trim().split(/\s+/);
  if (rest.length > 0 || !['asc', 'desc'].includes(direction)) throw invalid(`Syntax error in $orderby: '${text}'`);
  const keys = library.business ? ['name'] : ['name', 'size', 'lastModifiedDateTime'];
  if (!keys.includes(key)) throw invalid(`The $orderby on '${key}' is not supported.`, 'notSupported');
  return { key, down: direction === 'desc' };
}
