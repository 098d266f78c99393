// SPDX-License-Identifier: Apache-2.0
// Addresses that need no token because they carry their own right, signed, for a while.

import { createHmac } from 'node:crypto';

const kSecret = 'sandbox addresses are guarded against slips, not against people';

function sign(text) {
  return createHmac('sha256', kSecret).update(text).digest('base64url').slice(0, 22);
}

// `where` is the address that the request would have had at the other host.
export function linkTo(ask, kind, facts, seconds, library) {
  const until = Math.floor(ask.now / 1000) + seconds;
  const text = Buffer.from(JSON.stringify({ kind, until, ...facts })).toString('base64url');
  return `${bytesHost(ask, library)}/transfer/${kind}?tempauth=${text}.${sign(text)}`;
}

export function bytesHost(ask, library) {
  if (ask.prefix !== '') return ask.elsewhere;
  const host = library?.business ? new URL(library.webUrl).host : 'my.microsoftpersonalcontent.com';
  return ask.elsewhere.replace(/\/\/[^:/]+/, `//${host}`);
}

// What the address says; undefined when it was not made here or is too old.
export function readLink(kind, tempauth, now) {
  const [text, signature] = (tempauth ?? '').split('.');
  if (!text || signature !== sign(text)) return undefined;
  const facts = JSON.parse(Buffer.from(text, 'base64url').toString());
  return facts.kind === kind && facts.until * 1000 > now ? facts : undefined;
}
