// SPDX-License-Identifier: Apache-2.0
// Items: look, list, search, make folders, rename, move, copy, delete.

import { randomBytes } from 'node:crypto';
import { json, readBody, reply } from '../kernel/reply.js';
import { driveOf, existing, itemAt, libraryById } from './address.js';
import { denied, invalid, nameTaken, notFound, refuse, stale } from './errors.js';
import { describe, describeHere, eTag, listing, remoteItem, shaped, tagMatches } from './items.js';
import { linkTo, readLink } from './links.js';
import { checkName, freeName } from './names.js';
import { pageOf, readOptions } from './odata.js';
import { kAnyFiles } from './routes_account.js';
import { searchNodes, searchShared } from './search.js';

export const kWrite = ['Files.ReadWrite', 'Files.ReadWrite.All', 'Sites.ReadWrite.All'];
const kBehaviours = ['fail', 'replace', 'rename'];

export function placeOf(call) {
  const { library, rest } = driveOf(call, call.path);
  return itemAt(call, library, rest);
}

export function context(call, library, what) {
  return { '@odata.context': `${call.ask.base}/v1.0/$metadata#drives('${encodeURIComponent(library.id)}')/${what}` };
}

export async function itemReply(call, library, node, status, more = {}) {
  return json(status, { ...context(call, library, 'items/$entity'), ...(await describe(call.ask, library, node)) }, more);
}

export async function readJson(call) {
  const text = (await readBody(call.ask.stream, 4 << 20)).toString('utf8');
  if (text === '') return {};
  if (!/^application\/json/i.test(call.ask.headers['content-type'] ?? '')) throw invalid('Unsupported content type: a JSON entity is expected.');
  let value;
  try {
    value = JSON.parse(text);
  } catch {
    throw invalid('Unable to read JSON request payload. Please ensure Content-Type header is set and payload is of valid JSON format.');
  }
  if (value === null || typeof value !== 'object' || Array.isArray(value)) throw invalid('Entity only allows writes with a JSON Content-Type header.');
  return value;
}

export function behaviourOf(value, fallback) {
  const behaviour = (value ?? fallback).toLowerCase();
  if (!kBehaviours.includes(behaviour)) throw invalid(`Unknown conflict behavior: ${value}`);
  return behaviour;
}

// May this node be changed? The nearest read-only folder above decides, too.
export function checkWritable(node) {
  if (node.locked) {
    throw node.name.length % 2 === 0
      ? refuse(423, 'accessDenied', 'The file is checked out or locked for editing by another user.')
      : refuse(423, 'notAllowed', 'The resource you are attempting to access is locked', 'resourceLocked');
  }
  for (let at = node; at; at = at.parent) if (at.readOnly) throw denied();
}

export function checkTags(ask, library, node) {
  const wanted = ask.headers['if-match'];
  if (wanted !== undefined && (!node || !tagMatches(wanted, library, node))) throw stale();
  if (ask.headers['if-none-match'] === '*' && node) throw stale();
}

async function look(call) {
  const { library, ...place } = placeOf(call);
  const node = existing(place);
  const options = readOptions(call.ask.query, { allow: ['$select', '$expand'] });
  const unless = call.ask.headers['if-none-match'];
  if (unless !== undefined && tagMatches(unless, library, node)) return reply(304, { ETag: eTag(library, node) });
  const facts = await describeHere(call.cloud, call.ask, library, node);
  return json(200, { ...context(call, library, 'items/$entity'), ...(await shaped(call, library, node, options, facts)) });
}

async function children(call) {
  const { library, ...place } = placeOf(call);
  const node = existing(place);
  const options = readOptions(call.ask.query);
  if (node.kind === 'file') return json(200, { ...context(call, library, 'items/children'), value: [] });
  const { value, next } = await listing(call, library, node, options);
  const what = node === library.drive.root ? 'root/children' : `items('${encodeURIComponent(library.itemId(node))}')/children`;
  return json(200, { ...context(call, library, what), ...(next ? { '@odata.nextLink': next } : {}), value });
}

async function makeFolder(call) {
  const { library, ...place } = placeOf(call);
  const parent = existing(place);
  if (parent.kind !== 'folder') throw invalid('The parent is not a folder.');
  const body = await readJson(call);
  if (body.folder === undefined || typeof body.name !== 'string') throw invalid('The name and the folder facet are needed to make a folder.');
  checkWritable(parent);
  let names = [...place.names, body.name];
  checkName(library, names, { folder: true });
  const behaviour = behaviourOf(body['@microsoft.graph.conflictBehavior'], 'fail');
  const taken = library.drive.find(names);
  if (taken && (behaviour === 'fail' || (behaviour === 'replace' && taken.kind === 'file'))) throw nameTaken();
  if (taken && behaviour === 'rename') names = freeName(library.drive, names, { folder: true });
  return itemReply(call, library, library.drive.makeFolder(names), 201);
}

function parentIn(call, library, wanted) {
  if (wanted.driveId !== undefined && libraryById(call, wanted.driveId) !== library) {
    throw refuse(400, 'invalidRequest', 'Moving items across drives is not supported.', 'notSupported');
  }
  if (wanted.id === undefined && wanted.path === undefined) return undefined;
  if (wanted.id?.toLowerCase() === 'root') throw invalid('The parent id "root" is not valid here.');
  const names = wanted.path?.replace(/^.*?root:?/, '').split('/').filter(Boolean).map(decodeURIComponent);
  const parent = wanted.id !== undefined ? library.nodeOf(wanted.id) : library.drive.find(names);
  if (!parent || parent.kind !== 'folder') throw notFound();
  return parent;
}

async function change(call) {
  const { library, ...place } = placeOf(call);
  const node = existing(place);
  const body = await readJson(call);
  checkTags(call.ask, library, node);
  if (node === library.drive.root && (body.name || body.parentReference)) throw invalid('The root cannot be renamed or moved.');
  checkWritable(node);
  const parent = (body.parentReference && parentIn(call, library, body.parentReference)) ?? node.parent;
  if (parent && library.drive.isInside(parent, node)) throw invalid('A folder cannot be moved into itself.');
  const isFolder = node.kind === 'folder';
  if (parent && (parent !== node.parent || (body.name !== undefined && body.name !== node.name))) {
    checkWritable(parent);
    let names = [...library.drive.namesOf(parent), body.name ?? node.name];
    checkName(library, names, { folder: isFolder });
    const taken = library.drive.find(names);
    if (taken && taken !== node) {
      const behaviour = behaviourOf(body['@microsoft.graph.conflictBehavior'] ?? call.ask.query.get('@microsoft.graph.conflictBehavior'), 'fail');
      if (behaviour === 'fail' || (behaviour === 'replace' && (taken.kind === 'folder' || isFolder))) throw nameTaken();
      if (behaviour === 'rename') names = freeName(library.drive, names, { folder: isFolder });
      else library.drive.remove(taken);
    }
    library.drive.move(node, names);
  }
  if (body.fileSystemInfo) setTimes(library, node, body.fileSystemInfo);
  return itemReply(call, library, node, 200);
}

// The client's own times. The store of work accounts makes a new version for that, which counts against the quota.
function setTimes(library, node, info) {
  applyTimes(node, info);
  if (library.business && node.kind === 'file') library.drive.usedElsewhere += node.content.size;
  library.drive.touch(node);
}

export function applyTimes(node, { createdDateTime, lastModifiedDateTime } = {}) {
  for (const [key, text] of [['clientCreated', createdDateTime], ['clientModified', lastModifiedDateTime]]) {
    if (text === undefined) continue;
    const when = Date.parse(text);
    if (Number.isNaN(when)) throw invalid(`Cannot convert the literal '${text}' to the expected type 'Edm.DateTimeOffset'.`);
    node[key] = when;
  }
}

async function remove(call) {
  const { library, ...place } = placeOf(call);
  const node = existing(place);
  if (node === library.drive.root) throw denied();
  checkTags(call.ask, library, node);
  checkWritable(node);
  library.drive.remove(node);
  return reply(204);
}

async function copy(call) {
  const { library, ...place } = placeOf(call);
  const node = existing(place);
  const body = await readJson(call);
  const target = body.parentReference?.driveId ? libraryById(call, body.parentReference.driveId) : library;
  const parent = body.parentReference?.id ? target.nodeOf(body.parentReference.id) : node.parent;
  if (!parent) throw notFound();
  let names = [...target.drive.namesOf(parent), body.name ?? node.name];
  checkName(target, names, { folder: node.kind === 'folder' });
  const behaviour = behaviourOf(call.ask.query.get('@microsoft.graph.conflictBehavior') ?? undefined, 'fail');
  let failure;
  if (target.drive.find(names)) {
    if (behaviour === 'rename') names = freeName(target.drive, names, { folder: node.kind === 'folder' });
    else if (behaviour === 'fail') failure = { code: 'nameAlreadyExists', message: 'The specified item name already exists.' };
  }
  const id = randomBytes(9).toString('base64url');
  const made = failure ? undefined : target === library ? target.drive.copy(node, names) : target.drive.writeFile(names, node.content);
  call.cloud.copies.set(id, { asked: 0, failure, resourceId: made && target.itemId(made) });
  return reply(202, { Location: linkTo(call.ask, 'monitor', { id }, 86400, library) });
}

// The address that tells how a copy goes; the first answer says that it is still under way.
export function monitor(cloud, ask) {
  const facts = readLink('monitor', ask.query.get('tempauth'), ask.now);
  const job = facts && cloud.copies.get(facts.id);
  if (!job) throw notFound();
  job.asked += 1;
  if (job.asked === 1) return json(202, { '@odata.context': '', operation: 'ItemCopy', percentageComplete: 27.8, status: 'inProgress' });
  if (job.failure) return json(200, { operation: 'ItemCopy', percentageComplete: 0, status: 'failed', error: job.failure });
  return json(200, { operation: 'ItemCopy', percentageComplete: 100, resourceId: job.resourceId, status: 'completed' });
}

async function search(call) {
  const { library, rest } = driveOf(call, call.path);
  const match = /^(.*)\/(?:microsoft\.graph\.)?search\(q='(.*)'\)$/.exec(rest);
  const place = match[1] === '' ? { node: library.drive.root } : itemAt(call, library, match[1]);
  const folder = existing(place);
  const options = readOptions(call.ask.query);
  const words = decodeURIComponent(match[2]).replace(/''/g, "'");
  const found = (await searchNodes(call, library, folder, words, options.orderBy)).map((node) => [library, node]);
  // The search of one's own drive as such, not of its root, finds what others share as well.
  if (match[1] === '' && library === call.account.own && call.scopes.some((scope) => scope.endsWith('.All'))) found.push(...(await searchShared(call, words)));
  const { part, next } = pageOf(found, options, call.ask, call.cloud.pageCap, library);
  const value = await Promise.all(
    part.map(async ([home, node]) => {
      const facts = home === library ? await describe(call.ask, library, node, { path: false, download: false }) : await remoteItem(call.ask, home, node);
      return shaped(call, home, node, options, { ...facts, searchResult: {} });
    }),
  );
  return json(200, { '@odata.context': `${call.ask.base}/v1.0/$metadata#Collection(driveItem)`, ...(next ? { '@odata.nextLink': next } : {}), value });
}

async function recent(call) {
  const library = call.account.own;
  const options = readOptions(call.ask.query);
  const files = [...library.drive.walk(library.drive.root)].filter((node) => node.kind === 'file');
  files.sort((a, b) => b.serverModified - a.serverModified);
  const { part, next } = pageOf(files.slice(0, 100), options, call.ask, call.cloud.pageCap, library);
  const value = await Promise.all(part.map(async (node) => shaped(call, library, node, options, await describe(call.ask, library, node, { path: false }))));
  return json(200, { '@odata.context': `${call.ask.base}/v1.0/$metadata#Collection(driveItem)`, ...(next ? { '@odata.nextLink': next } : {}), value });
}

const kStart = '^/(?:me/drive|users/[^/]+/drive|drives/[^/:]+|sites/[^/:]+/drive)';
const kItem = `${kStart}/(?:root|special/[^/:]+|items/[^/:]+)`;
// The item itself, by id or by path; a path may end without a colon.
export const itemPath = (tail) => new RegExp(`${kItem}(?::[^:]*:)?${tail}$`);
export const kItself = new RegExp(`${kItem}(?::[^:]*:?)?$`);

export const itemRoutes = [
  { method: 'GET', path: new RegExp(`${kStart}(?:/.*)?/(?:microsoft\\.graph\\.)?search\\(q='.*'\\)$`), scopes: kAnyFiles, run: search },
  { method: 'GET', path: /^\/me\/drive\/recent(\(\))?$/, scopes: kAnyFiles, run: recent },
  { method: 'GET', path: itemPath('/children'), scopes: kAnyFiles, run: children },
  { method: 'POST', path: itemPath('/children'), scopes: kWrite, writes: true, run: makeFolder },
  { method: 'POST', path: itemPath('/copy'), scopes: kWrite, writes: true, run: copy },
  { method: 'POST', path: itemPath('/permanentDelete'), scopes: kWrite, writes: true, run: remove },
  { method: 'GET', path: kItself, scopes: kAnyFiles, run: look },
  { method: 'PATCH', path: kItself, scopes: kWrite, writes: true, run: change },
  { method: 'DELETE', path: kItself, scopes: kWrite, writes: true, run: remove },
];
