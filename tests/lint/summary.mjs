// SPDX-License-Identifier: Apache-2.0
// Adds up the JUnit files that ctest wrote: names what failed and what was skipped and why, and ends with the counts. Where
// ctest saw a whole test program as one test, the program's own report, REPORTS/TEST.xml, counts in its place.
//   summary.mjs --broken N --expect N NAME=FILE=REPORTS…
import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'

const words = process.argv.slice(2)
const option = name => Number(words.splice(words.indexOf(name), 2)[1])
const broken = option('--broken')
const expect = option('--expect')
const shownLines = 40

const plain = text => text.replace(/&(lt|gt|quot|apos|amp|#(?:x([0-9a-f]+)|(\d+)));/gi, (_, name, hex, decimal) =>
  hex ? String.fromCharCode(parseInt(hex, 16)) : decimal ? String.fromCharCode(decimal) : { lt: '<', gt: '>', quot: '"', apos: "'", amp: '&' }[name])
const attribute = (attributes, name) => plain(new RegExp(`(?:^| )${name}="([^"]*)"`).exec(attributes)?.[1] ?? '')

/** The tests that a JUnit file tells of: {name, outcome, output}; outcome is "passed", "failed" or "skipped". */
function testsIn(file) {
  const cases = readFileSync(file, 'utf8').matchAll(/<testcase ([^>]*?)(?:\/>|>(.*?)<\/testcase>)/gs)
  return [...cases].map(([, attributes, body = '']) => {
    const status = attribute(attributes, 'status')
    const outcome = status === 'notrun' || /<skipped/.test(body) ? 'skipped' : status === 'fail' || /<failure/.test(body) ? 'failed' : 'passed'
    const messages = [...body.matchAll(/<(?:failure|skipped) message="([^"]*)"/g)].map(([, message]) => plain(message))
    const output = plain(/<system-out>(.*?)<\/system-out>/s.exec(body)?.[1] ?? '') || messages.join('\n')
    const group = attribute(attributes, 'classname')
    const name = attribute(attributes, 'name')
    return { name: group && group !== name ? `${group}.${name}` : name, outcome, output }
  })
}

// Of a program that a sanitizer ended, what that says first; of all others the end.
function worthShowing(output) {
  const lines = output.trim().split('\n')
  const found = lines.findIndex(line => /ERROR: \w+Sanitizer|WARNING: ThreadSanitizer|: runtime error: /.test(line))
  return found < 0 ? lines.slice(-shownLines) : lines.slice(Math.max(0, found - 1), found + shownLines)
}

function tests(preset, file, reports) {
  return testsIn(file).flatMap(test => {
    const report = path.join(reports, `${test.name}.xml`)
    const whole = existsSync(report) ? testsIn(report).map(one => ({ ...one, name: `${test.name}: ${one.name}` })) : []
    // What ended only after its last test (a leak, say) is told by ctest alone.
    return whole.some(one => one.outcome === 'failed') || (whole.length && test.outcome !== 'failed') ? whole : [...whole, test]
  }).map(test => ({ ...test, preset }))
}

const counts = { passed: 0, failed: broken, skipped: 0 }
for (const word of words) {
  const [preset, file, reports = ''] = word.split('=')
  for (const { name, outcome, output } of tests(preset, file, reports)) {
    counts[outcome]++
    if (outcome === 'skipped') {
      const reason = /(?:Skipped|SKIPPED)\n(.*)/.exec(output)?.[1] ?? output.trim().split('\n').at(-1)
      console.log(`skipped  ${preset}: ${name}${reason ? `: ${reason.trim()}` : ''}`)
    } else if (outcome === 'failed') {
      console.log(`FAILED   ${preset}: ${name}\n${worthShowing(output).map(line => '         ' + line).join('\n')}`)
    }
  }
}
const ran = counts.passed + counts.failed
if (ran < expect) {
  console.log(`FAILED   only ${ran} tests ran; tests/expected-count says ${expect}. Tests got lost, or the number is to be changed on purpose.`)
  counts.failed++
}
console.log(`${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`)
process.exit(counts.failed || !counts.passed ? 1 : 0)
