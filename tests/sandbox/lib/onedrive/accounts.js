// SPDX-License-Identifier: Apache-2.0
// Who has what: personal and work accounts, their drives, and the SharePoint site of a team.

import { createHash } from 'node:crypto';
import { Drive } from '../kernel/drive.js';

export const kConsumers = '9188040d-6c67-4c5b-b112-36a304b66dad';

const kWork = {
  'tomas.berg@example.org': { organisation: 'example', sign: 'tomas@example.onmicrosoft.com', mail: true, site: true },
  'aiko.tanaka@example.net': { organisation: 'example-net', sign: 'aiko.tanaka@example.net', mail: false, site: false },
};
const kPersonalWithMail = new Set(['jonas.weber@example.org']);
// One whose number begins with zero, which some answers leave out.
const kLeadingZero = new Set(['priya.nair@example.org']);

function digest(...words) {
  return createHash('sha256').update(words.join('\n')).digest();
}

export function guid(...words) {
  const hex = digest('guid', ...words).toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

export function isWork(person) {
  return Object.hasOwn(kWork, person.email);
}

// One drive as Graph knows it: a person's own, or a document library of a site.
export class Library {
  constructor(drive, facts) {
    this.drive = drive;
    this.itemIds = new WeakMap();
    Object.assign(this, facts); // id, kind, name, webUrl, owner, created
  }

  get business() {
    return this.kind !== 'personal';
  }

  // Personal ids come in two spellings: capital letters or not, and without the zeros in front.
  get otherId() {
    return this.business ? this.id : this.id.toUpperCase().replace(/^0+/, '');
  }

  #prefix() {
    return this.business ? `01${digest(this.id).toString('hex').toUpperCase().slice(0, 6)}` : `${this.otherId}!s`;
  }

  // Ids of the kernel are base64 of 132 bits; here they become letters and digits.
  itemId(node) {
    if (!this.itemIds.has(node)) this.itemIds.set(node, this.#itemId(node));
    return this.itemIds.get(node);
  }

  #itemId(node) {
    const bits = [...node.id].reduce((sum, c) => (sum << 6n) | BigInt(kBase64.indexOf(c)), 0n);
    if (!this.business) return this.#prefix() + bits.toString(16).padStart(33, '0');
    let rest = '';
    for (let n = 0, left = bits; n < 27; ++n, left >>= 5n) rest = kBase32[Number(left & 31n)] + rest;
    return this.#prefix() + rest;
  }

  nodeOf(itemId) {
    if (itemId.toLowerCase() === 'root') return this.drive.root;
    const prefix = this.#prefix();
    const own = this.business ? itemId.startsWith(prefix) : itemId.toUpperCase().startsWith(prefix.toUpperCase());
    if (!own) return undefined;
    const text = itemId.slice(prefix.length);
    if (!(this.business ? /^[A-Z2-7]{27}$/ : /^[0-9a-f]{33}$/).test(text)) return undefined;
    let bits = 0n;
    if (this.business) for (const c of text) bits = (bits << 5n) | BigInt(kBase32.indexOf(c));
    else bits = BigInt(`0x${text}`);
    let id = '';
    for (let n = 0; n < 22; ++n, bits >>= 6n) id = kBase64[Number(bits & 63n)] + id;
    return this.drive.findById(id);
  }
}

const kBase64 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
const kBase32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

// Drive ids as they are compared.
export function driveKey(id) {
  return /^[0-9a-f]{1,16}$/i.test(id) ? id.toLowerCase().padStart(16, '0') : id;
}

// The id of a personal account, and of its drive.
function personalId({ email }) {
  return (kLeadingZero.has(email) ? '0' : 'd') + digest('drive', email).toString('hex').slice(1, 16);
}

export class Account {
  constructor(person, { clock, fill, siteOf }) {
    this.person = person;
    this.work = kWork[person.email];
    const drive = new Drive({ clock, owner: `onedrive/${person.email}`, allocated: person.allocated });
    fill(drive);
    if (person.freeOnly !== undefined) drive.usedElsewhere = person.allocated - drive.usedByFiles - person.freeOnly;
    const owner = { user: { displayName: person.name, id: this.id, ...(this.work ? { email: person.email } : {}) } };
    this.own = this.work
      ? new Library(drive, {
          id: `b!${digest('b', person.email).toString('base64url')}${digest('c', person.email).toString('base64url').slice(0, 21)}`,
          kind: 'business', name: 'OneDrive', owner,
          webUrl: `https://${this.work.organisation}-my.sharepoint.com/personal/${person.email.replace(/\W/g, '_')}/Documents`,
        })
      : new Library(drive, {
          id: personalId(person),
          kind: 'personal', name: 'OneDrive', owner, webUrl: `https://onedrive.live.com/?cid=${personalId(person)}`,
        });
    this.site = this.work?.site ? siteOf(this) : undefined;
  }

  get id() {
    return this.work ? guid('user', this.person.email) : personalId(this.person);
  }

  get tenant() {
    return this.work ? guid('tenant', this.work.organisation) : kConsumers;
  }

  get libraries() {
    return [this.own, ...(this.site?.libraries ?? [])];
  }

  user() {
    const { person, work } = this;
    return {
      businessPhones: [],
      displayName: person.name,
      givenName: person.given,
      jobTitle: null,
      mail: work ? (work.mail ? person.email : null) : kPersonalWithMail.has(person.email) ? person.email : null,
      mobilePhone: null,
      officeLocation: null,
      preferredLanguage: work ? 'en-GB' : null,
      surname: person.family,
      userPrincipalName: work?.sign ?? person.email,
      id: this.id,
    };
  }
}

export function teamSite(team, { clock, fillTeam }) {
  const host = 'example.sharepoint.com';
  const library = (name) => {
    const drive = new Drive({ clock, owner: `onedrive-site/${team}/${name}`, allocated: 25 * 2 ** 40 });
    fillTeam(drive, name);
    return new Library(drive, {
      id: `b!${digest('site', team, name).toString('base64url')}${digest('list', name).toString('base64url').slice(0, 21)}`,
      kind: 'documentLibrary', name, owner: { group: { displayName: team, id: guid('group', team) } },
      webUrl: `https://${host}/sites/ExampleTeam/${encodeURIComponent(name === 'Documents' ? 'Shared Documents' : name)}`,
    });
  };
  const site = {
    id: `${host},${guid('site', team)},${guid('web', team)}`,
    name: 'ExampleTeam',
    displayName: team,
    webUrl: `https://${host}/sites/ExampleTeam`,
    host,
    libraries: [library('Documents'), library('Minutes')],
  };
  for (const one of site.libraries) one.site = site;
  return site;
}
