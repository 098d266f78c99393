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
    const file = path.join(this.pictures, `phone-${String(++this.count).padStart(2, '0')}-${name}.png`)
    await this.page.screenshot({ path: file, fullPage: true })
    return file
  }

  /** Taps a button or link with these words. */
  async tap(words) {
    const { page } = this
    const target = page.getByRole('button', { name: words }).or(page.getByRole('link', { name: words })).first()
    await target.click()
    await page.waitForLoadState('load')
  }

  close() { return this.browser.close() }
}
