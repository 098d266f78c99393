// SPDX-License-Identifier: Apache-2.0
// Dependencies point one way. A room may include its own files and those of the rooms named here, no others;
// nothing outside ui/ (and what drives its panel in tests) includes Qt.
import { finish, sources } from './sources.mjs'

const below = {
  'src/core': [],
  'src/http': ['src/core'],
  'src/store': ['src/core'],
  providers: ['src/core', 'src/http', 'src/store'],
  scan: ['src/core', 'src/http', 'src/store'],
  print: ['src/core', 'src/http', 'src/store'],
  'src/people': ['src/core', 'src/http', 'src/store', 'providers', 'scan', 'print'],
  'src/profiles': ['src/core', 'src/http', 'src/store', 'providers', 'scan', 'print', 'src/people'],
  'src/jobs': ['src/core', 'src/http', 'src/store', 'providers', 'scan', 'print', 'src/people', 'src/profiles'],
  'src/api': ['src/core', 'src/http', 'src/store', 'providers', 'scan', 'print', 'src/people', 'src/profiles', 'src/jobs'],
  'src/web': ['src/core', 'src/http', 'src/api'],
  'src/service': ['src/core', 'src/http', 'src/store', 'providers', 'scan', 'print', 'src/people', 'src/profiles', 'src/jobs', 'src/api', 'src/web'],
  'src/portal': ['src/core', 'src/http', 'src/store', 'providers', 'src/profiles'],
  ui: []
}
const rooms = Object.keys(below)

export function roomOf(file) {
  return rooms.find(room => file.startsWith(room + '/'))
}

/** Why this include may not stand in this file; empty when it may. */
export function refuse(file, include, exists = () => true) {
  const room = roomOf(file)
  if (!room) return ''
  if (room !== 'ui' && include !== 'qrencode.h' && /^(Q[A-Z]\w*|Qt\w*\/.*|q[a-z]+\.h)$/.test(include)) return 'Qt outside ui/'
  const target = ['', 'src/'].map(root => roomOf(root + include)).find(Boolean)
  if (!target || target === room || below[room].includes(target)) return ''
  return `${room} must not know ${target}`
}

if (process.argv[1] === new URL(import.meta.url).pathname) {
  const findings = []
  for (const [file, text] of sources(/\.(h|cpp)$/)) {
    for (const [, include] of text.matchAll(/^\s*#\s*include\s*[<"]([^>"]+)[>"]/gm)) {
      const reason = refuse(file, include)
      if (reason) findings.push(`${file}: ${include}: ${reason}`)
    }
  }
  finish(findings, 'layers')
}
