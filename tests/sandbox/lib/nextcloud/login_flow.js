// SPDX-License-Identifier: Apache-2.0
// Login Flow v2: a program asks, a person allows it in a browser, the program is given an app password, once.

import { randomBytes } from 'node:crypto';
import { html, readBody, reply, text } from '../kernel/reply.js';
import { consentPage, problemPage, signInPage } from '../kernel/pages.js';

const kLifeSeconds = 20 * 60;
const kWants = ['Read, add, change and delete your files', 'See your name and e-mail address'];

// As PHP writes JSON.
export function phpJson(status, value, headers = {}) {
  return reply(status, { 'Content-Type': 'application/json; charset=utf-8', ...headers }, JSON.stringify(value).replace(/\//g, '\\/'));
}

export class LoginFlow {
  #byPoll = new Map();
  #byLogin = new Map();

  constructor(cloud, { people, autoApprove }) {
    Object.assign(this, { cloud, people, autoApprove });
  }

  clear() {
    this.#byPoll.clear();
    this.#byLogin.clear();
  }

  // path: without /index.php. undefined when the address is none of the flow's.
  async handle(ask, path) {
    if (path === '/login/v2') return ask.method === 'POST' ? this.#begin(ask) : text(405, 'Method not allowed');
    if (path === '/login/v2/poll') return ask.method === 'POST' ? this.#poll(ask) : text(405, 'Method not allowed');
    const match = /^\/login\/v2\/flow\/([A-Za-z0-9]+)$/.exec(path);
    if (!match) return undefined;
    const flow = this.#live(this.#byLogin.get(match[1]));
    if (!flow || flow.granted) return this.#problem('Your login token is invalid or has expired', ['Start again on the device that sent you here.'], 403);
    if (ask.method === 'GET') return this.#page(ask, flow);
    if (ask.method === 'POST') return this.#next(ask, flow);
    return text(405, 'Method not allowed');
  }

  #live(flow) {
    return flow && flow.until > this.cloud.clock.now() ? flow : undefined;
  }

  #begin(ask) {
    const token = () => randomBytes(96).toString('base64').replace(/[^A-Za-z0-9]/g, '').padEnd(128, 'x').slice(0, 128);
    const flow = { poll: token(), login: token(), app: (ask.headers['user-agent'] ?? 'A program').slice(0, 80), until: this.cloud.clock.now() + kLifeSeconds * 1000 };
    this.#byPoll.set(flow.poll, flow);
    this.#byLogin.set(flow.login, flow);
    return phpJson(200, { poll: { token: flow.poll, endpoint: `${ask.base}/login/v2/poll` }, login: `${ask.base}/login/v2/flow/${flow.login}` });
  }

  async #poll(ask) {
    const body = (await readBody(ask.stream, 1 << 16)).toString('utf8');
    let token;
    if (/json/.test(ask.headers['content-type'] ?? '')) {
      try {
        token = JSON.parse(body).token;
      } catch {
        token = undefined;
      }
    } else {
      token = new URLSearchParams(body).get('token');
    }
    const flow = this.#live(this.#byPoll.get(token ?? ''));
    if (!flow?.granted) return phpJson(404, []);
    this.#byPoll.delete(flow.poll);
    this.#byLogin.delete(flow.login);
    return phpJson(200, flow.granted);
  }

  #page(ask, flow) {
    const chosen = this.autoApprove && ask.query.get('auto_approve');
    if (chosen) {
      const person = this.people.get(chosen);
      return person ? this.#grant(ask, flow, person) : this.#problem('Unknown sample person', ['auto_approve names nobody who has an account here.']);
    }
    return html(200, signInPage(this.cloud, { action: ask.prefix + ask.path, request: flow.login, app: flow.app, people: this.people.all() }));
  }

  async #next(ask, flow) {
    const form = new URLSearchParams((await readBody(ask.stream, 1 << 16)).toString('utf8'));
    const person = this.people.get(form.get('person') ?? '');
    if (!person) return this.#problem('Nobody was chosen', ['Go back and choose a person.']);
    if (form.get('step') === 'decision') {
      if (form.get('decision') === 'allow') return this.#grant(ask, flow, person);
      this.#byPoll.delete(flow.poll);
      this.#byLogin.delete(flow.login);
      return this.#problem('Access was not given', ['You can close this page.'], 200);
    }
    const index = this.people.all().indexOf(person);
    return html(200, consentPage(this.cloud, { action: ask.prefix + ask.path, request: flow.login, app: flow.app, person, index, wants: kWants, after: 'Then you can close this page.' }));
  }

  #grant(ask, flow, person) {
    const account = this.cloud.accountOf(person.email);
    flow.granted = { server: ask.base, loginName: account.loginName, appPassword: this.cloud.grants.make(person.email, flow.app) };
    return html(200, problemPage(this.cloud, { title: 'Account connected', words: ['Your client should now be connected.', 'You can close this page.'] }));
  }

  #problem(title, words, status = 400) {
    return html(status, problemPage(this.cloud, { title, words }));
  }
}
