// SPDX-License-Identifier: Apache-2.0
// Every stable error code of the code is explained in docs/troubleshooting.md (with --both-ways also the reverse), and the
// panel has words for each that somebody can meet there.
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { finish, sources, top } from './sources.mjs'

const word = /^[a-z]+(-[a-z]+)+$/
const single = new Set(['busy', 'timeout', 'offline', 'unavailable', 'unsupported', 'cancelled', 'paused'])

// Codes that never come to a panel, each list with the reason.
const elsewhere = new Set([
  // Only administrators' pages and connectorctl set these: they have words of their own (ui/web/texts.*.json).
  'setting-invalid', 'card-invalid', 'card-taken', 'pin-taken', 'password-invalid', 'person-gone', 'last-administrator',
  // With these the service does not start: they are in its log, and the panel says that it has no service.
  'already-running', 'bad-configuration', 'master-key-damaged', 'master-key-missing', 'master-key-other', 'store-newer',
  'tpm-failed', 'tpm-missing', 'tpm-other', 'tpm-silent'
])

/** The explained codes for which a panel has no words though it needs some, and those that are excused for nothing. */
export function wordless(rows, words) {
  const said = new Set([...words.matchAll(/^    \{"([a-z-]+)",/gm)].map(row => row[1]))
  return [...rows.filter(row => !said.has(row) && !elsewhere.has(row)).map(row => `ui/panel/backend/error_words.cpp: no words for ${row}`),
    ...[...elsewhere].filter(code => said.has(code) || !rows.includes(code)).map(code => `tests/lint/error_codes.mjs: ${code} needs no excuse`)]
}

/** The codes that a piece of C++ makes: as Error's last member, by an assignment to `stable`, by a helper that refuses. */
export function codesOf(text) {
  const codes = new Set()
  const add = code => (word.test(code) || single.has(code)) && codes.add(code)
  for (const [, code] of text.matchAll(/\bstable\s*=\s*"([a-z-]+)"/g)) add(code)
  for (const [, code] of text.matchAll(/\brefuse\("([a-z-]+)"\)/g)) add(code)
  for (const [statement] of text.matchAll(/\bErrc::[^;]*;/g)) {
    for (const [, code] of statement.matchAll(/"([a-z-]+)"\s*\}/g)) word.test(code) && add(code)
  }
  for (const [, code] of text.matchAll(/\bportalError\(Errc::\w+,[^;]*?"([a-z]+(?:-[a-z]+)+)"/g)) add(code)
  for (const [, body] of text.matchAll(/\bgeneralCode\(Errc[^{]*\{(.*?)\n\}/gs)) {
    for (const [, code] of body.matchAll(/return "([a-z-]+)"/g)) add(code)
  }
  // the panel's words for codes: {"code", title, why, what to do, action}
  for (const [, table] of text.matchAll(/kErrors\[\]\s*=\s*\{(.*?)\n\};/gs)) {
    for (const [, code] of table.matchAll(/\{"([a-z-]+)",/g)) add(code)
  }
  return codes
}

if (process.argv[1] === new URL(import.meta.url).pathname) {
  const page = readFileSync(path.join(top, 'docs/troubleshooting.md'), 'utf8')
  const rows = [...page.matchAll(/^\| `([a-z-]+)` \|/gm)].map(row => row[1])
  const findings = rows.filter((row, at) => rows.indexOf(row) !== at).map(row => `docs/troubleshooting.md: ${row} is there twice`)
  let everything = readFileSync(path.join(top, 'docs/api.md'), 'utf8')
  for (const [file, text] of sources(/^(src|providers|print|scan|ui)\/.*\.(h|cpp)$/)) {
    everything += text
    for (const code of codesOf(text)) {
      if (!rows.includes(code)) findings.push(`${file}: ${code} is not in docs/troubleshooting.md`)
    }
  }
  for (const row of process.argv.includes('--both-ways') ? rows : []) {
    if (!everything.includes(`${row}"`) && !everything.includes(`\`${row}\``)) findings.push(`docs/troubleshooting.md: nothing makes ${row}`)
  }
  const table = /kErrors\[\]\s*=\s*\{(.*?)\n\};/s.exec(readFileSync(path.join(top, 'ui/panel/backend/error_words.cpp'), 'utf8'))
  findings.push(...wordless(rows, table[1]))
  finish(findings, 'error codes')
}
