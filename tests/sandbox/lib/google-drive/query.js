// SPDX-License-Identifier: Apache-2.0
// The search language of `q`: parsed into a test on files, with the parents it asks for and whether it searches texts.

import { wordsOf } from '../kernel/words.js';
import { badValue } from './errors.js';

const kTimes = new Set(['modifiedTime', 'createdTime', 'viewedByMeTime', 'sharedWithMeTime']);
const kTexts = new Set(['name', 'mimeType', 'shortcutDetails.targetId', 'visibility']);
const kFlags = new Set(['trashed', 'starred', 'sharedWithMe']);
const kPeople = new Set(['owners', 'writers', 'readers']);

function malformed() {
  return badValue('q');
}

function tokensOf(text) {
  const tokens = [];
  const pattern = /\s*(?:('(?:[^'\\]|\\.)*')|([()])|(<=|>=|!=|=|<|>)|([A-Za-z][A-Za-z.]*)|(\S))/gy;
  for (let match = pattern.exec(text); match; match = pattern.exec(text)) {
    const [, string, bracket, operator, word, other] = match;
    if (other !== undefined) throw malformed();
    if (string !== undefined) tokens.push({ string: string.slice(1, -1).replace(/\\(.)/g, '$1') });
    else tokens.push({ symbol: bracket ?? operator, word });
  }
  return tokens;
}

// Words of the value start words of the name, one after the other.
export function nameContains(name, value) {
  const wanted = wordsOf(value);
  const have = wordsOf(name);
  if (wanted.length === 0) return false;
  return have.some((_, at) => wanted.every((word, index) => (index === wanted.length - 1 ? have[at + index]?.startsWith(word) : have[at + index] === word)));
}

function textContains(words, value) {
  const phrase = /^"(.*)"$/.exec(value)?.[1];
  const wanted = wordsOf(phrase ?? value);
  if (wanted.length === 0) return false;
  if (phrase === undefined) return wanted.every((word) => words.includes(word));
  return words.some((_, at) => wanted.every((word, index) => words[at + index] === word));
}

function compare(a, operator, b) {
  switch (operator) {
    case '=': return a === b;
    case '!=': return a !== b;
    case '<': return a < b;
    case '<=': return a <= b;
    case '>': return a > b;
    case '>=': return a >= b;
    default: throw malformed();
  }
}

// A test that only children of one folder can pass has that folder as `parent`: then nothing else need be looked at.
// Tests are functions of a file's facts: { name, mimeType, trashed, starred, sharedWithMe, parent, owner, times, words() }.
export function parseQuery(text) {
  const tokens = tokensOf(text);
  const query = { parents: [], fullText: false };
  let at = 0;
  const peek = () => tokens[at] ?? {};
  const next = () => {
    const token = tokens[at++];
    if (!token) throw malformed();
    return token;
  };
  const string = () => {
    const { string: value } = next();
    if (value === undefined) throw malformed();
    return value;
  };

  const either = () => {
    const tests = [both()];
    while (peek().word === 'or') {
      at += 1;
      tests.push(both());
    }
    return tests.length === 1 ? tests[0] : (file) => tests.some((test) => test(file));
  };
  const both = () => {
    const tests = [one()];
    while (peek().word === 'and') {
      at += 1;
      tests.push(one());
    }
    if (tests.length === 1) return tests[0];
    return Object.assign((file) => tests.every((test) => test(file)), { parent: tests.find((test) => test.parent)?.parent });
  };
  const one = () => {
    if (peek().word === 'not') {
      at += 1;
      const inner = one();
      return (file) => !inner(file);
    }
    if (peek().symbol === '(') {
      at += 1;
      const inner = either();
      if (next().symbol !== ')') throw malformed();
      return inner;
    }
    if (peek().string !== undefined) return membership();
    return term();
  };
  const membership = () => {
    const value = string();
    if (next().word !== 'in') throw malformed();
    const { word: field } = next();
    if (field === 'parents') {
      query.parents.push(value);
      return Object.assign((file) => file.parent === file.idOf(value), { parent: value });
    }
    if (kPeople.has(field)) return (file) => file.people(field).includes(value);
    throw malformed();
  };
  const flag = (field) => {
    let wanted = true;
    if (['=', '!='].includes(peek().symbol)) {
      const { symbol } = next();
      const { word } = next();
      if (word !== 'true' && word !== 'false') throw malformed();
      wanted = (word === 'true') === (symbol === '=');
    } else if (field !== 'sharedWithMe') {
      throw malformed();
    }
    return (file) => file[field] === wanted;
  };
  const term = () => {
    const { word: field } = next();
    if (kFlags.has(field)) return flag(field);
    if (field === 'fullText') {
      if (next().word !== 'contains') throw malformed();
      const value = string();
      query.fullText = true;
      return (file) => textContains(file.words(), value);
    }
    const { symbol, word } = next();
    const value = string();
    if (kTimes.has(field)) {
      const when = Date.parse(/[Zz]|[+-]\d\d:\d\d$/.test(value) ? value : `${value}Z`);
      if (Number.isNaN(when)) throw malformed();
      return (file) => file.times[field] !== undefined && compare(file.times[field], symbol, when);
    }
    if (!kTexts.has(field)) throw malformed();
    if (word === 'contains') {
      if (field === 'name') return (file) => nameContains(file.name, value);
      if (field === 'mimeType') return (file) => file.mimeType.startsWith(value);
      throw malformed();
    }
    if (symbol !== '=' && symbol !== '!=') throw malformed();
    if (field === 'name') return (file) => (file.name.toLowerCase() === value.toLowerCase()) === (symbol === '=');
    return (file) => compare(file[field], symbol, value);
  };
  query.test = either();
  if (at < tokens.length) throw malformed();
  query.onlyParent = query.test.parent;
  return query;
}
