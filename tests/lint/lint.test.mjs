// SPDX-License-Identifier: Apache-2.0
import assert from 'node:assert/strict'
import { test } from 'node:test'
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
