// SPDX-License-Identifier: Apache-2.0
// What was asked of the clouds: method, path, status, who; never queries, headers or tokens.

const kKeep = 5000;

export class RequestLog {
  constructor() {
    this.clear();
  }

  clear() {
    this.entries = [];
    this.counters = {};
    this.total = 0;
  }

  begin(facts) {
    const entry = { n: ++this.total, status: 0, authorised: false, bytesIn: 0, bytesOut: 0, ...facts };
    this.entries.push(entry);
    if (this.entries.length > kKeep) this.entries.shift();
    const key = `${entry.method} ${entry.path}`;
    this.counters[key] = (this.counters[key] ?? 0) + 1;
    return entry;
  }

  since(n = 0, pattern = '') {
    const route = new RegExp(pattern);
    return this.entries.filter((entry) => entry.n > n && route.test(entry.path));
  }
}
