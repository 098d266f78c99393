// SPDX-License-Identifier: Apache-2.0
// Search: words of the text against names, and against the text of small text files.

import { ordering } from './odata.js';

const kIndexedText = 64 << 10;

function wordsOf(text) {
  return text.normalize('NFC').toLowerCase().split(/[^\p{L}\p{N}]+/u).filter(Boolean);
}

function nameMatches(node, text, words) {
  const have = wordsOf(node.name);
  return words.length > 0 ? words.every((word) => have.some((one) => one.startsWith(word))) : node.name.toLowerCase().includes(text.toLowerCase());
}

async function holds(node, words) {
  if (node.kind !== 'file' || node.content.size > kIndexedText || !/\.(txt|md|csv)$/i.test(node.name)) return false;
  node.content.indexed ??= new Set(wordsOf((await node.content.bytes()).toString('utf8')));
  return words.every((word) => node.content.indexed.has(word));
}

// Nodes of one library. The store of work accounts does not keep to the folder, unless it has to.
export async function searchNodes(call, library, folder, text, orderBy, { strictly = false } = {}) {
  const { drive } = library;
  const words = wordsOf(text);
  if (text.trim() === '') return [];
  const indexedUpTo = call.cloud.clock.now() - call.cloud.searchDelaySeconds * 1000;
  const found = [];
  for (const node of drive.walk(library.business && !strictly ? drive.root : folder)) {
    if ((node.serverModified ?? node.created) > indexedUpTo) continue;
    const byName = nameMatches(node, text, words);
    if (byName || (words.length > 0 && (await holds(node, words)))) found.push([node, byName ? 0 : 1]);
  }
  if (orderBy !== undefined) {
    const { key, down } = ordering(orderBy, library);
    const value = { name: (node) => node.name.toLowerCase(), size: (node) => node.content?.size ?? 0, lastModifiedDateTime: (node) => node.serverModified ?? node.modified }[key];
    found.sort(([a], [b]) => (value(a) < value(b) ? -1 : value(a) > value(b) ? 1 : 0) * (down ? -1 : 1));
  } else {
    found.sort(([a, first], [b, second]) => first - second || (a.id < b.id ? -1 : 1));
  }
  return found.map(([node]) => node);
}

// [library, node] of what others share with the person and fits.
export async function searchShared(call, text) {
  const found = [];
  if (text.trim() === '') return found;
  for (const library of call.cloud.libraries.values()) {
    for (const node of library.drive.byId.values()) {
      if (!Object.hasOwn(node.shareWith ?? {}, call.person)) continue;
      if (nameMatches(node, text, wordsOf(text))) found.push([library, node]);
      if (node.kind === 'folder') for (const inner of await searchNodes(call, library, node, text, undefined, { strictly: true })) found.push([library, inner]);
    }
  }
  return found;
}
