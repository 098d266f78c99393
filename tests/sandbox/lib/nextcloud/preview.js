// SPDX-License-Identifier: Apache-2.0
// Small pictures of pictures: /core/preview by file id, /core/preview.png by path.

import { thumbnail } from '../kernel/convert.js';
import { reply } from '../kernel/reply.js';
import { decodePath } from './dav.js';
import { phpJson } from './login_flow.js';
import { hasPreview, mimeType } from './props.js';

const kMost = 4096;

export async function preview(call) {
  const { ask, cloud, drive, account } = call;
  const size = (name) => Math.min(Number(ask.query.get(name) ?? 32), kMost);
  const [x, y] = [size('x'), size('y')];
  const byPath = ask.path.endsWith('.png');
  const wanted = byPath ? ask.query.get('file') : ask.query.get('fileId');
  if (!wanted || !(x > 0) || !(y > 0)) return phpJson(400, []);
  const node = byPath ? drive.find(decodePath(encodeURI(wanted))) : drive.findById(wanted);
  if (!node || node.kind !== 'file') return phpJson(404, []);
  if (!hasPreview(node)) return phpJson(404, []);
  if (node.restricted) return phpJson(403, []);
  const format = mimeType(node.name) === 'image/jpeg' ? 'jpeg' : 'png';
  const fill = ask.query.get('a') !== '1' && ask.query.get('a') !== 'true';
  const key = [account.id, node.rev, x, y, fill].join(' ');
  if (!cloud.previews.has(key)) {
    const ending = node.name.slice(node.name.lastIndexOf('.'));
    cloud.previews.set(key, thumbnail(node.content, ending, { format, width: x, height: y, mode: fill ? 'fitone_bestfit' : 'strict', folder: cloud.workFolder }));
  }
  try {
    return reply(200, { 'Content-Type': `image/${format}`, 'Cache-Control': 'private, max-age=86400, immutable' }, await cloud.previews.get(key));
  } catch {
    cloud.previews.delete(key);
    return phpJson(404, []);
  }
}
