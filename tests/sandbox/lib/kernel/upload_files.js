// SPDX-License-Identifier: Apache-2.0
// Bytes that are coming in: files on disk that become contents, or are gone again.

import { randomBytes } from 'node:crypto';
import { open, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { DiskContent } from './content.js';

export class UploadFile {
  static async create(folder) {
    const upload = new UploadFile();
    upload.path = join(folder, `upload-${randomBytes(9).toString('base64url')}`);
    upload.handle = await open(upload.path, 'w+');
    return upload;
  }

  // The bytes as content of exactly that size.
  async finish(size, digests = {}) {
    await this.handle.truncate(size);
    await this.handle.close();
    return new DiskContent(this.path, size, { owned: true }).knownDigests(digests);
  }

  // Bytes on their own, while more may come.
  soFar(size) {
    return new DiskContent(this.path, size);
  }

  async discard() {
    await this.handle.close();
    await unlink(this.path);
  }
}
