// SPDX-License-Identifier: Apache-2.0
// Thumbnail sets and their bytes.

import { thumbnail } from '../kernel/convert.js';
import { reply } from '../kernel/reply.js';
import { linkTo } from './links.js';

const kPictures = new Set('jpg jpeg png gif bmp tif tiff webp pdf'.split(' '));
const kSizes = { small: [96, 96], medium: [176, 176], large: [800, 800], smallSquare: [96, 96], mediumSquare: [176, 176], largeSquare: [800, 800] };
const kSeconds = 3600;
const kMostPicture = 64 << 20;

function endingOf(node) {
  return node.name.slice(node.name.lastIndexOf('.') + 1).toLowerCase();
}

export function hasThumbnail(node) {
  return node.kind === 'file' && kPictures.has(endingOf(node)) && node.content.size > 0 && node.content.size <= kMostPicture && !node.restricted && !node.infected;
}

// [width, height] of a size's name, or undefined.
export function boxOf(size) {
  if (Object.hasOwn(kSizes, size)) return kSizes[size];
  const custom = /^c(\d{1,4})x(\d{1,4})(_crop)?$/i.exec(size);
  return custom ? [Number(custom[1]), Number(custom[2])] : undefined;
}

export function thumbnailSet(ask, library, node, sizes = ['small', 'medium', 'large']) {
  const one = (size) => {
    const [width, height] = boxOf(size);
    return { height, width, url: linkTo(ask, 'thumbnail', { drive: library.id, item: node.id, size }, kSeconds, library) };
  };
  return { id: '0', ...Object.fromEntries(sizes.map((size) => [size, one(size)])) };
}

// The picture itself, or undefined when none can be made.
export async function thumbnailReply(cloud, node, size) {
  const [width, height] = boxOf(size);
  const key = [node.rev, size].join('-');
  if (!cloud.thumbnails.has(key)) {
    const mode = size.endsWith('Square') || size.endsWith('_crop') ? 'fitone_bestfit' : 'strict';
    cloud.thumbnails.set(key, thumbnail(node.content, `.${endingOf(node)}`, { format: 'jpeg', width, height, mode, folder: cloud.workFolder }));
  }
  try {
    return reply(200, { 'Content-Type': 'image/jpeg', 'Cache-Control': 'private' }, await cloud.thumbnails.get(key));
  } catch {
    cloud.thumbnails.delete(key);
    return undefined;
  }
}
