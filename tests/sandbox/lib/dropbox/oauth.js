// SPDX-License-Identifier: Apache-2.0
// Dropbox's consent address and token endpoint.

import { createHash } from 'node:crypto';
import { Consent } from '../kernel/consent.js';
import { pkceMatches } from '../kernel/grants.js';
import { json, readBody } from '../kernel/reply.js';

export const kScopes = {
  'account_info.read': 'See your name, e-mail address and storage',
  'files.metadata.read': 'See the names and details of your files and folders',
  'files.content.read': 'Read your files',
  'files.content.write': 'Add, change and delete files',
  'files.metadata.write': 'Change details of your files and folders',
  email: 'See your e-mail address',
  profile: 'See your name',
  openid: 'Confirm who you are',
};

function refusal(error, description) {
  return json(400, { error, error_description: description });
}

export class DropboxOAuth {
  constructor(cloud, { people, clients, grants, autoApprove }) {
    Object.assign(this, { cloud, people, clients, grants });
    this.consent = new Consent({ cloud, people, grants, words: kScopes, autoApprove });
  }

  authorize(ask) {
    if (ask.method === 'POST') return this.consent.next(ask);
    if (ask.method !== 'GET') return this.consent.problem('Method not allowed', [], 405);
    const { query } = ask;
    const wrong = (words) => this.consent.problem('This link does not work', [words]);
    const client = this.clients.get('dropbox', query.get('client_id') ?? '');
    if (!client) return wrong('Invalid client_id: no application with this key is registered here.');
    const redirectUri = query.get('redirect_uri') ?? undefined;
    if (redirectUri !== undefined && !this.clients.mayRedirect(redirectUri)) {
      return wrong('Invalid redirect_uri: it must be one that is registered for the application.');
    }
    const state = query.get('state') ?? undefined;
    if (state !== undefined && Buffer.byteLength(state) > 500) return wrong('Invalid state: at most 500 bytes.');
    const back = (error, description) =>
      redirectUri ? this.consent.back(redirectUri, state, { error, error_description: description }) : wrong(description);
    if (query.get('response_type') !== 'code') return back('unsupported_response_type', 'response_type must be "code"');
    const access = query.get('token_access_type') ?? 'online';
    if (!['online', 'offline', 'legacy'].includes(access)) return back('invalid_request', 'Invalid token_access_type');
    const scopes = this.#scopes(query.get('scope'), client.scopes);
    if (!scopes) return back('invalid_scope', 'A scope is unknown or not enabled for the application');
    const challenge = query.get('code_challenge') ?? undefined;
    const method = query.get('code_challenge_method') ?? (challenge ? 'plain' : undefined);
    if (challenge !== undefined && (!['S256', 'plain'].includes(method) || !/^[A-Za-z0-9._~-]{43,128}$/.test(challenge))) {
      return back('invalid_request', 'Invalid code_challenge or code_challenge_method');
    }
    return this.consent.begin(ask, { client, redirectUri, state, scopes, challenge, method, offline: access === 'offline' });
  }

  // The fields come in the body, in the query string, or both.
  async token(ask) {
    if (ask.method !== 'POST') return refusal('invalid_request', 'The token endpoint takes POST only');
    const body = (await readBody(ask.stream, 1 << 16)).toString('utf8');
    const form = new URLSearchParams(/json/.test(ask.headers['content-type'] ?? '') ? '' : body);
    const field = (name) => form.get(name) ?? ask.query.get(name) ?? undefined;
    const basic = /^Basic (.+)$/.exec(ask.headers.authorization ?? '');
    const [basicId, basicSecret] = basic ? Buffer.from(basic[1], 'base64').toString().split(':') : [];
    const client = this.clients.get('dropbox', field('client_id') ?? basicId ?? '');
    const secret = field('client_secret') ?? basicSecret;
    if (!client || (secret !== undefined && secret !== client.secret)) {
      return refusal('invalid_client', 'Invalid client_id or client_secret');
    }
    switch (field('grant_type')) {
      case 'authorization_code':
        return this.#redeem(field, client, secret);
      case 'refresh_token':
        return this.#refresh(field, client, secret);
      case undefined:
        return refusal('invalid_request', 'missing required field "grant_type"');
      default:
        return refusal('unsupported_grant_type', 'unsupported grant type');
    }
  }

  #redeem(field, client, secret) {
    const code = field('code');
    if (code === undefined) return refusal('invalid_request', 'missing required field "code"');
    const facts = this.grants.peekCode(code);
    if (!facts || facts.client !== client.id) return refusal('invalid_grant', "code doesn't exist or has expired");
    if ((facts.redirectUri ?? '') !== (field('redirect_uri') ?? '')) return refusal('invalid_grant', 'redirect_uri mismatch');
    if (facts.challenge !== undefined) {
      if (!pkceMatches(facts.challenge, facts.method, field('code_verifier'))) return refusal('invalid_grant', 'invalid code verifier');
    } else {
      if (field('code_verifier') !== undefined) return refusal('invalid_grant', 'code_verifier was not expected');
      if (secret === undefined) return refusal('invalid_client', 'Invalid client_id or client_secret');
    }
    this.grants.spendCode(code);
    const { person, scopes, offline } = facts;
    const grant = this.grants.newGrant({ person, client: client.id, scopes, offline, pkce: facts.challenge !== undefined });
    const account = this.cloud.accountOf(person);
    return json(200, {
      access_token: this.grants.issueAccess(grant),
      token_type: 'bearer',
      expires_in: this.grants.accessSeconds,
      ...(offline ? { refresh_token: grant.refreshToken } : {}),
      scope: scopes.join(' '),
      uid: String(account.person.number),
      account_id: account.id,
    });
  }

  #refresh(field, client, secret) {
    const grant = this.grants.refresh(field('refresh_token') ?? '');
    if (!grant || grant.client !== client.id) return refusal('invalid_grant', 'refresh token is invalid or revoked');
    if (!grant.pkce && secret === undefined) return refusal('invalid_client', 'Invalid client_id or client_secret');
    const scopes = this.#scopes(field('scope'), grant.scopes);
    if (!scopes) return refusal('invalid_scope', 'requested scope was not granted');
    const accessToken = this.grants.issueAccess(grant, scopes);
    return json(200, { access_token: accessToken, token_type: 'bearer', expires_in: this.grants.accessSeconds });
  }

  // The asked scopes in the cloud's own order, all that are allowed when none is asked for, undefined when one is not allowed.
  #scopes(asked, allowed) {
    const wanted = (asked ?? '').split(/\s+/).filter(Boolean);
    if (wanted.length === 0) return [...allowed];
    if (wanted.some((scope) => !allowed.includes(scope))) return undefined;
    return [...new Set(wanted)].sort();
  }
}
