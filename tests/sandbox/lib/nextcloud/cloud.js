// SPDX-License-Identifier: Apache-2.0
// Nextcloud: its addresses, its users, and the dispatch of a request.

import { createHash } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { isoSeconds } from '../kernel/clock.js';
import { restoreDrive, saveDrive } from '../kernel/drive_state.js';
import { Keeper } from '../kernel/keeper.js';
import { html, json, redirect, text } from '../kernel/reply.js';
import { problemPage } from '../kernel/pages.js';
import { Account, userOf } from './accounts.js';
import { AppPasswords } from './app_passwords.js';
import { decodePath, files, kWrites } from './dav.js';
import { DavError, errorReply, maintenance, notAuthenticated, notFound, notImplemented, tooMany } from './errors.js';
import { LoginFlow, phpJson } from './login_flow.js';
import { ocs } from './ocs.js';
import { preview } from './preview.js';
import { statusFacts } from './status.js';
import { search } from './search.js';
import { uploads } from './uploads.js';

function readyPassword(email) {
  return createHash('sha512').update(`ready app password webdav ${email}`).digest('base64').replace(/[^A-Za-z0-9]/g, 'x').slice(0, 72);
}

export class NextcloudCloud {
  name = 'webdav';
  title = 'Nextcloud';
  colour = '#0069b4';
  hostNames = ['nextcloud.example.org'];

  constructor({ clock, people, autoApprove, folder, fill, samples, report, keep }) {
    Object.assign(this, { clock, people, fill, samples, report });
    this.workFolder = join(folder, 'work');
    this.uploadFolder = join(folder, 'uploads');
    for (const one of [this.workFolder, this.uploadFolder]) mkdirSync(one, { recursive: true });
    this.grants = new AppPasswords();
    this.login = new LoginFlow(this, { people, autoApprove });
    this.reset();
    this.keeper = new Keeper(join(folder, 'state.json'), () => this.#save(), report);
    if (!keep) return;
    const saved = this.keeper.load();
    if (saved) this.#restore(saved);
    this.grants.onChange = () => this.keeper.changed();
    this.keeping = true;
  }

  async #save() {
    const drives = [...this.accounts].map(async ([email, { drive }]) => [email, await saveDrive(drive)]);
    return { samples: this.samples, grants: this.grants.snapshot(), drives: Object.fromEntries(await Promise.all(drives)) };
  }

  // Drives point at the sample files they were filled from; with others, people start afresh.
  #restore(saved) {
    this.grants.restore(saved.grants);
    const drives = saved.samples === this.samples ? saved.drives : {};
    for (const [email, drive] of Object.entries(drives)) restoreDrive(this.accountOf(email).drive, drive);
  }

  reset() {
    this.accounts = new Map();
    this.previews = new Map();
    this.uploads = [];
    this.searchDelaySeconds = 0;
    this.writersAtOnce = undefined;
    this.writing = new Map();
    this.maintenance = false;
    this.login.clear();
    this.grants.clear();
    for (const { email } of this.people.all()) this.grants.make(email, 'Ready for tests', readyPassword(email));
  }

  accountOf(email) {
    let account = this.accounts.get(email);
    if (!account) {
      account = new Account(this.people.get(email), this);
      this.accounts.set(email, account);
      account.drive.on('changed', () => this.keeping && this.keeper.changed());
    }
    return account;
  }

  drive(email) {
    return this.accountOf(email).drive;
  }

  // A command of the control door that only Nextcloud knows.
  control({ do: what, maintenance: off }) {
    if (what !== 'tune') return undefined;
    if (off !== undefined) this.maintenance = off;
    return { ok: true };
  }

  static credentials(people) {
    return {
      people: people.all().map((person) => ({
        email: person.email,
        name: person.name,
        about: person.about,
        user: userOf(person).id,
        login_name: userOf(person).login ?? userOf(person).id,
        app_password: readyPassword(person.email),
      })),
    };
  }

  endpoints(base) {
    return { server: base, login: `${base}/index.php/login/v2`, dav: `${base}/remote.php/dav` };
  }

  // The address of an open login is a secret.
  loggedPath(path) {
    return path.replace(/(\/login\/v2\/flow\/).+/, '$1…');
  }

  async handle(ask) {
    const path = ask.path.replace(/^\/index\.php(?=\/|$)/, '');
    const dav = /^\/remote\.php\/(dav|webdav)(\/.*)?$/.exec(ask.path);
    try {
      if (path === '/status.php') return json(200, statusFacts(this));
      if (this.maintenance) {
        if (dav) throw maintenance();
        const headers = { 'Retry-After': '120', 'X-Nextcloud-Maintenance-Mode': '1' };
        if (ask.path.startsWith('/ocs/')) return phpJson(503, { ocs: { meta: { status: 'failure', statuscode: 503, message: 'Service unavailable' }, data: [] } }, headers);
        return html(503, problemPage(this, { title: 'Maintenance mode', words: ['This Nextcloud instance is in maintenance mode, which may take a while.'] }), headers);
      }
      if (path === '/.well-known/webdav') return redirect(`${ask.base}/remote.php/dav/`, 301);
      const login = await this.login.handle(ask, path);
      if (login) return login;
      const call = { cloud: this, ask, ...this.#whoIs(ask) };
      if (/^\/ocs\/v[12]\.php\//.test(ask.path)) return ocs(call);
      if (dav) return await this.#dav(call, dav[1], dav[2] ?? '/');
      if (/^\/core\/preview(\.png)?$/.test(path)) return call.account ? await preview({ ...call, drive: call.account.drive }) : phpJson(401, { message: 'Current user is not logged in' });
      return text(404, 'Not found');
    } catch (error) {
      if (error instanceof DavError) return errorReply(error);
      throw error;
    }
  }

  // { account, password } of whoever signs in with an app password; the user may be named by id, login name or address.
  #whoIs(ask) {
    const match = /^Basic ([A-Za-z0-9+/=]+)$/i.exec(ask.headers.authorization ?? '');
    if (!match) return {};
    const [, user, password] = /^([^:]*):(.*)$/s.exec(Buffer.from(match[1], 'base64').toString('utf8')) ?? [];
    const facts = password === undefined ? undefined : this.grants.get(password);
    if (!facts) return {};
    const account = this.accountOf(facts.person);
    if (![account.id, account.loginName, account.mail].some((name) => name?.toLowerCase() === user.toLowerCase())) return {};
    ask.note.authorised = true;
    ask.note.person = facts.person;
    return { account, password };
  }

  async #dav(call, door, path) {
    const { account, ask } = call;
    if (!account) throw notAuthenticated();
    const top = `${ask.prefix}/remote.php/${door}`;
    const roots = [`${ask.prefix}/remote.php/dav/files/${encodeURIComponent(account.id)}`, `${ask.prefix}/remote.php/dav/files/${encodeURI(account.id)}`, `${ask.prefix}/remote.php/webdav`];
    const [kind, user, ...names] = door === 'webdav' ? ['files', account.id, ...decodePath(path)] : decodePath(path);
    const shared = { ...call, drive: account.drive, roots };
    const filesCall = { ...shared, names, root: door === 'webdav' ? top : `${top}/files/${account.id}`, filesPath: door === 'webdav' ? '/' : `files/${account.id}` };
    if (kind === undefined && ask.method === 'SEARCH') return search({ ...filesCall, root: `${top}/files/${account.id}` });
    if (kind === undefined && ask.method === 'OPTIONS') return files({ ...filesCall, names: [] });
    if (kind === undefined) throw notImplemented(ask.method);
    if (user !== undefined && user.toLowerCase() !== account.id.toLowerCase()) throw notFound(`${kind}/${user}`);
    if (kind === 'uploads') return this.#limited(account, ask, () => uploads({ ...shared, names, root: `${top}/uploads/${account.id}`, toFiles: filesCall }));
    if (kind !== 'files' || user === undefined) throw notFound(kind);
    return this.#limited(account, ask, () => files(filesCall));
  }

  // One user takes so many writers at once, when a test has set a number.
  async #limited(account, ask, run) {
    if (!kWrites.has(ask.method) || this.writersAtOnce === undefined) return run();
    const now = this.writing.get(account.id) ?? 0;
    if (now >= this.writersAtOnce) throw tooMany();
    this.writing.set(account.id, now + 1);
    try {
      return await run();
    } finally {
      this.writing.set(account.id, this.writing.get(account.id) - 1);
    }
  }

  noteUpload(call, node) {
    const path = `/${call.drive.namesOf(node).join('/')}`;
    this.uploads.push({ person: call.account.person.email, path, size: node.content.size, rev: node.rev, at: isoSeconds(this.clock.now()) });
  }

  async close() {
    if (this.keeping) await this.keeper.close();
  }
}
