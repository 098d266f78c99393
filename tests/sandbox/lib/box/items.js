// SPDX-License-Identifier: Apache-2.0
// Box's objects: files, folders, web links and users, whole, small, or with the fields that were asked for.

const kFileFields =
  'file_version sequence_id etag sha1 name description size path_collection created_at modified_at trashed_at purged_at content_created_at content_modified_at created_by modified_by owned_by shared_link parent item_status'.split(' ');
const kFolderFields =
  'sequence_id etag name created_at modified_at description size path_collection created_by modified_by trashed_at purged_at content_created_at content_modified_at owned_by shared_link folder_upload_email parent item_status'.split(' ');
const kLinkFields =
  'sequence_id etag name url description path_collection created_at modified_at trashed_at purged_at created_by modified_by owned_by shared_link parent item_status'.split(' ');
const kMini = { file: ['file_version', 'sequence_id', 'etag', 'sha1', 'name'], folder: ['sequence_id', 'etag', 'name'], web_link: ['sequence_id', 'etag', 'name', 'url'] };
const kWhole = { file: kFileFields, folder: kFolderFields, web_link: kLinkFields };
const kTrashDays = 30;

export function typeOf(node) {
  return node.kind === 'link' ? 'web_link' : node.kind;
}

// With an offset, in whole seconds: summer or winter of the west coast, give or take some days.
let last = {}; // neighbours often have the same date

export function boxTime(milliseconds) {
  if (last.milliseconds !== milliseconds) last = { milliseconds, text: timeText(milliseconds) };
  return last.text;
}

function timeText(milliseconds) {
  const month = new Date(milliseconds).getUTCMonth();
  const hours = month > 2 && month < 10 ? 7 : 8;
  return `${new Date(milliseconds - hours * 3_600_000).toISOString().slice(0, 19)}-0${hours}:00`;
}

export function versionId(rev) {
  return String(BigInt(`0x${rev}`) % 1_000_000_000_000n);
}

export function etagOf(drive, node) {
  return node === drive.root ? null : String(node.version - 1);
}

function user(person) {
  return { type: 'user', id: String(person.number), name: person.name, login: person.email };
}

// May the account's person change it: not where it is shared for reading only.
export function mayWrite(node) {
  for (let at = node; at; at = at.parent) if (at.readOnly || at.shared?.role === 'viewer') return false;
  return true;
}

export function isBlocked(node) {
  return node.infected || node.restricted;
}

// account: { person, drive, people }
export class Items {
  constructor(account) {
    this.account = account;
  }

  mini(node) {
    return this.#pick(node, kMini[typeOf(node)]);
  }

  whole(node) {
    return this.#pick(node, kWhole[typeOf(node)]);
  }

  // fields: what the caller asked for, or undefined
  asked(node, fields, otherwise = 'whole') {
    return fields ? this.#pick(node, ['etag', ...fields]) : this[otherwise](node);
  }

  async #pick(node, names) {
    const out = { type: typeOf(node), id: node.id };
    for (const name of names) {
      const make = kMakers[name];
      const value = make && (await make.call(this, node));
      if (value !== undefined) out[name] = value;
    }
    return out;
  }

  ownerOf(node) {
    for (let at = node; at; at = at.parent) if (at.shared) return this.account.people.get(at.shared.owner);
    return this.account.person;
  }

  async version(node, rev = node.rev, content = node.content) {
    return { type: 'file_version', id: versionId(rev), sha1: (await content.digests(['sha1'])).sha1 };
  }

  small(node) {
    const { drive } = this.account;
    if (node === drive.root) return { type: 'folder', id: '0', sequence_id: null, etag: null, name: 'All Files' };
    return { type: 'folder', id: node.id, sequence_id: etagOf(drive, node), etag: etagOf(drive, node), name: node.name };
  }

  path(node) {
    const above = [];
    for (let at = node.parent; at; at = at.parent) above.unshift(this.small(at));
    return { total_count: above.length, entries: above };
  }

  permissions(node) {
    const write = mayWrite(node);
    const download = !node.noDownload && !isBlocked(node);
    const common = { can_rename: write, can_delete: write, can_share: write, can_set_share_access: write };
    if (node.kind === 'folder') return { can_download: true, can_upload: write, ...common, can_invite_collaborator: write, can_create_metadata: write };
    return { can_download: download, can_preview: download, can_upload: write, can_comment: true, can_annotate: write, ...common };
  }
}

const isFile = (node) => node.kind === 'file';
const onRoot = (self, node) => node === self.account.drive.root;

const kMakers = {
  etag(node) { return etagOf(this.account.drive, node); },
  sequence_id(node) { return etagOf(this.account.drive, node); },
  name(node) { return onRoot(this, node) ? 'All Files' : node.name; },
  url(node) { return node.url; },
  async sha1(node) { return isFile(node) ? (await node.content.digests(['sha1'])).sha1 : undefined; },
  file_version(node) { return isFile(node) ? this.version(node) : undefined; },
  version_number(node) { return isFile(node) ? String(node.revisions.length + 1) : undefined; },
  description(node) { return node.description ?? ''; },
  size(node) { return node.kind === 'link' ? undefined : this.account.drive.sizeOf(node); },
  extension(node) { return isFile(node) ? (/\.([^.]+)$/.exec(node.name)?.[1] ?? '') : undefined; },
  path_collection(node) { return this.path(node); },
  created_at(node) { return onRoot(this, node) ? null : boxTime(node.created); },
  modified_at(node) { return onRoot(this, node) ? null : boxTime(node.serverModified ?? node.modified); },
  content_created_at(node) { return onRoot(this, node) ? null : boxTime(node.extra?.contentCreated ?? node.clientModified ?? node.created); },
  content_modified_at(node) { return onRoot(this, node) ? null : boxTime(node.clientModified ?? node.modified); },
  trashed_at(node) { return node.trashed ? boxTime(node.trashedAt) : null; },
  purged_at(node) { return node.trashed ? boxTime(node.trashedAt + kTrashDays * 86_400_000) : null; },
  created_by(node) { return onRoot(this, node) ? { type: 'user', id: '', name: '', login: '' } : user(this.ownerOf(node)); },
  modified_by(node) { return user(this.ownerOf(node)); },
  owned_by(node) { return user(this.ownerOf(node)); },
  shared_link() { return null; },
  folder_upload_email() { return null; },
  parent(node) { return node.parent ? this.small(node.parent) : null; },
  item_status(node) { return this.account.drive.isTrashed(node) ? 'trashed' : 'active'; },
  permissions(node) { return this.permissions(node); },
  has_collaborations(node) { return node.kind === 'folder' ? node.shared !== undefined : undefined; },
  is_externally_owned(node) { return this.ownerOf(node) !== this.account.person; },
  tags() { return []; },
  lock(node) {
    if (!isFile(node)) return undefined;
    if (!node.locked) return null;
    const by = this.account.people.all().find((one) => one !== this.account.person);
    return { type: 'lock', id: `9${node.id}`, created_by: user(by), created_at: boxTime(node.serverModified), expired_at: null, is_download_prevented: false };
  },
};
