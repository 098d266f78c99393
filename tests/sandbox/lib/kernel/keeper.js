// SPDX-License-Identifier: Apache-2.0
// Keeps a cloud's state in a file: read once at the start, written shortly after changes and at the end.

import { readFileSync } from 'node:fs';
import { rename, writeFile } from 'node:fs/promises';

const kSettleMs = 300;

export class Keeper {
  #timer;
  #writing = Promise.resolve();
  #dirty = false;

  // save() gives the state as plain data.
  constructor(path, save, report) {
    Object.assign(this, { path, save, report });
  }

  load() {
    try {
      return JSON.parse(readFileSync(this.path, 'utf8'));
    } catch (error) {
      if (error.code !== 'ENOENT') this.report(error);
      return undefined;
    }
  }

  changed() {
    this.#dirty = true;
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.#write();
    }, kSettleMs).unref();
  }

  async close() {
    clearTimeout(this.#timer);
    if (this.#dirty) this.#write();
    await this.#writing;
  }

  #write() {
    this.#dirty = false;
    this.#writing = this.#writing.then(async () => {
      await writeFile(`${this.path}.new`, JSON.stringify(await this.save()));
      await rename(`${this.path}.new`, this.path);
    }).catch((error) => this.report(error));
  }
}
