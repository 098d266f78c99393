// SPDX-License-Identifier: Apache-2.0
// What ./run does once everything is built.
import { existsSync } from 'node:fs'
import net from 'node:net'
import os from 'node:os'
import path from 'node:path'
import { clouds, Stack } from './stack.mjs'

class Wrong extends Error {}

function parse(words) {
  const options = { size: '800x480', language: 'en', cloud: 'dropbox' }
  for (let word = words.shift(); word; word = words.shift()) {
    const value = () => words.shift() ?? (() => { throw new Wrong(`${word} wants a value`) })()
    if (word === '--tour') options.tour = true
    else if (word === '--vnc') options.vnc = door(/:\d+$/.test(words[0]) ? words.shift() : '')
    else if (word === '--size') options.size = value()
    else if (word === '--language') options.language = value()
    else if (word === '--cloud') options.cloud = value()
    else if (word === '--config') options.config = value()
    else if (word === '--build') options.build = value()
    else throw new Wrong(`unknown option ${word}; see ./run --help`)
  }
  if (!/^\d{3,4}x\d{3,4}$/.test(options.size)) throw new Wrong('--size wants WIDTHxHEIGHT')
  if (!['en', 'fr'].includes(options.language)) throw new Wrong('--language is en or fr')
  if (!clouds[options.cloud]) throw new Wrong(`--cloud is one of ${Object.keys(clouds).join(', ')}`)
  if (options.config && !existsSync(options.config)) throw new Wrong(`${options.config} is not there`)
  if (options.config && options.tour) throw new Wrong('the tour needs the sandbox: it goes without --config')
  return options
}

/** Where the VNC server listens: on this machine alone unless an address is named; port undefined: whichever is free. */
function door(text) {
  const [, v6, v4, port] = /^(?:\[([\da-f:.]+)\]|([\d.]*)):(\d{1,5})$/i.exec(text || ':0') ?? []
  const address = v6 || v4 || '127.0.0.1'
  if (!net.isIP(address) || port > 65535 || (text && port < 1)) throw new Wrong('--vnc wants :PORT or ADDRESS:PORT, such as :5901 or 0.0.0.0:5901')
  return { address, port: Number(port) || undefined }
}

/** The panel behind that door; says who can come in. */
async function serve(stack, { address, port }) {
  const ports = port ? [port] : Array.from({ length: 100 }, (_, index) => 5900 + index)
  for (const tried of ports) {
    const panel = await stack.startPanel({ vnc: { address, port: tried } })
    if (!panel) continue
    const alone = address.startsWith('127.') || address === '::1'
    console.log(alone
      ? `Connect a VNC viewer to ${address}:${tried} (vncviewer ${address}::${tried}): no password, and from this machine only; from another, ssh -L ${tried}:${address}:${tried} ${os.hostname()} first.`
      : `Connect a VNC viewer to ${os.hostname()}:${tried}: no password, so whoever reaches ${address}:${tried} has the panel.`)
    return panel
  }
  throw new Error(`the VNC server cannot listen at ${address}:${ports.length > 1 ? `${ports[0]} to ${ports.at(-1)}` : port}: taken, or not an address of this machine`)
}

function say(part, words) {
  console.log(`  ${part.padEnd(14)} ${words}`)
}

async function main() {
  const options = parse(process.argv.slice(2))
  const display = process.env.DISPLAY || process.env.WAYLAND_DISPLAY
  if (!display && options.vnc === undefined && !options.tour) {
    if (options.config) throw new Wrong('there is no display; use --vnc')
    console.log('There is no display here: doing the tour instead (./run --vnc serves the panel to a VNC viewer).')
    options.tour = true
  }

  const stack = new Stack({ ...options, say })
  console.log(`Logs and state: ${stack.folder}`)
  let ending
  const end = status => {
    ending ??= stack.stop().finally(() => process.exit(status))
    return ending
  }
  process.on('SIGINT', () => { console.log('\nEnding'); end(130) })
  process.on('SIGTERM', () => end(143))
  process.on('SIGHUP', () => end(129))

  try {
    await stack.start()
    if (stack.sandbox) await stack.addPeople()
    if (options.tour) {
      const { Tour } = await import('./tour.mjs')
      console.log('The tour')
      const began = Date.now()
      const tour = new Tour(stack, { cloud: options.cloud })
      const result = await tour.run()
      if (ending) return
      if (result.ok) {
        console.log(`The tour is done in ${Math.round((Date.now() - began) / 1000)} s: ${result.printed.pages} pages printed, ${result.scanned.pages} pages scanned; pictures and documents in ${path.relative('', tour.out)}/`)
      } else {
        console.log(`The tour failed: ${result.error}`)
      }
      await end(result.ok ? 0 : 1)
      return
    }
    const panel = options.vnc ? await serve(stack, options.vnc) : await stack.startPanel()
    if (stack.sandbox) console.log(`The panel's QR code leads to ${stack.portal.url}; sign in at the cloud as any of the people offered there.`)
    console.log('Ctrl-C ends all of it.')
    panel.on('exit', code => { if (!ending && code === 0) { console.log('The panel was closed.'); end(0) } })
  } catch (error) {
    if (ending) return
    console.error(`run: ${error.message}`)
    await end(1)
  }
}

main().catch(error => {
  console.error(error instanceof Wrong ? `run: ${error.message}` : error)
  process.exit(error instanceof Wrong ? 2 : 1)
})
