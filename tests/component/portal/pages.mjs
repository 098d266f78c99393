// SPDX-License-Identifier: Apache-2.0
// The portal's pages in a real browser, on a phone and on a desk, in both languages: every page is opened and pictured.
//   node tests/component/portal/pages.mjs --portal build/dev/bin/connector-portal [--pictures out/portal]
import assert from 'node:assert/strict'
import { execFileSync, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import os from 'node:os'
import path from 'node:path'
import { parseArgs } from 'node:util'

const top = path.resolve(path.dirname(new URL(import.meta.url).pathname), '../../..')
const { values } = parseArgs({ options: { portal: { type: 'string' }, pictures: { type: 'string', default: path.join(top, 'out/portal') } } })
const chromiumProgram = process.env.CHROMIUM || '/usr/bin/chromium'
if (!existsSync(chromiumProgram)) {
  console.log('Skipped: chromium is not installed')
  process.exit(77)
}
const walk = path.join(top, 'tests/walk')
if (!existsSync(path.join(walk, 'node_modules/playwright-core'))) execFileSync('npm', ['ci', '--no-audit', '--no-fund'], { cwd: walk, stdio: 'inherit' })
const { chromium } = createRequire(path.join(walk, 'package.json'))('playwright-core')

const folder = mkdtempSync(path.join(os.tmpdir(), 'portal-pages-'))
const children = []

/** Starts a program that says in one line of JSON that it is ready. */
function part(program, args, env = {}) {
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'inherit'], env: { ...process.env, ...env } })
  children.push(child)
  return new Promise((resolve, reject) => {
    let text = ''
    child.stdout.on('data', chunk => {
      text += chunk
      if (text.includes('\n')) resolve(JSON.parse(text.slice(0, text.indexOf('\n'))))
    })
    child.on('error', reject)
    child.on('exit', code => reject(new Error(`${path.basename(program)} ended with ${code}`)))
  })
}

async function begin(portal, allowedDomains = []) {
  const reply = await fetch(portal + '/api/v1/authorizations', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({
      publicKey: randomBytes(32).toString('base64url'), provider: 'dropbox', allowedDomains,
      device: { id: '1', name: 'Printer in the library', place: 'Ground floor, beside the lift' }, language: 'en'
    })
  })
  assert.equal(reply.status, 200)
  return reply.json()
}

async function visit(browser, portal, { name, width, height, locale, lang }) {
  const context = await browser.newContext({ viewport: { width, height }, locale })
  const page = await context.newPage()
  page.setDefaultTimeout(15000)
  const complaints = []
  // Refusals have their own status, which the browser's console mentions; that is no complaint.
  page.on('console', message => { if (message.type() === 'error' && !/Failed to load resource/.test(message.text())) complaints.push(message.text()) })
  page.on('pageerror', error => complaints.push(error.message))
  let count = 0

  const check = async what => {
    await page.screenshot({ path: path.join(values.pictures, `${name}-${String(++count).padStart(2, '0')}-${what}.png`), fullPage: true })
    const facts = await page.evaluate(() => ({
      lang: document.documentElement.lang,
      overflow: document.documentElement.scrollWidth - document.documentElement.clientWidth,
      small: [...document.querySelectorAll('main a, main button, main input:not([type=hidden])')].filter(e => e.getBoundingClientRect().height < 44).length,
      raw: /\{\{|[a-z-]+\.(title|text|heading)\b/.test(document.body.innerText),
      headings: document.querySelectorAll('h1').length
    }))
    assert.deepEqual(facts, { lang, overflow: 0, small: 0, raw: false, headings: 1 }, `${name}: ${what}`)
    assert.deepEqual(complaints, [], `${name}: ${what}`)
  }
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

  // The other language keeps the code.
  const other = await begin(portal)
  await page.goto(other.verificationUriComplete)
  await page.click('#other-language')
  assert.equal(await page.textContent('#code'), other.userCode)
  assert.equal(await page.evaluate(() => document.documentElement.lang), lang === 'fr' ? 'en' : 'fr')
  await context.close()
  return count
}

let failed = false
try {
  mkdirSync(values.pictures, { recursive: true })
  const clouds = await part(process.execPath, [path.join(top, 'tests/sandbox/cloud-sandbox'), '--seed-files', 'none', '--https-port', 'off', '--quiet', '--die-with-parent'])
  const credentials = await (await fetch(new URL('/sandbox/credentials', clouds.http))).json()
  const base = clouds.clouds.dropbox.http
  const { publicUrl } = await part(path.resolve(values.portal),
    ['--listen', '127.0.0.1:0', '--state', path.join(folder, 'portal'), '--operator', 'Example City Library',
      '--client', `dropbox=${credentials.dropbox.client_id}`, ...['www', 'api', 'content'].flatMap(name => ['--endpoint', `dropbox.${name}=${base}`])],
    { CONNECTOR_PORTAL_DROPBOX_SECRET: credentials.dropbox.client_secret })
  const browser = await chromium.launch({ executablePath: chromiumProgram, args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--no-first-run'] })
  let pictures = 0
  for (const where of [
    { name: 'en-360', width: 360, height: 640, locale: 'en-GB', lang: 'en' },
    { name: 'fr-360', width: 360, height: 640, locale: 'fr-FR', lang: 'fr' },
    { name: 'en-1024', width: 1024, height: 768, locale: 'en-GB', lang: 'en' },
    { name: 'fr-1024', width: 1024, height: 768, locale: 'fr-CA', lang: 'fr' }
  ]) pictures += await visit(browser, publicUrl, where)
  await browser.close()
  console.log(`${pictures} pages looked at; pictures in ${values.pictures}`)
} catch (error) {
  console.error(error)
  failed = true
} finally {
  for (const child of children) {
    child.removeAllListeners('exit')
    child.kill('SIGTERM')
  }
  rmSync(folder, { recursive: true, force: true })
}
process.exit(failed ? 1 : 0)
