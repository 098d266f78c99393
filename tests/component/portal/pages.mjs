// SPDX-License-Identifier: Apache-2.0
// The portal's pages in a real browser, on a phone and on a desk, in both languages: every page is opened and pictured.
//   node tests/component/portal/pages.mjs --portal build/dev/bin/connector-portal [--pictures out/portal]
import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { Eye, skipWithoutChromium, startChromium, top } from '../../support/chromium.mjs'
import { Part } from '../../walk/parts.mjs'

const { values } = parseArgs({ options: { portal: { type: 'string' }, pictures: { type: 'string', default: path.join(top, 'out/portal') } } })
skipWithoutChromium()
const folder = mkdtempSync(path.join(os.tmpdir(), 'portal-pages-'))
const parts = []

/** Starts a program that says in one line of JSON that it is ready. */
async function start(name, command, env = {}) {
  const part = new Part(name, command, { env, logs: folder, ready: /^\{.*\}$/ })
  parts.push(part)
  return JSON.parse((await part.start())[0])
}

async function begin(portal, allowedDomains = [], provider = 'dropbox') {
  const reply = await fetch(portal + '/api/v1/authorizations', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({
      publicKey: randomBytes(32).toString('base64url'), provider, allowedDomains,
      device: { id: '1', name: 'Printer in the library', place: 'Ground floor, beside the lift' }, language: 'en'
    })
  })
  assert.equal(reply.status, 200)
  return reply.json()
}

async function visit(browser, portal, servers, { name, width, height, locale, lang }) {
  const context = await browser.newContext({ viewport: { width, height }, locale })
  const page = await context.newPage()
  page.setDefaultTimeout(15000)
  const eye = new Eye(page, { pictures: values.pictures, prefix: name, lang })
  const check = what => eye.look(what)
  const refusal = () => page.locator('#notice').getAttribute('data-word')
  const atCloud = async (person, allow) => {
    await page.waitForURL(/\/authorize/)
    await page.locator(`button:has-text("${person}")`).click()
    await page.locator(allow ? 'form:has(input[value=allow]) button' : 'form:has(input[name=decision]:not([value=allow])) button').click()
    await page.waitForURL(url => url.href.startsWith(portal))
  }

  // Typed
  const typed = await begin(portal, ['example.org', 'example.com'])
  await page.goto(portal + '/')
  await check('start')
  await page.click('#next')
  await check('code')
  await page.fill('#code', 'BCDFGHJKLMNPQRS')
  await page.click('#next')
  await check('code-wrong')
  await page.fill('#code', typed.userCode.toLowerCase().replaceAll('-', ' '))
  await page.click('#next')
  await check('connect')
  assert.equal(await page.textContent('#device'), 'Printer in the library')
  await page.click('#connect')
  await check('terms')
  // The page in between goes on by itself; to picture it, the cloud is kept waiting.
  await page.route(/\/authorize/, route => setTimeout(() => route.continue(), 1500))
  await page.locator('#accept').click()
  await page.waitForSelector('#go')
  await check('leaving')
  await page.unroute(/\/authorize/)
  await atCloud('Aiko', true)
  assert.equal(await refusal(), 'domain-refused')
  await check('domain-refused')
  await page.click('#again')
  await atCloud('Mara', false)
  assert.equal(await refusal(), 'access-denied')
  await check('access-denied')
  await page.click('#again')
  await atCloud('Mara', true)
  await page.waitForSelector('#done')
  await check('done')
  await page.goto(portal + '/code')
  await page.fill('#code', typed.userCode)
  await page.click('#next')
  assert.equal(await refusal(), 'code-used')
  await check('code-used')

  // By QR, the browser closed half-way
  const linked = await begin(portal)
  await page.goto(linked.verificationUriComplete)
  assert.equal(await page.textContent('#code'), linked.userCode)
  await check('start-by-link')
  await page.click('#next')
  await page.click('#connect')
  await context.clearCookies()
  await page.goto(portal + '/terms')
  assert.equal(await refusal(), 'session-lost')
  await check('session-lost')
  await page.goto(linked.verificationUriComplete + (lang === 'fr' ? '&lang=fr' : '&lang=en'))
  await page.click('#next')
  await page.click('#connect')
  await page.click('#accept')
  await atCloud('Mara', true)
  await page.waitForSelector('#done')

  // At a server without a sign-in of its own
  const ownServer = await begin(servers.portal, [], 'webdav')
  await page.goto(ownServer.verificationUriComplete)
  await page.click('#next')
  await check('server-connect')
  await page.click('#connect')
  await page.click('#accept')
  await check('server-password')
  await page.fill('#user', servers.user)
  await page.fill('#password', 'guessed')
  await page.click('#sign-in')
  assert.equal(await refusal(), 'password-wrong')
  await check('server-password-wrong')
  await page.click('#again')
  await page.fill('#user', servers.user)
  await page.fill('#password', servers.password)
  await page.click('#sign-in')
  await page.waitForSelector('#done')
  await check('server-done')

  // The other language keeps the code.
  const other = await begin(portal)
  await page.goto(other.verificationUriComplete)
  await page.click('#other-language')
  assert.equal(await page.textContent('#code'), other.userCode)
  assert.equal(await page.evaluate(() => document.documentElement.lang), lang === 'fr' ? 'en' : 'fr')
  await context.close()
  return eye.count
}

let failed = false
try {
  const clouds = await start('clouds', [process.execPath, path.join(top, 'tests/sandbox/cloud-sandbox'), '--seed-files', 'none', '--https-port', 'off', '--quiet', '--die-with-parent'])
  const credentials = await (await fetch(new URL('/sandbox/credentials', clouds.http))).json()
  const base = clouds.clouds.dropbox.http
  const { publicUrl } = await start('portal', [path.resolve(values.portal),
    '--listen', '127.0.0.1:0', '--state', path.join(folder, 'portal'), '--operator', 'Example City Library',
    '--client', `dropbox=${credentials.dropbox.client_id}`, ...['www', 'api', 'content'].flatMap(name => ['--endpoint', `dropbox.${name}=${base}`])],
  { CONNECTOR_PORTAL_DROPBOX_SECRET: credentials.dropbox.client_secret })
  const files = await start('files', [path.join(top, 'tests/support/mod-dav')])
  const { publicUrl: portal } = await start('portal-of-a-server', [path.resolve(values.portal), '--listen', '127.0.0.1:0', '--state', path.join(folder, 'portal-of-a-server'),
    '--endpoint', `webdav.server=${files.url}`])
  const browser = await startChromium()
  let pictures = 0
  for (const where of [
    { name: 'en-360', width: 360, height: 640, locale: 'en-GB', lang: 'en' },
    { name: 'fr-360', width: 360, height: 640, locale: 'fr-FR', lang: 'fr' },
    { name: 'en-1024', width: 1024, height: 768, locale: 'en-GB', lang: 'en' },
    { name: 'fr-1024', width: 1024, height: 768, locale: 'fr-CA', lang: 'fr' }
  ]) pictures += await visit(browser, publicUrl, { ...files, portal }, where)
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
