// SPDX-License-Identifier: Apache-2.0
// Adds up the JUnit files that ctest wrote: names what failed and what was skipped and why, and ends with the counts. Where
// ctest saw a whole test program as one test (BUILD/whole-tests), the program's own report, BUILD/reports/TEST.xml, counts.
//   summary.mjs --broken N --expect N [NAME FILE BUILD]…
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

/**
 * The tests that a JUnit file of ctest or GoogleTest tells of: {name, outcome, output}; outcome is "passed", "failed" or
 * "skipped". Skipped is what says so itself; what could not be run has failed.
 */
function testsIn(file) {
  const cases = readFileSync(file, 'utf8').matchAll(/<testcase ([^>]*?)(?:\/>|>(.*?)<\/testcase>)/gs)
  return [...cases].map(([, attributes, body = '']) => {
    const marks = body.replace(/<!\[CDATA\[.*?\]\]>/gs, '').replace(/<system-out>.*?<\/system-out>/gs, '')
    const messages = [...marks.matchAll(/<(?:failure|skipped) message="([^"]*)"/g)].map(([, message]) => plain(message)).filter(Boolean)
    const notRun = /^(notrun|disabled)$/.test(attribute(attributes, 'status')) && !/SKIP_(RETURN_CODE|REGULAR_EXPRESSION)/.test(messages.join())
    const outcome = notRun || /<failure/.test(marks) || attribute(attributes, 'status') === 'fail' ? 'failed' : /<skipped/.test(marks) ? 'skipped' : 'passed'
    const output = plain(/<system-out>(.*?)<\/system-out>/s.exec(body)?.[1] ?? '') || messages.join('\n')
    const group = attribute(attributes, 'classname')
    const name = attribute(attributes, 'name')
    return { name: group && group !== name ? `${group}.${name}` : name, outcome, output }
  })
}

// Of a program that a sanitizer ended, which test it was in and what was found; of all others the end.
function worthShowing(output) {
  const lines = output.trim().split('\n')
  const found = lines.findIndex(line => /ERROR: \w+Sanitizer|WARNING: ThreadSanitizer|: runtime error: /.test(line))
  if (found < 0) return lines.slice(-shownLines)
  const began = lines.slice(0, found).findLast(line => line.startsWith('[ RUN '))
  return [...(began ? [began] : []), ...lines.slice(found, found + shownLines)]
}

function tests(file, build) {
  const list = path.join(build, 'whole-tests')
  const programs = new Set(existsSync(list) ? readFileSync(list, 'utf8').split('\n') : [])
  return testsIn(file).flatMap(test => {
    if (!programs.has(test.name)) return test
    const report = path.join(build, 'reports', `${test.name}.xml`)
    const inside = existsSync(report) ? testsIn(report).map(one => ({ ...one, name: `${test.name}: ${one.name}` })) : []
    if (test.outcome === 'passed' && !inside.length) return { ...test, outcome: 'failed', output: 'it ended without a word on any test' }
    // What ended only after its last test (a leak, say), or within one, is told by ctest alone.
    return test.outcome === 'failed' && !inside.some(one => one.outcome === 'failed') ? [...inside, test] : inside
  })
}

const counts = { passed: 0, failed: broken, skipped: 0 }
while (words.length) {
  const [preset, file, build] = words.splice(0, 3)
  for (const { name, outcome, output } of tests(file, build)) {
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
