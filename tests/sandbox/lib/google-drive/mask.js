// SPDX-License-Identifier: Apache-2.0
// The `fields` parameter: a(b,c/d),e,* as a tree, checked against what there is, and applied to a value.

import { refuse } from './errors.js';

class Mask {
  constructor() {
    this.all = false;
    this.inner = new Map(); // name -> Mask
  }

  take(name) {
    if (!this.inner.has(name)) this.inner.set(name, new Mask());
    return this.inner.get(name);
  }
}

function invalid(name) {
  return refuse(400, 'invalidParameter', `Invalid field selection ${name}`, { location: 'fields' });
}

// shape: { name: true | shape }
export function parseMask(text, shape) {
  let at = 0;
  const list = (mask, known, close) => {
    for (;;) {
      item(mask, known);
      const next = text[at];
      if (next === ',') at += 1;
      else if (next === close) return;
      else throw invalid(text);
    }
  };
  const item = (mask, known) => {
    const [name] = /^\s*(\*|[A-Za-z0-9]+)/.exec(text.slice(at)) ?? [];
    if (name === undefined) throw invalid(text.slice(at) || text);
    at += name.length;
    const bare = name.trim();
    if (bare === '*') {
      mask.all = true;
      return;
    }
    const shapeOf = known === true ? undefined : known[bare];
    if (shapeOf === undefined) throw invalid(bare);
    const inner = mask.take(bare);
    if (text[at] === '/') {
      at += 1;
      if (shapeOf === true) throw invalid(bare);
      item(inner, shapeOf);
    } else if (text[at] === '(') {
      at += 1;
      if (shapeOf === true) throw invalid(bare);
      list(inner, shapeOf, ')');
      at += 1;
    } else {
      inner.all = true;
    }
  };
  const mask = new Mask();
  list(mask, shape, undefined);
  return mask;
}

export function applyMask(mask, value) {
  if (mask === undefined || mask.all || value === null || typeof value !== 'object') return value;
  if (Array.isArray(value)) return value.map((one) => applyMask(mask, one));
  const out = {};
  for (const [name, inner] of Object.entries(value)) {
    if (mask.inner.has(name)) out[name] = applyMask(mask.inner.get(name), inner);
  }
  return out;
}
