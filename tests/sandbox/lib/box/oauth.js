// SPDX-License-Identifier: Apache-2.0
// Box's consent address, token and revocation endpoints: no PKCE, and refresh tokens that work once.

import { Consent } from '../kernel/consent.js';
import { json, readBody, reply } from '../kernel/reply.js';

export const kScopes = {
  root_readonly: 'Read all files and folders stored in Box',
  root_readwrite: 'Read and write all files and folders stored in Box',
};

// Grants that Box knows and that are not enabled for the application.
const kOtherGrants = new Set(['client_credentials', 'urn:ietf:params:oauth:grant-type:jwt-bearer', 'urn:ietf:params:oauth:grant-type:token-exchange']);

function refusal(error, description) {
  return json(400, { error, error_description: description });
}

export class BoxOAuth {
  constructor(cloud, { people, clients, grants, autoApprove }) {
    Object.assign(this, { clients, grants });
    this.consent = new Consent({ cloud, people, grants, words: kScopes, autoApprove, declined: 'The user denied access to your application' });
  }

  authorize(ask) {
    if (ask.method === 'POST') return this.consent.next(ask);
    if (ask.method !== 'GET') return this.consent.problem('Method not allowed', [], 405);
    const { query } = ask;
    const client = this.clients.get('box', query.get('client_id') ?? '');
    if (!client) return this.consent.problem('Invalid client', ['Error: invalid_client. The client_id is missing or not registered.']);
    const redirectUri = query.get('redirect_uri') ?? undefined;
    if (redirectUri === undefined) return this.consent.problem('Missing redirect', ['Error: redirect_uri_missing. The application has more than one redirect address.']);
    if (!this.clients.mayRedirect(redirectUri)) return this.consent.problem('Wrong redirect', ['Error: redirect_uri_mismatch. The redirect address is not one that is registered for the application.']);
    const state = query.get('state') ?? undefined;
    if (query.get('response_type') !== 'code') return this.consent.back(redirectUri, state, { error: 'unsupported_response_type', error_description: 'response_type must be code' });
    const asked = (query.get('scope') ?? '').split(' ').filter(Boolean);
    if (asked.some((scope) => !client.scopes.includes(scope))) {
      return this.consent.back(redirectUri, state, { error: 'invalid_scope', error_description: 'A scope is not enabled for the application' });
    }
    return this.consent.begin(ask, { client, redirectUri, state, scopes: asked.length > 0 ? asked : client.scopes, offline: true });
  }

  async #client(ask) {
    const form = new URLSearchParams((await readBody(ask.stream, 1 << 16)).toString('utf8'));
    const basic = /^Basic (.+)$/i.exec(ask.headers.authorization ?? '');
    const [basicId, basicSecret] = basic ? Buffer.from(basic[1], 'base64').toString().split(':').map(decodeURIComponent) : [];
    const client = this.clients.get('box', form.get('client_id') ?? basicId ?? '');
    const known = client && (form.get('client_secret') ?? basicSecret) === client.secret;
    return { form, client: known ? client : undefined };
  }

  async token(ask) {
    if (ask.method !== 'POST') return reply(405, { Allow: 'POST' }, '');
    if (!/^application\/x-www-form-urlencoded/i.test(ask.headers['content-type'] ?? '')) {
      return refusal('invalid_request', 'Invalid grant_type parameter or parameter missing');
    }
    const { form, client } = await this.#client(ask);
    const grantType = form.get('grant_type');
    if (!['authorization_code', 'refresh_token'].includes(grantType) && !kOtherGrants.has(grantType)) {
      return refusal('invalid_request', 'Invalid grant_type parameter or parameter missing');
    }
    if (!client) return refusal('invalid_client', 'The client credentials are invalid');
    if (grantType === 'authorization_code') return this.#redeem(form, client);
    if (grantType === 'refresh_token') return this.#refresh(form, client);
    return refusal('unauthorized_client', 'The grant type is unauthorized for this client_id');
  }

  #redeem(form, client) {
    const code = form.get('code') ?? '';
    const facts = this.grants.peekCode(code);
    if (!facts || facts.client !== client.id) return refusal('invalid_grant', "Auth code doesn't exist or is invalid for the client");
    if (form.has('redirect_uri') && form.get('redirect_uri') !== facts.redirectUri) return refusal('invalid_grant', 'redirect_uri_mismatch');
    this.grants.spendCode(code);
    const grant = this.grants.newGrant({ person: facts.person, client: client.id, scopes: facts.scopes, offline: true });
    return this.#pair(grant, grant.refreshToken);
  }

  #refresh(form, client) {
    const token = form.get('refresh_token');
    if (token === null) return refusal('invalid_request', 'The refresh_token parameter is missing');
    const grant = this.grants.refresh(token);
    if (!grant || grant.client !== client.id) return refusal('invalid_grant', 'Refresh token has expired');
    return this.#pair(grant, this.grants.issueRefresh(grant, { endEarlier: true }));
  }

  #pair(grant, refreshToken) {
    return json(200, {
      access_token: this.grants.issueAccess(grant),
      expires_in: this.grants.accessSeconds,
      token_type: 'bearer',
      restricted_to: [],
      refresh_token: refreshToken,
    });
  }

  async revoke(ask) {
    if (ask.method !== 'POST') return reply(405, { Allow: 'POST' }, '');
    const { form, client } = await this.#client(ask);
    if (!client) return refusal('invalid_client', 'The client credentials are invalid');
    const token = form.get('token');
    if (token === null) return refusal('invalid_request', 'The token parameter is missing');
    const grant = this.grants.refresh(token) ?? this.grants.access(token)?.grant;
    if (!grant || grant.client !== client.id) return refusal('invalid_token', 'The token is invalid');
    this.grants.revoke(grant);
    return reply(200, {}, '');
  }
}
