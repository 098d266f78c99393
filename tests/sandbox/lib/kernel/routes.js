// SPDX-License-Identifier: Apache-2.0
// A table of routes whose paths have named holes: [method, '/files/:id/copy', scope, run].

function pattern(path) {
  return new RegExp(`^${path.replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replace(/:[A-Za-z]+/g, '([^/]+)')}$`);
}

function plain(value) {
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}

export class Routes {
  constructor(table) {
    this.table = table.map(([method, path, ...rest]) => ({ method, path: pattern(path), rest }));
  }

  // [scope, run, values of the holes], or undefined. The first in the table wins.
  find(method, path) {
    for (const route of this.table) {
      const match = route.method === method ? route.path.exec(path) : null;
      if (match) return [...route.rest, match.slice(1).map(plain)];
    }
    return undefined;
  }

  knows(path) {
    return this.table.some((route) => route.path.test(path));
  }
}
