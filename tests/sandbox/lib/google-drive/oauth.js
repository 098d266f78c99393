// SPDX-License-Identifier: Apache-2.0
// Google's consent address, token, revocation and token check: PKCE and the secret, scopes that can be left out,
// refresh tokens that stay, and come only with access_type=offline and the first consent.

import { createHash, createHmac, randomBytes } from 'node:crypto';
import { Consent } from '../kernel/consent.js';
import { pkceMatches } from '../kernel/grants.js';
import { json, readBody } from '../kernel/reply.js';
import { subjectOf } from './accounts.js';
import { kScope } from './call.js';

const kAuth = 'https://www.googleapis.com/auth/';
const kEmail = `${kAuth}userinfo.email`;
const kProfile = `${kAuth}userinfo.profile`;
export const kScopes = {
  [kScope.all]: 'See, edit, create, and delete all of your Google Drive files',
  [kScope.read]: 'See and download all your Google Drive files',
  [kScope.file]: 'See, edit, create, and delete only the specific Google Drive files you use with this app',
  [kScope.metadata]: 'See information about your Google Drive files',
  [kScope.appData]: 'See, create, and delete its own configuration data in your Google Drive',
  openid: 'Associate you with your personal info on Google',
  [kEmail]: 'See your primary Google Account email address',
  [kProfile]: 'See your personal info, including any personal info you have made publicly available',
};
const kAlways = new Set(['openid', kEmail, kProfile]); // no box to untick
const kTestingSeconds = 7 * 86_400;
const kDeviceScopes = new Set(['email', 'openid', 'profile', kEmail, kProfile, kScope.file, kScope.appData]);

function fullName(scope) {
  return { email: kEmail, profile: kProfile }[scope] ?? scope;
}

function refusal(status, error, description) {
  return json(status, { error, ...(description ? { error_description: description } : {}) }, { 'Cache-Control': 'no-cache, no-store' });
}

export class GoogleOAuth {
  constructor(cloud, { people, clients, grants, autoApprove }) {
    Object.assign(this, { cloud, people, clients, grants });
    this.consent = new Consent({ cloud, people, grants, words: kScopes, autoApprove, granular: (scope) => !kAlways.has(scope), declined: undefined });
  }

  authorize(ask) {
    if (ask.method === 'POST') return this.consent.next(ask);
    if (ask.method !== 'GET') return this.consent.problem('Method not allowed', [], 405);
    const { query } = ask;
    const wrong = (code, words) => this.consent.problem('Access blocked: authorization error', [words, `Error ${code}`]);
    const client = this.clients.get('google-drive', query.get('client_id') ?? '');
    if (!query.get('client_id')) return wrong('400: invalid_request', 'Missing required parameter: client_id');
    if (!client) return wrong('401: invalid_client', 'The OAuth client was not found.');
    const redirectUri = query.get('redirect_uri') ?? undefined;
    if (redirectUri === undefined) return wrong('400: invalid_request', 'Missing required parameter: redirect_uri');
    if (!this.clients.mayRedirect(redirectUri)) return wrong('400: redirect_uri_mismatch', 'The redirect URI in the request does not match the ones authorized for the OAuth client.');
    if (query.get('response_type') !== 'code') return wrong('400: unsupported_response_type', 'Only the code flow is enabled for the client.');
    const asked = (query.get('scope') ?? '').split(' ').filter(Boolean).map(fullName);
    if (asked.length === 0) return wrong('400: invalid_request', 'Missing required parameter: scope');
    const unknown = asked.filter((scope) => !Object.hasOwn(kScopes, scope));
    if (unknown.length > 0) return wrong('400: invalid_scope', `Some requested scopes were invalid: ${unknown.join(', ')}`);
    const access = query.get('access_type') ?? 'online';
    if (!['online', 'offline'].includes(access)) return wrong('400: invalid_request', `Invalid parameter value for access_type: '${access}'`);
    const challenge = query.get('code_challenge') ?? undefined;
    const method = query.get('code_challenge_method') ?? (challenge ? 'plain' : undefined);
    if (challenge !== undefined && (!['S256', 'plain'].includes(method) || !/^[A-Za-z0-9._~-]{43,128}$/.test(challenge))) {
      return wrong('400: invalid_request', 'Invalid code_challenge or code_challenge_method.');
    }
    return this.consent.begin(ask, {
      client, redirectUri, challenge, method,
      state: query.get('state') ?? undefined,
      scopes: [...new Set(asked)],
      offline: access === 'offline',
      again: (query.get('prompt') ?? '').split(' ').includes('consent'),
      together: query.get('include_granted_scopes') === 'true',
      nonce: query.get('nonce') ?? undefined,
    });
  }

  async #form(ask) {
    if (!/^application\/x-www-form-urlencoded/i.test(ask.headers['content-type'] ?? '')) return ask.query;
    const form = new URLSearchParams((await readBody(ask.stream, 1 << 16)).toString('utf8'));
    return [...form].length === 0 ? ask.query : form;
  }

  async token(ask) {
    if (ask.method !== 'POST') return refusal(405, 'invalid_request', 'POST is needed');
    const form = await this.#form(ask);
    const basic = /^Basic (.+)$/i.exec(ask.headers.authorization ?? '');
    const [basicId, basicSecret] = basic ? Buffer.from(basic[1], 'base64').toString().split(':').map(decodeURIComponent) : [];
    const id = form.get('client_id') ?? basicId;
    const secret = form.get('client_secret') ?? basicSecret;
    if (!id) return refusal(400, 'invalid_request', 'Could not determine client ID from request.');
    const client = this.clients.get('google-drive', id);
    if (!client) return refusal(401, 'invalid_client', 'The OAuth client was not found.');
    if (!secret) return refusal(400, 'invalid_request', 'client_secret is missing.');
    if (secret !== client.secret) return refusal(401, 'invalid_client', 'Unauthorized');
    switch (form.get('grant_type')) {
      case 'authorization_code':
        return this.#redeem(form, client);
      case 'refresh_token':
        return this.#refresh(form, client);
      case null:
        return refusal(400, 'invalid_request', 'Missing required parameter: grant_type');
      default:
        return refusal(400, 'unsupported_grant_type', `Invalid grant_type: ${form.get('grant_type')}`);
    }
  }

  #redeem(form, client) {
    const code = form.get('code');
    if (!code) return refusal(400, 'invalid_request', 'Missing required parameter: code');
    const facts = this.grants.peekCode(code);
    if (!facts || facts.client !== client.id) return refusal(400, 'invalid_grant', 'Bad Request');
    if (form.get('redirect_uri') !== facts.redirectUri) return refusal(400, 'redirect_uri_mismatch', 'Bad Request');
    const verifier = form.get('code_verifier') ?? undefined;
    if (facts.challenge === undefined && verifier !== undefined) return refusal(400, 'invalid_grant', 'code_verifier or verifier is not needed.');
    if (facts.challenge !== undefined && verifier === undefined) return refusal(400, 'invalid_grant', 'Missing code verifier.');
    if (facts.challenge !== undefined && !pkceMatches(facts.challenge, facts.method, verifier)) return refusal(400, 'invalid_grant', 'Invalid code verifier.');
    this.grants.spendCode(code);
    const before = [...this.grants.all()].filter((one) => one.person === facts.person && one.client === client.id && !one.revoked);
    const scopes = facts.together ? [...new Set([...facts.scopes, ...before.flatMap((one) => one.scopes)])] : facts.scopes;
    // The first consent gives a refresh token; later ones only when consent was asked for anew.
    const offline = facts.offline && (facts.again || !before.some((one) => one.offline));
    const endsAt = this.cloud.testing ? this.cloud.clock.now() + kTestingSeconds * 1000 : undefined;
    const token = offline ? `1//0${randomBytes(72).toString('base64url')}` : undefined;
    const grant = this.grants.newGrant({ person: facts.person, client: client.id, scopes, offline, endsAt }, token);
    return this.#tokens(grant, client, { refreshToken: grant.refreshToken, nonce: facts.nonce });
  }

  #refresh(form, client) {
    const grant = this.grants.refresh(form.get('refresh_token') ?? '');
    const dead = !grant || grant.client !== client.id || (grant.endsAt ?? Infinity) <= this.cloud.clock.now();
    if (dead) return refusal(400, 'invalid_grant', 'Token has been expired or revoked.');
    return this.#tokens(grant, client, {});
  }

  #tokens(grant, client, { refreshToken, nonce }) {
    return json(200, {
      access_token: this.grants.issueAccess(grant),
      expires_in: this.grants.accessSeconds,
      ...(refreshToken ? { refresh_token: refreshToken } : {}),
      scope: grant.scopes.join(' '),
      token_type: 'Bearer',
      ...(grant.scopes.includes('openid') ? { id_token: this.#idToken(grant, client, nonce) } : {}),
    }, { 'Cache-Control': 'no-cache, no-store' });
  }

  // Well-formed; the signature is the sandbox's own.
  #idToken(grant, client, nonce) {
    const now = Math.floor(this.cloud.clock.now() / 1000);
    const claims = { iss: 'https://accounts.google.com', azp: client.id, aud: client.id, ...this.claims(this.people.get(grant.person), grant.scopes), ...(nonce ? { nonce } : {}), iat: now, exp: now + 3600 };
    const part = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const head = `${part({ alg: 'HS256', typ: 'JWT' })}.${part(claims)}`;
    return `${head}.${createHmac('sha256', client.secret).update(head).digest('base64url')}`;
  }

  claims(person, scopes) {
    return {
      sub: subjectOf(person),
      ...(scopes.includes(kProfile) ? { name: person.name, given_name: person.given, family_name: person.family } : {}),
      picture: `https://lh3.googleusercontent.com/a/${createHash('sha1').update(person.email).digest('base64url')}=s96-c`,
      ...(scopes.includes(kEmail) ? { email: person.email, email_verified: person.verified } : {}),
    };
  }

  // Either token ends all that the person gave to the application.
  async revoke(ask) {
    if (ask.method !== 'POST') return refusal(405, 'invalid_request', 'POST is needed');
    const form = await this.#form(ask);
    const token = form.get('token') ?? ask.query.get('token') ?? '';
    const access = this.grants.access(token);
    const grant = this.grants.refresh(token) ?? (access?.expired ? undefined : access?.grant);
    if (!grant) return refusal(400, 'invalid_token', 'Token expired or revoked');
    for (const one of this.grants.all()) if (one.person === grant.person && one.client === grant.client) this.grants.revoke(one);
    return json(200, {});
  }

  async tokenInfo(ask) {
    const form = ask.method === 'POST' ? await this.#form(ask) : ask.query;
    const token = form.get('access_token') ?? /^Bearer (.+)$/i.exec(ask.headers.authorization ?? '')?.[1] ?? '';
    const known = this.grants.access(token);
    if (!known || known.expired) return refusal(400, 'invalid_token', 'Invalid Value');
    const person = this.people.get(known.grant.person);
    const left = Math.floor((known.until - this.cloud.clock.now()) / 1000);
    const { email, email_verified: verified, sub } = this.claims(person, known.scopes);
    return json(200, { azp: known.grant.client, aud: known.grant.client, sub, scope: known.scopes.join(' '), exp: String(Math.floor(known.until / 1000)), expires_in: String(left), ...(email ? { email, email_verified: String(verified) } : {}), access_type: known.grant.offline ? 'offline' : 'online' });
  }

  // The device flow gives none of the scopes with which a whole drive can be seen.
  async deviceCode(ask) {
    const form = await this.#form(ask);
    if (!this.clients.get('google-drive', form.get('client_id') ?? '')) return refusal(401, 'invalid_client', 'The OAuth client was not found.');
    const bad = (form.get('scope') ?? '').split(' ').filter((scope) => !kDeviceScopes.has(scope));
    if (bad.length > 0) return refusal(400, 'invalid_scope', `Invalid device flow scope: ${bad.join(' ')}`);
    return json(200, { device_code: `AH-1Ng${randomBytes(48).toString('base64url')}`, user_code: 'GQVQ-JKEC', verification_url: 'https://www.google.com/device', expires_in: 1800, interval: 5 });
  }
}
