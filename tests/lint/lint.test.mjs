// SPDX-License-Identifier: Apache-2.0
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { codesOf, wordless } from './error_codes.mjs'
import { refuse } from './layers.mjs'

test('an include that runs against the layers is refused', () => {
  assert.match(refuse('src/core/log.cpp', 'http/http_client.h'), /must not know/)
  assert.match(refuse('providers/dropbox/a.cpp', 'print/printer.h'), /must not know/)
  assert.match(refuse('print/printer.h', 'scan/scanner.h'), /must not know/)
  assert.match(refuse('ui/panel/main.cpp', 'core/result.h'), /must not know/)
  assert.match(refuse('src/api/server.h', 'QObject'), /Qt/)
  assert.match(refuse('src/api/server.h', 'QtCore/qobject.h'), /Qt/)
})

test('an include that runs with the layers is not', () => {
  assert.equal(refuse('src/jobs/engine.cpp', 'print/printer.h'), '')
  assert.equal(refuse('src/jobs/engine.cpp', 'core/result.h'), '')
  assert.equal(refuse('src/core/log.cpp', 'core/result.h'), '')
  assert.equal(refuse('src/core/log.cpp', 'vector'), '')
  assert.equal(refuse('ui/panel/main.cpp', 'QObject'), '')
  assert.equal(refuse('tests/unit/a.cpp', 'print/printer.h'), '')
})

test('error codes are found where the code makes them', () => {
  const found = codesOf(`
    return Error{Errc::LocalIo, "a message", "profiles", {}, 0, {}, "no-memory"};
    error.stable = "disk-full"; refuse("pin-wrong");
    std::string_view generalCode(Errc code) noexcept
    {
        return "busy";
    }
  `.replace(/^ {4}/gm, ''))
  assert.deepEqual([...found].sort(), ['busy', 'disk-full', 'no-memory', 'pin-wrong'])
})

test('a code without words on the panel is found, and an excuse that is not needed', () => {
  const rows = ['offline', 'job-gone', 'already-running', 'pin-taken', 'setting-invalid', 'card-invalid', 'card-taken', 'password-invalid',
    'person-gone', 'last-administrator', 'bad-configuration', 'master-key-damaged', 'master-key-missing', 'master-key-other', 'store-newer',
    'tpm-failed', 'tpm-missing', 'tpm-other', 'tpm-silent']
  assert.deepEqual(wordless(rows, '    {"offline", "No network"},\n'), ['ui/panel/backend/error_words.cpp: no words for job-gone'])
  assert.deepEqual(wordless(rows, '    {"offline", "x"},\n    {"job-gone", "x"},\n    {"pin-taken", "x"},\n'), ['tests/lint/error_codes.mjs: pin-taken needs no excuse'])
})

/** What summary.mjs says of `seen` by ctest and of the reports of whole programs. */
function summaryOf(seen, reports = {}, expect = 0) {
  const folder = mkdtempSync(path.join(tmpdir(), 'summary='))
  mkdirSync(path.join(folder, 'reports'))
  const suite = cases => `<testsuites><testsuite>${cases}</testsuite></testsuites>`
  writeFileSync(path.join(folder, 'seen.xml'), suite(seen))
  writeFileSync(path.join(folder, 'whole-tests'), 'print_test\n')
  for (const [name, cases] of Object.entries(reports)) writeFileSync(path.join(folder, 'reports', `${name}.xml`), suite(cases))
  const words = ['--broken', 0, '--expect', expect, 'asan', path.join(folder, 'seen.xml'), folder]
  const { status, stdout } = spawnSync('node', [fileURLToPath(new URL('summary.mjs', import.meta.url)), ...words], { encoding: 'utf8' })
  rmSync(folder, { recursive: true })
  return { status, lines: stdout.trim().split('\n') }
}
const seen = (name, status = 'run', output = '', mark = status === 'fail' ? '<failure message=""/>' : '') =>
  `<testcase name="${name}" classname="${name}" time="1" status="${status}">${mark}<system-out>${output}</system-out></testcase>`
const inside = (name, body = '') => `<testcase name="${name}" file="a.cpp" status="run" result="completed" classname="Print">${body}</testcase>`

test('the tests of a whole program are counted one by one', () => {
  const { status, lines } = summaryOf(seen('print_test') + seen('fuzz.box'), { print_test: inside('One') + inside('Two') })
  assert.deepEqual([status, lines], [0, ['3 passed, 0 failed, 0 skipped']])
})

test('what failed or was skipped in a whole program is named with its reason', () => {
  const { status, lines } = summaryOf(seen('print_test', 'fail', 'a long story'), {
    print_test: inside('One', '<failure message="a.cpp:7&#x0A;Expected: &quot;A4&quot;" type=""><![CDATA[a <skipped one]]></failure><skipped message="later"/>') +
      inside('Two', '<skipped message="a.cpp:9&#x0A;no printer here"/>') + inside('Three')
  })
  assert.equal(status, 1)
  assert.deepEqual(lines, ['FAILED   asan: print_test: Print.One', '         a.cpp:7', '         Expected: "A4"', '         later',
    'skipped  asan: print_test: Print.Two: no printer here', '1 passed, 1 failed, 1 skipped'])
})

test('a program that a sanitizer ends has failed, and the test that it was in is named', () => {
  const dead = summaryOf(seen('print_test', 'fail', '[ RUN      ] Print.One\na line\n=====\n==1==ERROR: AddressSanitizer: heap-use-after-free\nat 0x1'))
  assert.equal(dead.status, 1)
  assert.deepEqual(dead.lines, ['FAILED   asan: print_test', '         [ RUN      ] Print.One',
    '         ==1==ERROR: AddressSanitizer: heap-use-after-free', '         at 0x1', '0 passed, 1 failed, 0 skipped'])
  const leaking = summaryOf(seen('print_test', 'fail', '==1==ERROR: LeakSanitizer: detected memory leaks'), { print_test: inside('One') })
  assert.deepEqual([leaking.status, leaking.lines.at(-1)], [1, '1 passed, 1 failed, 0 skipped'])
})

test('what did not run has not passed', () => {
  for (const reports of [{}, { print_test: '' }]) {
    const { status, lines } = summaryOf(seen('print_test'), reports)
    assert.deepEqual([status, lines.at(-1)], [1, '0 passed, 1 failed, 0 skipped'])
  }
  const mark = message => `<skipped message="${message}"/>`
  const missing = summaryOf(seen('lint.layers', 'notrun', '', mark('Unable to find executable: node')))
  assert.deepEqual([missing.status, missing.lines.at(-1)], [1, '0 passed, 1 failed, 0 skipped'])
  const skipped = summaryOf(seen('walk.run') + seen('walk.portal', 'notrun', 'no chromium here', mark('SKIP_RETURN_CODE=77')))
  assert.deepEqual([skipped.status, skipped.lines], [0, ['skipped  asan: walk.portal: no chromium here', '1 passed, 0 failed, 1 skipped']])
})

test('tests that got lost are missed', () => {
  const { status, lines } = summaryOf(seen('print_test'), { print_test: inside('One') }, 2)
  assert.equal(status, 1)
  assert.match(lines[0], /only 1 tests ran; tests\/expected-count says 2/)
})
