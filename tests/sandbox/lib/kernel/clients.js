// SPDX-License-Identifier: Apache-2.0
// The applications that are registered with the sandbox clouds, and where they may be sent back to.

const kLoopback = new Set(['localhost', '127.0.0.1', '[::1]']);

// A rule is `loopback` (any http address on this machine) or an address: same origin, and a path that
// starts with the rule's.
function matches(rule, uri) {
  let target;
  try {
    target = new URL(uri);
  } catch {
    return false;
  }
  if (target.hash !== '' || target.username !== '') return false;
  if (rule === 'loopback') return target.protocol === 'http:' && kLoopback.has(target.hostname);
  const wanted = new URL(rule);
  return target.origin === wanted.origin && target.protocol === wanted.protocol && target.pathname.startsWith(wanted.pathname);
}

export class Clients {
  #list = new Map();

  constructor(redirectRules) {
    this.redirectRules = redirectRules;
  }

  add(cloud, client) {
    this.#list.set(`${cloud}/${client.id}`, client);
  }

  get(cloud, id) {
    return this.#list.get(`${cloud}/${id}`);
  }

  of(cloud) {
    return [...this.#list].filter(([key]) => key.startsWith(`${cloud}/`)).map(([, client]) => client);
  }

  mayRedirect(uri) {
    return this.redirectRules.some((rule) => matches(rule, uri));
  }
}
