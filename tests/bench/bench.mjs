// SPDX-License-Identifier: Apache-2.0
// Measures the product beside what one would otherwise run. See ./bench.
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import net from 'node:net'
import os from 'node:os'
import path from 'node:path'
import { once } from 'node:events'
import { ask, Part } from '../walk/parts.mjs'
import { link, Session } from '../walk/session.mjs'
import { Stack, top } from '../walk/stack.mjs'
import { completedJobs, Relay } from './ipp.mjs'
import { cloudRows } from './clouds.mjs'
import { portalRows } from './portal.mjs'

const words = process.argv.slice(2)
const build = words.splice(words.indexOf('--build'), 2)[1]
const kinds = words.length ? words : ['clouds', 'panel', 'memory', 'print', 'portal']
const rounds = Number(process.env.ROUNDS ?? 9) // as many as it takes: one upload may take a tenth longer than the next

const rows = []
const median = values => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]
const round = value => value === null ? null : Number(value.toPrecision(4))

/** bound: "ratio <= x", "ratio >= x" or "ours <= x"; peer may be missing. */
function row(name, unit, ours, { peer = null, peerName = null, bound = null, over = 'ratio' } = {}) {
  const ratio = peer === null ? null : ours / peer
  const atLeast = over.endsWith('>=')
  const measured = over.startsWith('ratio') ? ratio : ours
  const holds = bound === null ? null : atLeast ? measured >= bound : measured <= bound
  rows.push({ name, unit, ours: round(ours), peer: round(peer), peer_name: peerName, ratio: round(ratio), bound: bound === null ? null : `${over}${atLeast ? '' : ' <='} ${bound}`, holds })
  print(rows.at(-1))
}

function print({ name, unit, ours, peer, peer_name, ratio, bound, holds }) {
  const cell = (value, width) => String(value ?? '').padStart(width)
  console.log(`${name.padEnd(54)}${unit.padEnd(4)}${cell(ours, 9)}${cell(peer, 9)} ${(peer_name ?? '').padEnd(20)}${cell(ratio, 7)}  ${(bound ?? '').padEnd(14)} ${holds === null ? '' : holds ? 'holds' : 'BROKEN'}`)
}

/** From the start of the process to its first frame. */
async function firstFrame(stack) {
  const once = async () => {
    const times = []
    for (let n = 0; n < rounds + 1; n++) {
      const panel = new Part('panel-start', [stack.program('connector-panel'), '--socket', stack.apiSocket, '--report-first-frame', '--size', '800x480'],
        { logs: stack.logs, ready: /first frame (\d+)/, env: { QT_QPA_PLATFORM: 'offscreen', QT_QUICK_BACKEND: 'software' } })
      const [, ms] = await panel.start()
      await panel.stop()
      times.push(Number(ms) / 1000)
    }
    return median(times.slice(1))
  }
  row('panel: start to first frame', 's', await once(), { bound: 0.5, over: 'ours' })
}

function pss(pid) {
  return Number(/^Pss:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))[1]) / 1024
}

async function memory(stack) {
  const panel = await stack.startPanel({ platform: 'offscreen', driven: true })
  await panel.shown('tile-cloud-connector')
  await panel.tap('tile-cloud-connector')
  await panel.shown('provider-dropbox')
  await panel.tap('back-button')
  await panel.shown('tile-cloud-connector')
  await stack.stopPanel()
  const plain = await stack.startPanel({ platform: 'offscreen' })
  await atRest(plain.child.pid)
  row('panel: memory at rest (PSS)', 'MB', pss(plain.child.pid), { bound: 110, over: 'ours' })
  row('service: memory at rest (PSS)', 'MB', pss(stack.service.child.pid), { bound: 30, over: 'ours' })
  await stack.stopPanel()
}

/** Until a process has used no processor time for a second. */
async function atRest(pid) {
  const used = () => readFileSync(`/proc/${pid}/stat`, 'utf8').split(' ').slice(13, 15).join()
  for (let before; before !== (before = used());) await new Promise(resolve => setTimeout(resolve, 1000))
}

/** Resolves with the time at which the printer or queue says that one more job is completed. */
async function oneMoreCompleted(uri, before) {
  for (;;) {
    if ((await completedJobs(uri)).size > before) return performance.now()
    await new Promise(resolve => setTimeout(resolve, 5))
  }
}

/** Print to the printer's first byte, and the printer's end to the end that the person sees; beside lp through CUPS. */
async function printing(stack, folder, relay) {
  const session = await Session.open(stack.apiSocket)
  const profile = await link(session, { name: 'Bench', person: 'mara.lind@example.org', pictures: folder })
  const { entries } = await session.call('files.list', { profile, folder: '' })
  const file = entries.find(entry => entry.name === 'Getting started.pdf')
  const item = { id: file.id, name: file.name, revision: file.revision }
  const document = path.join(folder, 'document.pdf')
  const where = new URLSearchParams({ cloud: 'dropbox', person: 'mara.lind@example.org', path: '/Getting started.pdf' })
  writeFileSync(document, Buffer.from(await (await fetch(new URL(`/sandbox/file?${where}`, stack.sandbox.http))).arrayBuffer()))

  const cups = await Cups.start(stack, folder, relay.uri)
  const printer = stack.printer.uri
  const taken = { ours: { first: [], last: [] }, cups: { first: [], last: [] } }
  for (let n = 0; n < rounds; n++) {
    let done = (await completedJobs(printer)).size
    let began = performance.now()
    let first = relay.firstByte()
    let end = oneMoreCompleted(printer, done)
    const seen = session.event(({ type, data }) => type === 'job.changed' && data.state === 'completed')
    await session.call('jobs.print', { profile, items: [item], ticket: { copies: 1 }, key: `bench-${process.pid}-${n}` })
    taken.ours.first.push(await first - began)
    taken.ours.last.push((await seen).at - await end)

    done = (await completedJobs(printer)).size
    const queued = (await completedJobs(cups.uri)).size
    began = performance.now()
    first = relay.firstByte()
    end = oneMoreCompleted(printer, done)
    const over = oneMoreCompleted(cups.uri, queued)
    await ask(['lp', '-h', cups.host, '-d', 'bench', document])
    taken.cups.first.push(await first - began)
    taken.cups.last.push(await over - await end)
  }
  row('Print to the printer\'s first byte', 'ms', median(taken.ours.first), { peer: median(taken.cups.first), peerName: 'lp through CUPS', bound: 1 })
  row('the printer\'s end to "completed" on the panel', 'ms', Math.max(0, median(taken.ours.last)), { peer: median(taken.cups.last), peerName: 'lp through CUPS', bound: 1 })
  await cups.stop()
  session.close()
}

/** A print server of our own: nothing of the machine's is touched. */
class Cups {
  static async start(stack, folder, printer) {
    const cups = new Cups()
    const port = await freePort()
    cups.host = `127.0.0.1:${port}`
    cups.uri = `ipp://127.0.0.1:${port}/printers/bench`
    const at = path.join(folder, 'cups')
    for (const one of ['etc', 'etc/ppd', 'spool', 'spool/tmp', 'cache', 'state', 'log']) mkdirSync(path.join(at, one), { recursive: true })
    writeFileSync(path.join(at, 'cups-files.conf'), `User lp\nGroup lp\nSystemGroup root\nServerRoot ${at}/etc\nRequestRoot ${at}/spool\nTempDir ${at}/spool/tmp\nCacheDir ${at}/cache\nStateDir ${at}/state\n` +
      `AccessLog ${at}/log/access\nErrorLog ${at}/log/error\nPageLog ${at}/log/page\nServerKeychain ${at}/etc/ssl\nSandboxing relaxed\n`)
    writeFileSync(path.join(at, 'cupsd.conf'), `Listen 127.0.0.1:${port}\nBrowsing Off\nDefaultShared No\nWebInterface No\nDefaultAuthType None\nLogLevel warn\nMaxLogSize 0\n` +
      '<Location />\n  Order allow,deny\n  Allow all\n</Location>\n<Location /admin>\n  Order allow,deny\n  Allow all\n</Location>\n' +
      '<Policy default>\n  JobPrivateAccess all\n  JobPrivateValues none\n  SubscriptionPrivateAccess all\n  SubscriptionPrivateValues none\n  <Limit All>\n    Order deny,allow\n  </Limit>\n</Policy>\n')
    cups.part = new Part('cupsd', ['/usr/sbin/cupsd', '-f', '-c', path.join(at, 'cupsd.conf'), '-s', path.join(at, 'cups-files.conf')],
      { logs: stack.logs, ready: () => listens(port) })
    await cups.part.start()
    await ask(['lpadmin', '-h', cups.host, '-p', 'bench', '-E', '-v', printer, '-m', 'everywhere'])
    return cups
  }

  stop() { return this.part.stop() }
}

async function freePort() {
  const server = net.createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address()
  server.close()
  return port
}

async function listens(port) {
  for (;;) {
    const socket = net.connect(port, '127.0.0.1')
    const there = await Promise.race([once(socket, 'connect').then(() => true), once(socket, 'error').then(() => false, () => false)]).catch(() => false)
    socket.destroy()
    if (there) return
    await new Promise(resolve => setTimeout(resolve, 50))
  }
}

const folder = mkdtempSync(path.join(os.tmpdir(), 'bench-'))
chmodSync(folder, 0o711) // the print server's filters run as somebody else
const stack = new Stack({ build, pageTime: 100 })
let relay
try {
  await stack.startSurroundings()
  relay = await Relay.before(stack.printer.uri)
  await stack.startService({ printerUri: relay.uri })
  console.log(`${''.padEnd(58)}${'ours'.padStart(9)}${'peer'.padStart(9)} ${''.padEnd(20)}${'ratio'.padStart(7)}  bound`)
  const clouds = kinds.filter(kind => kind.startsWith('clouds'))
  if (clouds.length) await cloudRows({ stack, folder, build, rounds, row, median, only: clouds.flatMap(kind => kind.split('=').slice(1)) })
  if (kinds.includes('panel')) await firstFrame(stack)
  if (kinds.includes('memory')) await memory(stack)
  if (kinds.includes('print')) await printing(stack, folder, relay)
  if (kinds.includes('portal')) await portalRows({ build, folder, rounds, row, median })
  mkdirSync(path.join(top, 'out'), { recursive: true })
  writeFileSync(path.join(top, 'out/bench.json'), JSON.stringify({ machine: { processors: os.cpus().length, model: os.cpus()[0]?.model, memoryMB: Math.round(os.totalmem() / 1048576) }, rows }, null, 2) + '\n')
  const broken = rows.filter(one => one.holds === false)
  console.log(broken.length ? `${broken.length} of ${rows.length} rows break their bound` : `all bounds hold; out/bench.json`)
  process.exitCode = broken.length ? 1 : 0
} catch (error) {
  console.error(`bench: ${error.message}; logs: ${stack.logs}`)
  process.exitCode = 1
} finally {
  relay?.close()
  await stack.stop()
  rmSync(folder, { recursive: true, force: true })
}
process.exit()
