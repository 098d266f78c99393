// SPDX-License-Identifier: Apache-2.0
// Words of names and of small texts, as search indexes see them.

export function wordsOf(text) {
  return text.normalize('NFC').toLowerCase().split(/[^\p{L}\p{N}]+/u).filter(Boolean);
}

// The words of a file of plain text, of its first bytes at most.
export async function textMatchOf(node, bytes = 1 << 20) {
  if (node.kind !== 'file' || !/\.(txt|md|csv)$/i.test(node.name) || node.content.size > 1 << 20) return [];
  node.content.textWords ??= wordsOf((await node.content.bytes()).subarray(0, bytes).toString('utf8'));
  return node.content.textWords;
}
