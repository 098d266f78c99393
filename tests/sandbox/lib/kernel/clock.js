// SPDX-License-Identifier: Apache-2.0
// The sandbox's own time: real time plus whatever a test has advanced it by.

export class Clock {
  #offset = 0;
  #waiters = new Set();

  now() {
    return Date.now() + this.#offset;
  }

  advance(seconds) {
    this.#offset += seconds * 1000;
    for (const wake of [...this.#waiters]) wake();
  }

  set(when) {
    this.advance((when - this.now()) / 1000);
  }

  reset() {
    this.#offset = 0;
  }

  // Calls back when the clock is moved by hand; returns the function that stops it.
  onMoved(callback) {
    this.#waiters.add(callback);
    return () => this.#waiters.delete(callback);
  }
}

// 2026-05-11T08:00:00Z: whole seconds, UTC.
export function isoSeconds(milliseconds) {
  return `${new Date(milliseconds).toISOString().slice(0, 19)}Z`;
}
