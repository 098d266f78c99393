// SPDX-License-Identifier: Apache-2.0
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { after, before, test } from 'node:test'
import { Panel } from '../panel.mjs'

const folder = mkdtempSync(path.join(os.tmpdir(), 'driver-'))
let program, panel

before(async () => {
  const socket = path.join(folder, 'driver.sock')
  program = spawn(process.env.PROBE, [path.join(path.dirname(new URL(import.meta.url).pathname), 'probe.qml')], {
    stdio: 'inherit',
    env: { ...process.env, QT_QPA_PLATFORM: 'offscreen', QT_QUICK_BACKEND: 'software',
      QT_QPA_GENERIC_PLUGINS: 'paneldriver', PANEL_DRIVER_SOCKET: socket }
  })
  panel = await Panel.connect(socket)
})

after(() => {
  panel?.close()
  program?.kill()
  rmSync(folder, { recursive: true, force: true })
})

test('a tap reaches a button found by name or by its words', async () => {
  await panel.tap('first')
  await panel.tap('=First')
  assert.equal((await panel.shown({ name: 'count', text: '2 taps' })).text, '2 taps')
})

test('a tap refuses what a finger could not reach, and says why', async () => {
  await assert.rejects(panel.tap('covered', { timeout: 200 }), /something lies over it: .*lid/)
  await assert.rejects(panel.tap('disabled', { timeout: 200 }), /disabled/)
  await assert.rejects(panel.tap('nobody', { timeout: 200 }), /nowhere/)
})

test('a tap waits until what it wants is there and stands still', async () => {
  await panel.tap('late')
  const late = await panel.tap('late')
  assert.equal(late.rect[0], 270)
})

test('a wait ends by what happens, not by the clock', async () => {
  const three = panel.shown(/^[34] taps$/, 5000)
  await panel.tap('first')
  assert.match((await three).text, /taps/)
  await assert.rejects(panel.shown('=99 taps', 100), /did not appear/)
  await panel.vanished('=99 taps', 100)
})

test('typed letters arrive in the field that has the focus', async () => {
  await panel.type('Léa 7')
  assert.equal((await panel.shown('field')).text, 'Léa 7')
  await panel.key('Backspace')
  assert.equal((await panel.find('field'))[0].text, 'Léa ')
})

test('a swipe scrolls a list', async () => {
  assert.equal((await panel.find('row9')).length, 0)
  for (let i = 0; i < 20 && (await panel.find('row9')).length === 0; i++) {
    await panel.swipe('list', [0, -60])
    await panel.rest()
  }
  assert.equal((await panel.find('row9')).length, 1)
})

test('a check names the text that is cut off and the texts that lie over each other', async () => {
  const faults = await panel.check()
  assert.ok(faults.some(f => f.fault === 'cut off' && f.name === 'tooLong'), JSON.stringify(faults))
  assert.ok(faults.some(f => f.fault === 'over another text' && f.name === 'under' && f.more === 'the other'))
  assert.ok(!faults.some(f => f.name === 'count'))
})

test('a picture of the window is written, and the tree names what is on it', async () => {
  const file = path.join(folder, 'window.png')
  const { width, height } = await panel.grab(file)
  assert.deepEqual([width, height], [400, 300])
  assert.equal(readFileSync(file).subarray(1, 4).toString(), 'PNG')
  const tree = await panel.tree()
  assert.ok(tree.some(item => item.name === 'first'))
  assert.ok(!tree.some(item => item.name === 'row45'))
})
