// SPDX-License-Identifier: Apache-2.0
// Chromium for tests, started in one way, and what each page of ours must be: no wider than the screen, with targets for
// fingers, readable, named, translated.
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync } from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'

export const top = path.resolve(path.dirname(new URL(import.meta.url).pathname), '../..')
export const chromiumProgram = process.env.CHROMIUM || '/usr/bin/chromium'
const flags = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
  '--disable-component-update', '--disable-sync', '--disable-dev-shm-usage']

/** A browser of playwright-core, which is fetched where it is missing. */
export function startChromium() {
  const walk = path.join(top, 'tests/walk')
  if (!existsSync(path.join(walk, 'node_modules/playwright-core'))) {
    execFileSync('npm', ['ci', '--no-audit', '--no-fund', '--ignore-scripts'], { cwd: walk, stdio: ['ignore', 2, 2] })
  }
  const { chromium } = createRequire(path.join(walk, 'package.json'))('playwright-core')
  return chromium.launch({ executablePath: chromiumProgram, args: flags, headless: true })
}

/** For programs that CTest counts as skipped where there is no browser. */
export function skipWithoutChromium() {
  if (existsSync(chromiumProgram)) return
  console.log('Skipped: chromium is not installed')
  process.exit(77)
}

/** Pictures of a page and its checks, one after the other: look('start') makes FOLDER/PREFIX-01-start.png. */
export class Eye {
  constructor(page, { pictures, prefix, lang }) {
    Object.assign(this, { page, pictures, prefix, lang, count: 0, complaints: [] })
    mkdirSync(pictures, { recursive: true })
    // Refusals have their own status, which the browser's console mentions; that is no complaint.
    page.on('console', message => {
      if (message.type() === 'error' && !/Failed to load resource/.test(message.text())) this.complaints.push(message.text())
    })
    page.on('pageerror', error => this.complaints.push(error.message))
  }

  async picture(name) {
    const file = path.join(this.pictures, `${this.prefix}-${String(++this.count).padStart(2, '0')}-${name}.png`)
    await this.page.screenshot({ path: file, fullPage: true })
    return file
  }

  async look(name) {
    const file = await this.picture(name)
    const faults = await this.page.evaluate(faultsOfPage, this.lang)
    assert.deepEqual([...faults, ...this.complaints], [], file)
    return file
  }
}

// Runs in the page.
function faultsOfPage(lang) {
  const root = document.documentElement
  const faults = []
  const brief = element => element.outerHTML.replace(/\s+/g, ' ').slice(0, 90)
  const seen = element => element.getClientRects().length > 0 && getComputedStyle(element).visibility === 'visible'

  if (root.lang !== lang) faults.push(`its language is ${root.lang}, not ${lang}`)
  if (root.scrollWidth > root.clientWidth) faults.push(`${root.scrollWidth - root.clientWidth} px wider than the screen`)
  if (document.querySelectorAll('h1').length !== 1) faults.push('not one h1')
  if (!document.title.trim()) faults.push('no title')
  const word = /\{\{|\{[a-z]+\}|\b[a-z-]+\.(title|text|heading|hint|label|lead|problem)\b/.exec(document.title + '\n' + document.body.innerText)
  if (word) faults.push(`a text is not filled in: ${word[0]}`)

  // A link to skip to the content is for keyboards.
  const targets = 'a:not(.skip), button, select, textarea, summary, label.check, input:not([type=hidden]):not([type=checkbox]):not([type=radio])'
  for (const element of document.querySelectorAll(targets)) {
    const { width, height } = element.getBoundingClientRect()
    if (seen(element) && (width < 43.9 || height < 43.9)) faults.push(`too small, ${width.toFixed()}x${height.toFixed()}: ${brief(element)}`)
  }
  for (const element of document.querySelectorAll('input:not([type=hidden]), select, textarea')) {
    if (!element.labels.length) faults.push(`no label: ${brief(element)}`)
  }
  for (const element of document.querySelectorAll('input:not([type=hidden])')) {
    if (element.scrollWidth > element.clientWidth + 1) faults.push(`what is in it is cut off: ${brief(element)}`)
  }

  // WCAG 2.2, 1.4.3: 4.5 to 1, and 3 to 1 for large text.
  const colour = text => {
    const [r, g, b, a = 1] = text.match(/[\d.]+/g).map(Number)
    return { r, g, b, a }
  }
  const over = (top, under) => ({
    r: top.r * top.a + under.r * (1 - top.a), g: top.g * top.a + under.g * (1 - top.a), b: top.b * top.a + under.b * (1 - top.a), a: 1
  })
  const ground = element => {
    const own = colour(getComputedStyle(element).backgroundColor)
    if (own.a === 1) return own
    return over(own, element.parentElement ? ground(element.parentElement) : { r: 255, g: 255, b: 255, a: 1 })
  }
  const light = ({ r, g, b }) => {
    const [x, y, z] = [r, g, b].map(c => (c / 255 <= 0.04045 ? c / 255 / 12.92 : ((c / 255 + 0.055) / 1.055) ** 2.4))
    return 0.2126 * x + 0.7152 * y + 0.0722 * z
  }
  const check = (element, style, words) => {
    const under = ground(element)
    const [dark, bright] = [light(over(colour(style.color), under)), light(under)].sort((a, b) => a - b)
    const size = parseFloat(style.fontSize)
    const wanted = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700) ? 3 : 4.5
    const contrast = (bright + 0.05) / (dark + 0.05)
    if (contrast < wanted) faults.push(`too faint, ${contrast.toFixed(2)}: ${words.trim().slice(0, 40)}`)
  }
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
  for (let node; (node = texts.nextNode()); ) {
    const element = node.parentElement
    if (node.data.trim() && seen(element) && !element.closest('svg, option, script, style, :disabled')) check(element, getComputedStyle(element), node.data)
  }
  for (const element of document.querySelectorAll('input:not([type=hidden]), textarea')) {
    if (!seen(element)) continue
    if (element.matches(':placeholder-shown')) check(element, getComputedStyle(element, '::placeholder'), element.placeholder)
    else if (element.value) check(element, getComputedStyle(element), element.type === 'password' ? 'a password' : element.value)
  }
  return faults
}
