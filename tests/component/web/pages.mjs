// SPDX-License-Identifier: Apache-2.0
// The administrators' pages in a real browser, without script and with, on a phone and on a desk, in both languages: the
// first start, allowed domains and their refusal, people. Every page is pictured.
//   node tests/component/web/pages.mjs --programs build/dev/bin [--pictures out/web]
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { Eye, skipWithoutChromium, startChromium, top } from '../../support/chromium.mjs'
import { Part } from '../../walk/parts.mjs'

const { values } = parseArgs({ options: { programs: { type: 'string' }, pictures: { type: 'string', default: path.join(top, 'out/web') } } })
skipWithoutChromium()
const folder = mkdtempSync(path.join(os.tmpdir(), 'web-pages-'))
const parts = []

/** A service of its own, in its first start; printer, scanner and portal are not there. */
async function service(name) {
  const state = path.join(folder, name)
  mkdirSync(state)
  const socket = path.join(state, 'api.sock')
  const sane = path.join(state, 'sane')
  mkdirSync(sane)
  writeFileSync(path.join(sane, 'dll.conf'), '')
  writeFileSync(path.join(state, 'connectord.toml'), `
[service]
state = "${state}/state"
socket = "${socket}"
[device]
name = "Printer in the library"
place = "Ground floor, beside the lift"
[portal]
url = "http://127.0.0.1:9/"
[printer]
uri = "ipp://127.0.0.1:9/ipp/print"
[scanner]
sane_config = "${sane}"
[web]
listen = "127.0.0.1"
port = 0
`)
  const part = new Part(name, [path.resolve(values.programs, 'connectord'), '--config', path.join(state, 'connectord.toml')], { logs: folder, ready: /^\{.*\}$/ })
  parts.push(part)
  const ready = JSON.parse((await part.start())[0])
  assert.ok(ready.webPort > 0, readFileSync(part.logFile, 'utf8'))
  const ctl = (...words) => execFileSync(path.resolve(values.programs, 'connectorctl'), ['--socket', socket, ...words], { encoding: 'utf8' })
  return { address: `https://127.0.0.1:${ready.webPort}`, ctl }
}

const password = 'correct horse battery'

async function visit(browser, { name, width, height, locale, lang, javaScript }) {
  const { address, ctl } = await service(name)
  const context = await browser.newContext({ viewport: { width, height }, locale, ignoreHTTPSErrors: true, javaScriptEnabled: javaScript })
  const page = await context.newPage()
  page.setDefaultTimeout(20000)
  const eye = new Eye(page, { pictures: values.pictures, prefix: name, lang })
  const check = what => eye.look(what)
  const at = where => page.waitForURL(url => url.pathname === where)

  // The first start
  await page.goto(address + '/')
  await at('/setup')
  await check('setup')
  const told = ctl('setup-code')
  const code = /Setup code: +(\S+)/.exec(told)[1]
  assert.match(told, /SHA-256 ([0-9A-F]{2}:){31}[0-9A-F]{2}/)
  const fill = async (codeTyped, again) => {
    await page.fill('#code', codeTyped)
    await page.fill('#name', 'Ada Berg')
    await page.fill('#password', password)
    await page.fill('#again', again)
    await page.click('#go')
  }
  await fill('BBBBB-BBBBB', password)
  assert.equal(await page.getAttribute('#problem', 'data-code'), 'setup-code-wrong')
  await check('setup-wrong-code')
  assert.equal(await page.inputValue('#name'), 'Ada Berg')
  await fill(code.toLowerCase(), password + 'x')
  await page.locator('#problem').waitFor()
  await fill(code.toLowerCase(), password)
  await at('/status')
  await page.locator('#printer-state.bad').or(page.locator('#printer-state')).first().waitFor()
  await check('status')

  // Configure
  await page.click('nav a[href="/applications"]')
  await check('applications')
  await page.click('#configure')
  await check('configure')
  await page.fill('#domains', 'Example.org, example.com')
  await page.click('#save-advanced')
  await page.locator('#done').waitFor()
  await check('configure-saved')
  assert.equal(await page.inputValue('#domains'), 'example.org, example.com')
  await page.fill('#domains', 'example.org, https://example.net')
  await page.click('#save-advanced')
  await page.locator('#domains-problem').waitFor()
  await check('configure-refused')
  assert.equal(await page.inputValue('#domains'), 'example.org, https://example.net')
  await page.fill('#timeout', '5')
  await page.click('#save-panel')
  await page.locator('#timeout-problem').waitFor()
  await page.fill('#timeout', '90')
  await page.click('#save-panel')
  await page.locator('#done').waitFor()
  await page.fill('#guest-profile-days', '0')
  await page.click('#save-keeping')
  await page.locator('#guest-profile-days-problem').waitFor()
  await check('configure-keeping-refused')
  await page.fill('#guest-profile-days', '30')
  await page.click('#save-keeping')
  await page.locator('#done').waitFor()
  assert.equal(await page.inputValue('#guest-profile-days'), '30')
  await page.uncheck('input[value=card]')
  await page.click('#save-sign-in')
  await page.locator('#done').waitFor()
  assert.equal(await page.isChecked('input[value=card]'), false)

  // People
  await page.click('nav a[href="/people"]')
  await check('people')
  await page.click('#add')
  await check('person-add')
  await page.fill('#name', 'ada berg')
  await page.fill('#pin', '12')
  await page.click('#save')
  await page.locator('.reason').first().waitFor()
  await check('person-refused')
  await page.fill('#name', 'Mara Lind')
  await page.fill('#pin', '482915')
  await page.click('#save')
  await at('/people')
  await page.locator('#done').waitFor()
  await check('people-added')
  await page.click('tr[data-name="Mara Lind"] a')
  await check('person')
  await page.click('#remove')
  await check('person-remove')
  await page.click('button#remove')
  await at('/people')
  assert.equal(await page.locator('tr[data-name="Mara Lind"]').count(), 0)

  await page.click('nav a[href="/profiles"]')
  await check('profiles')
  await page.click('nav a[href="/audit"]')
  await check('audit')
  await page.goto(address + '/nowhere')
  await check('not-found')

  // Out, and in again; a page from before is too old.
  await page.goto(address + '/people/add')
  const old = await context.newPage()
  await old.goto(address + '/people/add')
  await page.click('#sign-out')
  await at('/sign-in')
  await check('sign-in')
  await old.fill('#name', 'Nobody')
  await old.click('#save')
  assert.equal(await old.getAttribute('#notice', 'data-word'), 'form-expired')
  await old.close()
  await page.goto(address + '/sign-in')
  await page.fill('#name', 'Ada Berg')
  await page.fill('#password', 'not her password')
  await page.click('#go')
  assert.equal(await page.getAttribute('#problem', 'data-code'), 'sign-in-failed')
  await check('sign-in-failed')
  await page.fill('#password', password)
  await page.click('#go')
  await at('/status')
  await page.click('#other-language')
  await page.waitForURL(/lang=/)
  await page.waitForLoadState()
  assert.equal(await page.evaluate(() => document.documentElement.lang), lang === 'fr' ? 'en' : 'fr')
  await context.close()
  return eye.count
}

let failed = false
try {
  const browser = await startChromium()
  let pictures = 0
  for (const where of [
    { name: 'en-360', width: 360, height: 640, locale: 'en-GB', lang: 'en', javaScript: false },
    { name: 'fr-360', width: 360, height: 640, locale: 'fr-FR', lang: 'fr', javaScript: true },
    { name: 'en-1280', width: 1280, height: 800, locale: 'en-GB', lang: 'en', javaScript: true },
    { name: 'fr-1280', width: 1280, height: 800, locale: 'fr-CA', lang: 'fr', javaScript: false }
  ]) pictures += await visit(browser, where)
  await browser.close()
  console.log(`${pictures} pages looked at; pictures in ${values.pictures}`)
} catch (error) {
  console.error(error)
  failed = true
} finally {
  for (const part of parts.reverse()) await part.stop()
  rmSync(folder, { recursive: true, force: true })
}
process.exit(failed ? 1 : 0)
