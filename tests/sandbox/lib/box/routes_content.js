// SPDX-License-Identifier: Apache-2.0
// Bytes out: downloads, which end at another host that takes no token, and thumbnails of the old kind.

import { randomBytes } from 'node:crypto';
import { contentReply, reply, text } from '../kernel/reply.js';
import { itemOf } from './call.js';
import { refuse } from './errors.js';
import { isBlocked, versionId } from './items.js';
import { pictureOf } from './representations.js';

const kLinkSeconds = 15 * 60;
const kMostLinks = 10_000;

function contentOf(call, node) {
  const wanted = call.ask.query.get('version');
  if (wanted === null) return node.content;
  const rev = [node.rev, ...node.revisions].find((one) => versionId(one) === wanted);
  if (rev === undefined) throw refuse(404, 'not_found');
  return call.drive.byRev.get(rev).content;
}

export function checkReadable(node) {
  if (isBlocked(node)) throw refuse(403, 'forbidden_by_policy');
  if (node.noDownload) throw refuse(403, 'access_denied_insufficient_permissions');
}

async function download(call, id) {
  const node = itemOf(call, id, 'file');
  checkReadable(node);
  const content = contentOf(call, node);
  const left = call.cloud.settlesIn(node);
  if (left > 0) return reply(202, { 'Retry-After': String(Math.ceil(left)) }, '');
  const { clock, links } = call.cloud;
  const link = randomBytes(60).toString('base64url');
  links.set(link, { content, name: node.name, until: clock.now() + kLinkSeconds * 1000 });
  if (links.size > kMostLinks) links.delete(links.keys().next().value);
  return reply(302, { Location: `${call.cloud.bytesHost(call.ask)}/d/1/${link}/download`, 'Cache-Control': 'no-store' }, '');
}

// The address that download gave; whoever brings a token to it has told it to a stranger.
export function followDownload(cloud, ask) {
  if (!['GET', 'HEAD'].includes(ask.method)) return text(405, 'Method not allowed');
  if (ask.headers.authorization !== undefined || ask.query.has('access_token')) return text(403, 'This address takes no token');
  const link = cloud.links.get(ask.path.split('/')[3]);
  if (!link) return text(404, 'Not found');
  if (link.until <= cloud.clock.now()) return text(403, 'This address has expired');
  const name = encodeURIComponent(link.name).replace(/'/g, '%27');
  return contentReply(link.content, ask.headers.range, {
    'Content-Type': 'application/octet-stream',
    'Content-Disposition': `attachment;filename*=UTF-8''${name}`,
    'Cache-Control': 'private',
  });
}

const kThumbnailSizes = { png: [32, 64, 128, 256], jpg: [32, 160, 320] };

async function thumbnail(call, id, format) {
  const node = itemOf(call, id, 'file');
  checkReadable(node);
  const wanted = (name) => Number(call.ask.query.get(name) ?? 0);
  const least = Math.max(wanted('min_width'), wanted('min_height'));
  const most = Math.min(wanted('max_width') || 320, wanted('max_height') || 320);
  const sizes = kThumbnailSizes[format].filter((one) => one >= least && one <= most);
  if (sizes.length === 0) throw refuse(400, 'requested_preview_unavailable', { message: 'No thumbnail of that size' });
  const bytes = await pictureOf(call, node, format, least > 0 ? sizes[0] : sizes[sizes.length - 1]);
  if (!bytes) throw refuse(404, 'preview_cannot_be_generated', { message: 'No preview of this file' });
  return reply(200, { 'Content-Type': format === 'png' ? 'image/png' : 'image/jpeg' }, bytes);
}

export const contentRoutes = [
  ['GET', '/files/:id/content', 'read', download],
  ['GET', '/files/:id/thumbnail.png', 'read', (call, id) => thumbnail(call, id, 'png')],
  ['GET', '/files/:id/thumbnail.jpg', 'read', (call, id) => thumbnail(call, id, 'jpg')],
];
