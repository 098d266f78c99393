// SPDX-License-Identifier: Apache-2.0
// The person's own phone: a browser that follows the address from the QR code to the grant.
import { mkdirSync } from 'node:fs'
import path from 'node:path'
import { chromium } from 'playwright-core'

const flags = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
  '--disable-component-update', '--disable-sync', '--disable-dev-shm-usage']

export class Phone {
  static async open({ program = process.env.CHROMIUM || '/usr/bin/chromium', pictures, locale = 'en-GB', javaScript = true }) {
    const phone = new Phone()
    phone.browser = await chromium.launch({ executablePath: program, args: flags, headless: true })
    const context = await phone.browser.newContext({ viewport: { width: 360, height: 640 }, locale, javaScriptEnabled: javaScript })
    phone.page = await context.newPage()
    phone.page.setDefaultTimeout(15000)
    phone.pictures = pictures
    phone.count = 0
    mkdirSync(pictures, { recursive: true })
    return phone
  }

  async picture(name) {
    if (!this.pictured) return
    const file = path.join(this.pictures, `phone-${String(++this.count).padStart(2, '0')}-${name}.png`)
    await this.page.screenshot({ path: file, fullPage: true })
    return file
  }

  /** From the address in the QR code, over the portal's pages and the cloud's, to the grant. */
  async link(address, person, { pictures = true } = {}) {
    const { page } = this
    this.pictured = pictures
    await page.goto(address)
    await this.#next('start', '#next')
    await this.#next('connect', '#connect')
    await this.#next('terms', '#accept')
    // The portal goes on by itself; its button is for browsers that do not.
    await this.#allow(person)
    await page.locator('#done').waitFor()
    await this.picture('done')
  }

  /** The same where the QR code leads straight to the account's own server. */
  async linkAtServer(address, person, { pictures = true } = {}) {
    this.pictured = pictures
    await this.page.goto(address)
    await this.#allow(person)
    await this.page.getByText('Account connected').first().waitFor()
    await this.picture('done')
  }

  async #allow(person) {
    await this.page.locator('button.person').first().waitFor()
    await this.#next('cloud-sign-in', `button.person[value="${person}"]`)
    await this.#next('cloud-consent', 'button.yes')
  }

  async #next(name, button) {
    await this.page.locator(button).waitFor()
    await this.picture(name)
    await this.page.locator(button).click()
  }

  close() { return this.browser.close() }
}
