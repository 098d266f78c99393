// SPDX-License-Identifier: Apache-2.0
// The person's own phone: a browser that goes from the address in the QR code, or from the code that is typed, to the
// grant.
import { Eye, startChromium } from '../support/chromium.mjs'

export class Phone {
  /** `browser`: one that is shared; else the phone has one of its own. With `lang` the portal's pages are checked, too.
   *  `pictured` false: only what link() does not pass by is pictured and checked. */
  static async open({ browser, pictures, prefix = 'phone', locale = 'en-GB', lang, javaScript = true, pictured = true }) {
    const phone = new Phone()
    phone.own = browser ? undefined : await startChromium()
    const context = await (browser ?? phone.own).newContext({ viewport: { width: 360, height: 640 }, locale, javaScriptEnabled: javaScript })
    phone.context = context
    phone.page = await context.newPage()
    phone.page.setDefaultTimeout(15000)
    phone.eye = new Eye(phone.page, { pictures, prefix, lang })
    Object.assign(phone, { lang, pictured })
    return phone
  }

  async picture(name) { if (this.pictured) await this.eye.picture(name) }
  async look(name) { if (this.pictured) await (this.lang ? this.eye.look(name) : this.eye.picture(name)) }

  /** From the address in the QR code, over the portal's pages and the cloud's, to the grant. */
  async link(address, person, { pictures = this.pictured } = {}) {
    this.pictured = pictures
    await this.follow(address)
    await this.confirm()
    await this.allow(person)
    await this.done()
  }

  /** The same where the QR code leads straight to the account's own server. */
  async linkAtServer(address, person, { pictures = this.pictured } = {}) {
    this.pictured = pictures
    await this.page.goto(address)
    await this.allow(person)
    await this.page.getByText('Account connected').first().waitFor()
    await this.picture('done')
  }

  /** By the QR code, to the page that names the printer. */
  async follow(address) {
    await this.page.goto(address)
    await this.#press('start', '#next')
    await this.page.locator('#connect').waitFor()
  }

  /** By the portal's address, typing the code. Ends where the portal leads. */
  async type(portal, code) {
    await this.page.goto(portal)
    await this.#press('start', '#next')
    await this.page.fill('#code', code)
    await this.#press('code', '#next')
    await this.page.waitForLoadState()
  }

  /** Connect and Accept. The portal goes on by itself then; its button is for browsers that do not. */
  async confirm() {
    await this.#press('connect', '#connect')
    await this.#press('terms', '#accept')
  }

  async allow(person) {
    await this.choose(person)
    await this.#pressAtCloud('cloud-consent', 'button.yes')
  }

  async deny(person) {
    await this.choose(person)
    await this.#pressAtCloud('cloud-consent', 'button.no')
  }

  /** Signs in at the cloud, up to the question whether the printer may. */
  async choose(person) {
    await this.page.locator('button.person').first().waitFor()
    await this.#pressAtCloud('cloud-sign-in', `button.person[value="${person}"]`)
    await this.page.locator('button.yes').waitFor()
  }

  async done() {
    await this.page.locator('#done').waitFor()
    await this.look('done')
  }

  /** Why the portal refused: the word of its page. */
  async refused() {
    await this.page.locator('#notice').waitFor()
    const word = await this.page.getAttribute('#notice', 'data-word')
    await this.eye.look(word)
    return word
  }

  async #press(name, button) {
    await this.page.locator(button).waitFor()
    await this.look(name)
    await this.page.locator(button).click()
  }

  async #pressAtCloud(name, button) {
    await this.page.locator(button).waitFor()
    await this.picture(name)
    await this.page.locator(button).click()
  }

  close() { return this.own ? this.own.close() : this.context.close() }
}
