// SPDX-License-Identifier: Apache-2.0
// Account, lists of files by query, shared drives, ids to be used later.

import { createHmac } from 'node:crypto';
import { textMatchOf, wordsOf } from '../kernel/words.js';
import { flag, isOutOfSight } from './call.js';
import { makeFileId } from './accounts.js';
import { badValue, googleJson, notFound, refuse } from './errors.js';
import { kDefaultFields, kFileShape, milliseconds, modifiedOf, userOf } from './files.js';
import { applyMask, parseMask } from './mask.js';
import { parseQuery } from './query.js';
import { kExportFormats, kImportFormats, mimeTypeOf } from './types.js';

const kTokenSeconds = 3 * 3600;
const kSecret = 'page tokens of the sandbox are only guarded against slips';
const kKeptResults = 24;
const kPooled = new Set(['business']); // plans that show no limit of their own

const kListShape = { kind: true, incompleteSearch: true, nextPageToken: true, files: kFileShape };
const kUserShape = kFileShape.lastModifyingUser;
const kAnything = new Proxy({}, { get: () => true });
const kAboutShape = {
  kind: true, user: kUserShape, storageQuota: { limit: true, usage: true, usageInDrive: true, usageInDriveTrash: true },
  maxUploadSize: true, importFormats: kAnything, exportFormats: kAnything, maxImportSizes: kAnything, appInstalled: true, canCreateDrives: true, folderColorPalette: true,
};
const kDriveShape = { kind: true, id: true, name: true, createdTime: true, hidden: true, capabilities: kAnything, themeId: true, colorRgb: true };

function shown(call, value, shape, otherwise) {
  const mask = parseMask(call.ask.query.get('fields') || otherwise, shape);
  return googleJson(200, applyMask(mask, value), {}, call.ask.query.get('prettyPrint') !== 'false');
}

function about(call) {
  if (!call.ask.query.get('fields')) throw refuse(400, 'required', "The 'fields' parameter is required for this method.", { location: 'fields' });
  const home = call.cloud.accounts.homeOf(call.person);
  const person = call.cloud.people.get(call.person);
  let trash = 0;
  for (const node of home.byId.values()) if (node.kind === 'file' && home.isTrashed(node)) trash += node.content.size;
  return shown(
    call,
    {
      kind: 'drive#about',
      user: userOf(person, call.person),
      storageQuota: {
        ...(kPooled.has(person.plan) ? {} : { limit: String(home.allocated) }),
        usage: String(home.used),
        usageInDrive: String(home.usedByFiles),
        usageInDriveTrash: String(trash),
      },
      maxUploadSize: '5242880000000',
      importFormats: kImportFormats,
      exportFormats: kExportFormats,
      maxImportSizes: { 'application/vnd.google-apps.document': '10485760', 'application/vnd.google-apps.spreadsheet': '104857600', 'application/vnd.google-apps.presentation': '104857600' },
      appInstalled: true,
      canCreateDrives: false,
      folderColorPalette: ['#ac725e', '#d06b64', '#8f8f8f'],
    },
    kAboutShape,
  );
}

const kByName = new Intl.Collator('en', { sensitivity: 'base' });
const kNatural = new Intl.Collator('en', { sensitivity: 'base', numeric: true });
const kOrders = {
  createdTime: (a, b) => a.created - b.created,
  folder: (a, b) => (b.kind === 'folder') - (a.kind === 'folder'),
  modifiedByMeTime: (a, b) => modifiedOf(a) - modifiedOf(b),
  modifiedTime: (a, b) => modifiedOf(a) - modifiedOf(b),
  name: (a, b) => kByName.compare(a.name, b.name),
  name_natural: (a, b) => kNatural.compare(a.name, b.name),
  quotaBytesUsed: (a, b) => (a.content?.size ?? 0) - (b.content?.size ?? 0),
  recency: (a, b) => modifiedOf(a) - modifiedOf(b),
  sharedWithMeTime: (a, b) => a.created - b.created,
  starred: (a, b) => (b.extra?.starred === true) - (a.extra?.starred === true),
  viewedByMeTime: (a, b) => modifiedOf(a) - modifiedOf(b),
};

function orderOf(text) {
  if (!text) return (a, b) => (a.node.id < b.node.id ? -1 : 1);
  const keys = text.split(',').map((key) => {
    const [, name, down] = /^\s*([A-Za-z_]+)(\s+desc)?\s*$/.exec(key) ?? [];
    if (!Object.hasOwn(kOrders, name ?? '')) throw badValue('orderBy');
    return [kOrders[name], down ? -1 : 1];
  });
  return (a, b) => {
    for (const [compare, sign] of keys) {
      const less = sign * compare(a.node, b.node);
      if (less !== 0) return less;
    }
    return a.node.id < b.node.id ? -1 : 1;
  };
}

function sign(text) {
  return createHmac('sha256', kSecret).update(text).digest('base64url').slice(0, 12);
}

function makeToken(call, facts) {
  const home = call.cloud.accounts.homeOf(call.person);
  const text = Buffer.from(JSON.stringify({ owner: home.owner, epoch: home.epoch, until: call.cloud.clock.now() + kTokenSeconds * 1000, ...facts })).toString('base64url');
  return `~!!~AI9${sign(text)}${text}`;
}

function readToken(call, token, question) {
  const text = token.slice(19);
  const good = token.startsWith('~!!~AI9') && token.slice(7, 19) === sign(text);
  const facts = good ? JSON.parse(Buffer.from(text, 'base64url').toString()) : {};
  const home = call.cloud.accounts.homeOf(call.person);
  if (facts.owner !== home.owner || facts.epoch !== home.epoch || facts.question !== question || facts.until <= call.cloud.clock.now()) throw badValue('pageToken');
  return facts.from;
}

function* withPlaces(call, drive, nodes) {
  const { accounts } = call.cloud;
  for (const node of nodes) {
    const place = accounts.place(call.person, drive, node);
    if (place?.role) yield place;
  }
}

// Where a query looks, as places.
function* candidates(call, query, { corpora, driveId, everywhere }) {
  const { accounts } = call.cloud;
  if (query.onlyParent !== undefined) {
    const place = accounts.locate(call.person, query.onlyParent);
    if (!place?.role) throw notFound('.');
    if (place.node.kind !== 'folder' || (place.sharedDrive && !everywhere)) return;
    if (corpora === 'drive' && place.sharedDrive?.id !== driveId) return;
    yield* withPlaces(call, place.drive, place.drive.childrenOf(place.node).values());
    return;
  }
  if (corpora === 'drive') {
    const { drive } = accounts.sharedDrives().get(driveId);
    yield* withPlaces(call, drive, drive.walk(drive.root));
    return;
  }
  const home = accounts.homeOf(call.person);
  yield* withPlaces(call, home, home.walk(home.root));
  for (const { drive, node } of accounts.sharedWith(call.person)) yield* withPlaces(call, drive, [node]);
  if (corpora === 'allDrives') for (const { drive } of accounts.drivesOf(call.person)) yield* withPlaces(call, drive, drive.walk(drive.root));
}

function factsOf(call, home, place, text) {
  const { drive, node } = place;
  return {
    name: node.name,
    mimeType: mimeTypeOf(node),
    trashed: drive.isTrashed(node),
    starred: node.extra?.starred === true,
    sharedWithMe: node.shareWith?.[call.person] !== undefined,
    parent: node.parent?.id,
    idOf: (id) => (id === 'root' ? home.root.id : id),
    people: (field) => (field === 'owners' ? [place.owner] : [place.owner, ...Object.keys(node.shareWith ?? {})]),
    times: { modifiedTime: modifiedOf(node), createdTime: node.created, viewedByMeTime: modifiedOf(node) },
    'shortcutDetails.targetId': node.target,
    visibility: node.shareWith ? 'limited' : 'private',
    words: () => [...wordsOf(node.name), ...wordsOf(node.description ?? ''), ...text],
  };
}

async function find(call, query, where, order) {
  const home = call.cloud.accounts.homeOf(call.person);
  const indexedUpTo = call.cloud.clock.now() - call.cloud.searchDelaySeconds * 1000;
  const found = [];
  for (const place of candidates(call, query, where)) {
    if (isOutOfSight(call, place)) continue;
    if (query.onlyParent === undefined && place.node.created > indexedUpTo) continue;
    const text = query.fullText ? await textMatchOf(place.node) : [];
    if (query.test(factsOf(call, home, place, text))) found.push(place);
  }
  return found.sort(order);
}

function whereOf(call) {
  const { ask } = call;
  const corpora = ask.query.get('corpora') ?? 'user';
  const driveId = ask.query.get('driveId') ?? undefined;
  if (!['user', 'drive', 'domain', 'allDrives'].includes(corpora)) throw badValue('corpora');
  const everywhere = flag(ask, 'includeItemsFromAllDrives');
  if (everywhere && !flag(ask, 'supportsAllDrives')) throw badValue('supportsAllDrives', 'supportsAllDrives must be set to true when includeItemsFromAllDrives is set to true');
  if ((corpora === 'drive') !== (driveId !== undefined)) throw badValue('driveId', 'The driveId parameter must be specified if and only if corpora is set to drive.');
  if (['drive', 'allDrives'].includes(corpora) && !everywhere) throw badValue('includeItemsFromAllDrives', 'The includeItemsFromAllDrives parameter must be set to true when corpora is set to drive or allDrives.');
  const mine = call.cloud.accounts.drivesOf(call.person);
  if (corpora === 'drive' && !mine.some(({ id }) => id === driveId)) throw refuse(404, 'notFound', `Shared drive not found: ${driveId}`, { location: 'driveId' });
  if (ask.query.has('spaces') && ask.query.get('spaces') !== 'drive') throw badValue('spaces');
  return { corpora, driveId, everywhere };
}

async function list(call) {
  const { ask, cloud } = call;
  const mask = parseMask(ask.query.get('fields') || `kind,incompleteSearch,nextPageToken,files(${kDefaultFields})`, kListShape);
  const pageText = ask.query.get('pageSize') ?? '100';
  if (!/^\d+$/.test(pageText) || Number(pageText) < 1) throw badValue('pageSize', `Invalid value '${pageText}'. Values must be within the range: [1, 1000]`);
  const size = Math.min(Number(pageText), 1000, cloud.pageCap ?? Infinity);
  const where = whereOf(call);
  const [q, orderBy] = [ask.query.get('q') ?? '', ask.query.get('orderBy') ?? ''];
  const query = q.trim() === '' ? { parents: [], fullText: false, test: () => true } : parseQuery(q);
  if (query.fullText && orderBy) {
    throw refuse(400, 'badRequest', 'Sorting is not supported for queries with fullText terms. Results are always in descending relevance order.', { location: 'orderBy' });
  }
  const order = orderOf(orderBy);
  const question = sign(JSON.stringify([q, orderBy, where]));
  const token = ask.query.get('pageToken');
  const from = token ? readToken(call, token, question) : 0;
  const key = `${call.person}/${call.scopes}/${question}/${cloud.changes}`;
  let found = cloud.results.get(key);
  if (!found || cloud.searchDelaySeconds > 0) {
    found = await find(call, query, where, order);
    cloud.results.set(key, found);
    if (cloud.results.size > kKeptResults) cloud.results.delete(cloud.results.keys().next().value);
  }
  // A page may be empty, with more to come.
  const empty = cloud.emptyPages > 0 && found.length > from;
  if (empty) cloud.emptyPages -= 1;
  const part = empty ? [] : found.slice(from, from + size);
  const to = from + (empty ? 0 : size);
  const files = mask.all || mask.inner.has('files');
  const fileMask = mask.all ? mask : mask.inner.get('files');
  const value = {
    kind: 'drive#fileList',
    incompleteSearch: where.corpora === 'allDrives' && cloud.incompleteSearch,
    ...(to < found.length ? { nextPageToken: makeToken(call, { question, from: to }) } : {}),
    ...(files ? { files: await Promise.all(part.map((place) => call.files.describe(place, fileMask))) } : {}),
  };
  const top = mask.all ? value : Object.fromEntries(Object.entries(value).filter(([name]) => mask.inner.has(name)));
  return googleJson(200, top, {}, ask.query.get('prettyPrint') !== 'false');
}

function generateIds(call) {
  const count = Number(call.ask.query.get('count') ?? 10);
  if (!Number.isInteger(count) || count < 1 || count > 1000) throw badValue('count');
  const ids = Array.from({ length: count }, () => makeFileId());
  for (const id of ids) call.cloud.generatedIds.add(id);
  return googleJson(200, { kind: 'drive#generatedIds', space: 'drive', ids });
}

function driveResource({ id, name, created, members }, email) {
  return { kind: 'drive#drive', id, name, createdTime: milliseconds(created), hidden: false, capabilities: { canAddChildren: members[email] !== 'reader', canListChildren: true } };
}

function drives(call) {
  const text = call.ask.query.get('pageSize') ?? '10';
  if (!/^\d+$/.test(text) || Number(text) < 1 || Number(text) > 100) throw badValue('pageSize', `Invalid value '${text}'. Values must be within the range: [1, 100]`);
  const size = Math.min(Number(text), call.cloud.pageCap ?? Infinity);
  const token = call.ask.query.get('pageToken');
  const from = token ? readToken(call, token, 'drives') : 0;
  const all = call.cloud.accounts.drivesOf(call.person);
  const value = {
    kind: 'drive#driveList',
    ...(from + size < all.length ? { nextPageToken: makeToken(call, { question: 'drives', from: from + size }) } : {}),
    drives: all.slice(from, from + size).map((one) => driveResource(one, call.person)),
  };
  return shown(call, value, { kind: true, nextPageToken: true, drives: kDriveShape }, 'kind,nextPageToken,drives(kind,id,name)');
}

function drive(call, id) {
  const found = call.cloud.accounts.drivesOf(call.person).find((one) => one.id === id);
  if (!found) throw refuse(404, 'notFound', `Shared drive not found: ${id}`, { location: 'driveId' });
  return shown(call, driveResource(found, call.person), kDriveShape, 'kind,id,name');
}

// openid's user information: what is in it depends on the scopes.
export function userInfo(call) {
  const person = call.cloud.people.get(call.person);
  return googleJson(200, call.cloud.oauth.claims(person, call.scopes));
}

export const listRoutes = [
  ['GET', '/about', 'metadata', about],
  ['GET', '/files', 'metadata', list],
  ['GET', '/files/generateIds', 'write', generateIds],
  ['GET', '/drives', 'metadata', drives],
  ['GET', '/drives/:id', 'metadata', drive],
];
