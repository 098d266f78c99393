// SPDX-License-Identifier: Apache-2.0
// ./run as somebody uses it who comes back: everything is installed and built. It serves the panel, meets no other run,
// and ends as a whole.
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import net from 'node:net'
import os from 'node:os'
import path from 'node:path'
import { after, before, test } from 'node:test'
import { top } from './stack.mjs'

// The repository as ./run sees it, with what was built for the tests in the place of what it builds itself. Its own lock
// is another, for ./test holds that one; and nothing is installed or configured from within a test.
const place = mkdtempSync(path.join(os.tmpdir(), 'run-'))
const state = path.join(place, 'state'), temporary = path.join(place, 'tmp'), tools = path.join(place, 'tools')
const runs = []

before(() => {
  for (const folder of [state, temporary, tools, path.join(place, 'build')]) mkdirSync(folder)
  for (const name of ['run', 'packaging', 'tests', 'CMakePresets.json']) symlinkSync(path.join(top, name), path.join(place, name))
  symlinkSync(path.resolve(process.env.BUILD), path.join(place, 'build/release'))
  for (const name of ['apt-get', 'npm', 'cmake']) {
    writeFileSync(path.join(tools, name), `#!/bin/sh\necho "$0 $*" >> ${place}/called\nexit 1\n`, { mode: 0o755 })
  }
})

after(async () => {
  for (const run of runs) await run.end('SIGKILL')
  rmSync(place, { recursive: true, force: true })
})

/** ./run with these words; its whole output, and the mark that everything it starts carries. */
class Run {
  constructor(...words) {
    this.mark = `RUN_TEST=${randomUUID()}`
    this.text = ''
    const env = { ...process.env, XDG_STATE_HOME: state, TMPDIR: temporary, PATH: `${tools}:${process.env.PATH}` }
    for (const name of ['DISPLAY', 'WAYLAND_DISPLAY', 'FORCE_COLOR']) delete env[name]
    const [name, value] = this.mark.split('=')
    this.child = spawn(path.join(place, 'run'), words, { env: { ...env, [name]: value }, stdio: ['ignore', 'pipe', 'pipe'], detached: true })
    for (const stream of [this.child.stdout, this.child.stderr]) stream.on('data', bytes => { this.text += bytes })
    this.ended = once(this.child, 'close').then(([status]) => status)
    runs.push(this)
  }

  /** Waits for these words; answers with the match. */
  async says(expression) {
    const ended = this.ended.then(() => true)
    const end = Date.now() + 60000
    for (let over = false; ;) {
      const match = expression.exec(this.text)
      if (match) return match
      assert.ok(!over && Date.now() < end, `${expression} was not said:\n${this.text}`)
      over = await Promise.race([ended, once(this.child.stdout, 'data').then(() => false), later(1000)])
    }
  }

  /** The ports of all that it says it started. */
  ports() {
    return [...this.text.matchAll(/(?:127\.0\.0\.1|localhost):(\d+)/g)].map(([, port]) => Number(port))
  }

  /** Ctrl-C reaches all that stands in the foreground. */
  async end(signal = 'SIGINT') {
    if (this.child.exitCode === null && this.child.signalCode === null) process.kill(-this.child.pid, signal)
    return this.ended
  }

  /** Which processes carry its mark. */
  processes() {
    return readdirSync('/proc').filter(name => /^\d+$/.test(name)).filter(pid => {
      try {
        return readFileSync(`/proc/${pid}/environ`, 'latin1').includes(this.mark)
      } catch {
        return false // gone, or another's
      }
    }).map(pid => { try { return readFileSync(`/proc/${pid}/cmdline`, 'latin1').replaceAll('\0', ' ') } catch { return pid } })
  }

  async leftNothing(ports = this.ports()) {
    await holds(() => this.processes().length === 0, () => `still running: ${this.processes().join('; ')}`)
    for (const port of new Set(ports)) assert.equal(await knock(port), 'refused', `port ${port} is still open`)
  }
}

// Where all else has ended, this alone keeps the test going.
const later = ms => new Promise(resolve => setTimeout(resolve, ms, false))

async function holds(condition, otherwise) {
  for (const end = Date.now() + 10000; !condition();) {
    assert.ok(Date.now() < end, otherwise())
    await later(50)
  }
}

/** What whoever connects is greeted with; "refused" where nobody listens. */
function knock(port, host = '127.0.0.1') {
  return new Promise((resolve, reject) => {
    const socket = net.connect(port, host)
    socket.setTimeout(10000, () => { socket.destroy(); resolve('') })
    socket.on('data', bytes => { socket.destroy(); resolve(bytes.toString()) })
    socket.on('close', () => resolve(''))
    socket.on('error', error => error.code === 'ECONNREFUSED' ? resolve('refused') : reject(error))
  })
}

const served = run => run.says(/Connect a VNC viewer to 127\.0\.0\.1:(\d+) .*this machine only.*\n[^]*Ctrl-C ends all of it/).then(match => Number(match[1]))

test('two runs at once serve a panel each, on this machine alone, and Ctrl-C ends one as a whole and not the other', async context => {
  const began = Date.now()
  const [first, second] = [new Run('--vnc'), new Run('--vnc')]
  const ports = await Promise.all([first, second].map(served))
  context.diagnostic(`both serve after ${((Date.now() - began) / 1000).toFixed(1)} s`)

  const folders = [first, second].map(run => /^Logs and state: (.*)$/m.exec(run.text)[1])
  assert.notEqual(folders[0], folders[1])
  assert.ok(first.ports().length > 3, first.text)
  assert.deepEqual(first.ports().filter(port => second.ports().includes(port)), [], 'no port is both\'s')
  for (const port of ports) {
    assert.match(await knock(port), /^RFB 003\.\d{3}\n$/)
    // whoever listens on every address answers at this one, too
    assert.equal(await knock(port, '127.0.0.2'), 'refused')
  }
  for (const run of [first, second]) assert.ok(run.processes().some(words => words.includes('connectord')), 'the mark is seen')

  assert.equal(await first.end(), 130)
  await first.leftNothing()
  assert.match(await knock(ports[1]), /^RFB/, 'the other goes on')

  const third = new Run('--vnc', `:${ports[1]}`)
  await third.says(/the VNC server cannot listen at 127\.0\.0\.1:\d+: taken/)
  assert.equal(await third.ended, 1)
  await third.leftNothing([])

  assert.equal(await second.end(), 130)
  await second.leftNothing()
  assert.deepEqual(readdirSync(temporary).filter(name => name.startsWith('cloud-connector')), [], 'no temporary file is left')
})

test('a second start installs, configures and builds nothing', () => {
  assert.match(readFileSync(path.join(place, 'out/build.log'), 'utf8'), /no work to do/)
  for (const run of runs) assert.doesNotMatch(run.text, /Building|Installing|Fetching/)
  assert.ok(!readdirSync(place).includes('called'), 'nothing was installed or configured')
})

test('where there is no display it says so and does the tour, which Ctrl-C ends as a whole, too', async () => {
  const run = new Run()
  await run.says(/^There is no display here: doing the tour instead \(\.\/run --vnc serves the panel/m)
  await run.says(/ok +home /)
  assert.equal(await run.end(), 130)
  await run.leftNothing()
})
