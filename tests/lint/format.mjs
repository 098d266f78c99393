// SPDX-License-Identifier: Apache-2.0
// C++ looks as .clang-format says.
import { spawnSync } from 'node:child_process'
import { finish, sources, top } from './sources.mjs'

const tool = process.argv[2]
if (!tool || tool.endsWith('-NOTFOUND')) {
  console.log('Skipped\nclang-format is not installed')
  process.exit(77)
}
const files = [...sources(/\.(h|cpp)$/)].map(([file]) => file)
const { stderr } = spawnSync(tool, ['--dry-run', ...files], { cwd: top, encoding: 'utf8', maxBuffer: 1 << 28 })
finish([...new Set(stderr.split('\n').filter(line => /^\S+:\d+:\d+: /.test(line)).map(line => line.split(': ')[0]))], 'format')
