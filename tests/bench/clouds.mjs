// SPDX-License-Identifier: Apache-2.0
// The rows of the clouds: a long folder listed, 200 MB down and up through each adapter, beside curl sending the same
// requests to the same emulator. Over HTTPS, for the real ones speak nothing else.
import { createHash, randomBytes } from 'node:crypto'
import { closeSync, createReadStream, existsSync, openSync, readFileSync, readSync, rmSync, writeFileSync, writeSync } from 'node:fs'
import path from 'node:path'
import { ask } from '../walk/parts.mjs'
import { recipes } from './recipes.mjs'

const folderName = 'Measured'
const manyName = 'Many'
const many = 20000
const size = 200e6

/** options: stack, folder, build, rounds, row(), median(), only: ids, or none for all */
export async function cloudRows(options) {
  const { stack, folder, only } = options
  const big = path.join(folder, 'big.bin'), small = path.join(folder, 'small.bin')
  makeFile(big, size)
  makeFile(small, 60e6)
  for (const [id, recipe] of Object.entries(recipes)) {
    if (!stack.endpoints()[recipe.provider ?? id] || (only.length && !only.includes(id))) continue
    await new CloudBench(id, recipe, { ...options, big, small }).run()
  }
}

class CloudBench {
  constructor(id, recipe, options) {
    Object.assign(this, { id, recipe, ...options })
    const cloud = recipe.cloud ?? id
    const { http, https } = this.stack.sandbox.clouds[cloud]
    this.provider = recipe.provider ?? id
    this.endpoints = Object.fromEntries(Object.entries(this.stack.endpoints()[this.provider]).map(([key, url]) => [key, url.replace(http, https).replace(new URL(http).origin, new URL(https).origin)]))
    const people = this.stack.credentials[cloud].people
    this.person = people.find(person => recipe.person?.(person) ?? true)
    this.token = recipe.token?.(this.person) ?? this.person.access_token
    this.title = recipe.title ?? id
    this.ca = this.stack.sandbox.ca
  }

  control(command) {
    return this.stack.cloud({ cloud: this.recipe.cloud ?? this.id, person: this.person.email, ...command })
  }

  async run() {
    await this.control({ do: 'make-file', path: `/${folderName}/big.bin`, from: this.big })
    await this.control({ do: 'make-file', path: `/${folderName}/small.bin`, from: this.small })
    await this.control({ do: 'make-many', path: `/${manyName}`, count: many, prefix: 'Entry ' })
    await this.listing()
    await this.downloads()
    await this.uploads()
  }

  // ---- what curl does ----

  /** Runs curl; answers with its output and, in this.spent, adds what it took. */
  async curl(...words) {
    const out = path.join(this.folder, 'curl.out')
    rmSync(out, { force: true })
    await this.#curl([...this.#common(true), ...(words.includes('-o') ? [] : ['-o', out]), ...words])
    return existsSync(out) ? readFileSync(out, 'utf8') : ''
  }

  /** The header fields of an answer, as text. */
  async head(...words) {
    const out = path.join(this.folder, 'curl.head')
    await this.#curl([...this.#common(true), '-o', '/dev/null', '-D', out, ...words])
    return readFileSync(out, 'utf8')
  }

  /** Several requests by one curl, over one connection. With `answers`, what each was answered, as JSON. */
  async curlEach(steps, { answers = false, signed = true } = {}) {
    const outs = steps.map((_, n) => answers ? path.join(this.folder, `answer-${n}.json`) : '/dev/null')
    await this.#curl(steps.flatMap((step, n) => [...(n ? ['--next'] : []), ...this.#common(signed), '-o', outs[n], ...step]))
    return answers ? outs.map(file => JSON.parse(readFileSync(file, 'utf8'))) : undefined
  }

  #common(signed) {
    return ['-sSf', '--cacert', this.ca, ...(signed ? ['-H', `Authorization: ${this.recipe.authorization?.(this) ?? `Bearer ${this.token}`}`] : [])]
  }

  async #curl(words) {
    await this.#spend(['curl', ...words])
  }

  async #spend(command) {
    const taken = await this.measured(command)
    for (const key of ['seconds', 'cpu']) this.spent[key] = (this.spent[key] ?? 0) + taken[key]
    this.spent.peakMB = Math.max(this.spent.peakMB ?? 0, taken.peakMB)
    return taken.output
  }

  /** What openssl makes of each file, in base64; counted as curl's. */
  async digests(algorithm, files) {
    const lines = await this.#spend(['openssl', 'dgst', `-${algorithm}`, '-r', ...files])
    return lines.trim().split('\n').map(line => Buffer.from(line.split(' ')[0], 'hex').toString('base64'))
  }

  async json(...words) {
    return JSON.parse(await this.curl(...words))
  }

  async peer(work) {
    this.spent = {}
    const result = await work()
    return { ...this.spent, result }
  }

  /** The file in pieces of `bytes`, cut beforehand. */
  pieces(file, bytes) {
    const pieces = []
    for (let at = 0, n = 0; at < size; at += bytes, n++) {
      const piece = { file: `${file}.${bytes}.${n}`, at, bytes: Math.min(bytes, size - at) }
      if (!existsSync(piece.file)) {
        const from = openSync(file, 'r'), buffer = Buffer.alloc(piece.bytes)
        readSync(from, buffer, 0, piece.bytes, at)
        closeSync(from)
        writeFileSync(piece.file, buffer)
      }
      pieces.push(piece)
    }
    return pieces
  }

  // ---- what we do ----

  async measured(command) {
    const file = path.join(this.folder, 'measured.json')
    const output = await ask([path.join(this.build, 'bin/measure'), file, ...command])
    return { ...JSON.parse(readFileSync(file, 'utf8')), output }
  }

  async ours(...action) {
    const endpoints = Object.entries(this.endpoints).flatMap(([key, url]) => ['--endpoint', `${key}=${url}`])
    const taken = await this.measured([path.join(this.build, 'bin/transfer-bench'), this.provider, '--token', this.token,
      '--ca', this.ca, ...endpoints, ...(this.recipe.options?.(this) ?? []), ...action])
    const result = JSON.parse(taken.output)
    return { ...taken, seconds: taken.seconds - result.finding, result }
  }

  // ---- the rows ----

  /** One after the other, so that both meet the same machine. */
  async race(one, other) {
    const taken = { ours: [], peers: [] }
    for (let n = 0; n < this.rounds; n++) {
      taken.ours.push(await one(n))
      taken.peers.push(await other(n))
    }
    const of = (who, what) => this.median(taken[who].map(entry => what(entry)))
    return {
      ours: what => of('ours', what), peer: what => of('peers', what),
      row: (name, unit, what, more = {}) => this.row(`${this.title}: ${name}`, unit, of('ours', what), { peer: of('peers', what), peerName: 'curl', ...more })
    }
  }

  async listing() {
    const folder = await this.peer(() => this.recipe.find(this, [manyName]))
    const race = await this.race(() => this.ours('--list', `/${manyName}`), () => this.peer(async () => {
      let entries = 0, firstPage
      for await (const count of this.recipe.pages(this, folder.result)) {
        entries += count
        firstPage ??= this.spent.seconds
      }
      return { entries, firstPage, seconds: this.spent.seconds }
    }))
    for (const who of ['ours', 'peer'])
      if (race[who](({ result }) => result.entries) !== many) throw new Error(`${this.title}: ${who}: not ${many} entries`)
    race.row('folder of 20,000, first page', 's', ({ result }) => result.firstPage)
    race.row('folder of 20,000, all of it', 's', ({ result }) => result.seconds)
    race.row('folder of 20,000, peak memory', 'MB', ({ peakMB }) => peakMB, { bound: 48, over: 'ours' })
  }

  async downloads() {
    const file = await this.peer(() => this.recipe.find(this, [folderName, 'big.bin']))
    const got = path.join(this.folder, 'got.bin'), sum = await sha256(this.big)
    const bring = checked => async () => {
      rmSync(got, { force: true })
      return this.ours('--download', `/${folderName}/big.bin`, '--to', got, ...(checked ? ['--check'] : []))
    }
    const fetch = checked => () => this.peer(async () => {
      rmSync(got, { force: true })
      await this.curl(...this.recipe.download(this, file.result), '-o', got)
      if (checked) {
        const taken = await this.measured(['openssl', 'dgst', '-sha256', got])
        for (const key of ['seconds', 'cpu']) this.spent[key] += taken[key]
      } else if (await sha256(got) !== sum) {
        throw new Error(`${this.title}: curl's download is not the file`)
      }
    })
    const plain = await this.race(async () => {
      const taken = await bring(false)()
      if (await sha256(got) !== sum) throw new Error(`${this.title}: our download is not the file`)
      return taken
    }, fetch(false))
    plain.row('download of 200 MB', 's', ({ seconds }) => seconds, { bound: 1.11 })
    plain.row('download of 200 MB, processor time', 's', ({ cpu }) => cpu, { bound: 1.25 })
    plain.row('download of 200 MB, peak memory', 'MB', ({ peakMB }) => peakMB, { bound: 48, over: 'ours' })
    const checked = await this.race(bring(true), fetch(true))
    checked.row('download, checked by hash', 's', ({ seconds }) => seconds, { peerName: 'curl, openssl dgst', bound: 1.11 })
    checked.row('download, checked by hash, processor time', 's', ({ cpu }) => cpu, { peerName: 'curl, openssl dgst', bound: 1.25 })
    const few = await this.ours('--download', `/${folderName}/small.bin`, '--to', got, '--check')
    this.row(`${this.title}: download, memory does not grow`, 'MB', checked.ours(({ peakMB }) => peakMB), { peer: few.peakMB, peerName: 'ours with 60 MB', bound: 1.2 })
  }

  async uploads() {
    const folder = await this.peer(() => this.recipe.find(this, [folderName]))
    const sum = await sha256(this.big)
    const arrived = async name => {
      const at = `/${folderName}/${name}`
      if ((await this.control({ do: 'read', path: at })).sha256 !== sum) throw new Error(`${this.title}: ${name}: the cloud did not get the file`)
      await this.control({ do: 'delete', path: at })
    }
    let chunk
    const race = await this.race(async n => {
      const taken = await this.ours('--upload', this.big, '--to', `/${folderName}/ours-${n}.bin`)
      chunk = taken.result.chunk
      await arrived(`ours-${n}.bin`)
      return taken
    }, async n => {
      const plan = await this.recipe.prepare?.(this, this.big, chunk)
      const hashed = this.recipe.hashes ? { cpu: 0 } : await this.measured(['openssl', 'dgst', '-sha256', this.big])
      const taken = await this.peer(() => this.recipe.upload(this, { name: `curl-${n}.bin`, folder: folder.result, big: this.big, chunk, plan, size }))
      await arrived(`curl-${n}.bin`)
      return { ...taken, checkedCpu: taken.cpu + hashed.cpu }
    })
    race.row('upload of 200 MB, checked by hash', 's', ({ seconds }) => seconds, { peerName: this.recipe.hashes ? 'curl, openssl dgst' : 'curl', bound: 1.11 })
    this.row(`${this.title}: upload of 200 MB, processor time`, 's', race.ours(({ cpu }) => cpu), { peer: race.peer(({ checkedCpu }) => checkedCpu), peerName: 'curl, openssl dgst', bound: 1.25 })
    race.row('upload of 200 MB, peak memory', 'MB', ({ peakMB }) => peakMB, { bound: 48, over: 'ours' })
    const few = await this.ours('--upload', this.small, '--to', `/${folderName}/few.bin`)
    this.row(`${this.title}: upload, memory does not grow`, 'MB', race.ours(({ peakMB }) => peakMB), { peer: few.peakMB, peerName: 'ours with 60 MB', bound: 1.2 })
  }
}

function makeFile(file, bytes) {
  const handle = openSync(file, 'w')
  for (let left = bytes; left > 0; left -= 1e6) writeSync(handle, randomBytes(Math.min(left, 1e6)))
  closeSync(handle)
}

async function sha256(file) {
  const hash = createHash('sha256')
  for await (const part of createReadStream(file)) hash.update(part)
  return hash.digest('hex')
}
