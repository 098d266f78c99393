// SPDX-License-Identifier: Apache-2.0
// Programs that run beside each other: each with its log, its sign of being ready, and an end that leaves nothing behind.
import { spawn } from 'node:child_process'
import { EventEmitter, once } from 'node:events'
import { createWriteStream } from 'node:fs'
import path from 'node:path'
import { createInterface } from 'node:readline'

const restartAfter = 500 // ms; sooner than the systemd units, for nobody here wants to wait

/** One program. Events: 'line' (its output), 'exit'. */
export class Part extends EventEmitter {
  constructor(name, command, { env = {}, cwd, logs, ready, restart = false, patience = 15000 } = {}) {
    super()
    Object.assign(this, { name, command, env, cwd, ready, restart, patience })
    this.logFile = path.join(logs, `${name}.log`)
    this.log = createWriteStream(this.logFile, { flags: 'a' })
    this.log.on('error', () => {}) // a full disk, or a last line after the end: no reason to fail
  }

  /** Resolves with what its `ready` returned: the match of a line (RegExp), or the result of a function. */
  async start() {
    this.stopping = false
    const early = this.#spawn()
    const sign = this.ready instanceof RegExp ? this.#line(this.ready) : this.ready ? this.ready() : Promise.resolve()
    let timer
    const late = new Promise((_, reject) => {
      timer = setTimeout(() => reject(new Error(`${this.name} was not ready in ${this.patience / 1000} s; its log: ${this.logFile}`)), this.patience)
    })
    try {
      return await Promise.race([sign, early, late])
    } finally {
      clearTimeout(timer)
      this.started = true
    }
  }

  #line(expression) {
    return new Promise(resolve => {
      const look = line => {
        const match = expression.exec(line)
        if (match) { this.off('line', look); resolve(match) }
      }
      this.on('line', look)
    })
  }

  #spawn() {
    // Whatever happens to us, the program gets a signal; its own process group takes its children along.
    const child = spawn('setpriv', ['--pdeathsig', 'TERM', ...this.command], {
      cwd: this.cwd, env: { ...process.env, ...this.env }, stdio: ['ignore', 'pipe', 'pipe'], detached: true
    })
    this.child = child
    this.closed = new Promise(resolve => child.once('close', resolve))
    for (const stream of [child.stdout, child.stderr]) {
      createInterface({ input: stream }).on('line', line => {
        this.log.write(line + '\n')
        this.emit('line', line)
      })
    }
    return new Promise((_, reject) => {
      child.on('error', reject)
      child.on('exit', (code, signal) => {
        this.log.write(`-- ended: ${signal ?? code}\n`)
        this.emit('exit', code, signal)
        reject(new Error(`${this.name} ended at its start (${signal ?? code}); its log: ${this.logFile}`))
        if (this.restart && this.started && !this.stopping) {
          this.restartTimer = setTimeout(() => {
            this.#spawn().catch(() => {})
            this.emit('restarted')
          }, restartAfter)
        }
      })
    })
  }

  // Without a process id it never came to life, and never ends.
  get running() { return this.child?.pid && this.child.exitCode === null && this.child.signalCode === null }

  kill(signal = 'SIGTERM') {
    if (!this.running) return
    try { process.kill(-this.child.pid, signal) } catch { this.child.kill(signal) }
  }

  async stop() {
    this.stopping = true
    clearTimeout(this.restartTimer)
    if (this.running) {
      const ended = once(this.child, 'exit')
      this.kill('SIGTERM')
      const timer = setTimeout(() => this.kill('SIGKILL'), 4000)
      await ended
      clearTimeout(timer)
    }
    // Children of its group that did not follow.
    if (this.child?.pid) try { process.kill(-this.child.pid, 'SIGKILL') } catch { /* all gone */ }
    // Its last words belong in the log; what left the group may keep the pipes open for ever.
    let timer
    await Promise.race([this.closed, new Promise(resolve => { timer = setTimeout(resolve, 1000) })])
    clearTimeout(timer)
    await new Promise(resolve => this.log.destroyed ? resolve() : this.log.end(resolve))
  }
}

/** Starts a program for its answer; rejects with what it said when it fails. input: what it reads. */
export function ask(command, { env = {}, cwd, input } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command[0], command.slice(1), { cwd, env: { ...process.env, ...env }, stdio: [input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'] })
    child.stdin?.on('error', () => {}) // it may end without reading
    child.stdin?.end(input)
    const out = [], bad = []
    child.stdout.on('data', bytes => out.push(bytes))
    child.stderr.on('data', bytes => bad.push(bytes))
    child.on('error', reject)
    child.on('close', code => code === 0
      ? resolve(Buffer.concat(out).toString())
      : reject(new Error(`${command[0]} failed (${code}): ${Buffer.concat(bad).toString().trim().split('\n').slice(-3).join(' ')}`)))
  })
}
