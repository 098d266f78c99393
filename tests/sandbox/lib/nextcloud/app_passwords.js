// SPDX-License-Identifier: Apache-2.0
// App passwords: what a program signs in with by Basic auth, until somebody takes it back.

import { randomInt } from 'node:crypto';

const kLetters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
const kLength = 72;

export class AppPasswords {
  #known = new Map();

  constructor() {
    this.onChange = () => {};
  }

  make(person, name, password = undefined) {
    const value = password ?? Array.from({ length: kLength }, () => kLetters[randomInt(kLetters.length)]).join('');
    this.#known.set(value, { person, name });
    this.onChange();
    return value;
  }

  get(password) {
    return this.#known.get(password);
  }

  remove(password) {
    this.#known.delete(password);
    this.onChange();
  }

  // They do not expire; on demand they end like revoked ones.
  expireOf(person) {
    this.revokeOf(person);
  }

  revokeOf(person) {
    for (const [password, facts] of this.#known) if (person === undefined || facts.person === person) this.#known.delete(password);
    this.onChange();
  }

  clear() {
    this.#known.clear();
  }

  snapshot() {
    return [...this.#known];
  }

  restore(saved) {
    this.#known = new Map(saved);
  }
}
