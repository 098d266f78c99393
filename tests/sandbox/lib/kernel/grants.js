// SPDX-License-Identifier: Apache-2.0
// Pending sign-ins, authorization codes, grants and their tokens, by the sandbox's clock.

import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

export function pkceMatches(challenge, method, verifier) {
  if (typeof verifier !== 'string' || verifier.length < 43 || verifier.length > 128) return false;
  if (!/^[A-Za-z0-9._~-]+$/.test(verifier)) return false;
  const got = method === 'S256' ? createHash('sha256').update(verifier).digest('base64url') : verifier;
  const a = Buffer.from(got);
  const b = Buffer.from(challenge);
  return a.length === b.length && timingSafeEqual(a, b);
}

// Expired tokens are known as such for a month, also after a restart.
const kRememberExpired = 30 * 86_400_000;

export class Grants {
  #pending = new Map();
  #codes = new Map();
  #access = new Map();
  #refresh = new Map();

  // refreshSeconds: how long a refresh token may lie unused; mostRefresh: of one person and client.
  constructor(clock, { prefix, accessSeconds, codeSeconds = 300, pendingSeconds = 1800, refreshSeconds = Infinity, mostRefresh = Infinity }) {
    Object.assign(this, { clock, prefix, accessSeconds, codeSeconds, pendingSeconds, refreshSeconds, mostRefresh });
    this.onChange = () => {};
  }

  // A consent page that is open in somebody's browser.
  openPending(facts) {
    const id = randomBytes(18).toString('base64url');
    this.#pending.set(id, { ...facts, until: this.clock.now() + this.pendingSeconds * 1000 });
    return id;
  }

  pending(id) {
    const facts = this.#pending.get(id);
    return facts && facts.until > this.clock.now() ? facts : undefined;
  }

  closePending(id) {
    this.#pending.delete(id);
  }

  issueCode(facts) {
    const code = randomBytes(32).toString('base64url');
    this.#codes.set(code, { ...facts, until: this.clock.now() + this.codeSeconds * 1000 });
    return code;
  }

  peekCode(code) {
    const facts = this.#codes.get(code);
    return facts && facts.until > this.clock.now() ? facts : undefined;
  }

  spendCode(code) {
    this.#codes.delete(code);
  }

  // grant: { person, client, scopes, pkce, offline }
  newGrant(facts, refreshToken = undefined) {
    const grant = { id: randomBytes(9).toString('base64url'), revoked: false, ...facts };
    if (grant.offline) {
      grant.refreshToken = refreshToken ?? randomBytes(48).toString('base64url');
      this.#refresh.set(grant.refreshToken, grant);
      this.#used(grant);
      const same = [...new Set(this.#refresh.values())].filter((one) => one.person === grant.person && one.client === grant.client && !one.revoked);
      for (const old of same.slice(0, Math.max(0, same.length - this.mostRefresh))) this.#refresh.delete(old.refreshToken);
    }
    this.onChange();
    return grant;
  }

  // One more refresh token; the earlier ones stay good, too, unless they are told to end.
  issueRefresh(grant, { endEarlier = false } = {}) {
    const earlier = [...(grant.earlierTokens ?? []), grant.refreshToken];
    if (endEarlier) for (const token of earlier) this.#refresh.delete(token);
    grant.earlierTokens = endEarlier ? [] : earlier;
    grant.refreshToken = randomBytes(48).toString('base64url');
    this.#refresh.set(grant.refreshToken, grant);
    this.#used(grant);
    this.onChange();
    return grant.refreshToken;
  }

  issueAccess(grant, scopes = grant.scopes, token = undefined) {
    const value = token ?? `${this.prefix}${randomBytes(72).toString('base64url')}`;
    this.#access.set(value, { grant, scopes, until: this.clock.now() + this.accessSeconds * 1000 });
    this.onChange();
    return value;
  }

  // { grant, scopes, expired } or undefined for a token that is unknown or revoked.
  access(token) {
    const facts = this.#access.get(token);
    if (!facts || facts.grant.revoked) return undefined;
    return { ...facts, expired: facts.until <= this.clock.now() };
  }

  refresh(token) {
    const grant = this.#refresh.get(token);
    if (!grant || grant.revoked || (grant.refreshUntil ?? Infinity) <= this.clock.now()) return undefined;
    this.#used(grant);
    return grant;
  }

  // All grants that anybody has a token of.
  all() {
    return new Set([...this.#refresh.values(), ...[...this.#access.values()].map((facts) => facts.grant)]);
  }

  #used(grant) {
    if (this.refreshSeconds !== Infinity) grant.refreshUntil = this.clock.now() + this.refreshSeconds * 1000;
  }

  revoke(grant) {
    grant.revoked = true;
    this.onChange();
  }

  expireOf(person) {
    for (const facts of this.#access.values()) {
      if (person === undefined || facts.grant.person === person) facts.until = this.clock.now() - 1;
    }
  }

  revokeOf(person) {
    for (const grant of this.all()) {
      if (person === undefined || grant.person === person) this.revoke(grant);
    }
  }

  clear() {
    for (const map of [this.#pending, this.#codes, this.#access, this.#refresh]) map.clear();
  }

  snapshot() {
    const live = [...this.#access].filter(([, facts]) => !facts.grant.revoked && facts.until > this.clock.now() - kRememberExpired);
    const grants = new Set([...this.#refresh.values(), ...live.map(([, facts]) => facts.grant)]);
    return {
      grants: [...grants],
      access: live.map(([token, { grant, scopes, until }]) => ({ token, grant: grant.id, scopes, until })),
    };
  }

  restore(saved) {
    const byId = new Map(saved.grants.map((grant) => [grant.id, grant]));
    for (const grant of byId.values()) {
      for (const token of [grant.refreshToken, ...(grant.earlierTokens ?? [])]) if (token) this.#refresh.set(token, grant);
    }
    for (const { token, grant, scopes, until } of saved.access) {
      this.#access.set(token, { grant: byId.get(grant), scopes, until });
    }
  }
}
