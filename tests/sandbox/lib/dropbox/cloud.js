// SPDX-License-Identifier: Apache-2.0
// Dropbox: which addresses it answers, its people's accounts, and the dispatch of a call to its route.

import { createHash, randomBytes } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { restoreDrive, saveDrive } from '../kernel/drive_state.js';
import { Grants } from '../kernel/grants.js';
import { Keeper } from '../kernel/keeper.js';
import { text } from '../kernel/reply.js';
import { isoSeconds } from '../kernel/clock.js';
import { Account } from './account.js';
import { authorise, checkMethod, pathRoot, readArgument } from './call.js';
import { ApiError, BadRequest, badRequestReply, errorReply, refuse } from './errors.js';
import { DropboxOAuth, kScopes } from './oauth.js';
import { accountRoutes } from './routes_account.js';
import { contentRoutes, followLink } from './routes_content.js';
import { fileRoutes } from './routes_files.js';
import { listRoutes } from './routes_list.js';
import { searchRoutes } from './routes_search.js';
import { uploadRoutes } from './routes_upload.js';
import { UploadSessions } from './upload_sessions.js';

const kRoutes = { ...accountRoutes, ...listRoutes, ...searchRoutes, ...fileRoutes, ...contentRoutes, ...uploadRoutes };
const kClient = { id: 'sbxdropboxapp01', secret: 'sbxdropboxsec01', name: 'Cloud Connector' };

function readyToken(kind, email) {
  return createHash('sha512').update(`ready ${kind} dropbox ${email}`).digest('base64url');
}

const readyAccess = (email) => `sl.${readyToken('access', email)}`;
const readyRefresh = (email) => readyToken('refresh', email).slice(0, 64);

export class DropboxCloud {
  name = 'dropbox';
  title = 'Dropbox';
  colour = '#0a5fd8';
  hostNames = ['www.dropbox.com', 'dropbox.com', 'api.dropboxapi.com', 'api.dropbox.com', 'content.dropboxapi.com', 'notify.dropboxapi.com', 'uc0a1b2c3d4e5f.dl.dropboxusercontent.com'];

  constructor({ clock, people, clients, autoApprove, folder, fill, samples, report, keep }) {
    Object.assign(this, { clock, people, clients, fill, samples, report });
    this.workFolder = join(folder, 'work');
    const uploads = join(folder, 'uploads');
    for (const one of [this.workFolder, uploads]) mkdirSync(one, { recursive: true });
    clients.add('dropbox', { ...kClient, scopes: Object.keys(kScopes).sort() });
    this.grants = new Grants(clock, { prefix: 'sl.', accessSeconds: 14400 });
    this.oauth = new DropboxOAuth(this, { people, clients, grants: this.grants, autoApprove });
    this.sessions = new UploadSessions({ clock, folder: uploads });
    this.reset();
    this.keeper = new Keeper(join(folder, 'state.json'), () => this.#save(), report);
    if (!keep) return;
    const saved = this.keeper.load();
    if (saved) this.#restore(saved);
    this.grants.onChange = () => this.keeper.changed();
    this.keeping = true;
  }

  async #save() {
    const accounts = {};
    for (const [email, account] of this.accounts) {
      const drives = [...account.namespaces].map(async ([number, drive]) => [number, await saveDrive(drive)]);
      accounts[email] = Object.fromEntries(await Promise.all(drives));
    }
    return { samples: this.samples, grants: this.grants.snapshot(), accounts };
  }

  #restore(saved) {
    this.grants.clear();
    this.grants.restore(saved.grants);
    for (const { email } of this.people.all()) {
      const grant = this.grants.refresh(readyRefresh(email));
      if (grant) this.grants.issueAccess(grant, grant.scopes, readyAccess(email));
    }
    // Drives point at the sample files they were filled from; with others, people start afresh.
    const drivesOf = saved.samples === this.samples ? saved.accounts : {};
    for (const [email, drives] of Object.entries(drivesOf)) {
      const { namespaces } = this.accountOf(email);
      for (const [number, drive] of Object.entries(drives)) restoreDrive(namespaces.get(number), drive);
    }
  }

  // Back to the first state: sample files, ready tokens, no uploads.
  reset() {
    this.accounts = new Map();
    this.links = new Map();
    this.thumbnails = new Map();
    this.uploads = [];
    this.pageCap = undefined;
    this.searchDelaySeconds = 0;
    this.writersAtOnce = undefined;
    this.writing = new Map();
    this.grants.clear();
    for (const person of this.people.all()) {
      const facts = { person: person.email, client: kClient.id, scopes: Object.keys(kScopes).sort(), offline: true, pkce: true };
      const grant = this.grants.newGrant(facts, readyRefresh(person.email));
      this.grants.issueAccess(grant, grant.scopes, readyAccess(person.email));
    }
  }

  accountOf(email) {
    let account = this.accounts.get(email);
    if (!account) {
      account = new Account(this.people.get(email), this);
      this.accounts.set(email, account);
      for (const drive of account.namespaces.values()) drive.on('changed', () => this.keeping && this.keeper.changed());
    }
    return account;
  }

  drive(email) {
    return this.accountOf(email).home;
  }

  driveOwnedBy(owner) {
    for (const account of this.accounts.values()) {
      for (const drive of account.namespaces.values()) if (drive.owner === owner) return drive;
    }
    return undefined;
  }

  static credentials(people, redirectRules) {
    return {
      client_id: kClient.id,
      client_secret: kClient.secret,
      redirect_uris: redirectRules,
      scopes: Object.keys(kScopes).sort(),
      people: people.all().map((person) => ({
        email: person.email,
        name: person.name,
        email_verified: person.verified,
        about: person.about,
        access_token: readyAccess(person.email),
        refresh_token: readyRefresh(person.email),
      })),
    };
  }

  endpoints(base) {
    return { authorize: `${base}/oauth2/authorize`, token: `${base}/oauth2/token`, api: `${base}/2`, content: `${base}/2`, notify: `${base}/2` };
  }

  async handle(ask) {
    if (ask.path === '/oauth2/authorize') return this.oauth.authorize(ask);
    if (ask.path === '/oauth2/token') return this.oauth.token(ask);
    if (ask.path.startsWith('/cd/0/get/')) return followLink(this, ask);
    if (!ask.path.startsWith('/2/')) return text(404, 'Not found');
    const answer = await this.#call(ask, ask.path.slice(3));
    answer.headers['X-Dropbox-Request-Id'] = randomBytes(16).toString('hex');
    return answer;
  }

  async #call(ask, name) {
    const route = Object.hasOwn(kRoutes, name) ? kRoutes[name] : undefined;
    if (!route) return text(400, `Unknown API function: "${name}"`);
    try {
      checkMethod(route, ask.method);
      const call = { cloud: this, ask };
      if (!route.open) this.#identify(call, route);
      call.argument = await readArgument(route, ask);
      return await this.#limited(call, route);
    } catch (error) {
      if (error instanceof BadRequest) return badRequestReply(name, error);
      if (error instanceof ApiError) return errorReply(error);
      throw error;
    }
  }

  #identify(call, route) {
    Object.assign(call, authorise(route, call.ask, this.grants));
    call.ask.note.authorised = true;
    call.ask.note.person = call.person;
    const account = this.accountOf(call.person);
    call.drive = pathRoot(call.ask, account);
    call.account = Object.create(account, { drive: { value: call.drive } });
  }

  // One namespace takes so many writers at once, when a test has set a number.
  async #limited(call, route) {
    if (!route.writes || this.writersAtOnce === undefined) return route.run(call);
    const now = this.writing.get(call.drive.owner) ?? 0;
    if (now >= this.writersAtOnce) {
      const error = refuse('too_many_write_operations');
      throw new ApiError({ reason: error.tree, retry_after: 1 }, { status: 429, headers: { 'Retry-After': '1' } });
    }
    this.writing.set(call.drive.owner, now + 1);
    try {
      return await route.run(call);
    } finally {
      this.writing.set(call.drive.owner, this.writing.get(call.drive.owner) - 1);
    }
  }

  noteUpload(call, drive, node) {
    const path = `/${drive.namesOf(node).join('/')}`;
    this.uploads.push({ person: call.person, path, size: node.content.size, rev: node.rev, at: isoSeconds(this.clock.now()) });
  }

  async close() {
    await this.sessions.close();
    if (this.keeping) await this.keeper.close();
  }
}
