// SPDX-License-Identifier: Apache-2.0
// Checks of route arguments, as strict and as wordy as the original. A type is a function
// (value, where) -> normalised value that throws BadRequest.

import { BadRequest } from './errors.js';

function typeName(value) {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'list';
  if (Number.isInteger(value)) return 'integer';
  return { number: 'float', object: 'object', string: 'string', boolean: 'boolean' }[typeof value];
}

function fail(where, message) {
  throw new BadRequest(where ? `${where}: ${message}` : message);
}

function expect(wanted, value, where) {
  if (typeName(value) !== wanted) fail(where, `expected ${wanted}, got ${typeName(value)}`);
}

export function string({ pattern, min = 0, max = Infinity } = {}) {
  const whole = pattern && new RegExp(`^(?:${pattern})$`, 'u');
  return (value, where) => {
    expect('string', value, where);
    if ([...value].length < min) fail(where, `'${value}' must be at least ${min} characters, got ${[...value].length}`);
    if ([...value].length > max) fail(where, `string must be at most ${max} characters, got ${[...value].length}`);
    if (whole && !whole.test(value)) fail(where, `'${value}' did not match pattern '${pattern}'`);
    return value;
  };
}

export function boolean(value, where) {
  expect('boolean', value, where);
  return value;
}

export function integer({ min = 0, max = Number.MAX_SAFE_INTEGER } = {}) {
  return (value, where) => {
    expect('integer', value, where);
    if (value < min) fail(where, `${value} is not >= ${min}`);
    if (value > max) fail(where, `${value} is not <= ${max}`);
    return value;
  };
}

export function timestamp(value, where) {
  expect('string', value, where);
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(value) || Number.isNaN(Date.parse(value))) {
    fail(where, `time data '${value}' does not match format '%Y-%m-%dT%H:%M:%SZ'`);
  }
  return Date.parse(value);
}

export function list(item, { min = 0, max = Infinity } = {}) {
  return (value, where) => {
    expect('list', value, where);
    if (value.length < min) fail(where, `list must have at least ${min} items, got ${value.length}`);
    if (value.length > max) fail(where, `list must have at most ${max} items, got ${value.length}`);
    return value.map((one, index) => item(one, `${where}[${index}]`));
  };
}

export function optional(type, fallback = undefined) {
  const wrapped = (value, where) => (value === null ? fallback : type(value, where));
  wrapped.fallback = () => fallback;
  return wrapped;
}

// A member with a default that is a whole struct or union value.
export function withDefault(type, fallback) {
  const wrapped = (value, where) => type(value, where);
  wrapped.fallback = () => fallback;
  return wrapped;
}

export function struct(members) {
  return (value, where) => {
    expect('object', value, where);
    const inside = (name) => (where ? `${where}.${name}` : name);
    for (const name of Object.keys(value)) {
      if (!(name in members) && name !== '.tag') fail(where, `unknown field '${name}'`);
    }
    const result = {};
    for (const [name, type] of Object.entries(members)) {
      if (name in value) result[name] = type(value[name], inside(name));
      else if (type.fallback) result[name] = type.fallback();
      else fail(where, `missing required field '${name}'`);
    }
    return result;
  };
}

// members: tag -> undefined (void), a struct type marked by flat(), or any other type.
// Gives { tag, value }.
export function union(members, { open = false } = {}) {
  return (value, where) => {
    const tag = typeof value === 'string' ? value : value?.['.tag'];
    if (typeof value !== 'string' && typeName(value) !== 'object') fail(where, `expected object, got ${typeName(value)}`);
    if (typeof tag !== 'string') fail(where, "missing '.tag' key");
    if (!(tag in members)) {
      if (open) return { tag: 'other' };
      fail(where, `unknown tag '${tag}'`);
    }
    const type = members[tag];
    if (type === undefined) return { tag };
    if (typeof value === 'string') fail(where, `missing '${tag}' key`);
    if (type.isFlat) return { tag, value: type(value, where) };
    if (!(tag in value)) fail(where, `missing '${tag}' key`);
    return { tag, value: type(value[tag], `${where}.${tag}`) };
  };
}

export function flat(structType) {
  const wrapped = (value, where) => structType(value, where);
  wrapped.isFlat = true;
  return wrapped;
}

const kReadPath = '(/(.|[\\r\\n])*|id:.*)|(rev:[0-9a-f]{9,})|(ns:[0-9]+(/.*)?)';
const kFolderPath = '(/(.|[\\r\\n])*)?|id:.*|(ns:[0-9]+(/.*)?)';
const kWritePath = '(/(.|[\\r\\n])*)|(ns:[0-9]+(/.*)?)|(id:.*)';

function path(pattern, { rootMessage } = {}) {
  const type = string({ pattern });
  return (value, where) => {
    if (value === '/') fail(where, 'Specify the root folder as an empty string rather than as "/".');
    if (value === '' && rootMessage) fail(where, rootMessage);
    return type(value, where);
  };
}

export const readPath = path(kReadPath);
export const metadataPath = path(kReadPath, { rootMessage: 'The root folder is unsupported.' });
export const folderPath = path(kFolderPath);
export const writePath = path(kWritePath);
