// SPDX-License-Identifier: Apache-2.0
// The sample people who have an account in every sandbox cloud.

import { createHash } from 'node:crypto';

const GiB = 2 ** 30;

// usedElsewhere: bytes that count against the quota without being in the sample files.
// freeOnly: the account is made so that just this much is left.
const kPeople = [
  { given: 'Mara', family: 'Lind', email: 'mara.lind@example.org', verified: true, country: 'NO', plan: 'pro', allocated: 2048 * GiB, about: 'everything in order', plain: true },
  { given: 'Jonas', family: 'Weber', email: 'jonas.weber@example.org', verified: false, country: 'DE', plan: 'basic', allocated: 2 * GiB, about: 'e-mail address not verified' },
  { given: 'Aiko', family: 'Tanaka', email: 'aiko.tanaka@example.net', verified: true, country: 'JP', plan: 'pro', allocated: 2048 * GiB, about: 'another e-mail domain' },
  { given: 'Priya', family: 'Nair', email: 'priya.nair@example.org', verified: true, country: 'GB', plan: 'basic', allocated: 2 * GiB, freeOnly: 2 ** 20, about: 'nearly out of storage' },
  { given: 'Tomas', family: 'Berg', email: 'tomas.berg@example.org', verified: true, country: 'SE', plan: 'business', allocated: 5120 * GiB, team: 'Example Team', about: 'member of a team' },
];

export class People {
  #byEmail = new Map();

  constructor() {
    kPeople.forEach((facts, index) => {
      this.#byEmail.set(facts.email, {
        ...facts,
        name: `${facts.given} ${facts.family}`,
        key: createHash('sha256').update(facts.email).digest('base64url'),
        number: 4711007 + index * 1000,
      });
    });
  }

  all() {
    return [...this.#byEmail.values()];
  }

  get(email) {
    return this.#byEmail.get(email);
  }
}
