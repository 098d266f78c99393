// SPDX-License-Identifier: Apache-2.0
// The portal's device calls beside the device flow of npm's oidc-provider: polls and new codes per second, asked by the
// same program over the same number of kept connections, turn by turn. Ours with its durable store and 100,000 codes that
// wait; the peer as it comes, in memory.
import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { promisify } from 'node:util'
import { top } from '../walk/stack.mjs'

const run = promisify(execFile)
const waiting = 100_000
const connections = 16
const seconds = 3

class Server {
  static async start(words, env = {}) {
    const server = new Server()
    server.child = spawn(words[0], words.slice(1), { stdio: ['ignore', 'pipe', 'ignore'], env: { ...process.env, ...env } })
    const [line] = await Promise.race([once(server.child.stdout, 'data'), once(server.child, 'exit').then(() => { throw new Error(`${words[0]} did not start`) })])
    server.ready = JSON.parse(line)
    return server
  }

  memory() { return Number(/^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${this.ready.pid}/status`, 'utf8'))[1]) / 1024 }

  async stop() {
    this.child.kill('SIGTERM')
    await once(this.child, 'exit')
  }
}

export async function portalRows({ build, folder, rounds, row, median }) {
  const file = (name, text) => {
    writeFileSync(path.join(folder, name), text)
    return path.join(folder, name)
  }
  const config = file('portal.toml', `listen = "127.0.0.1:0"\nstate = "${path.join(folder, 'portal-state')}"\nmax_codes = 10000000\n` +
    '[limits]\nnew_codes_burst = 1e9\nnew_codes_per_hour = 1e9\n[providers.dropbox]\nclient_id = "bench"\n')
  const ours = await Server.start([path.join(build, 'bin/connector-portal'), '--config', config])
  const peer = await Server.start([path.join(top, 'tests/support/oidc-provider')])
  try {
    const load = async (port, where, type, bodies, bound, ...more) =>
      JSON.parse((await run(path.join(build, 'bin/http-load'), [String(port), where, type, bodies, String(connections), bound, ...more])).stdout)
    const codes = name => readFileSync(path.join(folder, name), 'utf8').trim().split('\n')

    const begin = file('begin', JSON.stringify({ publicKey: `${'A'.repeat(42)}E`, provider: 'dropbox', device: { id: 'bench', name: 'Printer in the library', place: 'Ground floor' } }) + '\n')
    const newCode = (bound, ...more) => load(ours.ready.port, '/api/v1/authorizations', 'application/json', begin, bound, ...more)
    await newCode(`count=${waiting}`, 'deviceCode', path.join(folder, 'codes'))
    const polls = file('polls', codes('codes').map(deviceCode => JSON.stringify({ deviceCode })).join('\n') + '\n')
    const poll = () => load(ours.ready.port, '/api/v1/authorizations/poll', 'application/json', polls, `seconds=${seconds}`)

    const port = new URL(peer.ready.issuer).port
    const form = 'application/x-www-form-urlencoded'
    const peerBegin = file('peer-begin', `client_id=${peer.ready.clients.device.id}&scope=openid\n`)
    const peerCode = (bound, ...more) => load(port, '/device/auth', form, peerBegin, bound, ...more)
    const peerPoll = async () => {
      // It remembers the newest thousand.
      await peerCode('count=900', 'device_code', path.join(folder, 'peer-codes'))
      const bodies = file('peer-polls', codes('peer-codes').slice(-800).map(code => new URLSearchParams({ grant_type: 'urn:ietf:params:oauth:grant-type:device_code', client_id: peer.ready.clients.device.id, device_code: code })).join('\n') + '\n')
      return load(port, '/token', form, bodies, `seconds=${seconds}`)
    }
    const taken = { polls: [], peerPolls: [], codes: [], peerCodes: [] }
    for (let n = 0; n < Math.min(rounds, 3); n++) {
      taken.peerPolls.push(await peerPoll())
      taken.polls.push(await poll())
      if (n === 0) row('portal: memory with 100,000 codes waiting', 'MB', ours.memory(), { peer: peer.memory(), peerName: 'npm oidc-provider', bound: 1 })
      taken.peerCodes.push(await peerCode(`seconds=${seconds}`))
      taken.codes.push(await newCode(`seconds=${seconds}`))
    }
    for (const [name, status] of [['polls', 200], ['codes', 200], ['peerPolls', 400], ['peerCodes', 200]])
      for (const { requests, statuses } of taken[name])
        if (statuses[status] !== requests) throw new Error(`${name}: not all answers are the expected ones: ${JSON.stringify(statuses)}`)
    const rate = name => median(taken[name].map(one => one.perSecond))
    const late = name => median(taken[name].map(one => one.p99ms))
    row('portal: polls per second, 100,000 codes waiting', '1/s', rate('polls'), { peer: rate('peerPolls'), peerName: 'npm oidc-provider', bound: 5, over: 'ratio >=' })
    row('portal: new codes per second, each on the disk', '1/s', rate('codes'), { peer: rate('peerCodes'), peerName: 'npm oidc-provider', bound: 2, over: 'ratio >=' })
    row('portal: a poll, 99th percentile', 'ms', late('polls'), { peer: late('peerPolls'), peerName: 'npm oidc-provider', bound: 10, over: 'ours' })
    row('portal: a new code, 99th percentile', 'ms', late('codes'), { peer: late('peerCodes'), peerName: 'npm oidc-provider', bound: 10, over: 'ours' })
  } finally {
    await peer.stop()
    await ours.stop()
  }
}
