// SPDX-License-Identifier: Apache-2.0
// When things go wrong, with all parts real: the programs are killed, cut off and jammed; nothing is lost or done twice.
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { after, afterEach, before, test } from 'node:test'
import { ask } from './parts.mjs'
import { link, Session } from './session.mjs'
import { Stack } from './stack.mjs'

const person = 'mara.lind@example.org'
const sha256 = bytes => createHash('sha256').update(bytes).digest('hex')
const completed = job => job.state === 'completed'
let stack, session, profile, count = 0

before(async () => {
  stack = new Stack({ build: process.env.BUILD, pageTime: 50 })
  await stack.start()
  session = await Session.open(stack.apiSocket)
  profile = await link(session, { name: 'Mara', person, pictures: stack.folder })
})

after(async () => {
  session?.close()
  await stack?.stop()
  if (stack) rmSync(stack.folder, { recursive: true, force: true })
})

afterEach(async () => {
  stack.printer.setConditions()
  await stack.scanner.set('jam-at')
  await stack.cloud({ do: 'clear-faults' })
})

async function entry(folder, name) {
  const { entries } = await session.call('files.list', { profile, folder })
  const found = entries.find(one => one.name === name)
  assert.ok(found, `${name} is in the folder`)
  return found
}

async function print(name) {
  const { id, revision } = await entry('', name)
  const { job } = await session.call('jobs.print', { profile, items: [{ id, name, revision }], ticket: { copies: 1 }, key: `wrong-${++count}` })
  return job.id
}

async function scan(settings) {
  const { id } = await entry('', 'Scans')
  const { job } = await session.call('jobs.scan', {
    profile, folder: id, folderName: 'Scans', name: `Scan ${++count}`, key: `wrong-${count}`,
    settings: { source: 'flatbed', colorMode: 'gray', resolution: 75, format: 'pdf', pages: 'one', ...settings }
  })
  return job.id
}

async function scans() {
  return (await stack.cloud({ do: 'list', person, path: '/Scans' })).entries.map(one => one.name)
}

/** The connection that was opened before the service was killed is gone: a new one, with the profile opened again. */
async function reconnect() {
  session.close()
  for (const deadline = Date.now() + 15000; ;) {
    try {
      session = await Session.open(stack.apiSocket)
      break
    } catch (error) {
      if (Date.now() > deadline) throw error
      await new Promise(resolve => setTimeout(resolve, 20))
    }
  }
  await session.call('profiles.open', { id: profile })
}

test('the service killed while it prints: started again, the document is printed once', async () => {
  const before = stack.printer.documents().length
  stack.printer.setConditions('media-empty')
  const id = await print('Getting started.pdf')
  await session.job(id, job => job.stage === 'print', 'printing')
  const restarted = new Promise(resolve => stack.service.once('restarted', resolve))
  stack.service.kill('SIGKILL')
  await restarted
  stack.printer.setConditions()
  await reconnect()
  await session.job(id, completed, 'the end')
  assert.equal(stack.printer.documents().length, before + 1)
})

test('the service killed right after a job was accepted: the job is done, once', async () => {
  const before = stack.printer.documents().length
  const id = await print('Getting started.pdf')
  const restarted = new Promise(resolve => stack.service.once('restarted', resolve))
  stack.service.kill('SIGKILL')
  await restarted
  await reconnect()
  await session.job(id, completed, 'the end')
  assert.equal(stack.printer.documents().length, before + 1)
})

test('the panel killed during a job: the job goes on, and the panel that comes back shows it', async () => {
  let panel = await stack.startPanel({ platform: 'offscreen', driven: true })
  await panel.shown('tile-cloud-connector')
  stack.printer.setConditions('media-empty')
  const id = await print('Getting started.pdf')
  await session.job(id, job => job.stage === 'print', 'printing')
  stack.panelPart.kill('SIGKILL')
  await stack.stopPanel()
  panel = await stack.startPanel({ platform: 'offscreen', driven: true })
  await panel.tap('tile-jobs')
  await panel.shown({ name: 'job-row-0' })
  stack.printer.setConditions()
  await session.job(id, completed, 'the end')
  await stack.stopPanel()
})

test('a download that is cut is resumed, and what is printed is whole', async () => {
  await stack.cloud({ do: 'make-file', person, path: '/Cut.pdf', from: stack.printer.documents()[0] })
  const original = await stack.cloud({ do: 'read', person, path: '/Cut.pdf' })
  await stack.cloud({ do: 'fault', route: 'files/download', times: 1, action: { cutAfter: 5000 } })
  const before = stack.printer.documents()
  await session.job(await print('Cut.pdf'), completed, 'the end')
  const [fresh] = stack.printer.documents().filter(file => !before.includes(file))
  assert.equal(sha256(readFileSync(fresh)), original.sha256)
})

test('out of paper: the job says so, and goes on when there is some', async () => {
  stack.printer.setConditions('media-empty')
  const id = await print('Getting started.pdf')
  const job = await session.job(id, one => one.reasons.includes('media-empty'), 'media-empty')
  assert.equal(job.state, 'processing-stopped')
  stack.printer.setConditions()
  await session.job(id, completed, 'the end')
})

test('the printer gone: the job waits, says so, and goes on when it is back', async () => {
  const { part } = stack.printer
  const command = part.command
  const port = new URL(stack.printer.uri.replace(/^ipp/, 'http')).port
  await part.stop()
  const id = await print('Getting started.pdf')
  const job = await session.job(id, one => one.reasons.includes('printer-unreachable'), 'printer-unreachable')
  assert.equal(job.state, 'processing-stopped')
  await stack.startPrinterAgain([...command, '--port', port])
  await session.job(id, completed, 'the end')
})

test('a damaged PDF ends with an error that names it', async () => {
  const { id } = await entry('', 'Broken')
  const { entries } = await session.call('files.list', { profile, folder: id })
  const { name, id: file, revision } = entries.find(one => one.name === 'Not a PDF.pdf')
  const { job } = await session.call('jobs.print', { profile, items: [{ id: file, name, revision }], ticket: { copies: 1 }, key: 'damaged' })
  const ended = await session.job(job.id, one => one.state === 'aborted', 'the end')
  assert.match(ended.error.code, /document-damaged|damaged-document|format-unsupported/)
})

test('the feeder jams after some pages: they are kept, and delivered when asked', async () => {
  await stack.scanner.set('pages', '4')
  await stack.scanner.set('jam-at', '3')
  const before = await scans()
  const id = await scan({ source: 'feeder' })
  const job = await session.job(id, one => one.awaiting === 'decision', 'the question')
  assert.equal(job.awaitingError.code, 'feeder-jammed')
  assert.equal(job.progress.pages, 2)
  await session.call('jobs.continue', { id, action: 'finish' })
  await session.job(id, completed, 'the end')
  const fresh = (await scans()).filter(name => !before.includes(name))
  assert.equal(fresh.length, 1)
  const where = new URLSearchParams({ cloud: 'dropbox', person, path: `/Scans/${fresh[0]}` })
  const file = path.join(stack.folder, 'jammed.pdf')
  writeFileSync(file, Buffer.from(await (await fetch(new URL(`/sandbox/file?${where}`, stack.sandbox.http))).arrayBuffer()))
  assert.match(await ask(['pdfinfo', file]), /^Pages:\s+2$/m)
})

test('an upload whose answer is lost delivers the scan once', async () => {
  const before = await scans()
  await stack.cloud({ do: 'fault', route: 'files/upload', times: 1, action: { loseAnswer: true } })
  const id = await scan({})
  const job = await session.job(id, completed, 'the end')
  assert.deepEqual((await scans()).filter(name => !before.includes(name)), [job.resultName])
})

test('the service killed while it scans: the scan is delivered once', async () => {
  const before = await scans()
  const id = await scan({ pages: 'many' })
  await session.job(id, one => one.awaiting === 'next-page', 'the question')
  const restarted = new Promise(resolve => stack.service.once('restarted', resolve))
  stack.service.kill('SIGKILL')
  await restarted
  await reconnect()
  await session.job(id, one => one.awaiting !== null, 'the question again')
  await session.call('jobs.continue', { id, action: 'finish' })
  const job = await session.job(id, completed, 'the end')
  assert.deepEqual((await scans()).filter(name => !before.includes(name)), [job.resultName])
})
