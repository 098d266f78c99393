// SPDX-License-Identifier: Apache-2.0
// Dropbox's ways of saying no: plain text for malformed requests, tag trees for everything else.

import { json, text } from '../kernel/reply.js';

// A malformed request: 400 with a plain text.
export class BadRequest extends Error {}

// A refusal of the route itself: 409 (or another status) with a tag tree.
export class ApiError extends Error {
  constructor(tree, { status = 409, headers = {} } = {}) {
    super(summaryOf(tree));
    Object.assign(this, { tree, status, headers });
  }
}

// tree('path', 'conflict', 'file') -> {".tag":"path","path":{".tag":"conflict","conflict":{".tag":"file"}}}
export function tree(tag, ...rest) {
  if (rest.length === 0) return { '.tag': tag };
  const [next, ...more] = rest;
  return { '.tag': tag, [tag]: typeof next === 'string' ? tree(next, ...more) : next };
}

export function refuse(...tags) {
  return new ApiError(tree(...tags));
}

function summaryOf(error) {
  const tags = [];
  let at = error['.tag'] ? error : error.reason;
  while (at && at['.tag']) {
    tags.push(at['.tag']);
    at = at[at['.tag']] ?? at.reason;
  }
  return tags.join('/');
}

// The original ends its summaries with a varying number of dots.
function dots() {
  return '.'.repeat(Math.floor(Math.random() * 4));
}

export function errorReply(error) {
  return json(error.status, { error_summary: `${error.message}/${dots()}`, error: error.tree }, error.headers);
}

export function badRequestReply(route, error) {
  return text(400, `Error in call to API function "${route}": ${error.message}`);
}

export function unauthorised(tag, facts = {}) {
  return new ApiError({ '.tag': tag, ...facts }, { status: 401 });
}
