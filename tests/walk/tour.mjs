// SPDX-License-Identifier: Apache-2.0
// The tour: what a person would do, done on the real panel by taps and on a phone's browser, and compared with what
// really came out of the printer and what the cloud really holds.
import { createHash } from 'node:crypto'
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { ask } from './parts.mjs'
import { Phone } from './phone.mjs'
import { Session } from './session.mjs'
import { clouds } from './stack.mjs'
import { visitOfAPerson } from './tour_person.mjs'
import { instructionsOnPaper } from './tour_sheet.mjs'

const sha256 = bytes => createHash('sha256').update(bytes).digest('hex')

// How the two walks differ: everything once in each language, on another size of screen, by other people. `own`: what the
// person who signs in there (by number, of the station's) makes.
const walks = [
  {
    folder: '', language: 'en', size: '800x480', locale: 'en-GB', person: 'mara.lind@example.org', name: 'Mara', pin: '2580',
    document: ['Reports', 'Annual report 2025.pdf'], copies: 2,
    own: { person: 0, profile: 'Studio', document: ['Faxes', 'Single page.png'] }
  },
  {
    folder: 'fr', language: 'fr', size: '1024x600', locale: 'fr-FR', person: 'aiko.tanaka@example.net', name: 'Aiko', pin: '4711',
    document: ['Manuals', 'Heating controls.pdf'], copies: 1,
    own: { person: 1, profile: 'Atelier', document: ['Faxes', 'Single page.png'] }
  }
]

export class Tour {
  /** cloud: one of `clouds` */
  constructor(stack, { say = line => console.log(line), out = path.resolve('out/tour'), strict = true, cloud = 'dropbox' } = {}) {
    const { provider = cloud, people, ownServer = false, accounts = {} } = clouds[cloud]
    Object.assign(this, { stack, say, out, strict, provider, ownServer, accounts, steps: [], faults: [] })
    this.walks = walks.map((walk, index) => people ? { ...walk, person: people[index % people.length] } : walk)
  }

  async run() {
    rmSync(this.out, { recursive: true, force: true })
    mkdirSync(this.out, { recursive: true })
    const result = { ok: false, steps: this.steps, printed: null, scanned: null }
    try {
      for (const walk of this.walks) {
        const { printed, scanned } = await this.#walk(walk)
        if (!walk.folder) {
          result.printed = this.#keep(printed, 'printed.pdf')
          result.scanned = this.#keep(scanned, 'scanned.pdf')
        }
      }
      result.ok = true
    } catch (error) {
      result.error = error.message
      await this.#lookBack(error)
    } finally {
      writeFileSync(path.join(this.out, 'tour.json'), JSON.stringify(result, null, 2) + '\n')
      await this.phone?.close().catch(() => {})
    }
    return result
  }

  #keep({ bytes, pages }, name) {
    writeFileSync(path.join(this.out, name), bytes)
    return { pages, sha256: sha256(bytes) }
  }

  async step(name, work) {
    const began = Date.now()
    const entry = { name: this.walk.folder ? `${name} (${this.walk.language})` : name, ok: false, ms: 0, screen: null }
    this.steps.push(entry)
    this.current = entry
    try {
      const result = await work()
      entry.ok = true
      return result
    } finally {
      entry.ms = Date.now() - began
      this.say(`  ${entry.ok ? 'ok    ' : 'FAILED'} ${entry.name.padEnd(58)} ${(entry.ms / 1000).toFixed(1).padStart(6)} s`)
    }
  }

  /** A numbered picture of the panel as it is now; what a person would find wrong on it is a failure. */
  async picture(name) {
    await this.panel.rest()
    const file = path.join(this.walk.folder, `${String(++this.pictures).padStart(2, '0')}-${name}.png`)
    await this.panel.grab(path.join(this.out, file))
    this.current.screen = file
    for (const fault of await this.panel.check({ allowElided: true })) this.faults.push({ screen: file, ...fault })
    return path.join(this.out, file)
  }

  async #walk(walk) {
    this.walk = walk
    this.pictures = 0
    mkdirSync(path.join(this.out, walk.folder), { recursive: true })
    this.panel = await this.step('the panel starts', async () => {
      const panel = await this.stack.startPanel({ platform: 'offscreen', size: walk.size, language: walk.language, driven: true })
      await panel.shown('tile-cloud-connector')
      return panel
    })
    this.phone = await Phone.open({ pictures: path.join(this.out, walk.folder), locale: walk.locale })
    await this.#createProfile()
    await this.#link()
    await this.#openWithPin()
    const printed = await this.#print()
    const scanned = await this.#scan()
    const shortcuts = await this.#makeShortcuts()
    await this.#homeAgain()
    await this.#printByShortcut(shortcuts.print)
    await this.#scanByShortcut(shortcuts.scan)
    await visitOfAPerson(this)
    await this.step('nothing is cut off, overlapping or too small to touch', async () => {
      const faults = this.faults.splice(0)
      for (const fault of faults) this.say(`         ${fault.screen}: ${fault.fault}: ${fault.type} "${fault.text}" ${fault.more}`)
      if (faults.length && this.strict) throw new Error(`${faults.length} faults on the pictures`)
    })
    await this.step('the panel found everything it needs', async () => {
      const missing = readFileSync(this.stack.panelPart.logFile, 'utf8').split('\n').filter(line => /is missing|not installed|unavailable/.test(line) && !/hunspell/.test(line))
      if (missing.length) throw new Error(missing[0])
    })
    await this.phone.close()
    await this.stack.stopPanel()
    return { printed, scanned }
  }

  async #createProfile() {
    const { panel, walk } = this
    await this.step('home', async () => { await this.picture('home') })
    await this.step('Cloud Connector shows the clouds', async () => {
      await panel.tap('tile-cloud-connector')
      await panel.shown(`provider-${this.provider}`)
      await this.picture('clouds')
    })
    await this.step('the profiles of this cloud', async () => {
      await panel.tap(`provider-${this.provider}`)
      await this.#either('create-profile-button', 'add-button')
      await this.picture('profiles')
    })
    await this.step('a new profile: a PIN, chosen and repeated', async () => {
      await panel.tap(await this.#either('create-profile-button', 'add-button'))
      await panel.touchable('pin-row')
      await this.picture('new-profile')
      await panel.tap('pin-row')
      await panel.touchable('key-0')
      await this.enterPin(walk.pin)
      await this.picture('choose-pin')
      await panel.tap('pin-next-button')
      await this.enterPin(walk.pin)
      await panel.tap('pin-next-button')
      await panel.touchable('name-field')
    })
    await this.step('its name, on the on-screen keyboard', async () => {
      await panel.tap('name-field')
      await panel.touchable('keyboard')
      await this.typeByTaps(walk.name)
      await panel.shown({ name: 'name-field', with: { text: walk.name } }, 5000)
      await this.picture('keyboard')
    })
  }

  /** Each letter by a tap on its key. Qt's keyboard begins a name with a capital by itself. */
  async typeByTaps(text) {
    for (const letter of text) {
      const key = { within: 'keyboard', like: `^${letter}$` }
      const keys = await this.panel.find(key)
      await this.panel.tap(keys.length ? key : { within: 'keyboard', like: `^(${letter.toLowerCase()}|${letter.toUpperCase()})$` })
    }
  }

  /** The one of these that can be tapped first: a list that is empty offers its button in the middle. */
  #either(...names) {
    return Promise.any(names.map(name => this.panel.touchable(name).then(() => name)))
  }

  async enterPin(pin) {
    for (const digit of pin) await this.panel.tap(`key-${digit}`)
  }

  async #link() {
    const { panel } = this
    const screen = await this.step('Create shows the code, its expiry and the QR code', async () => {
      await panel.tap('create-button')
      await panel.shown('qr-code')
      return this.picture('link')
    })
    const address = await this.step('the QR code is read off the picture', () => this.readCode(screen))
    await instructionsOnPaper(this, address)
    await this.step('the portal and the cloud, on the phone, up to the grant', () => this.linkOnThePhone(address))
    await this.step('the panel notices the grant by itself', async () => {
      await panel.vanished('qr-code', 30000)
      await this.seeLinkedAccount()
      await panel.touchable('key-0')
      await this.picture('pin')
    })
  }

  /** The address on a picture of the screen, which must be the one that the screen tells in words. */
  async readCode(picture) {
    const read = (await ask(['zbarimg', '-q', '--raw', picture])).trim()
    const words = (await this.panel.tree()).map(item => item.text)
    const code = new URL(read).searchParams.get('code')
    const right = this.ownServer ? words.some(word => word?.includes(new URL(read).host)) : code && code.split('-').every(group => words.includes(group))
    if (!right) throw new Error('the QR code leads elsewhere than what is on the screen')
    return read
  }

  linkOnThePhone(address, options) {
    const { phone, walk } = this
    return this.ownServer ? phone.linkAtServer(address, walk.person, options) : phone.link(address, walk.person, options)
  }

  /** The screen after the grant names the account that was linked; on from there. */
  async seeLinkedAccount() {
    await this.panel.touchable('linked-open-button', 30000)
    await this.picture('linked')
    const words = (await this.panel.tree()).map(item => item.text ?? '')
    const account = this.accounts[this.walk.person] ?? this.walk.person
    if (!words.some(word => word.includes(account))) throw new Error('the panel does not name the account that was linked')
    await this.panel.tap('linked-open-button')
  }

  async #openWithPin() {
    const { panel, walk } = this
    await this.step('a wrong PIN is refused, with the tries left', async () => {
      await this.enterPin('9999')
      await panel.tap('open-button')
      await panel.shown({ name: 'pin-message', like: '4' })
      await this.picture('wrong-pin')
    })
    await this.step('the right PIN opens the files', async () => {
      await this.enterPin(walk.pin)
      await panel.tap('open-button')
      await panel.shown('file-row-0')
      await this.picture('files')
    })
    await this.step('a folder, and back', async () => {
      await this.openRow(walk.document[0])
      await panel.shown({ type: 'Row', with: { name: walk.document[1] } })
      await this.picture('folder')
      await panel.tap('back-button')
      await panel.shown({ type: 'Row', with: { name: walk.document[0] } }) // where it stood
    })
  }

  /** Taps the row of this name, scrolling as far as it takes. */
  async openRow(name) {
    await this.bringInSight(name)
    await this.panel.tap({ type: 'Row', with: { name } })
  }

  async bringInSight(name) {
    const { panel } = this
    for (let tries = 0, by = -240; tries < 60; tries++) {
      const [found] = await panel.find({ type: 'Row', with: { name } })
      if (found && !found.untouchable) return
      const { properties: list, rect: view } = await panel.touchable('file-list')
      if (list.atYEnd) by = 240
      if (list.atYBeginning) by = -240
      await panel.swipe('file-list', [0, found ? swipeFor(middle(view) - middle(found.rect)) : by])
      await panel.rest()
    }
    throw new Error(`"${name}" is not in the list`)
  }

  async #print() {
    const { panel, walk, stack } = this
    const before = stack.printer.documents()
    await this.step('print settings of a multi-page PDF', async () => {
      await this.openRow(walk.document[0])
      await panel.shown({ type: 'Row', with: { name: walk.document[1] } }, 5000).catch(() => {}) // or further down
      await this.openRow(walk.document[1])
      await panel.touchable('print-button')
      for (let copies = 1; copies < walk.copies; copies++) await panel.tap('copies-more')
      await panel.tap('sides-two-sided-long-edge')
      await this.picture('print-settings')
    })
    await this.step('out of paper in the middle: the screen says so, and the job goes on by itself', async () => {
      stack.printer.setConditions('media-empty')
      await panel.tap('print-button')
      await panel.shown('job-problem', 20000)
      const [job] = (await stack.call('jobs.list')).jobs
      if (job.error) throw new Error(`the print job failed: ${job.error.code}`)
      if (!job.reasons.includes('media-empty')) throw new Error(`the job stands still because of ${job.reasons}`)
      await this.picture('out-of-paper')
      stack.printer.setConditions()
      await panel.vanished('job-problem', 20000)
      await this.picture('printing')
    })
    const printed = await this.step('printed: the document and its pages as the cloud holds them', async () => {
      await panel.touchable('done-button', 60000)
      await this.picture('printed')
      return this.#fromPrinter(before)
    })
    if (printed.pages < 2) throw new Error('the printed document has one page only')
    await this.step('done goes back to the files', async () => {
      await panel.tap('done-button')
      await panel.shown('file-list')
    })
    return printed
  }

  /** The one document that came since: the walk's, as the cloud holds it. */
  async #fromPrinter(before) {
    const { walk, stack } = this
    const fresh = stack.printer.documents().filter(file => !before.includes(file))
    if (fresh.length !== 1) throw new Error(`the printer received ${fresh.length} documents`)
    const bytes = readFileSync(fresh[0])
    const original = await stack.cloud({ do: 'read', cloud: this.provider, person: walk.person, path: '/' + walk.document.join('/') })
    if (sha256(bytes) !== original.sha256) throw new Error('what was printed is not what the cloud holds')
    return { bytes, pages: await pages(fresh[0]) }
  }

  async #scansInCloud() {
    const { entries } = await this.stack.cloud({ do: 'list', cloud: this.provider, person: this.walk.person, path: '/Scans' })
    return entries.map(entry => entry.name)
  }

  async #scan() {
    const { panel, walk, stack } = this
    const before = await this.#scansInCloud()
    await this.step('scan settings in the folder Scans', async () => {
      if ((await panel.find({ with: { name: 'Scans' } })).length === 0) await panel.tap('back-button')
      await this.openRow('Scans')
      await panel.tap('scan-here-button')
      await panel.tap('source-flatbed')
      await panel.tap('pages-many')
      await this.picture('scan-settings')
    })
    await this.step('the first page, and the question for the next', async () => {
      await panel.tap('scan-button')
      await panel.touchable('next-page-button', 30000)
      await this.picture('next-page')
    })
    await this.step('the second page, and finish', async () => {
      await panel.tap('next-page-button')
      await panel.vanished('next-page-button', 10000).catch(() => {})
      await panel.touchable('finish-button', 30000)
      await this.picture('second-page')
      await panel.tap('finish-button')
    })
    return this.step('scanned: the cloud holds the document, and its hash agrees', async () => {
      await panel.touchable('done-button', 60000)
      await this.picture('scanned')
      const fresh = (await this.#scansInCloud()).filter(name => !before.includes(name))
      if (fresh.length !== 1) throw new Error(`the cloud got ${fresh.length} documents`)
      const where = { cloud: this.provider, person: walk.person, path: `/Scans/${fresh[0]}` }
      const held = await stack.cloud({ do: 'read', ...where })
      const answer = await fetch(new URL(`/sandbox/file?${new URLSearchParams(where)}`, stack.sandbox.http))
      const bytes = Buffer.from(await answer.arrayBuffer())
      if (sha256(bytes) !== held.sha256) throw new Error('what the cloud gives is not what it holds')
      // What lies behind the PIN is told to whoever gave it, and to no other guest.
      const guest = await Session.open(stack.apiSocket)
      try {
        const told = async () => (await guest.call('jobs.list')).jobs.find(job => job.kind === 'scan')
        const job = await told()
        if (job.resultName !== null) throw new Error(`a guest who gave no PIN is told of ${job.resultName}`)
        await guest.call('profiles.open', { id: job.profile, pin: walk.pin })
        const { resultName } = await told()
        if (resultName !== fresh[0]) throw new Error(`the service says that it delivered ${resultName}, the cloud has ${fresh[0]}`)
      } finally {
        guest.close()
      }
      const file = path.join(stack.folder, 'scanned.pdf')
      writeFileSync(file, bytes)
      await ask(['qpdf', '--check', file])
      const count = await pages(file)
      if (count !== 2) throw new Error(`the scan has ${count} pages instead of 2`)
      await panel.tap('done-button')
      return { bytes, pages: count }
    })
  }

  /** Made where the scan ended, in the folder Scans; answers with their names. */
  async #makeShortcuts() {
    const { panel, walk } = this
    const scan = await this.step('a scan shortcut, from the menu of the open folder', async () => {
      await panel.tap('menu-button')
      await panel.tap('menu-shortcut')
      await panel.tap('source-flatbed')
      await this.picture('new-scan-shortcut')
      return this.saveShortcut()
    })
    const print = await this.step('a print shortcut, from the menu beside a file', async () => {
      await panel.tap('back-button')
      await this.openRow(walk.document[0])
      const row = { type: 'Row', with: { name: walk.document[1] } }
      await panel.shown(row)
      const [{ name }] = await panel.find(row)
      await panel.tap(name.replace('row', 'menu'))
      await this.picture('file-menu')
      await panel.tap('menu-shortcut')
      await panel.touchable('sides-two-sided-long-edge')
      await panel.tap('sides-two-sided-long-edge')
      await this.picture('new-print-shortcut')
      return this.saveShortcut({ pinned: true })
    })
    return { print, scan }
  }

  /** Answers with the name that was proposed for it. pinned: onto the home screen. */
  async saveShortcut({ pinned = false } = {}) {
    const { panel } = this
    const [{ properties }] = await panel.find('shortcut-name-row')
    if (pinned) await this.#pinToHome()
    await panel.tap('save-button')
    await panel.tap('dialog-confirm')
    await panel.touchable('menu-button')
    return properties.value
  }

  async #pinToHome() {
    const { panel } = this
    for (let tries = 0; tries < 10; tries++) {
      const [pinned] = await panel.find('pinned-yes')
      if (pinned && !pinned.untouchable) break
      await panel.swipe('form', [0, -120])
      await panel.rest()
    }
    await panel.tap('pinned-yes')
  }

  async #printByShortcut(name) {
    const { panel, walk, stack } = this
    const before = stack.printer.documents()
    await this.step('the print shortcut on the home screen asks for the PIN', async () => {
      await this.picture('home-with-shortcut')
      for (let tries = 0; tries < 10; tries++) {
        const [tile] = await panel.find({ within: 'pinned-list', with: { text: name } })
        if (tile && !tile.untouchable) break
        await panel.swipe('pinned-list', [-120, 0])
        await panel.rest()
      }
      await panel.tap({ within: 'pinned-list', with: { text: name } })
      await this.enterPin(walk.pin)
      await panel.tap('open-button')
      await panel.touchable('print-button')
      await this.picture('print-shortcut')
    })
    await this.step('one tap prints it', async () => {
      await panel.tapTwice('print-button')
      await panel.touchable('done-button', 60000)
      await this.#fromPrinter(before)
      await panel.tap('done-button')
      await panel.shown('tile-cloud-connector')
    })
  }

  async #scanByShortcut(name) {
    const { panel, walk } = this
    const before = await this.#scansInCloud()
    await this.step('the shortcuts, and the one that scans', async () => {
      await panel.tap('tile-cloud-connector')
      await panel.tap('tile-shortcuts')
      await panel.shown('shortcut-list')
      await this.picture('shortcuts')
      await panel.tap({ type: 'Row', with: { name } })
      await this.enterPin(walk.pin)
      await panel.tap('open-button')
      await panel.touchable('scan-button')
      await this.picture('scan-shortcut')
    })
    await this.step('one tap scans, under a name with the time', async () => {
      await panel.tap('scan-button')
      await panel.touchable('done-button', 60000)
      await this.picture('scanned-by-shortcut')
      const fresh = (await this.#scansInCloud()).filter(one => !before.includes(one))
      if (fresh.length !== 1 || !/ \d{4}-\d\d-\d\d \d\d-\d\d-\d\d\.pdf$/.test(fresh[0]) || !fresh[0].startsWith(name))
        throw new Error(`the cloud got ${fresh.join(', ') || 'nothing'}`)
      await panel.tap('done-button')
      for (let tries = 0; tries < 4 && (await panel.find('printer-state')).length === 0; tries++) {
        await panel.tap('back-button')
        await panel.rest()
      }
    })
  }

  async #homeAgain() {
    const { panel } = this
    await this.step('the jobs, and home by the back button', async () => {
      for (let tries = 0; tries < 8 && (await panel.find('tile-cloud-connector')).length === 0; tries++) {
        await panel.tap('back-button')
        await panel.rest()
      }
      await panel.tap('tile-jobs')
      await panel.shown('job-row-0')
      await this.picture('jobs')
      await panel.tap('back-button')
      await panel.tap('tile-settings')
      await panel.shown('language-en')
      await this.picture('settings')
      await panel.tap('back-button')
      await panel.shown('tile-cloud-connector')
    })
  }

  /** What there was to see and to read when it went wrong. */
  async #lookBack(error) {
    const folder = path.join(this.out, 'failed')
    mkdirSync(folder, { recursive: true })
    writeFileSync(path.join(folder, 'error.txt'), `${this.current?.name}: ${error.stack}\n`)
    await this.panel?.grab(path.join(folder, 'screen.png')).catch(() => {})
    await this.panel?.tree().then(tree => writeFileSync(path.join(folder, 'tree.json'), tree.map(item => JSON.stringify(item)).join('\n'))).catch(() => {})
    await this.phone?.page.screenshot({ path: path.join(folder, 'phone.png'), fullPage: true }).catch(() => {})
    cpSync(this.stack.logs, path.join(folder, 'logs'), { recursive: true })
    this.say(`  what there was to see: ${path.relative(process.cwd(), folder)}/ (error.txt, screen.png, phone.png, tree.json, logs/)`)
  }
}

const middle = ([, y, , height]) => y + height / 2

/** How far to swipe (in 150 ms) for a list to go this far: it glides on. */
function swipeFor(distance) {
  const glide = 67 // pixels: 150 ms, squared, by twice the list's deceleration of 1500 px/s²
  const swipe = (Math.sqrt(1 + 4 * Math.abs(distance) / glide) - 1) / 2 * glide
  return Math.sign(distance) * Math.min(240, Math.max(40, Math.round(swipe)))
}

async function pages(file) {
  return Number(/^Pages:\s+(\d+)$/m.exec(await ask(['pdfinfo', file]))[1])
}
