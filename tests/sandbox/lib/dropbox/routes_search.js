// SPDX-License-Identifier: Apache-2.0
// files/search_v2: words of the query against names, and against the text of small text files.

import { json } from '../kernel/reply.js';
import { wordsOf } from '../kernel/words.js';
import { decodeCursor, encodeCursor } from './cursors.js';
import { metadata } from './metadata.js';
import { locate } from './paths.js';
import { boolean, folderPath, integer, list, optional, string, struct, union, withDefault } from './schema.js';
import { refuse } from './errors.js';

const kMostMatches = 10_000;
const kIndexedText = 64 << 10;
const kVoid = undefined;

const kCategories = {
  image: 'jpg jpeg png gif bmp tif tiff webp svg heic',
  document: 'doc docx odt rtf txt md',
  pdf: 'pdf',
  spreadsheet: 'xls xlsx ods csv',
  presentation: 'ppt pptx odp',
  audio: 'mp3 wav flac ogg m4a',
  video: 'mp4 mov mkv avi',
};

const categoryUnion = union({ image: kVoid, document: kVoid, pdf: kVoid, spreadsheet: kVoid, presentation: kVoid, audio: kVoid, video: kVoid, folder: kVoid, paper: kVoid, others: kVoid }, { open: true });

const searchArgument = struct({
  query: string({ max: 1000 }),
  options: withDefault(
    struct({
      path: optional(folderPath),
      max_results: withDefault(integer({ min: 1, max: 1000 }), 100),
      order_by: optional(union({ relevance: kVoid, last_modified_time: kVoid }, { open: true })),
      file_status: withDefault(union({ active: kVoid, deleted: kVoid }, { open: true }), { tag: 'active' }),
      filename_only: withDefault(boolean, false),
      file_extensions: optional(list(string())),
      file_categories: optional(list(categoryUnion)),
      account_id: optional(string({ min: 40, max: 40 })),
    }),
    { max_results: 100, file_status: { tag: 'active' }, filename_only: false },
  ),
  match_field_options: optional(struct({ include_highlights: withDefault(boolean, false) })),
  include_highlights: optional(boolean),
});

// Every word of the query starts a word of the text; the whole query may also stand in it as it is.
function nameMatches(name, query, words) {
  const lower = name.normalize('NFC').toLowerCase();
  if (lower.includes(query)) return true;
  const have = wordsOf(name);
  return words.length > 0 && words.every((word) => have.some((one) => one.startsWith(word)));
}

async function textMatches(node, words) {
  if (words.length === 0 || node.kind !== 'file' || node.content.size > kIndexedText || !/\.(txt|md|csv)$/i.test(node.name)) return false;
  node.content.words ??= new Set(wordsOf((await node.content.bytes()).toString('utf8')));
  return words.every((word) => node.content.words.has(word));
}

function endingOf(node) {
  return node.kind === 'file' ? node.name.toLowerCase().split('.').pop() : undefined;
}

function wanted(node, options) {
  const ending = endingOf(node);
  if (options.file_extensions && !options.file_extensions.some((one) => one.toLowerCase().replace(/^\./, '') === ending)) return false;
  if (!options.file_categories) return true;
  return options.file_categories.some(({ tag }) =>
    tag === 'folder' ? node.kind === 'folder' : ending !== undefined && (kCategories[tag] ?? '').split(' ').includes(ending),
  );
}

async function find(call, drive, { query, options }) {
  const place = options.path ? locate(call.account, options.path, ['path']) : { node: drive.root };
  if (!place.node) throw refuse('path', 'not_found');
  if (place.node.kind !== 'folder') throw refuse('path', 'not_folder');
  const lower = query.normalize('NFC').toLowerCase().trim();
  if (lower === '') throw refuse('invalid_argument');
  if (options.file_status.tag === 'deleted') return [];
  const words = wordsOf(query);
  const indexedUpTo = call.cloud.clock.now() - call.cloud.searchDelaySeconds * 1000;
  const matches = [];
  for (const node of drive.walk(place.node)) {
    if (!wanted(node, options) || (node.serverModified ?? 0) > indexedUpTo) continue;
    const byName = nameMatches(node.name, lower, words);
    const byText = !options.filename_only && (await textMatches(node, words));
    if (!byName && !byText) continue;
    matches.push({ node, tag: byName && byText ? 'filename_and_content' : byName ? 'filename' : 'file_content' });
    if (matches.length === kMostMatches) break;
  }
  if (options.order_by?.tag === 'last_modified_time') {
    return matches.sort((a, b) => (b.node.serverModified ?? 0) - (a.node.serverModified ?? 0));
  }
  const rank = ({ node, tag }) => (tag === 'file_content' ? 2 : node.name.toLowerCase().startsWith(lower) ? 0 : 1);
  return matches.sort((a, b) => rank(a) - rank(b) || (a.node.id < b.node.id ? -1 : 1));
}

async function answer(call, drive, argument, from) {
  const all = await find(call, drive, argument);
  const size = Math.min(argument.options.max_results, call.cloud.pageCap ?? Infinity);
  const part = all.slice(from, from + size);
  const more = from + part.length < all.length;
  const matches = await Promise.all(
    part.map(async ({ node, tag }) => ({
      match_type: { '.tag': tag },
      metadata: { '.tag': 'metadata', metadata: await metadata(drive, node) },
    })),
  );
  return json(200, {
    matches,
    has_more: more,
    ...(more ? { cursor: encodeCursor('search', drive, { argument, from: from + part.length }) } : {}),
  });
}

export const searchRoutes = {
  'files/search_v2': {
    style: 'rpc', scope: 'files.metadata.read', argument: searchArgument,
    run: (call) => answer(call, call.drive, call.argument, 0),
  },
  'files/search/continue_v2': {
    style: 'rpc', scope: 'files.metadata.read', argument: struct({ cursor: string({ min: 1 }) }),
    run: (call) => {
      const state = decodeCursor('search', call.account, call.argument.cursor);
      return answer(call, state.drive, state.argument, state.from);
    },
  },
};
