// SPDX-License-Identifier: Apache-2.0
// The little of IPP that measuring needs: what state a printer's jobs are in; and a relay that says when the first byte
// of a document reached the printer.
import http from 'node:http'
import net from 'node:net'

const getJobs = 0x000a
const completed = 9

function attribute(tag, name, value) {
  const bytes = Buffer.from(value)
  const head = Buffer.alloc(5 + name.length)
  head.writeUInt8(tag, 0)
  head.writeUInt16BE(name.length, 1)
  head.write(name, 3)
  head.writeUInt16BE(bytes.length, 3 + name.length)
  return Buffer.concat([head, bytes])
}

/** The ids of the printer's jobs that are completed. */
export async function completedJobs(uri) {
  const { hostname, port, pathname } = new URL(uri.replace(/^ipp/, 'http'))
  const body = Buffer.concat([
    Buffer.from([2, 0, 0, getJobs, 0, 0, 0, 1, 1]),
    attribute(0x47, 'attributes-charset', 'utf-8'), attribute(0x48, 'attributes-natural-language', 'en'),
    attribute(0x45, 'printer-uri', uri), attribute(0x44, 'which-jobs', 'completed'),
    attribute(0x44, 'requested-attributes', 'job-id'), attribute(0x44, '', 'job-state'), Buffer.from([3])
  ])
  const reply = await new Promise((resolve, reject) => {
    const request = http.request({ host: hostname === 'localhost' ? '127.0.0.1' : hostname, port, path: pathname, method: 'POST', headers: { 'Content-Type': 'application/ipp', 'Content-Length': body.length } }, answer => {
      const parts = []
      answer.on('data', part => parts.push(part)).on('end', () => resolve(Buffer.concat(parts))).on('error', reject)
    })
    request.on('error', reject)
    request.end(body)
  })
  const done = new Set()
  let id
  for (let at = 8; at < reply.length;) {
    const tag = reply[at]
    if (tag < 0x10) { at++; continue }
    const nameLength = reply.readUInt16BE(at + 1)
    const name = reply.toString('latin1', at + 3, at + 3 + nameLength)
    const valueAt = at + 5 + nameLength
    const valueLength = reply.readUInt16BE(at + 3 + nameLength)
    if (name === 'job-id') id = reply.readInt32BE(valueAt)
    if (name === 'job-state' && reply.readInt32BE(valueAt) === completed) done.add(id)
    at = valueAt + valueLength
  }
  return done
}

/** Stands before a printer; `firstByte()` resolves with the time at which a document begins to pass. */
export class Relay {
  static async before(uri) {
    const relay = new Relay()
    const { hostname, port, pathname } = new URL(uri.replace(/^ipp/, 'http'))
    relay.waiting = []
    relay.server = net.createServer(client => {
      const printer = net.connect(Number(port), hostname === 'localhost' ? '127.0.0.1' : hostname)
      client.setNoDelay(true)
      printer.setNoDelay(true)
      client.on('data', bytes => {
        if (bytes.includes('%PDF')) { // a document begins
          const now = performance.now()
          for (const resolve of relay.waiting.splice(0)) resolve(now)
        }
        printer.write(bytes)
      })
      printer.on('data', bytes => client.write(bytes))
      for (const [one, other] of [[client, printer], [printer, client]]) {
        one.on('end', () => other.end()).on('error', () => other.destroy()).on('close', () => other.destroy())
      }
    })
    await new Promise(resolve => relay.server.listen(0, '127.0.0.1', resolve))
    relay.uri = `ipp://127.0.0.1:${relay.server.address().port}${pathname}`
    return relay
  }

  firstByte() { return new Promise(resolve => this.waiting.push(resolve)) }

  close() { this.server.close() }
}
