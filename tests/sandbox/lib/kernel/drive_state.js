// SPDX-License-Identifier: Apache-2.0
// A drive as plain data, so that a kept state folder brings it back after a restart. Deleted files and the
// journal are not kept: old cursors are answered with a reset.

import { contentFrom } from './content.js';
import { kMarks } from './marks.js';

const kKept = [...kMarks, 'url', 'target', 'description', 'extra', 'trashed', 'trashedAt', 'clientCreated', 'checksums', 'favorite'];

async function describeContent(content) {
  return { ...content.describe(), hash: await content.contentHash() };
}

async function describeRevision(drive, rev) {
  const { content, clientModified, serverModified } = drive.byRev.get(rev);
  return { rev, content: await describeContent(content), clientModified, serverModified };
}

async function describeNode(drive, node) {
  const flags = Object.fromEntries(kKept.filter((flag) => node[flag] !== undefined).map((flag) => [flag, node[flag]]));
  const { id, kind, name, created, modified, version } = node;
  const common = { id, kind, name, created, modified, version, ...flags };
  if (node.kind === 'file') {
    const revisions = await Promise.all([...node.revisions, node.rev].map((rev) => describeRevision(drive, rev)));
    return { ...common, revisions };
  }
  if (node.kind === 'link') return common;
  if (node.untouched) return { ...common, untouched: true };
  const children = await Promise.all([...node.children.values()].map((child) => describeNode(drive, child)));
  return { ...common, children };
}

export async function saveDrive(drive) {
  const { allocated, usedElsewhere, revCounter } = drive;
  // What is in a trash outside the tree is not kept.
  const usedByFiles = [...drive.trashed].reduce((used, node) => used - drive.sizeOf(node), drive.usedByFiles);
  return { allocated, usedElsewhere, usedByFiles, revCounter, root: await describeNode(drive, drive.root) };
}

// `drive` has just been filled with the samples; its untouched folders are taken from there.
export function restoreDrive(drive, saved) {
  const untouched = new Map([...drive.byId.values()].filter((node) => node.untouched).map((node) => [node.id, node]));
  const contents = new Map();
  drive.byId.clear();
  drive.byRev.clear();
  const contentOf = ({ hash, ...description }) => {
    const key = description.path ?? `${hash}/${description.kind}`;
    if (!contents.has(key)) contents.set(key, contentFrom(description).knownHash(hash));
    return contents.get(key);
  };
  const build = (facts, parent) => {
    const kept = facts.untouched && untouched.get(facts.id);
    const { children = [], revisions, ...rest } = facts;
    const node = kept ? Object.assign(kept, { parent }) : { ...rest, untouched: false, parent };
    drive.byId.set(node.id, node);
    if (kept) return node;
    if (node.kind === 'folder') {
      node.children = new Map();
      for (const child of children) drive.place(build(child, node), node);
      return node;
    }
    if (node.kind === 'link') return node;
    for (const { rev, content, clientModified, serverModified } of revisions) {
      Object.assign(node, { rev, content: contentOf(content), clientModified, serverModified });
      node.content.refs += 1;
      drive.byRev.set(rev, { rev, node, content: node.content, clientModified, serverModified });
    }
    node.revisions = revisions.slice(0, -1).map(({ rev }) => rev);
    return node;
  };
  drive.root = build(saved.root, null);
  const { allocated, usedElsewhere, usedByFiles, revCounter } = saved;
  Object.assign(drive, { allocated, usedElsewhere, usedByFiles, revCounter });
}
