// SPDX-License-Identifier: Apache-2.0
// Google Drive: which addresses it answers, its people's accounts, and the dispatch of a call to its route.

import { createHash, createHmac } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { thumbnail } from '../kernel/convert.js';
import { restoreDrive, saveDrive } from '../kernel/drive_state.js';
import { Grants } from '../kernel/grants.js';
import { Keeper } from '../kernel/keeper.js';
import { reply, text } from '../kernel/reply.js';
import { Routes } from '../kernel/routes.js';
import { Accounts } from './accounts.js';
import { checkScope, kScope, tokenOf } from './call.js';
import { ApiError, errorReply, refuse, unauthorized } from './errors.js';
import { Files } from './files.js';
import { GoogleOAuth, kScopes } from './oauth.js';
import { exportByLink, fileRoutes, operationResult } from './routes_files.js';
import { listRoutes, userInfo } from './routes_list.js';
import { continueSession, noteOf, uploadRoutes } from './routes_upload.js';
import { endingOf } from './types.js';
import { UploadSessions } from './upload_sessions.js';

const kClient = { id: '481516234200-sandboxcloudconnector.apps.googleusercontent.com', secret: 'GOCSPX-sandboxgooglesecret01', name: 'Cloud Connector' };
const kReadyScopes = [kScope.all, 'openid', 'https://www.googleapis.com/auth/userinfo.email'];
const kApi = new Routes([...listRoutes, ...fileRoutes]);
const kUpload = new Routes(uploadRoutes);
const kIdleSeconds = 182 * 86_400;
const kThumbnailSeconds = 4 * 3600;
const kHosts = { accounts: 'accounts.google.com', token: 'oauth2.googleapis.com', user: 'openidconnect.googleapis.com', api: 'www.googleapis.com', docs: 'docs.google.com', pictures: 'lh3.googleusercontent.com' };

function readyToken(kind, email) {
  return createHash('sha512').update(`ready ${kind} google-drive ${email}`).digest('base64url');
}

const readyAccess = (email) => `ya29.a0${readyToken('access', email)}`;
const readyRefresh = (email) => `1//0${readyToken('refresh', email)}`;

export class GoogleDriveCloud {
  name = 'google-drive';
  title = 'Google Drive';
  colour = '#1a73e8';
  hostNames = Object.values(kHosts);

  constructor({ clock, people, clients, autoApprove, folder, fill, samples, report, keep }) {
    Object.assign(this, { clock, people, clients, fill, samples, report });
    this.workFolder = join(folder, 'work');
    this.uploadFolder = join(folder, 'uploads');
    for (const one of [this.workFolder, this.uploadFolder]) mkdirSync(one, { recursive: true });
    clients.add('google-drive', { ...kClient, scopes: Object.keys(kScopes) });
    this.grants = new Grants(clock, { prefix: 'ya29.a0', accessSeconds: 3599, codeSeconds: 600, refreshSeconds: kIdleSeconds, mostRefresh: 100 });
    this.oauth = new GoogleOAuth(this, { people, clients, grants: this.grants, autoApprove });
    this.sessions = new UploadSessions({ clock, folder: this.uploadFolder });
    this.reset();
    this.keeper = new Keeper(join(folder, 'state.json'), () => this.#save(), report);
    if (!keep) return;
    const saved = this.keeper.load();
    if (saved) this.#restore(saved);
    this.grants.onChange = () => this.keeper.changed();
    this.keeping = true;
  }

  async #save() {
    const homes = {};
    for (const [email, drive] of this.accounts.homes()) homes[email] = await saveDrive(drive);
    const shared = [];
    for (const { name, members, drive } of this.accounts.sharedDrives().values()) shared.push({ name, members, drive: await saveDrive(drive) });
    return { samples: this.samples, grants: this.grants.snapshot(), homes, shared };
  }

  #restore(saved) {
    this.grants.clear();
    this.grants.restore(saved.grants);
    for (const grant of this.grants.all()) if (grant.ready && !grant.revoked) this.grants.issueAccess(grant, grant.scopes, readyAccess(grant.person));
    if (saved.samples !== this.samples) return;
    for (const { name, members, drive } of saved.shared) restoreDrive(this.accounts.sharedDrive(name, members).drive, drive);
    for (const [email, drive] of Object.entries(saved.homes)) restoreDrive(this.accounts.homeOf(email), drive);
  }

  // Back to the first state: sample files, ready tokens, no uploads.
  reset() {
    this.changes = 0;
    this.accounts = new Accounts(this);
    this.results = new Map();
    this.operations = new Map();
    this.thumbnails = new Map();
    this.generatedIds = new Set();
    this.uploads = [];
    this.pageCap = undefined;
    this.searchDelaySeconds = 0;
    this.testing = false; // refresh tokens of new consents live a week
    this.emptyPages = 0; // so many lists begin with nothing
    this.incompleteSearch = false; // said of searches in all drives
    this.grants.clear();
    for (const { email } of this.people.all()) {
      const grant = this.grants.newGrant({ person: email, client: kClient.id, scopes: kReadyScopes, offline: true, ready: true }, readyRefresh(email));
      this.grants.issueAccess(grant, grant.scopes, readyAccess(email));
    }
  }

  changed() {
    this.changes += 1;
    this.results?.clear();
    if (this.keeping) this.keeper.changed();
  }

  // My Drive, or the shared drive of that name (made when it is not there).
  drive(email, name) {
    if (name === undefined) return this.accounts.homeOf(email);
    return this.accounts.sharedDrive(name, { [email]: 'organizer' }).drive;
  }

  // Commands of the control door that only this cloud knows.
  control({ do: what, ...facts }) {
    if (what !== 'tune') return undefined;
    for (const name of ['testing', 'incompleteSearch', 'emptyPages']) if (facts[name] !== undefined) this[name] = facts[name];
    if (facts.sharedDrive !== undefined) return { id: this.accounts.sharedDrive(facts.sharedDrive, facts.members ?? {}).id };
    return { ok: true };
  }

  static credentials(people, redirectRules) {
    return {
      client_id: kClient.id,
      client_secret: kClient.secret,
      redirect_uris: redirectRules,
      scopes: kReadyScopes,
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
    return {
      authorize: `${base}/o/oauth2/v2/auth`, token: `${base}/token`, revoke: `${base}/revoke`, tokeninfo: `${base}/tokeninfo`, userinfo: `${base}/v1/userinfo`,
      root: `${base}/`, api: `${base}/drive/v3`, upload: `${base}/upload/drive/v3`,
    };
  }

  #host(ask, name) {
    return ask.prefix === '' ? ask.base.replace(/\/\/[^:/]+/, `//${name}`) : ask.base;
  }

  apiHost(ask) {
    return this.#host(ask, kHosts.api);
  }

  docsHost(ask) {
    return this.#host(ask, kHosts.docs);
  }

  // Good for some hours; the size at its end may be changed.
  thumbnailLink(ask, node) {
    const until = Math.floor(this.clock.now() / 1000) + kThumbnailSeconds;
    const text = `${node.id}.${until}`;
    return `${this.#host(ask, kHosts.pictures)}/drive-storage/${Buffer.from(text).toString('base64url')}.${this.#sign(text)}=s220`;
  }

  #sign(text) {
    return createHmac('sha256', 'links of the sandbox').update(text).digest('base64url').slice(0, 16);
  }

  async #thumbnail(call) {
    const [, text64, signature, size] = /^\/drive-storage\/([\w-]+)\.([\w-]+)=s(\d{1,4})(?:-[a-z0-9-]+)?$/.exec(call.ask.path) ?? [];
    const text1 = Buffer.from(text64 ?? '', 'base64url').toString();
    const [id, until] = text1.split('.');
    if (signature !== this.#sign(text1) || Number(until) * 1000 <= this.clock.now()) return text(403, 'Forbidden');
    const place = this.accounts.locate(call.person, id);
    if (!place?.role) return text(404, 'Not Found');
    const pixels = Math.min(1600, Math.max(1, Number(size)));
    const key = `${place.node.rev}/${pixels}`;
    if (!this.thumbnails.has(key)) {
      this.thumbnails.set(key, thumbnail(place.node.content, `.${endingOf(place.node.name)}`, { format: 'png', width: pixels, height: pixels, mode: 'bestfit', folder: this.workFolder }));
    }
    return this.thumbnails.get(key).then(
      (bytes) => reply(200, { 'Content-Type': 'image/png', 'Cache-Control': 'private, max-age=86400' }, bytes),
      () => text(404, 'Not Found'),
    );
  }

  async handle(ask) {
    const { path } = ask;
    const at = (name) => ask.prefix !== '' || ask.host === kHosts[name];
    if (path === '/o/oauth2/v2/auth' && at('accounts')) return this.oauth.authorize(ask);
    if (path === '/token' && at('token')) return this.oauth.token(ask);
    if (path === '/revoke' && at('token')) return this.oauth.revoke(ask);
    if (path === '/tokeninfo' && at('token')) return this.oauth.tokenInfo(ask);
    if (path === '/device/code' && at('token')) return this.oauth.deviceCode(ask);
    if (path === '/v1/userinfo' && at('user')) return this.#call(ask, userInfo, [], 'openid');
    if (path === '/feeds/download/operation' && at('docs')) return this.#call(ask, operationResult, [], 'read');
    if (path.startsWith('/feeds/download/') && at('docs')) return this.#call(ask, exportByLink, [], 'read');
    if (path.startsWith('/drive-storage/') && at('pictures')) return this.#call(ask, (call) => this.#thumbnail(call), [], 'metadata');
    if (!at('api')) return text(404, 'Not Found');
    if (path.startsWith('/upload/drive/v3/') && ask.query.has('upload_id')) return this.#session(ask);
    if (path.startsWith('/upload/drive/v3/')) return this.#find(ask, kUpload, path.slice(16));
    if (path.startsWith('/drive/v3/')) return this.#find(ask, kApi, path.slice(9));
    return text(404, 'Not Found');
  }

  async #session(ask) {
    const callAs = (facts, query) => this.#callOf({ ...ask, query }, facts.person, facts.scopes);
    return continueSession(this, ask, callAs).catch((error) => {
      if (error instanceof ApiError) return errorReply(error);
      throw error;
    });
  }

  #find(ask, routes, path) {
    const [scope, run, values] = routes.find(ask.method === 'HEAD' ? 'GET' : ask.method, path) ?? [];
    return run ? this.#call(ask, run, values, scope) : text(404, 'Not Found');
  }

  #callOf(ask, person, scopes) {
    const call = { cloud: this, ask, person, scopes };
    call.files = new Files(call);
    return call;
  }

  async #call(ask, run, values, scope) {
    try {
      const token = tokenOf(ask);
      const known = token === undefined ? undefined : this.grants.access(token);
      if (!known || known.expired) throw unauthorized();
      const { person } = known.grant;
      Object.assign(ask.note, { authorised: true, person });
      if (scope === 'openid') {
        if (!known.scopes.includes('openid')) throw refuse(403, 'insufficientPermissions', 'Insufficient Permission');
      } else {
        checkScope(known.scopes, scope);
      }
      return await run(this.#callOf(ask, person, known.scopes), ...values);
    } catch (error) {
      if (error instanceof ApiError) return errorReply(error);
      throw error;
    }
  }

  noteUpload(call, place) {
    this.uploads.push(noteOf(call, place, this.clock.now()));
  }

  async close() {
    await this.sessions.close();
    if (this.keeping) await this.keeper.close();
  }
}
