// SPDX-License-Identifier: Apache-2.0
// Node learns of further authorities only when it starts. So a test file that needs the sandbox's own runs twice: the
// first time it makes one and starts the second, which has it.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { startSandbox } from '../lib/sandbox.js';

// The state folder with the authority, in the second run; undefined in the first.
export const stateFolder = process.env.CLOUD_SANDBOX_TEST_STATE;

export function runWithAuthority(url) {
  test('with the authority of the sandbox', async () => {
    const state = mkdtempSync(join(tmpdir(), 'sandbox-authority-'));
    try {
      const sandbox = await startSandbox({ state, seedFiles: 'none' });
      await sandbox.close();
      const env = { ...process.env, CLOUD_SANDBOX_TEST_STATE: state, NODE_EXTRA_CA_CERTS: sandbox.ca };
      delete env.NODE_TEST_CONTEXT;
      const { status, stdout, stderr } = spawnSync(process.execPath, ['--test', fileURLToPath(url)], { env, encoding: 'utf8' });
      assert.equal(status, 0, stdout + stderr);
    } finally {
      rmSync(state, { recursive: true, force: true });
    }
  });
}
