// SPDX-License-Identifier: Apache-2.0
// The device authorization grant: a short code that a person types in on a page elsewhere.

import { randomBytes, randomInt } from 'node:crypto';
import { html, json, readBody } from '../kernel/reply.js';
import { consentPage, escape, messagePage, problemPage, signInPage } from '../kernel/pages.js';

const kLetters = 'ABCDEFGHJKLMNPQRSTUVWXYZ23456789';
const kSeconds = 900;
const kInterval = 5;

export class DeviceFlow {
  #flows = new Map();

  // oauth: scopesOf(), grant(), refusal(), words
  constructor(cloud, oauth) {
    Object.assign(this, { cloud, oauth });
  }

  clear() {
    this.#flows.clear();
  }

  async begin(ask, allowed) {
    const form = new URLSearchParams((await readBody(ask.stream, 1 << 16)).toString('utf8'));
    const { refusal } = this.oauth;
    const client = this.cloud.clients.get('onedrive', form.get('client_id') ?? '');
    if (ask.method !== 'POST' || !client) return refusal('unauthorized_client', 700016, 'The application was not found in the directory.');
    const { scopes, unknown } = this.oauth.scopesOf(form.get('scope') ?? '');
    if (unknown || scopes.length === 0) return refusal('invalid_scope', 70011, "The provided value for the input parameter 'scope' is not valid.");
    const userCode = Array.from({ length: 9 }, () => kLetters[randomInt(kLetters.length)]).join('');
    const deviceCode = randomBytes(64).toString('base64url');
    const now = this.cloud.clock.now();
    this.#flows.set(deviceCode, { deviceCode, userCode, client, scopes, allowed, until: now + kSeconds * 1000, asked: 0 });
    const page = ask.prefix === '' ? 'https://microsoft.com/devicelogin' : `${ask.base}/devicelogin`;
    return json(200, {
      user_code: userCode, device_code: deviceCode, verification_uri: page, expires_in: kSeconds, interval: kInterval,
      message: `To sign in, use a web browser to open the page ${page} and enter the code ${userCode} to authenticate.`,
    });
  }

  redeem(field, client) {
    const { refusal } = this.oauth;
    const flow = this.#flows.get(field('device_code') ?? field('code') ?? '');
    const now = this.cloud.clock.now();
    if (!flow || flow.client.id !== client.id) return refusal('bad_verification_code', 7000014, 'The device code is not known.');
    if (flow.until <= now) return refusal('expired_token', 70020, 'The provided value for the input parameter device_code has expired.');
    if (flow.declined) return refusal('authorization_declined', 70018, 'The user has denied the authorization.');
    if (!flow.person) {
      const early = now - flow.asked < (kInterval - 1) * 1000;
      flow.asked = now;
      return early ? refusal('slow_down', 70029, 'The client asks too often.') : refusal('authorization_pending', 70016, 'OAuth 2.0 device flow error. Authorization is pending. Continue polling.');
    }
    this.#flows.delete(flow.deviceCode);
    return this.oauth.grant({ person: flow.person.email, scopes: flow.scopes, offline: flow.scopes.includes('offline_access') }, client);
  }

  // The page where the code is typed in.
  async page(ask) {
    const form = ask.method === 'POST' ? new URLSearchParams((await readBody(ask.stream, 1 << 16)).toString('utf8')) : ask.query;
    const code = (form.get('code') ?? form.get('request') ?? '').toUpperCase().replace(/\W/g, '');
    const action = ask.prefix + ask.path;
    if (code === '') {
      const words = `<form method="post" action="${escape(action)}"><p>Enter the code that your device shows.</p><p><input name="code" autocomplete="off" aria-label="Code"></p><div class="choices"><button class="yes">Next</button></div></form>`;
      return html(200, messagePage(this.cloud, 'Enter code', words));
    }
    const flow = [...this.#flows.values()].find((one) => one.userCode === code && !one.person && one.until > this.cloud.clock.now());
    if (!flow) return this.#say('That code did not work', ['Check the code and try again.'], 400);
    const people = this.cloud.accountsPeople().filter(flow.allowed);
    const chosen = this.oauth.autoApprove ? form.get('auto_approve') : undefined;
    const person = people.find((one) => one.email === (chosen ?? form.get('person')));
    if (!person) return html(200, signInPage(this.cloud, { action, request: code, app: flow.client.name, people }));
    const decision = chosen ? 'allow' : form.get('decision');
    if (!decision) {
      const wants = [...new Set(flow.scopes.map((scope) => this.oauth.words[scope]).filter(Boolean))];
      return html(200, consentPage(this.cloud, { action, request: code, app: flow.client.name, person, index: people.indexOf(person), wants, after: 'Then you can close this page.' }));
    }
    if (decision !== 'allow') {
      flow.declined = true;
      return this.#say('Access was not given', ['You can close this page.'], 200);
    }
    flow.person = person;
    return this.#say('You have signed in', ['You can close this page.'], 200);
  }

  #say(title, words, status) {
    return html(status, problemPage(this.cloud, { title, words }));
  }
}
