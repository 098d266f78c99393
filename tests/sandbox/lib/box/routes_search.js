// SPDX-License-Identifier: Apache-2.0
// Search: prefixes of words in names, words in content; OR is what joins them unless the query says otherwise.

import { json } from '../kernel/reply.js';
import { textMatchOf, wordsOf } from '../kernel/words.js';
import { fieldsOf, wholeNumber } from './call.js';
import { badParameter, notFound } from './errors.js';
import { typeOf } from './items.js';

const kIndexed = 10_000; // bytes of a file's content
const kMostOffset = 10_000;
const kContentTypes = ['name', 'description', 'file_content', 'comments', 'tags'];

// A query as a list of alternatives, each a list of { phrase or words, not }.
function parse(query) {
  const tokens = [...query.matchAll(/"([^"]*)"|(\S+)/g)].map(([, phrase, word]) => (phrase === undefined ? { word } : { phrase }));
  const alternatives = [];
  let joined = false;
  let not = false;
  for (const { word, phrase } of tokens) {
    if (word === 'AND' || word === 'OR') {
      joined = word === 'AND';
    } else if (word === 'NOT') {
      not = true;
      joined = alternatives.length > 0;
    } else {
      const term = { words: wordsOf(phrase ?? word), phrase: phrase !== undefined, not };
      if (term.words.length > 0) {
        if (joined) alternatives[alternatives.length - 1].push(term);
        else alternatives.push([term]);
      }
      joined = false;
      not = false;
    }
  }
  return alternatives;
}

function inWords(have, { words, phrase }, whole) {
  const fits = (one, word) => (whole || phrase ? one === word : one.startsWith(word));
  if (!phrase) return words.every((word) => have.some((one) => fits(one, word)));
  return have.some((_, at) => words.every((word, index) => fits(have[at + index] ?? '', word)));
}

async function matches(node, alternatives, where) {
  const name = where.includes('name') ? wordsOf(node.name) : [];
  const about = where.includes('description') ? wordsOf(node.description ?? '') : [];
  const text = where.includes('file_content') ? await textMatchOf(node, kIndexed) : [];
  const holds = (term) => inWords(name, term, false) || inWords(about, term, true) || inWords(text, term, true);
  return alternatives.some((terms) => terms.every((term) => holds(term) !== term.not));
}

function range(ask, name, parseOne) {
  const text = ask.query.get(name);
  if (!text) return undefined;
  const [low, high = ''] = text.split(',');
  return [low === '' ? -Infinity : parseOne(low), high === '' ? Infinity : parseOne(high)];
}

const within = (value, bounds) => bounds === undefined || (value >= bounds[0] && value <= bounds[1]);

function scopeOf(call) {
  const ids = call.ask.query.get('ancestor_folder_ids')?.split(',').filter(Boolean) ?? [];
  return ids.map((id) => {
    const node = call.drive.findById(id);
    if (!node || node.kind !== 'folder' || call.drive.isTrashed(node)) throw notFound('folder', id);
    return node;
  });
}

async function search(call) {
  const { ask, drive } = call;
  const query = ask.query.get('query') ?? '';
  if (query.trim() === '' && !ask.query.has('mdfilters')) throw badParameter('query', "'query' or 'mdfilters' is required", 'missing_parameter');
  const type = ask.query.get('type') ?? undefined;
  if (type !== undefined && !['file', 'folder', 'web_link'].includes(type)) throw badParameter('type', `Invalid value '${type}'`);
  const where = ask.query.get('content_types')?.split(',') ?? kContentTypes;
  if (where.some((one) => !kContentTypes.includes(one))) throw badParameter('content_types', `Invalid value '${where}'`);
  const limit = wholeNumber(ask, 'limit', 30, { min: 1, max: 200 });
  const offset = wholeNumber(ask, 'offset', 0);
  if (offset > kMostOffset) throw badParameter('offset', `Invalid value '${offset}'`);
  const sort = ask.query.get('sort') ?? 'relevance';
  if (!['relevance', 'modified_at'].includes(sort)) throw badParameter('sort', `Invalid value '${sort}'`);
  const scope = scopeOf(call);
  const endings = ask.query.get('file_extensions')?.toLowerCase().split(',');
  const bounds = {
    created: range(ask, 'created_at_range', Date.parse),
    updated: range(ask, 'updated_at_range', Date.parse),
    size: range(ask, 'size_range', Number),
  };
  const alternatives = parse(query);
  const indexedUpTo = call.cloud.clock.now() - call.cloud.searchDelaySeconds * 1000;
  const trash = ask.query.get('trash_content') ?? 'non_trashed_only';
  const found = [];
  const look = async (node) => {
    if (type !== undefined && typeOf(node) !== type) return;
    if (endings && !endings.includes(/\.([^.]+)$/.exec(node.name)?.[1].toLowerCase())) return;
    if (scope.length > 0 && !scope.some((folder) => drive.isInside(node, folder) && node !== folder)) return;
    const changed = node.serverModified ?? node.modified;
    if ((node.serverModified ?? 0) > indexedUpTo || !within(node.created, bounds.created) || !within(changed, bounds.updated)) return;
    if (!within(node.content?.size ?? 0, bounds.size)) return;
    if (await matches(node, alternatives, where)) found.push(node);
  };
  if (trash !== 'trashed_only') for (const node of drive.walk(drive.root)) await look(node);
  if (trash !== 'non_trashed_only') for (const node of drive.trashed) await look(node);
  const sign = (ask.query.get('direction') ?? 'DESC').toUpperCase() === 'ASC' ? 1 : -1;
  if (sort === 'modified_at') found.sort((a, b) => sign * ((a.serverModified ?? a.modified) - (b.serverModified ?? b.modified)));
  const size = Math.min(limit, call.cloud.pageCap ?? Infinity);
  const part = found.slice(offset, offset + size);
  const entries = await Promise.all(part.map((node) => call.items.asked(node, fieldsOf(ask))));
  return json(200, { type: 'search_results_items', total_count: found.length, limit: size, offset, entries });
}

export const searchRoutes = [['GET', '/search', 'read', search]];
