// SPDX-License-Identifier: Apache-2.0
// Box: which addresses it answers, its people's accounts, and the dispatch of a call to its route.

import { createHash, randomBytes } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { isoSeconds } from '../kernel/clock.js';
import { Drive } from '../kernel/drive.js';
import { restoreDrive, saveDrive } from '../kernel/drive_state.js';
import { Grants } from '../kernel/grants.js';
import { Keeper } from '../kernel/keeper.js';
import { Routes } from '../kernel/routes.js';
import { reply, text } from '../kernel/reply.js';
import { tokenOf } from './call.js';
import { ApiError, errorReply, refuse, unauthorized } from './errors.js';
import { Items } from './items.js';
import { BoxOAuth, kScopes } from './oauth.js';
import { representationContent, representationRoutes } from './representations.js';
import { contentRoutes, followDownload } from './routes_content.js';
import { itemsRoutes } from './routes_items.js';
import { searchRoutes } from './routes_search.js';
import { preflightRoutes, uploadRoutes } from './routes_upload.js';
import { addBoxSamples } from './samples.js';
import { UploadSessions } from './upload_sessions.js';

const kClient = { id: 'sbxboxapp01', secret: 'sbxboxsec01', name: 'Cloud Connector' };
const kApi = new Routes([...itemsRoutes, ...searchRoutes, ...contentRoutes, ...preflightRoutes, ...representationRoutes]);
const kUpload = new Routes(uploadRoutes);
const kMostUpload = { basic: 262_144_000, pro: 5 * 2 ** 30, business: 50 * 2 ** 30 };
const kRefreshSeconds = 60 * 86_400;

function readyToken(kind, email) {
  return createHash('sha512').update(`ready ${kind} box ${email}`).digest('base64url').replace(/[-_]/g, '0');
}

const readyAccess = (email) => readyToken('access', email).slice(0, 32);
const readyRefresh = (email) => readyToken('refresh', email).slice(0, 64);

function boxId(seed) {
  if (seed?.endsWith('\nroot')) return '0';
  const bytes = seed === undefined ? randomBytes(6) : createHash('sha256').update(seed).digest().subarray(0, 6);
  return String(100_000_000_000 + (bytes.readUIntBE(0, 6) % 900_000_000_000));
}

export class BoxCloud {
  name = 'box';
  title = 'Box';
  colour = '#0061d5';
  hostNames = ['account.box.com', 'app.box.com', 'api.box.com', 'upload.box.com', 'dl.boxcloud.com'];

  constructor({ clock, people, clients, autoApprove, folder, fill, samples, report, keep }) {
    Object.assign(this, { clock, people, clients, fill, samples, report });
    this.workFolder = join(folder, 'work');
    this.uploadFolder = join(folder, 'uploads');
    for (const one of [this.workFolder, this.uploadFolder]) mkdirSync(one, { recursive: true });
    clients.add('box', { ...kClient, scopes: Object.keys(kScopes).filter((scope) => scope === 'root_readwrite' || scope === 'root_readonly') });
    this.grants = new Grants(clock, { prefix: '', accessSeconds: 3600, codeSeconds: 30, refreshSeconds: kRefreshSeconds });
    this.oauth = new BoxOAuth(this, { people, clients, grants: this.grants, autoApprove });
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
    const accounts = {};
    for (const [email, { drive }] of this.accounts) accounts[email] = await saveDrive(drive);
    return { samples: this.samples, grants: this.grants.snapshot(), accounts };
  }

  #restore(saved) {
    this.grants.clear();
    this.grants.restore(saved.grants);
    for (const grant of this.grants.all()) if (grant.ready && !grant.revoked) this.grants.issueAccess(grant, grant.scopes, readyAccess(grant.person));
    const drivesOf = saved.samples === this.samples ? saved.accounts : {};
    for (const [email, drive] of Object.entries(drivesOf)) restoreDrive(this.accountOf(email).drive, drive);
  }

  // Back to the first state: sample files, ready tokens, no uploads.
  reset() {
    this.accounts = new Map();
    this.links = new Map();
    this.thumbnails = new Map();
    this.representations = new Map();
    this.uploads = [];
    this.pageCap = undefined;
    this.searchDelaySeconds = 0;
    this.settleSeconds = 0; // a new file's bytes can be fetched only then
    this.commitsNotReady = 0; // so many commits of a session are answered with 202
    this.pendingPolls = 1; // so often a representation says that it is pending
    this.sessions.resetRules();
    this.grants.clear();
    for (const { email } of this.people.all()) {
      const grant = this.grants.newGrant({ person: email, client: kClient.id, scopes: ['root_readwrite'], offline: true, ready: true }, readyRefresh(email));
      this.grants.issueAccess(grant, grant.scopes, readyAccess(email));
    }
  }

  accountOf(email) {
    let account = this.accounts.get(email);
    if (!account) {
      const person = this.people.get(email);
      const drive = new Drive({ clock: this.clock, owner: `box/${email}`, allocated: person.allocated, makeId: boxId });
      this.fill(drive);
      if (this.samples !== 'none') addBoxSamples(drive, person, this.people);
      if (person.freeOnly !== undefined) drive.usedElsewhere = person.allocated - drive.usedByFiles - person.freeOnly;
      account = { person, drive, people: this.people, mostUpload: kMostUpload[person.plan] };
      this.accounts.set(email, account);
      drive.on('changed', () => this.keeping && this.keeper.changed());
    }
    return account;
  }

  drive(email) {
    return this.accountOf(email).drive;
  }

  // A command of the control door that only Box knows.
  control({ do: what, ...facts }) {
    if (what !== 'tune') return undefined;
    for (const name of ['settleSeconds', 'commitsNotReady', 'pendingPolls']) if (facts[name] !== undefined) this[name] = facts[name];
    if (facts.partSize !== undefined) this.sessions.partSize = facts.partSize;
    if (facts.smallestSession !== undefined) this.sessions.smallest = facts.smallestSession;
    return { ok: true };
  }

  // Seconds until a file's bytes can be had.
  settlesIn(node) {
    return this.settleSeconds === 0 ? 0 : (node.serverModified - this.clock.now()) / 1000 + this.settleSeconds;
  }

  static credentials(people, redirectRules) {
    return {
      client_id: kClient.id,
      client_secret: kClient.secret,
      redirect_uris: redirectRules,
      scopes: ['root_readwrite'],
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
    return { authorize: `${base}/api/oauth2/authorize`, token: `${base}/oauth2/token`, revoke: `${base}/oauth2/revoke`, api: `${base}/2.0`, upload: `${base}/api/2.0` };
  }

  #host(ask, name) {
    return ask.prefix === '' ? ask.base.replace(/\/\/[^:/]+/, `//${name}`) : ask.base;
  }

  apiHost(ask) {
    return this.#host(ask, 'api.box.com');
  }

  uploadHost(ask) {
    return this.#host(ask, 'upload.box.com');
  }

  // Where bytes are: another host, and so no place for the token of the API.
  bytesHost(ask) {
    return ask.prefix === '' ? this.#host(ask, 'dl.boxcloud.com') : ask.elsewhere;
  }

  async handle(ask) {
    const answer = await this.#handle(ask);
    answer.headers = { 'box-request-id': randomBytes(14).toString('hex'), ...answer.headers };
    return answer;
  }

  #handle(ask) {
    const { path } = ask;
    if (/^(\/api)?\/oauth2\/authorize$/.test(path)) return this.oauth.authorize(ask);
    if (/^(\/api)?\/oauth2\/token$/.test(path)) return this.oauth.token(ask);
    if (/^(\/api)?\/oauth2\/revoke$/.test(path)) return this.oauth.revoke(ask);
    if (path.startsWith('/d/1/')) return followDownload(this, ask);
    const [, representation] = /^\/api\/2\.0(\/internal_files\/.*)$/.exec(path) ?? [];
    if (representation) return this.#call(ask, kRepresentationContent, representation);
    // Uploads have a host of their own. Under one address for all, either path will do.
    const here = ask.prefix === '' ? undefined : kUpload;
    if (path.startsWith('/api/2.0/') && (here || ask.host === 'upload.box.com')) return this.#call(ask, kUpload, path.slice(8));
    if (!path.startsWith('/2.0/') || ask.host === 'upload.box.com') return text(404, 'Not found');
    const inner = path.slice(4);
    return this.#call(ask, here?.find(ask.method, inner) ? kUpload : kApi, inner);
  }

  async #call(ask, routes, path) {
    try {
      const token = tokenOf(ask);
      const known = token === undefined ? undefined : this.grants.access(token);
      if (!known || known.expired) return unauthorized();
      const { person } = known.grant;
      Object.assign(ask.note, { authorised: true, person });
      const account = this.accountOf(person);
      if (!account.person.verified) throw refuse(403, 'user_email_confirmation_required');
      const found = routes.find(ask.method, path);
      if (!found) {
        if (routes.knows(path)) throw refuse(405, 'method_not_allowed');
        return reply(404, {}, '');
      }
      const [scope, run, values] = found;
      if (scope === 'write' && !known.scopes.includes('root_readwrite')) throw refuse(403, 'insufficient_scope');
      return await run({ cloud: this, ask, person, account, drive: account.drive, items: new Items(account) }, ...values);
    } catch (error) {
      if (error instanceof ApiError) return errorReply(error);
      throw error;
    }
  }

  noteUpload(call, node) {
    const path = `/${call.drive.namesOf(node).join('/')}`;
    this.uploads.push({ person: call.person, path, id: node.id, size: node.content.size, rev: node.rev, at: isoSeconds(this.clock.now()) });
  }

  async close() {
    await this.sessions.close();
    if (this.keeping) await this.keeper.close();
  }
}

const kRepresentationContent = new Routes([
  ['GET', '/internal_files/:id/versions/:version/representations/:label/content/', 'read', representationContent],
  ['GET', '/internal_files/:id/versions/:version/representations/:label/content/:asset', 'read', representationContent],
]);
