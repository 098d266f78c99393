// SPDX-License-Identifier: Apache-2.0
// Whose files there are: My Drive of each person, what is shared between people, and shared drives.

import { createHash, randomBytes } from 'node:crypto';
import { Drive } from '../kernel/drive.js';
import { addGoogleSamples, addSharedSamples } from './samples.js';

const kRoles = ['reader', 'commenter', 'writer', 'fileOrganizer', 'organizer', 'owner'];

function digits(text, count) {
  return BigInt(`0x${createHash('sha256').update(text).digest('hex')}`).toString().slice(0, count);
}

export function makeFileId(seed) {
  const bytes = seed === undefined ? randomBytes(24) : createHash('sha256').update(seed).digest();
  const text = bytes.toString('base64url');
  return seed?.endsWith('\nroot') ? `0A${text.slice(0, 11)}Uk9PVA` : `1${text.slice(0, 32)}`;
}

export class Accounts {
  #homes = new Map();
  #drives = new Map(); // id -> { id, name, drive, members: { e-mail: role } }

  constructor(cloud) {
    this.cloud = cloud;
    if (cloud.samples !== 'none') addSharedSamples(this, cloud.people);
  }

  homes() {
    return this.#homes;
  }

  sharedDrives() {
    return this.#drives;
  }

  #newDrive(owner, allocated) {
    const drive = new Drive({ clock: this.cloud.clock, owner, allocated, makeId: makeFileId, duplicates: true });
    drive.on('changed', () => this.cloud.changed());
    return drive;
  }

  homeOf(email) {
    let home = this.#homes.get(email);
    if (!home) {
      const person = this.cloud.people.get(email);
      home = this.#newDrive(`google-drive/${email}`, person.allocated);
      this.#homes.set(email, home);
      this.cloud.fill(home);
      if (this.cloud.samples !== 'none') addGoogleSamples(home, person, this.cloud.people);
      if (person.freeOnly !== undefined) home.usedElsewhere = person.allocated - home.usedByFiles - person.freeOnly;
    }
    return home;
  }

  // A shared drive of that name, made when it is not there.
  sharedDrive(name, members) {
    const found = [...this.#drives.values()].find((one) => one.name === name);
    if (found) {
      Object.assign(found.members, members);
      return found;
    }
    const drive = this.#newDrive(`google-drive-shared/${name}`, Infinity);
    const made = { id: drive.root.id, name, drive, members, created: drive.root.created };
    this.#drives.set(made.id, made);
    return made;
  }

  drivesOf(email) {
    return [...this.#drives.values()].filter(({ members }) => members[email] !== undefined);
  }

  // Nodes that others have shared with somebody, as { drive, node, role }.
  sharedWith(email) {
    const found = [];
    for (const { email: other } of this.cloud.people.all()) {
      if (other === email || (this.cloud.samples === 'none' && !this.#homes.has(other))) continue;
      const drive = this.homeOf(other);
      for (const node of drive.byId.values()) {
        const role = node.shareWith?.[email];
        if (role) found.push({ drive, node, role, owner: other });
      }
    }
    return found;
  }

  // The highest role that somebody has by a share on the node or above it.
  #roleByShare(node, email) {
    let role;
    for (let at = node; at; at = at.parent) {
      const one = at.shareWith?.[email];
      if (one && kRoles.indexOf(one) > kRoles.indexOf(role)) role = one;
    }
    return role;
  }

  // What an id is to a person: { drive, node, role, owner?, sharedDrive? }; undefined when it is nothing.
  locate(email, id) {
    const home = this.homeOf(email);
    if (id === 'root') return { drive: home, node: home.root, role: 'owner', owner: email };
    const mine = home.byId.get(id) ?? undefined;
    if (mine) return this.place(email, home, mine);
    for (const { drive } of this.drivesOf(email)) if (drive.byId.has(id)) return this.place(email, drive, drive.byId.get(id));
    for (const { drive, node } of this.sharedWith(email)) if (node.id === id) return this.place(email, drive, node);
    for (const [other, drive] of this.#homes) {
      const node = other === email ? undefined : drive.findById(id);
      if (node) return this.place(email, drive, node);
    }
    const lazy = home.findById(id);
    return lazy && this.place(email, home, lazy);
  }

  place(email, drive, node) {
    const sharedDrive = this.#drives.get(drive.root.id);
    if (sharedDrive) return { drive, node, role: sharedDrive.members[email], sharedDrive };
    const owner = drive.owner.slice(drive.owner.indexOf('/') + 1);
    if (owner === email) return { drive, node, role: 'owner', owner };
    const role = this.#roleByShare(node, email);
    return role && { drive, node, role, owner };
  }

  static mayWrite({ node, role }) {
    if (kRoles.indexOf(role) < kRoles.indexOf('writer')) return false;
    for (let at = node; at; at = at.parent) if (at.readOnly || at.shared?.role === 'viewer') return false;
    return true;
  }
}

export function permissionId(person) {
  return digits(`permission ${person.email}`, 20);
}

export function subjectOf(person) {
  return `1${digits(`subject ${person.email}`, 20)}`;
}
