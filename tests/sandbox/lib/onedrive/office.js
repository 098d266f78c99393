// SPDX-License-Identifier: Apache-2.0
// Work accounts write into Office files when they arrive: size and hash are not those of what was sent.

import { randomUUID } from 'node:crypto';
import { BytesContent } from '../kernel/content.js';
import { endingOf } from './items.js';

const kOffice = new Set('docx docm xlsx xlsm pptx pptm'.split(' '));
const kRewriteUpTo = 32 << 20;
const kEndSize = 22;

// The same document with a mark of the store in it: in a ZIP as its comment, so that it stays one.
export async function rewritten(name, content) {
  if (!kOffice.has(endingOf(name)) || content.size === 0 || content.size > kRewriteUpTo) return content;
  const bytes = await content.bytes();
  const mark = Buffer.from(`<ContentTypeId>${randomUUID()}</ContentTypeId>`);
  const isZip = bytes.length >= kEndSize && bytes.readUInt32LE(bytes.length - kEndSize) === 0x06054b50;
  if (isZip) bytes.writeUInt16LE(mark.length, bytes.length - 2);
  return new BytesContent(Buffer.concat([bytes, mark]));
}
