// SPDX-License-Identifier: Apache-2.0
// The driver's client: what a test asks of a running panel. See panel_driver/driver.h.
import net from 'node:net'
import { existsSync, watch } from 'node:fs'
import path from 'node:path'

export class Panel {
  #socket
  #waiting = new Map()
  #next = 1
  #rest = ''

  /** Connects once the program has made its socket. */
  static async connect(socketPath, { timeout = 20000, signal } = {}) {
    await appears(socketPath, timeout, signal)
    const panel = new Panel()
    const deadline = Date.now() + timeout
    for (;;) {
      try {
        await panel.#open(socketPath)
        return panel
      } catch (error) { // the socket's file is there a moment before somebody listens
        if (Date.now() > deadline) throw error
        await new Promise(resolve => setImmediate(resolve))
      }
    }
  }

  #open(socketPath) {
    return new Promise((resolve, reject) => {
      const socket = net.connect(socketPath)
      socket.setEncoding('utf8')
      socket.once('error', reject)
      socket.once('connect', () => {
        this.#socket = socket
        socket.removeListener('error', reject)
        socket.on('error', error => this.#end(error))
        socket.on('close', () => this.#end(new Error('the panel is gone')))
        socket.on('data', text => this.#read(text))
        resolve()
      })
    })
  }

  #end(error) {
    for (const { reject } of this.#waiting.values()) reject(error)
    this.#waiting.clear()
    this.gone = true
  }

  #read(text) {
    const lines = (this.#rest + text).split('\n')
    this.#rest = lines.pop()
    for (const line of lines) {
      const reply = JSON.parse(line)
      const waiting = this.#waiting.get(reply.id)
      this.#waiting.delete(reply.id)
      if (reply.ok) waiting?.resolve(reply.result)
      else waiting?.reject(new Error(reply.error))
    }
  }

  ask(what, more = {}) {
    if (this.gone) return Promise.reject(new Error('the panel is gone'))
    const id = this.#next++
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject })
      this.#socket.write(JSON.stringify({ id, do: what, ...more }) + '\n')
    })
  }

  async find(what) { return (await this.ask('find', { what: wanted(what) })).items }
  tap(what, options) { return this.ask('tap', { what: wanted(what), ...options }) }
  tapTwice(what, options) { return this.ask('tapTwice', { what: wanted(what), ...options }) }
  shown(what, timeout) { return this.ask('wait', { what: wanted(what), timeout }) }
  touchable(what, timeout) { return this.ask('wait', { for: 'touchable', what: wanted(what), timeout }) }
  vanished(what, timeout) { return this.ask('wait', { for: 'gone', what: wanted(what), timeout }) }
  swipe(what, by, options) { return this.ask('swipe', { what: wanted(what), by, ...options }) }
  type(text) { return this.ask('type', { text }) }
  key(key) { return this.ask('key', { key }) }
  grab(file) { return this.ask('grab', { file: path.resolve(file) }) }
  async tree() { return (await this.ask('tree')).items }
  async check(options) { return (await this.ask('check', options)).faults }
  /** Until nothing moves; what never rests (a busy sign) is given a moment. */
  async rest(timeout = 1000) { await this.ask('wait', { for: 'rest', timeout }).catch(() => {}) }
  close() { this.#socket.destroy() }
}

// 'name' is an objectName, '=words' the words, '/expression/' words that fit; objects go as they are.
function wanted(what) {
  if (typeof what !== 'string') return what instanceof RegExp ? { like: what.source } : what
  return what.startsWith('=') ? { text: what.slice(1) } : { name: what }
}

/** Resolves when the file is there. */
export function appears(file, timeout, signal) {
  return new Promise((resolve, reject) => {
    const end = (settle, value) => {
      clearTimeout(timer)
      watcher?.close()
      signal?.removeEventListener('abort', aborted)
      settle(value)
    }
    const aborted = () => end(reject, signal.reason)
    const timer = setTimeout(() => end(reject, new Error(`${file} did not appear in ${timeout} ms`)), timeout)
    let watcher
    try {
      watcher = watch(path.dirname(file), () => existsSync(file) && end(resolve))
    } catch (error) {
      end(reject, error)
    }
    signal?.addEventListener('abort', aborted)
    if (existsSync(file)) end(resolve)
  })
}
