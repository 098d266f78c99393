// SPDX-License-Identifier: Apache-2.0
// The walk through sign-in and consent that all clouds share: choose a person, allow or cancel, go back.
// Without cookies: the open request is a random id in the forms.

import { html, readBody, redirect } from './reply.js';
import { codePage, consentPage, problemPage, signInPage } from './pages.js';

export class Consent {
  // words: scope -> what it lets the application do, as a person says it; granular(scope): may it be left out
  constructor({ cloud, people, grants, words, autoApprove, granular, declined = 'The user chose not to give your app access to their account.' }) {
    Object.assign(this, { cloud, people, grants, words, autoApprove, granular, declined });
  }

  // facts: { client, redirectUri, state, scopes, challenge?, method?, offline }
  begin(ask, facts) {
    const chosen = this.autoApprove && ask.query.get('auto_approve');
    if (chosen) {
      const person = this.people.get(chosen);
      if (!person) return this.problem('Unknown sample person', ['auto_approve names nobody who has an account here.']);
      const refused = (ask.query.get('refuse_scopes') ?? '').split(' ');
      return this.#finish({ ...facts, scopes: facts.scopes.filter((scope) => !refused.includes(scope)) }, person, 'allow');
    }
    const request = this.grants.openPending(facts);
    return html(200, signInPage(this.cloud, { action: ask.prefix + ask.path, request, app: facts.client.name, people: this.people.all() }));
  }

  async next(ask) {
    const form = new URLSearchParams((await readBody(ask.stream, 1 << 16)).toString('utf8'));
    const request = form.get('request') ?? '';
    const facts = this.grants.pending(request);
    if (!facts) return this.problem('This page is too old', ['Start again from the application that sent you here.']);
    const person = this.people.get(form.get('person') ?? '');
    if (!person) return this.problem('Nobody was chosen', ['Go back and choose a person.']);
    if (form.get('step') === 'decision') {
      this.grants.closePending(request);
      const kept = (scope) => !this.granular?.(scope) || form.getAll('scope').includes(scope);
      return this.#finish({ ...facts, scopes: facts.scopes.filter(kept) }, person, form.get('decision'));
    }
    const choices = facts.scopes.filter((scope) => this.granular?.(scope)).map((scope) => [scope, this.words[scope]]);
    const wants = [...new Set(facts.scopes.filter((scope) => !this.granular?.(scope)).map((scope) => this.words[scope]).filter(Boolean))];
    if (facts.offline) wants.push('Keep this access until you take it back');
    return html(
      200,
      consentPage(this.cloud, {
        action: ask.prefix + ask.path,
        request,
        app: facts.client.name,
        person,
        index: this.people.all().indexOf(person),
        wants,
        choices,
        target: facts.redirectUri && new URL(facts.redirectUri).host,
      }),
    );
  }

  problem(title, words, status = 400) {
    return html(status, problemPage(this.cloud, { title, words }));
  }

  // Back to the application with code or error, and its state.
  back(redirectUri, state, fields) {
    const target = new URL(redirectUri);
    for (const [name, value] of Object.entries(fields)) target.searchParams.set(name, value);
    if (state !== undefined) target.searchParams.set('state', state);
    return redirect(target.href);
  }

  #finish(facts, person, decision) {
    if (decision !== 'allow') {
      if (!facts.redirectUri) return this.problem('Access was not given', ['You can close this page.'], 200);
      return this.back(facts.redirectUri, facts.state, {
        error: 'access_denied',
        ...(this.declined ? { error_description: this.declined } : {}),
      });
    }
    const { client, ...rest } = facts;
    const code = this.grants.issueCode({ ...rest, client: client.id, person: person.email });
    if (!facts.redirectUri) return html(200, codePage(this.cloud, { app: client.name, code }));
    return this.back(facts.redirectUri, facts.state, { code });
  }
}
