// SPDX-License-Identifier: Apache-2.0
// Account, folders and their listings, metadata of items, names, copies, trash.

import { createHmac } from 'node:crypto';
import { json, reply } from '../kernel/reply.js';
import { checkEtag, checkFree, checkName, fieldsOf, folderFor, itemOf, jsonBody, mustBeWritable, wholeNumber } from './call.js';
import { badParameter, notFound, refuse } from './errors.js';
import { boxTime, typeOf, versionId } from './items.js';
import { withRepresentations } from './representations.js';

const kMostOffset = 10_000;
const kTypes = ['folder', 'file', 'web_link'];
const kSorts = {
  id: (a, b) => a.id.length - b.id.length || (a.id < b.id ? -1 : 1),
  name: (a, b) => (a.key === b.key ? 0 : a.key < b.key ? -1 : 1),
  date: (a, b) => (a.serverModified ?? a.modified) - (b.serverModified ?? b.modified),
  size: (a, b) => (a.content?.size ?? 0) - (b.content?.size ?? 0),
};

async function me(call) {
  const { person, drive, mostUpload } = call.account;
  const all = {
    name: person.name,
    login: person.email,
    created_at: '2019-03-04T01:22:33-08:00',
    modified_at: boxTime(call.cloud.clock.now()),
    language: 'en',
    timezone: 'Europe/Oslo',
    space_amount: drive.allocated,
    space_used: drive.used,
    max_upload_size: mostUpload,
    status: 'active',
    job_title: '',
    phone: '',
    address: '',
    avatar_url: `https://app.box.com/api/avatar/large/${person.number}`,
    notification_email: null,
  };
  const extra = { ...all, role: 'user', enterprise: person.team ? { type: 'enterprise', id: '31415926', name: person.team } : null };
  const fields = fieldsOf(call.ask);
  const shown = fields ? Object.fromEntries(fields.filter((name) => name in extra).map((name) => [name, extra[name]])) : all;
  return json(200, { type: 'user', id: String(person.number), ...shown });
}

// The last sorted folder is kept until something changes: pages follow one another.
function sorted(call, key, nodes) {
  const { ask, drive } = call;
  const by = ask.query.get('sort') ?? 'name';
  const direction = (ask.query.get('direction') ?? 'ASC').toUpperCase();
  if (!Object.hasOwn(kSorts, by)) throw badParameter('sort', `Invalid value '${by}'`);
  if (!['ASC', 'DESC'].includes(direction)) throw badParameter('direction', `Invalid value '${direction}'`);
  const sign = direction === 'DESC' ? -1 : 1;
  const compare = (a, b) => kTypes.indexOf(typeOf(a)) - kTypes.indexOf(typeOf(b)) || sign * kSorts[by](a, b) || sign * kSorts.id(a, b);
  const order = [{ by: 'type', direction: 'ASC' }, { by, direction }];
  const question = `${drive.seq}/${key}/${by}/${direction}`;
  if (drive.lastListing?.question !== question) drive.lastListing = { question, entries: [...nodes].sort(compare) };
  return { entries: drive.lastListing.entries, order };
}

const kSecret = 'markers of the sandbox are only guarded against slips';

function sign(text) {
  return createHmac('sha256', kSecret).update(text).digest('base64url').slice(0, 10);
}

function makeMarker(call, folder, facts) {
  const text = Buffer.from(JSON.stringify({ folder, owner: call.drive.owner, epoch: call.drive.epoch, ...facts })).toString('base64url');
  return sign(text) + text;
}

function readMarker(call, folder, marker) {
  const text = marker.slice(10);
  const facts = marker.slice(0, 10) === sign(text) ? JSON.parse(Buffer.from(text, 'base64url').toString()) : undefined;
  const good = facts && facts.folder === folder && facts.owner === call.drive.owner && facts.epoch === call.drive.epoch;
  if (!good) throw badParameter('marker', `Invalid value '${marker}'`);
  return facts;
}

// How the end of marker paging is said changes from folder to folder.
function atTheEnd(folder) {
  return [{ next_marker: null }, { next_marker: '' }, {}][Number(folder.slice(-2)) % 3];
}

async function listing(call, key, nodes, { sortWithMarker }) {
  const { ask } = call;
  const limit = Math.min(wholeNumber(ask, 'limit', 100, { min: 1 }), 1000);
  const size = Math.min(limit, call.cloud.pageCap ?? Infinity);
  const fields = fieldsOf(ask);
  const shown = (part) => Promise.all(part.map((node) => call.items.asked(node, fields, 'mini')));
  if (ask.query.get('usemarker') === 'true') {
    if (ask.query.has('offset')) throw badParameter('offset', 'Only one of offset and marker may be given');
    if (ask.query.has('sort') && !sortWithMarker) throw badParameter('sort', 'Sorting is not available with markers here');
    const { entries } = sorted(call, key, nodes);
    const marker = ask.query.get('marker');
    const from = marker ? readMarker(call, key, marker).from : 0;
    const part = entries.slice(from, from + size);
    const next = from + size < entries.length ? { next_marker: makeMarker(call, key, { from: from + size }) } : atTheEnd(key);
    return json(200, { entries: await shown(part), limit: size, ...next });
  }
  const offset = wholeNumber(ask, 'offset', 0);
  if (offset > kMostOffset) throw badParameter('offset', `Invalid value '${offset}'. 'offset' must be at most ${kMostOffset}`);
  const { entries, order } = sorted(call, key, nodes);
  const part = entries.slice(offset, offset + size);
  return json(200, { total_count: entries.length, entries: await shown(part), offset, limit: size, order });
}

function items(call, id) {
  const folder = itemOf(call, id, 'folder');
  return listing(call, id, call.drive.childrenOf(folder).values(), { sortWithMarker: id !== '0' });
}

function trashItems(call) {
  return listing(call, 'trash', call.drive.trashed, { sortWithMarker: false });
}

function notModified(call, node) {
  const asked = call.ask.headers['if-none-match'];
  return asked !== undefined && asked.replace(/^W\/|"/g, '') === String(node.version - 1);
}

function show(type) {
  return async (call, id) => {
    const node = itemOf(call, id, type);
    if (notModified(call, node)) return reply(304, {});
    const fields = fieldsOf(call.ask);
    const about = await call.items.asked(node, fields);
    if (type === 'file' && fields?.includes('representations')) return json(200, await withRepresentations(call, node, about));
    if (type === 'folder' && (!fields || fields.includes('item_collection'))) {
      const { entries, order } = sorted(call, id, call.drive.childrenOf(node).values());
      const first = await Promise.all(entries.slice(0, 100).map((inner) => call.items.mini(inner)));
      about.item_collection = { total_count: entries.length, entries: first, offset: 0, limit: 100, order };
    }
    return json(200, about);
  };
}

async function createFolder(call) {
  const { name, parent } = await jsonBody(call.ask);
  const folder = folderFor(call, parent?.id);
  checkName(name);
  mustBeWritable(folder);
  await checkFree(call, folder, name, { list: true });
  return json(201, await call.items.asked(call.drive.createFolder(folder, name), fieldsOf(call.ask)));
}

async function createLink(call) {
  const { name, url, parent, description } = await jsonBody(call.ask);
  const folder = folderFor(call, parent?.id);
  if (typeof url !== 'string' || !/^https?:\/\//.test(url)) throw badParameter('url', `Invalid value '${url}'`);
  const title = name ?? url.replace(/[/\\]/g, '_');
  checkName(title);
  mustBeWritable(folder);
  await checkFree(call, folder, title);
  return json(201, await call.items.whole(call.drive.createLink(folder, title, { extra: { url, description } })));
}

function update(type) {
  return async (call, id) => {
    const body = await jsonBody(call.ask);
    const node = itemOf(call, id, type);
    if (node === call.drive.root) throw refuse(403, 'access_denied_insufficient_permissions');
    const folder = body.parent === undefined ? node.parent : folderFor(call, body.parent?.id);
    const name = body.name ?? node.name;
    if (name !== node.name || body.description !== undefined) checkEtag(call, node); // not for mere moves
    checkName(name);
    mustBeWritable(node);
    mustBeWritable(folder);
    if (folder !== node.parent || name !== node.name) {
      if (call.drive.isInside(folder, node)) throw badParameter('parent', 'A folder cannot be moved into itself', 'cyclical_folder_structure');
      await checkFree(call, folder, name, { except: node, list: type === 'folder' });
      call.drive.relocate(node, folder, name);
    }
    if (body.description !== undefined || (type === 'web_link' && body.url !== undefined)) {
      Object.assign(node, { description: body.description ?? node.description, url: body.url ?? node.url });
      call.drive.touch(node);
    }
    return json(200, await call.items.asked(node, fieldsOf(call.ask)));
  };
}

function remove(type) {
  return (call, id) => {
    const node = itemOf(call, id, type);
    if (node === call.drive.root) throw refuse(403, 'access_denied_insufficient_permissions');
    checkEtag(call, node);
    mustBeWritable(node);
    if (type === 'folder' && call.ask.query.get('recursive') !== 'true' && call.drive.childrenOf(node).size > 0) throw refuse(400, 'folder_not_empty');
    call.drive.trash(node);
    return reply(204, {});
  };
}

function restore(type) {
  return async (call, id) => {
    const text = Number(call.ask.headers['content-length'] ?? 0) > 0 ? await jsonBody(call.ask) : {};
    const node = itemOf(call, id, type, { trashed: true });
    const folder = text.parent ? folderFor(call, text.parent.id) : call.drive.isTrashed(node.parent) ? call.drive.root : node.parent;
    const name = text.name ?? node.name;
    checkName(name);
    await checkFree(call, folder, name, { list: type === 'folder' });
    call.drive.restore(node, folder, name);
    return json(201, await call.items.whole(node));
  };
}

function showTrashed(type) {
  return async (call, id) => json(200, await call.items.asked(itemOf(call, id, type, { trashed: true }), fieldsOf(call.ask)));
}

function purge(type) {
  return (call, id) => {
    call.drive.remove(itemOf(call, id, type, { trashed: true }));
    return reply(204, {});
  };
}

function copy(type) {
  return async (call, id) => {
    const { parent, name } = await jsonBody(call.ask);
    const node = itemOf(call, id, type);
    const folder = folderFor(call, parent?.id);
    const title = name ?? node.name;
    checkName(title);
    mustBeWritable(folder);
    await checkFree(call, folder, title, { list: type === 'folder' });
    if (call.drive.sizeOf(node) > call.drive.free) throw refuse(403, 'storage_limit_exceeded');
    const made = call.drive.copy(node, [...call.drive.namesOf(folder), title]);
    return json(201, await call.items.asked(made, fieldsOf(call.ask)));
  };
}

async function versions(call, id) {
  const node = itemOf(call, id, 'file');
  const entries = await Promise.all(
    [...node.revisions].reverse().map(async (rev) => {
      const about = call.drive.byRev.get(rev);
      const { sha1 } = await about.content.digests(['sha1']);
      return { type: 'file_version', id: versionId(rev), sha1, name: node.name, size: about.content.size, created_at: boxTime(about.serverModified), modified_at: boxTime(about.serverModified) };
    }),
  );
  return json(200, { total_count: entries.length, entries, offset: 0, limit: 1000 });
}

function unknown(call) {
  throw notFound('path', call.ask.path);
}

function itemRoutes(path, type) {
  return [
    ['GET', `/${path}/:id`, 'read', show(type)],
    ['PUT', `/${path}/:id`, 'write', update(type)],
    ['POST', `/${path}/:id`, 'write', restore(type)],
    ['DELETE', `/${path}/:id`, 'write', remove(type)],
    ['GET', `/${path}/:id/trash`, 'read', showTrashed(type)],
    ['DELETE', `/${path}/:id/trash`, 'write', purge(type)],
    ['POST', `/${path}/:id/copy`, 'write', type === 'web_link' ? unknown : copy(type)],
  ];
}

export const itemsRoutes = [
  ['GET', '/users/me', 'read', me],
  ['GET', '/folders/trash/items', 'read', trashItems],
  ['GET', '/folders/:id/items', 'read', items],
  ['POST', '/folders', 'write', createFolder],
  ['POST', '/web_links', 'write', createLink],
  ['GET', '/files/:id/versions', 'read', versions],
  ...itemRoutes('folders', 'folder'),
  ...itemRoutes('files', 'file'),
  ...itemRoutes('web_links', 'web_link'),
];
