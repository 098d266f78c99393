// SPDX-License-Identifier: Apache-2.0
// OneDrive: its addresses, its people's accounts, and the dispatch of a request to its route.

import { createHash, randomUUID } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { isoSeconds } from '../kernel/clock.js';
import { BytesContent } from '../kernel/content.js';
import { restoreDrive, saveDrive } from '../kernel/drive_state.js';
import { Grants } from '../kernel/grants.js';
import { Keeper } from '../kernel/keeper.js';
import { text } from '../kernel/reply.js';
import { receive } from '../kernel/spool.js';
import { Account, driveKey, isWork, teamSite } from './accounts.js';
import { errorReply, full, GraphError, invalid, notFound, refuse, unauthenticated } from './errors.js';
import { tidyNames } from './names.js';
import { rewritten } from './office.js';
import { accessToken, kRefreshSeconds, kScopes, MicrosoftOAuth } from './oauth.js';
import { knowHash, QuickXor } from './quick_xor.js';
import { accountRoutes, siteOf } from './routes_account.js';
import { contentRoutes, sendContent, sendPdf, sendThumbnail } from './routes_content.js';
import { applyTimes, itemRoutes, monitor } from './routes_items.js';
import { closeSessions, sessionRequest, sessionRoutes } from './routes_sessions.js';

const kRoutes = [...accountRoutes, ...sessionRoutes, ...contentRoutes, ...itemRoutes];
const kTransfers = { '/transfer/content': sendContent, '/transfer/pdf': sendPdf, '/transfer/thumbnail': sendThumbnail, '/transfer/monitor': monitor, '/transfer/upload': sessionRequest };
const kClient = { id: '5a0d8ec1-7b44-4c1f-9a36-2f6b1c0e7d11', secret: 'sbx8Q~onedrive-secret-for-the-sandbox', name: 'Cloud Connector' };
const kPublicClient = { id: '5a0d8ec1-7b44-4c1f-9a36-2f6b1c0e7d12', name: 'Cloud Connector (public)' };
const kReadyScopes = Object.keys(kScopes).filter((scope) => scope !== 'Sites.ReadWrite.All');

function readyBytes(kind, email) {
  return createHash('sha512').update(`ready ${kind} onedrive ${email}`).digest();
}

const readyAccess = (person) => accessToken({ work: isWork(person) }, readyBytes('access', person.email));
const readyRefresh = (person) => `0.A${readyBytes('refresh', person.email).toString('base64url')}`;
const readyScopes = (person) => kReadyScopes.filter((scope) => isWork(person) || !scope.startsWith('Sites.'));

export class OneDriveCloud {
  name = 'onedrive';
  title = 'OneDrive';
  colour = '#0f6cbd';
  hostNames = ['login.microsoftonline.com', 'microsoft.com', 'graph.microsoft.com', 'my.microsoftpersonalcontent.com', 'example-my.sharepoint.com', 'example-net-my.sharepoint.com', 'example.sharepoint.com'];

  constructor({ clock, people, clients, autoApprove, folder, fill, samples, report, keep }) {
    Object.assign(this, { clock, people, clients, samples, report });
    this.fill = (drive) => {
      fill(drive);
      tidyNames(drive);
    };
    this.workFolder = join(folder, 'work');
    this.uploadFolder = join(folder, 'uploads');
    for (const one of [this.workFolder, this.uploadFolder]) mkdirSync(one, { recursive: true });
    for (const client of [kClient, kPublicClient]) clients.add('onedrive', { ...client, scopes: Object.keys(kScopes) });
    this.grants = new Grants(clock, { prefix: 'EwB', accessSeconds: 3599, codeSeconds: 600 });
    this.oauth = new MicrosoftOAuth(this, { people, clients, grants: this.grants, autoApprove });
    this.sessions = new Map();
    this.reset();
    this.keeper = new Keeper(join(folder, 'state.json'), () => this.#save(), report);
    if (!keep) return;
    const saved = this.keeper.load();
    if (saved) this.#restore(saved);
    this.grants.onChange = () => this.keeper.changed();
    this.keeping = true;
  }

  async #save() {
    const drives = [...this.libraries].map(async ([id, library]) => [id, await saveDrive(library.drive)]);
    return { samples: this.samples, grants: this.grants.snapshot(), drives: Object.fromEntries(await Promise.all(drives)) };
  }

  #restore(saved) {
    this.grants.clear();
    this.grants.restore(saved.grants);
    for (const person of this.people.all()) {
      const grant = this.grants.refresh(readyRefresh(person));
      if (grant) this.grants.issueAccess(grant, grant.scopes, readyAccess(person));
    }
    // Drives point at the sample files they were filled from; with others, people start afresh.
    const drives = saved.samples === this.samples ? saved.drives : {};
    for (const [id, drive] of Object.entries(drives)) if (this.libraries.has(id)) restoreDrive(this.libraries.get(id).drive, drive);
  }

  // Back to the first state: sample files, ready tokens, no uploads.
  reset() {
    this.accounts = new Map();
    this.libraries = new Map();
    this.sites = new Map();
    this.thumbnails = new Map();
    this.copies = new Map();
    for (const session of this.sessions.values()) session.file.close().catch(() => {});
    this.sessions.clear();
    this.uploads = [];
    this.pageCap = undefined;
    this.hashDelaySeconds = 0;
    this.takeAtMost = undefined;
    this.searchDelaySeconds = 0;
    this.writersAtOnce = undefined;
    this.writing = new Map();
    this.oauth.device.clear();
    this.grants.clear();
    for (const person of this.people.all()) {
      const until = this.clock.now() + kRefreshSeconds * 1000;
      const facts = { person: person.email, client: kClient.id, scopes: readyScopes(person), offline: true, until };
      const grant = this.grants.newGrant(facts, readyRefresh(person));
      this.grants.issueAccess(grant, grant.scopes, readyAccess(person));
    }
    for (const { email } of this.people.all()) this.accountOf(email);
  }

  accountOf(email) {
    let account = this.accounts.get(email);
    if (!account) {
      const siteFor = ({ person }) => this.#teamSite(person.team);
      account = new Account(this.people.get(email), { clock: this.clock, fill: this.fill, siteOf: siteFor });
      this.accounts.set(email, account);
      this.#add(account.own);
    }
    return account;
  }

  #teamSite(team) {
    if (!this.sites.has(team)) {
      const fillTeam = (drive, name) => {
        const seed = 'team';
        drive.makeFolder([name === 'Documents' ? 'General' : 'Board'], seed);
        drive.writeFile([`About ${name.toLowerCase()}.txt`], new BytesContent(Buffer.from(`${name} of ${team}.\n`)), { seed, clientModified: Date.UTC(2025, 2, 3), serverModified: Date.UTC(2025, 2, 3) });
      };
      const site = teamSite(team, { clock: this.clock, fillTeam });
      for (const library of site.libraries) this.#add(library);
      this.sites.set(team, site);
    }
    return this.sites.get(team);
  }

  #add(library) {
    this.libraries.set(driveKey(library.id), library);
    library.drive.on('changed', () => this.keeping && this.keeper.changed());
  }

  // People as the sign-in page shows them.
  accountsPeople() {
    this.shown ??= this.people.all().map((person) => ({ ...person, about: `${isWork(person) ? 'work account' : 'personal account'}, ${person.about.replace('e-mail address not verified', 'with an e-mail address')}` }));
    return this.shown;
  }

  // name: a document library of the person's site, instead of the person's own drive.
  drive(email, name) {
    const account = this.accountOf(email);
    const library = name === undefined ? account.own : account.site?.libraries.find((one) => one.name === name);
    if (!library) throw new Error(`no such drive: ${name}`);
    return library.drive;
  }

  // A command of the control door that only OneDrive knows.
  control({ do: what, person = this.people.all()[0].email, mount, hashDelaySeconds, takeAtMost }) {
    if (what !== 'tune') return undefined;
    if (hashDelaySeconds !== undefined) this.hashDelaySeconds = hashDelaySeconds;
    if (takeAtMost !== undefined) this.takeAtMost = takeAtMost ?? undefined;
    if (mount !== undefined) this.#mount(this.drive(person), mount);
    return { ok: true };
  }

  // Puts what another person shares (`path` of `of`) into a drive, at `at`.
  #mount(drive, { at, of, path }) {
    const home = this.accountOf(of).own;
    const item = home.drive.find(path.split('/').filter(Boolean));
    if (!item) throw new Error(`nothing at ${path}`);
    const node = drive.makeFolder(at.split('/').filter(Boolean));
    node.target = { drive: driveKey(home.id), item: item.id };
    drive.touch(node);
  }

  site(call, id) {
    return siteOf(call, id);
  }

  static credentials(people, redirectRules) {
    return {
      client_id: kClient.id,
      client_secret: kClient.secret,
      public_client_id: kPublicClient.id,
      redirect_uris: redirectRules,
      scopes: Object.keys(kScopes),
      people: people.all().map((person) => ({
        email: person.email,
        name: person.name,
        kind: isWork(person) ? 'business' : 'personal',
        about: person.about,
        access_token: readyAccess(person),
        refresh_token: readyRefresh(person),
      })),
    };
  }

  endpoints(base) {
    return { authorize: `${base}/common/oauth2/v2.0/authorize`, token: `${base}/common/oauth2/v2.0/token`, api: `${base}/v1.0`, login: base, graph: base };
  }

  async handle(ask) {
    ask.now = this.clock.now();
    const ids = { 'request-id': randomUUID(), 'client-request-id': ask.headers['client-request-id'] ?? randomUUID() };
    const answer = await this.#answer(ask, ids);
    answer.headers = { ...answer.headers, ...ids };
    return answer;
  }

  async #answer(ask, ids) {
    try {
      if (ask.path.startsWith('/transfer/')) return await this.#transfer(ask);
      if (ask.path.startsWith('/v1.0/')) return await this.#call(ask);
      if (ask.path.startsWith('/beta/')) return text(404, 'Not found');
      return await this.oauth.handle(ask);
    } catch (error) {
      if (error instanceof GraphError) return errorReply(error, ids);
      throw error;
    }
  }

  // Bytes and sessions: their addresses are right enough; a token there is a mistake.
  #transfer(ask) {
    const run = Object.hasOwn(kTransfers, ask.path) ? kTransfers[ask.path] : undefined;
    if (!run) throw notFound();
    if (ask.headers.authorization !== undefined) throw unauthenticated();
    if (ask.path !== '/transfer/upload' && !['GET', 'HEAD'].includes(ask.method)) throw refuse(405, 'invalidRequest', 'Method not allowed');
    return run(this, ask);
  }

  async #call(ask) {
    const path = ask.path.slice('/v1.0'.length);
    const fitting = kRoutes.filter((route) => route.path.test(path));
    const route = fitting.find((one) => one.method === (ask.method === 'HEAD' ? 'GET' : ask.method));
    const access = this.#identify(ask);
    if (!route) {
      if (fitting.length > 0) throw refuse(405, 'invalidRequest', `The method ${ask.method} is not allowed here.`);
      throw refuse(400, 'BadRequest', `Resource not found for the segment '${path.split('/').pop()}'.`);
    }
    const call = { cloud: this, ask, path, route, scopes: access.scopes, person: access.grant.person, account: this.accountOf(access.grant.person) };
    if (route.work && !call.account.work) throw refuse(400, 'BadRequest', 'This API is not supported for MSA accounts');
    if (!route.scopes.some((scope) => access.scopes.includes(scope))) {
      if (path === '/me') throw refuse(403, 'Authorization_RequestDenied', 'Insufficient privileges to complete the operation.');
      throw refuse(403, 'accessDenied', 'Either scp or roles claim need to be present in the token.');
    }
    return this.#limited(call, route);
  }

  #identify(ask) {
    const challenge = { 'WWW-Authenticate': 'Bearer realm="", authorization_uri="https://login.microsoftonline.com/common/oauth2/authorize", client_id="00000003-0000-0000-c000-000000000000"' };
    const no = (message) => new GraphError(401, 'InvalidAuthenticationToken', message, { headers: challenge });
    const match = /^Bearer\s+(\S+)$/i.exec(ask.headers.authorization ?? '');
    if (!match) throw no('Access token is empty.');
    const access = this.grants.access(match[1]);
    if (!access) throw no('CompactToken parsing failed with error code: 80049217');
    if (access.expired) throw no('Lifetime validation failed, the token is expired.');
    ask.note.authorised = true;
    ask.note.person = access.grant.person;
    return access;
  }

  // One person takes so many writers at once, when a test has set a number.
  async #limited(call, route) {
    if (!route.writes || this.writersAtOnce === undefined) return route.run(call);
    const now = this.writing.get(call.person) ?? 0;
    if (now >= this.writersAtOnce) throw new GraphError(429, 'activityLimitReached', 'The request has been throttled', { headers: { 'Retry-After': '1' } });
    this.writing.set(call.person, now + 1);
    try {
      return await route.run(call);
    } finally {
      this.writing.set(call.person, this.writing.get(call.person) - 1);
    }
  }

  checkSpace(library, size, replaced) {
    if (!Number.isFinite(size) || size < 0) throw invalid('The size is not a number.');
    if (library.drive.allocated === 0) return; // not told, so nobody knows
    const back = replaced?.kind === 'file' ? replaced.content.size : 0;
    if (size > library.drive.free + back) throw full();
  }

  // A request's body as content.
  async spoolBody(stream, { most, tooLarge }) {
    const hash = new QuickXor();
    const content = await receive(stream, this.uploadFolder, (chunk, sizeSoFar) => {
      if (sizeSoFar > most) throw tooLarge();
      hash.update(chunk);
    });
    return knowHash(content, hash.digest());
  }

  // Puts content into a library as the original does, and notes it.
  async store(call, library, names, content, times) {
    const kept = library.business ? await rewritten(names.at(-1), content) : content;
    const node = library.drive.writeFile(names, kept);
    applyTimes(node, times);
    this.uploads.push({ person: call.person, path: `/${library.drive.namesOf(node).join('/')}`, drive: library.id, size: kept.size, rev: node.rev, at: isoSeconds(this.clock.now()) });
    return node;
  }

  async close() {
    await closeSessions(this);
    if (this.keeping) await this.keeper.close();
  }
}
