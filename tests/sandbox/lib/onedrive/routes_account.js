// SPDX-License-Identifier: Apache-2.0
// Who one is, which drives there are, SharePoint sites, what others share.

import { json } from '../kernel/reply.js';
import { driveOf, libraryById } from './address.js';
import { invalid, notFound } from './errors.js';
import { remoteItem } from './items.js';
import { pageOf, readOptions } from './odata.js';

const kUserProperties = new Set('businessPhones displayName givenName jobTitle mail mobilePhone officeLocation preferredLanguage surname userPrincipalName id'.split(' '));
const kDriveProperties = new Set('id name description driveType createdDateTime lastModifiedDateTime webUrl owner quota sharePointIds createdBy'.split(' '));
const kSiteProperties = new Set('id name displayName description webUrl createdDateTime lastModifiedDateTime siteCollection root'.split(' '));

function quotaOf(library) {
  const { used, allocated, free } = library.drive;
  if (allocated === 0) return { total: 0, used: 0, remaining: 0, deleted: 0 };
  const state = free === 0 ? 'exceeded' : free < allocated / 100 ? 'critical' : free < allocated / 10 ? 'nearing' : 'normal';
  return { deleted: 0, remaining: free, state, total: allocated, used };
}

export function driveFacts(library) {
  return {
    createdDateTime: '2025-01-01T00:00:00Z',
    description: '',
    id: library.id,
    lastModifiedDateTime: '2025-01-01T00:00:00Z',
    name: library.name,
    webUrl: library.webUrl,
    driveType: library.kind,
    owner: library.owner,
    quota: quotaOf(library),
  };
}

function siteFacts(site) {
  return {
    createdDateTime: '2025-01-01T00:00:00Z', id: site.id, lastModifiedDateTime: '2025-01-01T00:00:00Z', name: site.name,
    webUrl: site.webUrl, displayName: site.displayName, root: {}, siteCollection: { hostname: site.host },
  };
}

function picked(facts, options) {
  if (!options.select) return facts;
  return Object.fromEntries(Object.entries(facts).filter(([key]) => options.select.has(key)));
}

function context(call, text) {
  return { '@odata.context': `${call.ask.base}/v1.0/$metadata#${text}` };
}

function user(call) {
  const options = readOptions(call.ask.query, { allow: ['$select'], properties: kUserProperties });
  return json(200, { ...context(call, 'users/$entity'), ...picked(call.account.user(), options) });
}

function drive(call, library) {
  const options = readOptions(call.ask.query, { allow: ['$select', '$expand'], properties: kDriveProperties });
  return json(200, { ...context(call, 'drives/$entity'), ...picked(driveFacts(library), options) });
}

function list(call, what, all, properties) {
  const options = readOptions(call.ask.query, { allow: ['$top', '$select', '$orderby', '$skiptoken'], properties });
  const { part, next } = pageOf(all, options, call.ask, call.cloud.pageCap);
  return json(200, { ...context(call, what), ...(next ? { '@odata.nextLink': next } : {}), value: part.map((facts) => picked(facts, options)) });
}

function sites(call) {
  const words = call.ask.query.get('search');
  if (words === null) throw invalid('A search text is needed.');
  call.ask.query.delete('search');
  const { site } = call.account;
  const found = site && (words === '*' || `${site.name} ${site.displayName}`.toLowerCase().includes(words.toLowerCase()));
  const answer = list(call, 'sites', found ? [siteFacts(site)] : [], kSiteProperties);
  return answer;
}

export function siteOf(call, id) {
  const { site } = call.account;
  if (!site) throw notFound();
  const [host, path] = id.split(':');
  const names = [site.id, site.id.split(',')[1]];
  if (names.includes(id) || (host === site.host && path === '/sites/ExampleTeam')) return site;
  throw notFound();
}

// What others let this person into; with remoteItem.
async function sharedWithMe(call) {
  const options = readOptions(call.ask.query, { allow: ['$top', '$select', '$expand', '$skiptoken'] });
  const found = [];
  for (const library of call.cloud.libraries.values()) {
    for (const node of library.drive.byId.values()) if (Object.hasOwn(node.shareWith ?? {}, call.person)) found.push([library, node]);
  }
  const { part, next } = pageOf(found, options, call.ask, call.cloud.pageCap);
  const value = await Promise.all(part.map(([library, node]) => remoteItem(call.ask, library, node)));
  return json(200, { ...context(call, 'Collection(driveItem)'), ...(next ? { '@odata.nextLink': next } : {}), value });
}

const kAnyFiles = ['Files.Read', 'Files.ReadWrite', 'Files.Read.All', 'Files.ReadWrite.All', 'Sites.Read.All', 'Sites.ReadWrite.All'];
const kSites = ['Sites.Read.All', 'Sites.ReadWrite.All'];

export const accountRoutes = [
  { method: 'GET', path: /^\/me$/, scopes: ['User.Read'], run: user },
  { method: 'POST', path: /^\/me\/revokeSignInSessions$/, work: true, scopes: ['User.Read'], run: (call) => {
    call.cloud.grants.revokeOf(call.person);
    return json(200, { ...context(call, 'Edm.Boolean'), value: true });
  } },
  { method: 'GET', path: /^\/(?:me\/drive|users\/[^/]+\/drive|drives\/[^/:]+|sites\/[^/:]+\/drive)$/, scopes: kAnyFiles, run: (call) => drive(call, driveOf(call, call.path).library) },
  { method: 'GET', path: /^\/me\/drives$/, scopes: kAnyFiles, run: (call) => list(call, 'drives', [driveFacts(call.account.own)], kDriveProperties) },
  { method: 'GET', path: /^\/me\/drive\/sharedWithMe(\(\))?$/, scopes: ['Files.Read.All', 'Files.ReadWrite.All'], run: sharedWithMe },
  { method: 'GET', path: /^\/me\/followedSites$/, work: true, scopes: kSites, run: (call) => {
    return list(call, 'sites', call.account.site ? [siteFacts(call.account.site)] : [], kSiteProperties);
  } },
  { method: 'GET', path: /^\/sites$/, work: true, scopes: kSites, run: sites },
  { method: 'GET', path: /^\/sites\/root$/, work: true, scopes: kSites, run: (call) => {
    return json(200, { ...context(call, 'sites/$entity'), ...siteFacts({ id: `${call.account.work.organisation}.sharepoint.com,${call.account.tenant},${call.account.tenant}`, name: '', displayName: 'Communication site', webUrl: `https://${call.account.work.organisation}.sharepoint.com`, host: `${call.account.work.organisation}.sharepoint.com` }) });
  } },
  { method: 'GET', path: /^\/sites\/[^/]+\/drives$/, work: true, scopes: ['Files.Read.All', 'Files.ReadWrite.All', ...kSites], run: (call) => list(call, 'drives', siteOf(call, decodeURIComponent(call.path.split('/')[2])).libraries.map(driveFacts), kDriveProperties) },
  { method: 'GET', path: /^\/sites\/(?:[^/:]+|[^/:]+:\/sites\/[^/:]+:?)$/, work: true, scopes: kSites, run: (call) => json(200, { ...context(call, 'sites/$entity'), ...siteFacts(siteOf(call, decodeURIComponent(call.path.slice(7)).replace(/:$/, ''))) }) },
];

export { kAnyFiles, libraryById };
