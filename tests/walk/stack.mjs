// SPDX-License-Identifier: Apache-2.0
// The whole product on one machine without an account: emulated clouds, printer, scanner, sign-in portal, service, panel.
// Every run has a folder of its own and takes free ports.
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import net from 'node:net'
import os from 'node:os'
import path from 'node:path'
import { ask, Part } from './parts.mjs'
import { appears, Panel } from './panel.mjs'

export const top = path.resolve(path.dirname(new URL(import.meta.url).pathname), '../..')
const keptRuns = 5

// What each cloud calls its addresses in the product's configuration; in the sandbox one address serves them all.
const bases = {
  box: ['account', 'api', 'upload', 'download'],
  dropbox: ['www', 'api', 'content'],
  'google-drive': ['accounts', 'oauth2', 'userinfo', 'api', 'docs', 'pictures'],
  onedrive: ['login', 'graph'],
  webdav: ['server']
}

// Which of the sandbox's clouds a walk goes to, and whose accounts there are of the kind that is meant. Where the account's
// own server leads the sign-in, the portal has no part in it. `accounts` has what an account is called where the cloud knows
// no e-mail address of it.
export const clouds = {
  box: {},
  dropbox: {},
  'google-drive': {},
  onedrive: { people: ['mara.lind@example.org', 'jonas.weber@example.org'] },
  'onedrive-business': { provider: 'onedrive', people: ['tomas.berg@example.org', 'aiko.tanaka@example.net'] },
  webdav: { ownServer: true, accounts: { 'aiko.tanaka@example.net': 'Aiko Tanaka@' } }
}

// Who can sign in at the sandbox's panel. Where there is no PIN, a tap on the name is enough.
export const stationPeople = [
  { name: 'Mara Lind', pin: '112233' },
  { name: 'Tomas Berg', pin: '445566' },
  { name: 'Aiko Tanaka' }
]

export class Stack {
  /** options: build (folder), language, size "800x480", config (own service configuration: no sandbox), say(part, words) */
  constructor(options) {
    this.options = { language: 'en', size: '800x480', host: '127.0.0.1', pageTime: 150, say: () => {}, ...options }
    this.parts = []
    this.facts = {}
    this.#makeFolder()
  }

  #makeFolder() {
    const base = path.join(process.env.XDG_STATE_HOME || path.join(os.homedir(), '.local/state'), 'cloud-connector-sandbox')
    mkdirSync(base, { recursive: true, mode: 0o700 })
    const old = readdirSync(base).sort().filter(run => !isAlive(path.join(base, run)))
    for (const run of old) removeSockets(path.join(base, run))
    for (const run of old.slice(0, Math.max(0, old.length - keptRuns))) rmSync(path.join(base, run), { recursive: true, force: true })
    const stamp = new Date().toISOString().replace(/[-:]/g, '').slice(0, 15)
    this.folder = mkdtempSync(path.join(base, `${stamp}-`))
    writeFileSync(path.join(this.folder, 'pid'), `${process.pid}\n`)
    this.logs = path.join(this.folder, 'logs')
    mkdirSync(this.logs)
    // A socket's path has room for 107 letters, which a state folder may well exceed.
    this.sockets = mkdtempSync(path.join(os.tmpdir(), 'cloud-connector-'))
    chmodSync(this.sockets, 0o700)
    writeFileSync(path.join(this.folder, 'sockets'), `${this.sockets}\n`)
    this.apiSocket = path.join(this.sockets, 'api.sock')
  }

  program(name) {
    const file = path.join(this.options.build, 'bin', name)
    if (!existsSync(file)) throw new Error(`${file} is not built`)
    return file
  }

  #state(name) {
    const folder = path.join(this.folder, name)
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    return folder
  }

  async #part(name, command, options, words = () => '') {
    const part = new Part(name, command, { logs: this.logs, ...options })
    this.parts.push(part)
    const result = await part.start()
    this.options.say(name, words(result))
    part.on('restarted', () => this.options.say(name, 'ended and was started again'))
    return { part, result }
  }

  async start() {
    if (this.options.config) {
      await this.#startService(path.resolve(this.options.config))
    } else {
      await this.startSurroundings()
      await this.startService()
    }
  }

  /** Everything that the service works with. */
  async startSurroundings() {
    await Promise.all([this.#startCloudsAndPortal(), this.#startPrinter(), this.#startScanner()])
  }

  async #startCloudsAndPortal() {
    await this.#startSandbox()
    await this.#startPortal()
  }

  async #startSandbox() {
    const { part, result } = await this.#part('cloud-sandbox',
      [process.execPath, path.join(top, 'tests/sandbox/cloud-sandbox'), '--state', this.#state('clouds'), '--die-with-parent'],
      { ready: /^\{.*"http":.*\}$/, patience: 240000 }, match => `emulated clouds at ${JSON.parse(match[0]).http}`)
    this.sandbox = JSON.parse(result[0])
    this.credentials = await (await fetch(new URL('/sandbox/credentials', this.sandbox.http))).json()
    return part
  }

  /** The addresses under which the product finds the emulated clouds instead of the real ones, in the product's order. */
  endpoints() {
    return Object.fromEntries(Object.entries(bases).filter(([cloud]) => this.sandbox.clouds[cloud])
      .map(([cloud, names]) => [cloud, Object.fromEntries(names.map(name => [name, this.sandbox.clouds[cloud].http]))]))
  }

  async #startPortal() {
    const words = ['--state', this.#state('portal'), '--poll-interval', '1', '--operator', 'Sandbox']
    const env = {}
    for (const [cloud, addresses] of Object.entries(this.endpoints()).filter(([name]) => !clouds[name].ownServer)) {
      words.push('--client', `${cloud}=${this.credentials[cloud].client_id}`)
      env[`CONNECTOR_PORTAL_${cloud.toUpperCase().replace(/-/g, '_')}_SECRET`] = this.credentials[cloud].client_secret
      for (const [name, base] of Object.entries(addresses)) words.push('--endpoint', `${cloud}.${name}=${base}`)
    }
    await this.startPortalAgain([this.program('connector-portal'), ...words], { env, listen: `${this.options.host}:0` })
  }

  /** The portal, at the address that it had before; `command` without the address. */
  async startPortalAgain(command, { env = this.portal.part.env, listen = new URL(this.portal.url).host } = {}) {
    const { part, result } = await this.#part('portal', [...command, '--listen', listen],
      { env, ready: /^\{.*"publicUrl":.*\}$/, restart: true }, match => `sign-in portal at ${JSON.parse(match[0]).publicUrl}`)
    this.portal = { part, command, url: JSON.parse(result[0]).publicUrl }
  }

  async #startPrinter() {
    const folder = this.#state('printer')
    await this.startPrinterAgain([this.program('ipp-printer'), '--state', folder, '--page-time', String(this.options.pageTime)])
    Object.assign(this.printer, {
      folder,
      setConditions: (...reasons) => writeFileSync(path.join(folder, 'control/conditions'), reasons.map(reason => reason + '\n').join('')),
      documents: () => readdirSync(path.join(folder, 'documents')).map(name => path.join(folder, 'documents', name))
    })
  }

  async startPrinterAgain(command) {
    const { part, result } = await this.#part('printer', command, { ready: /^ipps?:\/\/\S+$/ }, match => `IPP printer at ${match[0]}`)
    this.printer = { ...this.printer, part, uri: result[0] }
  }

  async #startScanner() {
    const folder = path.join(this.folder, 'scanner')
    const program = this.program('sane-sandbox')
    const device = (await ask([program, 'make', folder])).trim()
    this.scanner = { folder, device, set: (...words) => ask([program, 'set', folder, ...words]) }
    this.options.say('scanner', `SANE device ${device}`)
  }

  /** The service with the sandbox's parts; printerUri where something stands before the printer. */
  async startService({ printerUri = this.printer.uri } = {}) {
    const file = path.join(this.folder, 'connectord.toml')
    const table = (name, values) => `[${name}]\n${Object.entries(values).map(([key, value]) => `${key} = ${JSON.stringify(value)}\n`).join('')}\n`
    let toml = table('service', { state: this.#state('service'), socket: this.apiSocket }) +
      table('device', { name: 'Printer in the library', place: 'Ground floor' }) +
      table('portal', { url: this.portal.url }) +
      table('printer', { uri: printerUri }) +
      table('scanner', { device: this.scanner.device, sane_config: this.scanner.folder }) +
      table('web', { listen: '127.0.0.1', port: 0 })
    for (const [cloud, addresses] of Object.entries(this.endpoints())) {
      toml += clouds[cloud].ownServer
        ? table(`clouds.${cloud}`, { ...addresses, trust_email: true })
        : table(`clouds.${cloud}`, { client_id: this.credentials[cloud].client_id }) + table(`clouds.${cloud}.endpoints`, addresses)
    }
    writeFileSync(file, toml)
    await this.#startService(file)
  }

  async #startService(file) {
    const { part } = await this.#part('connectord', [this.program('connectord'), '--config', file, '--socket', this.apiSocket],
      { ready: /^\{"ready":true/, restart: true }, () => 'the service')
    this.service = part
  }

  /** The accounts of those who can sign in, made as an administrator of the device makes them. */
  async addPeople() {
    for (const { name, pin } of stationPeople) {
      await ask([this.program('connectorctl'), '--socket', this.apiSocket, 'people', 'add', name, pin ? '--pin' : '--open'], { input: pin ? `${pin}\n` : '' })
    }
    this.options.say('people', stationPeople.map(({ name, pin }) => pin ? `${name} (PIN ${pin})` : `${name} (no PIN)`).join(', '))
  }

  /**
   * Starts the panel; answers with its driver when `driven`, else with its Part. vnc: { address, port }; answers with nothing
   * where it cannot listen there.
   */
  async startPanel({ platform, vnc, size = this.options.size, language = this.options.language, driven = false, more = [] } = {}) {
    // What the device says on paper and on the portal's pages is in its own language, which is the panel's.
    if (this.sandbox) await this.call('settings.set', { language })
    const env = {}
    if (platform || vnc) {
      env.QT_QPA_PLATFORM = vnc ? `vnc:port=${vnc.port}:size=${size}` : platform
      env.QT_QUICK_BACKEND = 'software'
    }
    if (vnc) {
      env.LD_PRELOAD = path.join(this.options.build, 'tests/walk/plugins/listen_at.so')
      env.LISTEN_AT = vnc.address
      // Without it the panel would listen everywhere; the loader passes over what is not there, and reads spaces as separators.
      if (!existsSync(env.LD_PRELOAD) || /[\s:]/.test(env.LD_PRELOAD)) throw new Error(`cannot load ${env.LD_PRELOAD}`)
    }
    const socket = path.join(this.sockets, `panel-${this.panels = (this.panels ?? 0) + 1}.sock`)
    if (driven) {
      Object.assign(env, {
        QT_QPA_GENERIC_PLUGINS: 'paneldriver', PANEL_DRIVER_SOCKET: socket,
        QT_PLUGIN_PATH: path.join(this.options.build, 'tests/walk/plugins')
      })
    }
    const words = ['--socket', this.apiSocket, '--size', size, '--language', language, ...more]
    const ready = driven ? () => appears(socket, 15000) : vnc ? /^QVncServer (created|could not)/ : undefined
    const refused = result => vnc && result[1] !== 'created'
    const { part, result } = await this.#part('panel', [this.program('connector-panel'), ...words], { env, restart: !driven, ready },
      result => refused(result) ? `cannot listen at port ${vnc.port}` : `the panel, ${size}, ${language}`)
    this.panelPart = part
    if (refused(result)) return this.stopPanel()
    if (!driven) return part
    this.panel = await Panel.connect(socket)
    return this.panel
  }

  async stopPanel() {
    this.panel?.close()
    await this.panelPart?.stop()
    this.parts = this.parts.filter(part => part !== this.panelPart)
    this.panel = this.panelPart = undefined
  }

  /** A call of the local API, as a guest. */
  async call(method, params = {}) {
    const socket = net.connect(this.apiSocket)
    try {
      return await new Promise((resolve, reject) => {
        let text = ''
        socket.setEncoding('utf8')
        socket.on('error', reject)
        socket.on('close', () => reject(new Error('the service closed the connection')))
        socket.on('data', more => {
          text += more
          for (let end; (end = text.indexOf('\n')) >= 0; text = text.slice(end + 1)) {
            const message = JSON.parse(text.slice(0, end))
            if (message.id === 1) message.error ? reject(new Error(`${method}: ${message.error.message}`)) : resolve(message.result)
          }
        })
        socket.write(JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }) + '\n')
      })
    } finally {
      socket.destroy()
    }
  }

  /** A command at the clouds' control door. */
  async cloud(command) {
    const answer = await fetch(this.sandbox.control, { method: 'POST', body: JSON.stringify(command) })
    const result = await answer.json()
    if (!answer.ok) throw new Error(`cloud-sandbox: ${result.error}`)
    return result
  }

  async stop() {
    for (const part of [...this.parts].reverse()) await part.stop()
    this.parts = []
    rmSync(this.sockets, { recursive: true, force: true })
    for (const note of ['sockets', 'pid']) rmSync(path.join(this.folder, note), { force: true })
  }
}

/** What a run that was killed left among the temporary files. */
function removeSockets(run) {
  const note = path.join(run, 'sockets')
  if (!existsSync(note)) return
  const folder = readFileSync(note, 'utf8').trim()
  if (path.basename(folder).startsWith('cloud-connector-')) rmSync(folder, { recursive: true, force: true })
  rmSync(note, { force: true })
}

function isAlive(run) {
  try {
    process.kill(Number(readFileSync(path.join(run, 'pid'), 'utf8')), 0)
    return true
  } catch (error) {
    return error.code === 'EPERM'
  }
}
