// SPDX-License-Identifier: Apache-2.0
// Keeps the status page fresh while it is looked at; without it the page is as of when it was opened.
'use strict'
{
  let stream
  const refresh = async () => {
    const reply = await fetch('/status?fresh=1', { headers: { Accept: 'text/html' } }).catch(() => null)
    if (!reply || !reply.ok || reply.redirected) return
    const page = new DOMParser().parseFromString(await reply.text(), 'text/html')
    const fresh = page.getElementById('status')
    if (fresh) document.getElementById('status').replaceWith(fresh)
  }
  const listen = () => {
    stream = new EventSource('/events')
    stream.onmessage = message => { if (/^(printer|scanner)\.changed$/.test(JSON.parse(message.data).type)) refresh() }
    stream.addEventListener('reset', refresh)
    stream.addEventListener('over', () => { stream.close(); location.reload() })
  }
  document.addEventListener('visibilitychange', () => {
    if (stream) stream.close()
    if (!document.hidden) { refresh(); listen() }
  })
  listen()
}
