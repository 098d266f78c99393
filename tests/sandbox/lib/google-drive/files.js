// SPDX-License-Identifier: Apache-2.0
// The file resource: what of it there is, and how each field is made. 64-bit numbers are strings.

import { Accounts, permissionId } from './accounts.js';
import { applyMask, parseMask } from './mask.js';
import { endingOf, exportsOf, kFolderType, mimeTypeOf } from './types.js';

const kUser = { kind: true, displayName: true, photoLink: true, me: true, permissionId: true, emailAddress: true };
const kCapabilities = Object.fromEntries(
  'canAcceptOwnership canAddChildren canAddFolderFromAnotherDrive canAddMyDriveParent canChangeCopyRequiresWriterPermission canComment canCopy canDelete canDeleteChildren canDownload canEdit canListChildren canModifyContent canModifyContentRestriction canMoveChildrenOutOfDrive canMoveChildrenWithinDrive canMoveItemIntoTeamDrive canMoveItemOutOfDrive canMoveItemWithinDrive canReadDrive canReadRevisions canRemoveChildren canRemoveMyDriveParent canRename canShare canTrash canTrashChildren canUntrash'
    .split(' ')
    .map((name) => [name, true]),
);
const kExportLinks = new Proxy({}, { get: () => true, has: () => true });

export const kFileShape = {
  kind: true, id: true, name: true, mimeType: true, description: true, starred: true, trashed: true, explicitlyTrashed: true, trashedTime: true, trashingUser: kUser, parents: true, properties: true, appProperties: true, spaces: true,
  version: true, webContentLink: true, webViewLink: true, iconLink: true, hasThumbnail: true, thumbnailLink: true, thumbnailVersion: true, viewedByMe: true, viewedByMeTime: true, createdTime: true, modifiedTime: true, modifiedByMe: true,
  modifiedByMeTime: true, sharedWithMeTime: true, sharingUser: kUser, owners: kUser, teamDriveId: true, driveId: true, lastModifyingUser: kUser, shared: true, ownedByMe: true, capabilities: kCapabilities, viewersCanCopyContent: true,
  copyRequiresWriterPermission: true, writersCanShare: true, permissions: { id: true, type: true, role: true, emailAddress: true, kind: true }, permissionIds: true, hasAugmentedPermissions: true, folderColorRgb: true, originalFilename: true, fullFileExtension: true, fileExtension: true,
  md5Checksum: true, sha1Checksum: true, sha256Checksum: true, size: true, quotaBytesUsed: true, headRevisionId: true, contentHints: { thumbnail: { image: true, mimeType: true }, indexableText: true },
  imageMediaMetadata: { width: true, height: true, rotation: true }, videoMediaMetadata: { width: true, height: true, durationMillis: true }, isAppAuthorized: true, exportLinks: kExportLinks,
  shortcutDetails: { targetId: true, targetMimeType: true, targetResourceKey: true }, contentRestrictions: { readOnly: true, reason: true, restrictingUser: kUser, restrictionTime: true, type: true },
  labelInfo: { labels: true }, resourceKey: true, linkShareMetadata: { securityUpdateEligible: true, securityUpdateEnabled: true }, downloadRestrictions: true, inheritedPermissionsDisabled: true,
};
export const kDefaultFields = 'kind,id,name,mimeType,resourceKey';
const kPictures = new Set('jpg jpeg png gif bmp webp tif tiff pdf'.split(' '));
const kLinkFormats = { 'application/pdf': 'pdf', 'text/plain': 'txt', 'text/html': 'html', 'text/csv': 'csv', 'text/tab-separated-values': 'tsv', 'application/rtf': 'rtf', 'application/zip': 'zip' };

export function milliseconds(when) {
  return new Date(when).toISOString();
}

export function userOf(person, me) {
  return {
    kind: 'drive#user',
    displayName: person.name,
    photoLink: `https://lh3.googleusercontent.com/a/${person.key.slice(0, 24)}=s64`,
    me: person.email === me,
    permissionId: permissionId(person),
    emailAddress: person.email,
  };
}

export function revisionId(rev) {
  return `0B${rev}`;
}

export function hasThumbnail(node) {
  return node.kind === 'file' && !node.native && kPictures.has(endingOf(node.name));
}

export class Files {
  constructor(call) {
    this.call = call;
    this.cloud = call.cloud;
    this.email = call.person;
  }

  // A resource with the fields of the mask; only those are worked out.
  async describe(place, mask) {
    const all = mask.all ? Object.keys(kMakers) : [...mask.inner.keys()];
    const out = {};
    for (const name of Object.keys(kMakers)) {
      if (!all.includes(name)) continue;
      const value = await kMakers[name](this, place);
      if (value !== undefined) out[name] = applyMask(mask.all ? undefined : mask.inner.get(name), value);
    }
    return out;
  }

  asked(place) {
    return this.describe(place, parseMask(this.call.ask.query.get('fields') || kDefaultFields, kFileShape));
  }

  person(email) {
    return this.cloud.people.get(email);
  }

  parentsOf({ drive, node }) {
    if (!node.parent) return undefined;
    return this.cloud.accounts.place(this.email, drive, node.parent) ? [node.parent.id] : undefined;
  }

  shareOf({ node }) {
    return node.shareWith?.[this.email];
  }

  capabilities(place) {
    const { node, role } = place;
    const write = Accounts.mayWrite(place);
    const folder = node.kind === 'folder';
    const content = node.kind === 'file';
    const root = !node.parent;
    return {
      canAddChildren: folder && write,
      canComment: write,
      canCopy: !folder && !node.noDownload,
      canDelete: !root && (role === 'owner' || role === 'organizer'),
      canDownload: content && !node.noDownload,
      canEdit: write && !node.locked,
      canListChildren: folder,
      canModifyContent: content && write && !node.locked,
      canModifyContentRestriction: content && write,
      canReadRevisions: content && write,
      canRemoveChildren: folder && write,
      canRename: write && !root && !node.locked,
      canShare: write,
      canTrash: !root && write && (role === 'owner' || place.sharedDrive !== undefined),
      canUntrash: !root && write && (role === 'owner' || place.sharedDrive !== undefined),
    };
  }
}

const isContent = (node) => node.kind === 'file' && !node.native;
const digest = (name) => async (_, { node }) => (isContent(node) ? (await node.content.digests([name]))[name] : undefined);

// In the order in which Google writes them.
const kMakers = {
  kind: () => 'drive#file',
  id: (_, { node }) => node.id,
  name: (_, { drive, node, sharedDrive }) => (node === drive.root ? (sharedDrive?.name ?? 'My Drive') : node.name),
  mimeType: (_, { node }) => mimeTypeOf(node),
  description: (_, { node }) => node.description,
  starred: (_, { node }) => node.extra?.starred === true,
  trashed: (_, { drive, node }) => drive.isTrashed(node),
  explicitlyTrashed: (_, { node }) => node.trashed === true,
  trashedTime: (_, { node }) => node.trashedAt && milliseconds(node.trashedAt),
  parents: (self, place) => self.parentsOf(place),
  properties: (_, { node }) => node.extra?.properties,
  appProperties: (_, { node }) => node.extra?.appProperties,
  spaces: () => ['drive'],
  version: (_, { node }) => String(node.version),
  webContentLink: (_, { node }) => (isContent(node) ? `https://drive.google.com/uc?id=${node.id}&export=download` : undefined),
  webViewLink: (_, { node }) => `https://drive.google.com/${node.kind === 'folder' ? 'drive/folders' : 'file/d'}/${node.id}`,
  iconLink: (_, { node }) => `https://drive-thirdparty.googleusercontent.com/16/type/${mimeTypeOf(node)}`,
  hasThumbnail: (_, { node }) => hasThumbnail(node),
  thumbnailLink: (self, { node, role }) => (hasThumbnail(node) && role ? self.cloud.thumbnailLink(self.call.ask, node) : undefined),
  thumbnailVersion: (_, { node }) => (hasThumbnail(node) ? String(node.revisions.length + 1) : '0'),
  viewedByMe: () => true,
  viewedByMeTime: (_, { node }) => milliseconds(node.clientModified ?? node.modified),
  createdTime: (_, { node }) => milliseconds(node.extra?.created ?? node.created),
  modifiedTime: (_, { node }) => milliseconds(modifiedOf(node)),
  modifiedByMe: (_, { role }) => role === 'owner',
  modifiedByMeTime: (_, { node, role }) => (role === 'owner' ? milliseconds(modifiedOf(node)) : undefined),
  sharedWithMeTime: (self, place) => (self.shareOf(place) ? milliseconds(place.node.created) : undefined),
  sharingUser: (self, place) => (self.shareOf(place) ? userOf(self.person(place.owner), self.email) : undefined),
  owners: (self, { owner }) => owner && [userOf(self.person(owner), self.email)],
  teamDriveId: (_, { sharedDrive }) => sharedDrive?.id,
  driveId: (_, { sharedDrive }) => sharedDrive?.id,
  lastModifyingUser: (self, { owner }) => owner && userOf(self.person(owner), self.email),
  shared: (_, { node, sharedDrive }) => sharedDrive !== undefined || node.shareWith !== undefined,
  ownedByMe: (_, { role }) => role === 'owner',
  capabilities: (self, place) => self.capabilities(place),
  copyRequiresWriterPermission: (_, { node }) => node.noDownload === true,
  writersCanShare: () => true,
  folderColorRgb: (_, { node }) => (node.kind === 'folder' ? '#8f8f8f' : undefined),
  originalFilename: (_, { node }) => (isContent(node) ? node.name : undefined),
  fullFileExtension: (_, { node }) => (isContent(node) ? endingOf(node.name) : undefined),
  fileExtension: (_, { node }) => (isContent(node) ? endingOf(node.name) : undefined),
  md5Checksum: digest('md5'),
  sha1Checksum: digest('sha1'),
  sha256Checksum: digest('sha256'),
  size: (_, { node }) => (node.kind === 'file' ? String(node.native ? 1024 : node.content.size) : undefined),
  quotaBytesUsed: (_, { node }) => String(isContent(node) ? node.content.size : 0),
  headRevisionId: (_, { node }) => (isContent(node) ? revisionId(node.rev) : undefined),
  isAppAuthorized: (_, { node }) => node.extra?.byApp === true,
  exportLinks: (self, { node }) => {
    if (!node.native) return undefined;
    const path = { document: 'documents', spreadsheet: 'spreadsheets', presentation: 'presentations' }[node.native] ?? node.native;
    const links = exportsOf(node.native).map((type) => [type, `${self.cloud.docsHost(self.call.ask)}/feeds/download/${path}/export/Export?id=${node.id}&exportFormat=${kLinkFormats[type] ?? type.split('.').pop()}`]);
    return links.length > 0 ? Object.fromEntries(links) : undefined;
  },
  shortcutDetails: (self, { node }) => {
    if (node.kind !== 'link') return undefined;
    const target = self.cloud.accounts.locate(self.email, node.target);
    return { targetId: node.target, targetMimeType: target ? mimeTypeOf(target.node) : (node.extra?.targetMimeType ?? kFolderType) };
  },
  contentRestrictions: (self, { node, owner }) => (node.locked ? [{ readOnly: true, reason: 'Finished', type: 'globalContentRestriction', restrictingUser: userOf(self.person(owner ?? self.email), self.email), restrictionTime: milliseconds(modifiedOf(node)) }] : undefined),
  resourceKey: (_, { node }) => node.resourceKey,
};

export function modifiedOf(node) {
  return node.extra?.modified ?? node.clientModified ?? node.modified;
}
