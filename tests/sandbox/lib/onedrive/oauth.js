// SPDX-License-Identifier: Apache-2.0
// The Microsoft identity platform: consent address, token endpoint, what a client finds out about both, id tokens.

import { createPrivateKey, createPublicKey, createSign, generateKeyPairSync, randomBytes, randomUUID } from 'node:crypto';
import { Consent } from '../kernel/consent.js';
import { pkceMatches } from '../kernel/grants.js';
import { json, readBody } from '../kernel/reply.js';
import { isWork, kConsumers } from './accounts.js';
import { DeviceFlow } from './device.js';

export const kScopes = {
  openid: 'Sign you in',
  profile: 'See your name',
  email: 'See your e-mail address',
  offline_access: 'Keep this access until you take it back',
  'User.Read': 'Read your profile',
  'Files.Read': 'Read your files',
  'Files.ReadWrite': 'Read, add, change and delete your files',
  'Files.Read.All': 'Read all files that you can reach',
  'Files.ReadWrite.All': 'Read, add, change and delete all files that you can reach',
  'Sites.Read.All': 'Read the sites of your organisation',
  'Sites.ReadWrite.All': 'Change the sites of your organisation',
};
const kWorkOnly = new Set(['Sites.Read.All', 'Sites.ReadWrite.All']);
const kPlain = new Set(['openid', 'profile', 'email', 'offline_access']);
export const kRefreshSeconds = 90 * 86400;

// Which people a tenant lets in; undefined: no such tenant.
function admits(cloud, tenant) {
  const known = { common: () => true, consumers: (person) => !isWork(person), [kConsumers]: (person) => !isWork(person), organizations: isWork };
  if (Object.hasOwn(known, tenant)) return known[tenant];
  const tenants = cloud.people.all().filter(isWork).map((person) => cloud.accountOf(person.email).tenant);
  return tenants.includes(tenant) ? (person) => isWork(person) && cloud.accountOf(person.email).tenant === tenant : undefined;
}

export function refusal(error, code, description, status = 400, more = {}) {
  const [trace, correlation] = [randomUUID(), randomUUID()];
  const timestamp = `${new Date().toISOString().slice(0, 19).replace('T', ' ')}Z`;
  return json(status, {
    error,
    error_description: `AADSTS${code}: ${description} Trace ID: ${trace} Correlation ID: ${correlation} Timestamp: ${timestamp}`,
    error_codes: [code],
    timestamp,
    trace_id: trace,
    correlation_id: correlation,
    ...(code === undefined ? {} : { error_uri: `https://login.microsoftonline.com/error?code=${code}` }),
    ...more,
  });
}

let keys;
function signingKey() {
  if (!keys) {
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048, privateKeyEncoding: { type: 'pkcs8', format: 'pem' }, publicKeyEncoding: { type: 'spki', format: 'pem' } });
    const key = createPrivateKey(privateKey);
    keys = { key, kid: randomBytes(15).toString('base64url'), jwk: createPublicKey(key).export({ format: 'jwk' }) };
  }
  return keys;
}

function jwt(claims) {
  const { key, kid } = signingKey();
  const part = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const text = `${part({ typ: 'JWT', alg: 'RS256', kid })}.${part(claims)}`;
  return `${text}.${createSign('sha256').update(text).sign(key, 'base64url')}`;
}

export class MicrosoftOAuth {
  constructor(cloud, { people, clients, grants, autoApprove }) {
    Object.assign(this, { cloud, people, clients, grants });
    this.words = { ...kScopes, offline_access: undefined };
    this.autoApprove = autoApprove;
    this.refusal = refusal;
    this.device = new DeviceFlow(cloud, this);
    this.consentFor = (allowed) => {
      const some = { all: () => cloud.accountsPeople().filter(allowed), get: (email) => some.all().find((one) => one.email === email) };
      return new Consent({ cloud, people: some, grants, words: this.words, autoApprove, declined: 'AADSTS65004: User declined to consent to access the app.' });
    };
  }

  // A request to the login host; `path` begins with the tenant.
  handle(ask) {
    if (ask.path === '/devicelogin') return this.device.page(ask);
    const match = /^\/([^/]+)(\/.*)$/.exec(ask.path);
    const [, tenant, what] = match ?? [];
    if (what === '/discovery/instance') return this.#instance(ask);
    const allowed = match && admits(this.cloud, decodeURIComponent(tenant).toLowerCase());
    if (!allowed) {
      const words = `Tenant '${tenant ?? ''}' not found. Check to make sure you have the correct tenant ID.`;
      return what === '/oauth2/v2.0/authorize' ? this.consentFor(() => true).problem('Sign-in problem', [`AADSTS90002: ${words}`]) : refusal('invalid_request', 90002, words);
    }
    switch (what) {
      case '/oauth2/v2.0/authorize':
        return this.#authorize(ask, this.consentFor(allowed));
      case '/oauth2/v2.0/token':
        return this.#token(ask, allowed);
      case '/v2.0/.well-known/openid-configuration':
        return json(200, this.#configuration(ask, tenant), { 'Access-Control-Allow-Origin': '*' });
      case '/discovery/v2.0/keys': {
        const { kid, jwk } = signingKey();
        return json(200, { keys: [{ ...jwk, use: 'sig', kid }] });
      }
      case '/oauth2/v2.0/devicecode':
        return this.device.begin(ask, allowed);
      default:
        return refusal('invalid_request', 900144, 'Unknown address.', 404);
    }
  }

  #instance(ask) {
    const own = new URL(ask.base).host;
    return json(200, {
      tenant_discovery_endpoint: `${ask.base}/common/v2.0/.well-known/openid-configuration`,
      'api-version': ask.query.get('api-version') ?? '1.1',
      metadata: [{ preferred_network: own, preferred_cache: own, aliases: [own] }],
    });
  }

  #configuration(ask, tenant) {
    const id = ['common', 'organizations'].includes(tenant) ? '{tenantid}' : tenant === 'consumers' ? kConsumers : tenant;
    const at = `${ask.base}/${tenant}`;
    return {
      token_endpoint: `${at}/oauth2/v2.0/token`,
      token_endpoint_auth_methods_supported: ['client_secret_post', 'private_key_jwt', 'client_secret_basic'],
      jwks_uri: `${at}/discovery/v2.0/keys`,
      response_modes_supported: ['query', 'fragment', 'form_post'],
      subject_types_supported: ['pairwise'],
      id_token_signing_alg_values_supported: ['RS256'],
      response_types_supported: ['code'],
      scopes_supported: ['openid', 'profile', 'email', 'offline_access'],
      issuer: `${ask.base}/${id}/v2.0`,
      request_uri_parameter_supported: false,
      userinfo_endpoint: 'https://graph.microsoft.com/oidc/userinfo',
      authorization_endpoint: `${at}/oauth2/v2.0/authorize`,
      device_authorization_endpoint: `${at}/oauth2/v2.0/devicecode`,
      claims_supported: ['sub', 'iss', 'aud', 'exp', 'iat', 'nonce', 'preferred_username', 'name', 'tid', 'ver', 'email'],
      cloud_instance_name: 'microsoftonline.com',
      cloud_graph_host_name: 'graph.windows.net',
      msgraph_host: 'graph.microsoft.com',
    };
  }

  #authorize(ask, consent) {
    if (ask.method === 'POST') return consent.next(ask);
    if (ask.method !== 'GET') return consent.problem('Method not allowed', [], 405);
    const { query } = ask;
    const wrong = (code, words) => consent.problem('Sign-in problem', [`AADSTS${code}: ${words}`]);
    const id = query.get('client_id');
    if (!id) return wrong(900144, "The request body must contain the following parameter: 'client_id'.");
    const client = this.clients.get('onedrive', id);
    if (!client) return wrong(700016, `Application with identifier '${id}' was not found in the directory.`);
    const redirectUri = query.get('redirect_uri');
    if (!redirectUri || !this.clients.mayRedirect(redirectUri)) {
      return wrong(50011, `The redirect URI '${redirectUri ?? ''}' specified in the request does not match the redirect URIs configured for the application.`);
    }
    const state = query.get('state') ?? undefined;
    const back = (error, code, words) => consent.back(redirectUri, state, { error, error_description: `AADSTS${code}: ${words}` });
    const type = query.get('response_type');
    if (type === null) return back('invalid_request', 900144, "The request body must contain the following parameter: 'response_type'.");
    if (type !== 'code') return back('unsupported_response_type', 700054, `response_type '${type}' is not enabled for the application.`);
    if ((query.get('response_mode') ?? 'query') !== 'query') return back('invalid_request', 70007, 'The sandbox answers with response_mode query only.');
    const asked = query.get('scope');
    if (!asked) return back('invalid_request', 900144, "The request body must contain the following parameter: 'scope'.");
    const { scopes, unknown } = this.scopesOf(asked);
    if (unknown) return back('invalid_client', 650053, `The application '${client.name}' asked for scope '${unknown}' that doesn't exist on the resource.`);
    if (query.get('prompt') === 'none') return back('interaction_required', 50058, 'Silent sign-in request was sent but no user is signed in.');
    const challenge = query.get('code_challenge') ?? undefined;
    const method = query.get('code_challenge_method') ?? (challenge ? 'plain' : undefined);
    if (challenge !== undefined && (!['S256', 'plain'].includes(method) || !/^[A-Za-z0-9._~-]{43,128}$/.test(challenge))) {
      return back('invalid_request', 501491, 'Invalid size or method of Code_Challenge parameter.');
    }
    const nonce = query.get('nonce') ?? undefined;
    const offline = scopes.includes('offline_access');
    return consent.begin(ask, { client, redirectUri, state, scopes, challenge, method, nonce, offline });
  }

  // Scopes in the platform's own spelling; they may be written as addresses of Graph.
  scopesOf(text) {
    const names = Object.keys(kScopes);
    const scopes = new Set();
    for (const word of text.split(/\s+/).filter(Boolean)) {
      const short = word.replace(/^https:\/\/graph\.microsoft\.com\//i, '');
      if (short.toLowerCase() === '.default') {
        names.forEach((name) => !kPlain.has(name) && scopes.add(name));
        continue;
      }
      const name = names.find((one) => one.toLowerCase() === short.toLowerCase());
      if (!name) return { unknown: word };
      scopes.add(name);
    }
    return { scopes: names.filter((name) => scopes.has(name)) };
  }

  async #token(ask, allowed) {
    if (ask.method !== 'POST') return refusal('invalid_request', 900561, 'The endpoint only accepts POST requests.', 405);
    if (!/^application\/x-www-form-urlencoded/i.test(ask.headers['content-type'] ?? '')) {
      return refusal('invalid_request', 900144, "The request body must contain the following parameter: 'grant_type'.");
    }
    const form = new URLSearchParams((await readBody(ask.stream, 1 << 16)).toString('utf8'));
    const basic = /^Basic (.+)$/.exec(ask.headers.authorization ?? '');
    const [basicId, basicSecret] = basic ? Buffer.from(basic[1], 'base64').toString().split(':').map(decodeURIComponent) : [];
    const field = (name) => form.get(name) || undefined;
    const needed = ['grant_type', ...(basic ? [] : ['client_id'])].find((name) => !field(name));
    if (needed) return refusal('invalid_request', 900144, `The request body must contain the following parameter: '${needed}'.`);
    const id = field('client_id') ?? basicId;
    const client = this.clients.get('onedrive', id);
    if (!client) return refusal('unauthorized_client', 700016, `Application with identifier '${id}' was not found in the directory.`);
    const secret = field('client_secret') ?? basicSecret;
    if (client.secret === undefined && secret !== undefined) {
      return refusal('invalid_client', 700025, "Client is public so neither 'client_assertion' nor 'client_secret' should be presented.", 401);
    }
    if (client.secret !== undefined && secret === undefined) {
      return refusal('invalid_client', 7000218, "The request body must contain the following parameter: 'client_assertion' or 'client_secret'.", 401);
    }
    if (secret !== client.secret) return refusal('invalid_client', 7000215, 'Invalid client secret provided.', 401);
    switch (field('grant_type')) {
      case 'authorization_code':
        return this.#redeem(field, client, allowed);
      case 'refresh_token':
        return this.#refresh(field, client, allowed);
      case 'device_code': // as Microsoft's own libraries say it
      case 'urn:ietf:params:oauth:grant-type:device_code':
        return this.device.redeem(field, client);
      default:
        return refusal('unsupported_grant_type', 70003, `The app requested an unsupported grant type '${field('grant_type')}'.`);
    }
  }

  #redeem(field, client, allowed) {
    const code = field('code');
    if (!code) return refusal('invalid_request', 900144, "The request body must contain the following parameter: 'code'.");
    const facts = this.grants.peekCode(code);
    if (!facts || facts.client !== client.id || !allowed(this.people.get(facts.person))) {
      return refusal('invalid_grant', 70008, 'The provided authorization code or refresh token has expired due to inactivity, or was used already.');
    }
    if (facts.redirectUri !== field('redirect_uri')) return refusal('invalid_client', 500112, 'The reply address does not match the one that the authorization code was asked for with.');
    if (facts.challenge !== undefined) {
      if (!field('code_verifier')) return refusal('invalid_grant', 501481, 'The Code_Verifier does not match the code_challenge supplied in the authorization request.');
      if (!pkceMatches(facts.challenge, facts.method, field('code_verifier'))) {
        return refusal('invalid_grant', 501481, 'The Code_Verifier does not match the code_challenge supplied in the authorization request.');
      }
    }
    this.grants.spendCode(code);
    return this.grant(facts, client);
  }

  // A new grant and its tokens, as the token endpoint answers.
  grant({ person, scopes, offline, nonce }, client) {
    const work = isWork(this.people.get(person));
    const given = scopes.filter((scope) => work || !kWorkOnly.has(scope));
    const grant = this.grants.newGrant({ person, client: client.id, scopes: given, offline, until: this.cloud.clock.now() + kRefreshSeconds * 1000 });
    return this.#tokens(grant, given, nonce);
  }

  #refresh(field, client, allowed) {
    const token = field('refresh_token');
    if (!token) return refusal('invalid_request', 900144, "The request body must contain the following parameter: 'refresh_token'.");
    const grant = this.grants.refresh(token);
    if (!grant || grant.client !== client.id || !allowed(this.people.get(grant.person))) {
      const revoked = this.grants.known?.(token);
      return revoked ? refusal('invalid_grant', 50173, 'The provided grant has expired due to it being revoked.') : refusal('invalid_grant', 9002313, 'Invalid request. Request is malformed or invalid.');
    }
    if (grant.until <= this.cloud.clock.now()) {
      return refusal('invalid_grant', 700082, 'The refresh token has expired due to inactivity. The token was inactive for 90.00:00:00.');
    }
    const asked = field('scope');
    const { scopes, unknown } = asked ? this.scopesOf(asked) : { scopes: grant.scopes };
    if (unknown) return refusal('invalid_scope', 70011, `The provided value for the input parameter 'scope' is not valid: ${unknown}.`);
    const missing = scopes.find((scope) => !kPlain.has(scope) && !grant.scopes.includes(scope) && !(kWorkOnly.has(scope) && !isWork(this.people.get(grant.person))));
    if (missing) {
      return refusal('invalid_grant', 65001, `The user or administrator has not consented to use the application with ID '${client.id}'.`, 400, { suberror: 'consent_required' });
    }
    grant.until = this.cloud.clock.now() + kRefreshSeconds * 1000;
    this.grants.issueRefresh(grant);
    return this.#tokens(grant, scopes.filter((scope) => grant.scopes.includes(scope)));
  }

  #tokens(grant, scopes, nonce) {
    const account = this.cloud.accountOf(grant.person);
    const shown = scopes.filter((scope) => scope !== 'offline_access');
    const access = this.grants.issueAccess(grant, grant.scopes.filter((scope) => kPlain.has(scope) || scopes.includes(scope)), accessToken(account));
    const info = Buffer.from(JSON.stringify({ uid: this.#objectId(account), utid: account.tenant })).toString('base64url');
    return json(
      200,
      {
        token_type: 'Bearer',
        scope: shown.join(' '),
        expires_in: this.grants.accessSeconds,
        ext_expires_in: this.grants.accessSeconds,
        access_token: access,
        ...(grant.offline ? { refresh_token: grant.refreshToken } : {}),
        ...(grant.scopes.includes('openid') ? { id_token: this.#idToken(account, grant, nonce) } : {}),
        client_info: info,
      },
      { 'Cache-Control': 'no-store, no-cache', Pragma: 'no-cache' },
    );
  }

  #objectId(account) {
    return account.work ? account.id : `00000000-0000-0000-${account.id.slice(0, 4)}-${account.id.slice(4)}`;
  }

  #idToken(account, grant, nonce) {
    const now = Math.floor(this.cloud.clock.now() / 1000);
    const { person } = account;
    const has = (scope) => grant.scopes.includes(scope);
    return jwt({
      ver: '2.0',
      iss: `https://login.microsoftonline.com/${account.tenant}/v2.0`,
      sub: `AAAAAAAAAAAAAAAAAAAAA${person.key.slice(0, 22)}`,
      aud: grant.client,
      exp: now + 86400,
      iat: now,
      nbf: now - 300,
      ...(has('profile') ? { name: person.name, preferred_username: account.user().userPrincipalName, oid: this.#objectId(account) } : {}),
      ...(has('email') && (!account.work || account.user().mail) ? { email: person.email } : {}),
      ...(has('email') && account.work ? { xms_edov: person.verified } : {}),
      tid: account.tenant,
      ...(nonce === undefined ? {} : { nonce }),
    });
  }
}

// Personal tokens are opaque, those of work accounts look like JWTs and are not to be read either.
export function accessToken(account, seed = randomBytes(96)) {
  const text = seed.toString('base64url');
  if (!account.work) return `EwB${text}`;
  const head = Buffer.from('{"typ":"JWT","alg":"RS256"}').toString('base64url');
  return `${head}.${Buffer.from(`{"sandbox":"${text}"}`).toString('base64url')}.${text.slice(0, 40)}`;
}
