// SPDX-License-Identifier: Apache-2.0
// Adds up the JUnit files that ctest wrote: names what failed and what was skipped and why, and ends with the counts.
//   summary.mjs --broken N --expect N NAME=FILE…
import { readFileSync } from 'node:fs'

const words = process.argv.slice(2)
const option = name => Number(words.splice(words.indexOf(name), 2)[1])
const broken = option('--broken')
const expect = option('--expect')

const plain = text => text.replace(/&(lt|gt|quot|apos|amp|#(\d+));/g, (_, name, code) =>
  code ? String.fromCharCode(code) : { lt: '<', gt: '>', quot: '"', apos: "'", amp: '&' }[name])

let passed = 0, failed = broken, skipped = 0
for (const word of words) {
  const [preset, file] = word.split(/=(.*)/s)
  const report = readFileSync(file, 'utf8')
  for (const [, attributes, body] of report.matchAll(/<testcase ([^>]*?)(?:\/>|>(.*?)<\/testcase>)/gs)) {
    const name = plain(/name="([^"]*)"/.exec(attributes)[1])
    const status = /status="([^"]*)"/.exec(attributes)?.[1]
    const output = plain(/<system-out>(.*?)<\/system-out>/s.exec(body ?? '')?.[1] ?? '')
    if (status === 'notrun' || /<skipped/.test(body ?? '')) {
      skipped++
      const reason = /(?:Skipped|SKIPPED)\n(.*)/.exec(output)?.[1] ?? plain(/<skipped message="([^"]*)"/.exec(body)?.[1] ?? '')
      console.log(`skipped  ${preset}: ${name}${reason ? `: ${reason.trim()}` : ''}`)
    } else if (status === 'fail' || /<failure/.test(body ?? '')) {
      failed++
      console.log(`FAILED   ${preset}: ${name}\n${output.trim().split('\n').slice(-40).map(line => '         ' + line).join('\n')}`)
    } else {
      passed++
    }
  }
}
if (passed + failed < expect) {
  console.log(`FAILED   only ${passed + failed} tests ran; tests/expected-count says ${expect}. Tests got lost, or the number is to be changed on purpose.`)
  failed++
}
console.log(`${passed} passed, ${failed} failed, ${skipped} skipped`)
process.exit(failed || !passed ? 1 : 0)
