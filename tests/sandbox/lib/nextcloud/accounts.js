// SPDX-License-Identifier: Apache-2.0
// Nextcloud's users: ids and login names that are not the same thing, and each one's files.

import { createHash, randomInt } from 'node:crypto';
import { Drive } from '../kernel/drive.js';

// Ids may have blanks and signs; one may sign in by e-mail address and still have another id.
const kUsers = {
  'mara.lind@example.org': { id: 'mara' },
  'jonas.weber@example.org': { id: 'jonas', login: 'jonas.weber@example.org' },
  'aiko.tanaka@example.net': { id: 'Aiko Tanaka' },
  'priya.nair@example.org': { id: 'priya' },
  'tomas.berg@example.org': { id: 'tomas.berg@example.org' },
};
// Whoever told no address.
const kWithoutMail = new Set(['aiko.tanaka@example.net']);
const kUnlimited = new Set(['tomas.berg@example.org']);

// Numbers, as the file cache's.
function makeId(seed) {
  if (seed === undefined) return String(randomInt(2 ** 46, 2 ** 47));
  return String(createHash('sha256').update(seed).digest().readUIntBE(0, 6) % 2 ** 46);
}

export function userOf(person) {
  return kUsers[person.email];
}

export class Account {
  constructor(person, { clock, fill }) {
    this.person = person;
    this.id = kUsers[person.email].id;
    this.loginName = kUsers[person.email].login ?? this.id;
    this.drive = new Drive({ clock, owner: `webdav/${person.email}`, allocated: person.allocated, makeId, caseSensitive: true });
    fill(this.drive);
    if (person.freeOnly !== undefined) this.drive.usedElsewhere = person.allocated - this.drive.usedByFiles - person.freeOnly;
    this.uploads = new Map();
    this.unlimited = kUnlimited.has(person.email);
    this.drive.on('changed', () => this.#noteAbove());
  }

  get mail() {
    return kWithoutMail.has(this.person.email) ? null : this.person.email;
  }

  // A folder's tag changes with anything below it.
  #noteAbove() {
    const { journal, seq } = this.drive;
    const change = journal[journal.length - 1];
    if (!change) return;
    for (let at = change.gone ? this.drive.find(change.names.slice(0, -1)) : change.node; at; at = at.parent) at.tagSeq = seq;
  }

  etag(node) {
    const state = node.kind === 'file' ? `${node.rev} ${node.version}` : `${node.tagSeq ?? 0}`;
    return createHash('md5').update(`${node.id} ${state}`).digest('hex').slice(0, 26);
  }

  quota() {
    const { used, free, allocated } = this.drive;
    if (this.unlimited) return { free: 2 ** 45, used, total: 2 ** 45 + used, relative: 0, quota: -3 };
    return { free, used, total: allocated, relative: Math.round((used / allocated) * 10000) / 100, quota: allocated };
  }
}
