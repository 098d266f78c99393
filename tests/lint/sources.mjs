// SPDX-License-Identifier: Apache-2.0
// The project's own files, with what they hold.
import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'

export const top = path.resolve(path.dirname(new URL(import.meta.url).pathname), '../..')

/** [path from the top, text] of every file whose name fits. */
export function* sources(fits) {
  const listed = execFileSync('git', ['-c', 'safe.directory=*', 'ls-files', '-z', '--cached', '--others', '--exclude-standard'], { cwd: top, encoding: 'utf8' })
  for (const file of listed.split('\0')) {
    if (file && fits.test(file) && existsSync(path.join(top, file))) yield [file, readFileSync(path.join(top, file), 'utf8')]
  }
}

/** Prints the findings and ends the program with a status that says whether there were any. */
export function finish(findings, what) {
  for (const finding of findings) console.log(finding)
  console.log(findings.length ? `${findings.length} found` : `${what}: nothing found`)
  process.exitCode = findings.length ? 1 : 0
}
