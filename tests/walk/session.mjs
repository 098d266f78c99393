// SPDX-License-Identifier: Apache-2.0
// A face of the local API for tests: calls, events, and a profile linked the way a person links it.
import { once } from 'node:events'
import net from 'node:net'
import path from 'node:path'
import { Phone } from './phone.mjs'
import { clouds } from './stack.mjs'

export class Session {
  #next = 1
  #waiting = new Map()
  #hearing = new Set()

  /** Connects and subscribes to the events. */
  static async open(socketPath) {
    const session = new Session()
    session.socket = net.connect(socketPath)
    await once(session.socket, 'connect')
    let text = ''
    session.socket.setEncoding('utf8').on('data', more => {
      text += more
      for (let end; (end = text.indexOf('\n')) >= 0; text = text.slice(end + 1)) session.#read(JSON.parse(text.slice(0, end)))
    })
    session.socket.on('error', () => {})
    session.socket.on('close', () => {
      for (const { reject } of session.#waiting.values()) reject(new Error('the service closed the connection'))
      session.#waiting.clear()
    })
    await session.call('events.subscribe')
    return session
  }

  #read(message) {
    if (message.method === 'event') {
      for (const hear of [...this.#hearing]) hear(message.params)
      return
    }
    const waiting = this.#waiting.get(message.id)
    this.#waiting.delete(message.id)
    if (message.error) waiting.reject(Object.assign(new Error(`${waiting.method}: ${message.error.message}`), { code: message.error.data?.code }))
    else waiting.resolve(message.result)
  }

  call(method, params = {}) {
    return new Promise((resolve, reject) => {
      const id = this.#next++
      this.#waiting.set(id, { method, resolve, reject })
      this.socket.write(JSON.stringify({ jsonrpc: '2.0', id, method, params }) + '\n')
    })
  }

  /** The next event that fits, with the time at which it came. */
  event(fits, timeout = 60000, what = 'an event') {
    return new Promise((resolve, reject) => {
      const end = (settle, value) => {
        this.#hearing.delete(hear)
        clearTimeout(timer)
        settle(value)
      }
      const hear = event => fits(event) && end(resolve, { ...event, at: performance.now() })
      const timer = setTimeout(() => end(reject, new Error(`${what} did not come in ${timeout} ms`)), timeout)
      timer.unref() // the connection keeps the program alive, not an event that nobody waits for any more
      this.#hearing.add(hear)
    })
  }

  /** The job, once it fits. */
  async job(id, fits, what = 'the wanted state') {
    const later = this.event(({ type, data }) => type === 'job.changed' && data.id === id && fits(data), 60000, `${what} of the job`)
    const { job } = await this.call('jobs.get', { id })
    if (fits(job)) {
      later.catch(() => {})
      return job
    }
    return (await later).data
  }

  close() { this.socket.destroy() }
}

/** The code of a profile's authorization, once it is out. */
export async function codeOf(session, profile) {
  const later = session.event(({ type, data }) => type === 'authorization.changed' && data.profileId === profile && data.state === 'waiting', 20000, 'the code')
  const now = await session.call('profiles.authorization', { id: profile })
  if (now.state !== 'waiting') return (await later).data
  later.catch(() => {})
  return now
}

/** How a profile's authorization goes on, from now: the next news that fit. */
export async function news(session, profile, fits, what) {
  return (await session.event(({ type, data }) => type === 'authorization.changed' && data.profileId === profile && fits(data), 60000, what)).data
}

/** A profile linked to a sample account over the portal's pages and the cloud's, and opened. Answers with its id. */
export async function link(session, { name, person, pin, pictures, cloud = 'dropbox' }) {
  const { provider = cloud, ownServer } = clouds[cloud]
  const { profile } = await session.call('profiles.create', { provider, name, ...(pin ? { pin } : {}) })
  const granted = news(session, profile.id, ({ state }) => state === 'granted', 'the grant')
  const { verificationUriComplete: address } = await codeOf(session, profile.id)
  const phone = await Phone.open({ pictures: path.join(pictures, `phone-${name}`) })
  try {
    await (ownServer ? phone.linkAtServer(address, person) : phone.link(address, person))
  } finally {
    await phone.close()
  }
  await granted
  await session.call('profiles.open', { id: profile.id, ...(pin ? { pin } : {}) })
  return profile.id
}
