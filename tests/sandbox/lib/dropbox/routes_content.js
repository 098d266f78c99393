// SPDX-License-Identifier: Apache-2.0
// Bytes out: download, temporary links, export, previews, thumbnails.

import { randomBytes } from 'node:crypto';
import { asHtml, asPdf, thumbnail } from '../kernel/convert.js';
import { contentReply, json, reply, text } from '../kernel/reply.js';
import { refuse } from './errors.js';
import { fileMetadata, headerJson } from './metadata.js';
import { fileAt, splitName } from './paths.js';
import { boolean, flat, list, optional, readPath, string, struct, union, withDefault } from './schema.js';

const kVoid = undefined;
const kPdf = new Set('.ai .doc .docm .docx .eps .gdoc .gslides .odp .odt .pps .ppsm .ppsx .ppt .pptm .pptx .rtf'.split(' '));
const kHtml = new Set('.csv .ods .xls .xlsm .gsheet .xlsx'.split(' '));
const kPictures = new Set('.jpg .jpeg .png .tiff .tif .gif .webp .ppm .bmp'.split(' '));
const kMostPicture = 20 << 20;
const kLinkSeconds = 4 * 3600;
const read = 'files.content.read';

function endingOf(node) {
  return splitName(node.name)[1].toLowerCase();
}

async function resultHeaders(place) {
  const about = await fileMetadata(place.drive, place.node, { revision: place.revision, tag: false });
  return [about, { 'Dropbox-API-Result': headerJson(about), ETag: `W/"${about.rev}"`, 'Cache-Control': 'no-cache' }];
}

function notModified(ask, headers) {
  const asked = ask.headers['if-none-match'];
  if (asked === undefined) return false;
  const bare = (tag) => tag.trim().replace(/^W\//, '');
  return asked.split(',').some((tag) => tag.trim() === '*' || bare(tag) === bare(headers.ETag));
}

function fileContent(call, path) {
  const place = fileAt(call.account, path, ['path']);
  return { place, content: place.revision?.content ?? place.node.content };
}

async function download(call) {
  const { place, content } = fileContent(call, call.argument.path);
  if (place.node.exportAs) throw refuse('unsupported_file');
  const [, headers] = await resultHeaders(place);
  if (notModified(call.ask, headers)) return reply(304, { ETag: headers.ETag });
  return contentReply(content, call.ask.headers.range, { 'Content-Type': 'application/octet-stream', ...headers });
}

async function temporaryLink(call) {
  const { place, content } = fileContent(call, call.argument.path);
  if (!call.account.person.verified) throw refuse('email_not_verified');
  if (place.node.exportAs) throw refuse('unsupported_file');
  const [about] = await resultHeaders(place);
  const id = randomBytes(48).toString('base64url');
  call.cloud.links.set(id, { content, name: place.node.name, until: call.cloud.clock.now() + kLinkSeconds * 1000 });
  const base = call.ask.prefix === '' ? call.ask.base.replace(/\/\/[^:/]+/, '//uc0a1b2c3d4e5f.dl.dropboxusercontent.com') : call.ask.base;
  return json(200, { metadata: about, link: `${base}/cd/0/get/${id}/file` });
}

// The unauthenticated address that get_temporary_link gave.
export function followLink(cloud, ask) {
  const id = ask.path.split('/')[4];
  const link = cloud.links.get(id);
  if (!['GET', 'HEAD'].includes(ask.method)) return text(405, 'Method not allowed');
  if (!link) return text(404, 'Not found');
  if (link.until <= cloud.clock.now()) return text(410, 'This link has expired');
  const name = encodeURIComponent(link.name).replace(/'/g, '%27');
  return contentReply(link.content, ask.headers.range, {
    'Content-Type': 'application/octet-stream',
    'Content-Disposition': `attachment; filename*=UTF-8''${name}`,
  });
}

async function exportFile(call) {
  const { path, export_format: format } = call.argument;
  const { place, content } = fileContent(call, path);
  if (!place.node.exportAs) throw refuse('non_exportable');
  const options = place.node.exportOptions;
  if (format !== undefined && !options.includes(format)) throw refuse('invalid_export_format');
  const kind = format ?? place.node.exportAs;
  const body = kind === 'html' ? await asHtml(content, '.md') : content;
  const about = await fileMetadata(place.drive, place.node, { tag: false });
  const name = `${splitName(place.node.name)[0]}.${kind === 'html' ? 'html' : 'md'}`;
  const result = { export_metadata: { name, size: body.size, export_hash: await body.contentHash() }, file_metadata: about };
  return contentReply(body, call.ask.headers.range, {
    'Content-Type': 'application/octet-stream',
    'Dropbox-API-Result': headerJson(result),
  });
}

async function preview(call) {
  const { place, content } = fileContent(call, call.argument.path);
  const ending = endingOf(place.node);
  if (!kPdf.has(ending) && !kHtml.has(ending)) throw refuse('unsupported_extension');
  const make = kPdf.has(ending) ? asPdf : asHtml;
  const made = await make(content, ending, call.cloud.workFolder).catch((error) => {
    call.cloud.report(error);
    return undefined;
  });
  if (!made) throw refuse('unsupported_content');
  const [, headers] = await resultHeaders(place);
  return contentReply(made, call.ask.headers.range, { 'Content-Type': kPdf.has(ending) ? 'application/pdf' : 'text/html', ...headers });
}

const formatUnion = union({ jpeg: kVoid, png: kVoid, webp: kVoid }, { open: true });
const kSizes = [[32, 32], [64, 64], [128, 128], [256, 256], [480, 320], [640, 480], [960, 640], [1024, 768], [2048, 1536], [3200, 2400]];
const sizeUnion = union(Object.fromEntries(kSizes.map(([w, h]) => [`w${w}h${h}`, kVoid])));
const modeUnion = union({ strict: kVoid, bestfit: kVoid, fitone_bestfit: kVoid, original: kVoid });
const looks = {
  format: withDefault(formatUnion, { tag: 'jpeg' }),
  size: withDefault(sizeUnion, { tag: 'w64h64' }),
  mode: withDefault(modeUnion, { tag: 'strict' }),
  quality: optional(union({ quality_80: kVoid, quality_90: kVoid })),
  exclude_media_info: optional(boolean),
};
const mediaTypes = { jpeg: 'image/jpeg', png: 'image/png', webp: 'image/webp' };

async function thumbnailOf(call, path, { format, size, mode }) {
  const { place, content } = fileContent(call, path);
  if (!kPictures.has(endingOf(place.node))) throw refuse('unsupported_extension');
  if (content.size > kMostPicture) throw refuse('unsupported_image');
  const [width, height] = /w(\d+)h(\d+)/.exec(size.tag).slice(1).map(Number);
  const rev = place.revision ? place.revision.rev : place.node.rev;
  const key = [rev, format.tag, size.tag, mode.tag].join('-');
  const { thumbnails } = call.cloud;
  if (!thumbnails.has(key)) {
    thumbnails.set(key, thumbnail(content, endingOf(place.node), { format: format.tag, width, height, mode: mode.tag, folder: call.cloud.workFolder }));
  }
  try {
    return { place, bytes: await thumbnails.get(key) };
  } catch (error) {
    thumbnails.delete(key);
    throw refuse('conversion_error');
  }
}

async function oneThumbnail(call) {
  const { resource, ...look } = call.argument;
  if (resource.tag !== 'path') throw refuse('not_found');
  const { place, bytes } = await thumbnailOf(call, resource.value, look);
  const about = await fileMetadata(place.drive, place.node, { tag: false });
  return reply(200, { 'Content-Type': mediaTypes[look.format.tag], 'Dropbox-API-Result': headerJson({ file_metadata: about }) }, bytes);
}

async function manyThumbnails(call) {
  const entries = await Promise.all(
    call.argument.entries.map(async ({ path, ...look }) => {
      try {
        const { place, bytes } = await thumbnailOf(call, path, look);
        const about = await fileMetadata(place.drive, place.node, { tag: false });
        return { '.tag': 'success', metadata: about, thumbnail: bytes.toString('base64') };
      } catch (error) {
        if (!error.tree) throw error;
        return { '.tag': 'failure', failure: error.tree };
      }
    }),
  );
  return json(200, { entries });
}

export const contentRoutes = {
  'files/download': { style: 'download', scope: read, argument: struct({ path: readPath, rev: optional(string({ min: 9, pattern: '[0-9a-f]+' })) }), run: download },
  'files/get_temporary_link': { style: 'rpc', scope: read, argument: struct({ path: readPath }), run: temporaryLink },
  'files/export': { style: 'download', scope: read, argument: struct({ path: readPath, export_format: optional(string()) }), run: exportFile },
  'files/get_preview': { style: 'download', scope: read, argument: struct({ path: readPath, rev: optional(string({ min: 9, pattern: '[0-9a-f]+' })) }), run: preview },
  'files/get_thumbnail_v2': {
    style: 'download', scope: read,
    argument: struct({ resource: union({ path: readPath, link: flat(struct({ url: string(), path: optional(string()), password: optional(string()) })) }), ...looks }),
    run: oneThumbnail,
  },
  'files/get_thumbnail_batch': {
    style: 'rpc', scope: read,
    argument: struct({ entries: list(struct({ path: readPath, ...looks }), { max: 25 }) }),
    run: manyThumbnails,
  },
};
