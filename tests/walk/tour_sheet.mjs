// SPDX-License-Identifier: Apache-2.0
// The tour's sheet of paper: how to link a profile, printed from the panel while the code is out, and read as whoever
// takes it away reads it.
import path from 'node:path'
import { ask } from './parts.mjs'
import { Session } from './session.mjs'

/** address: what the QR code on the panel leads to. */
export async function instructionsOnPaper(tour, address) {
  const { panel, walk, stack } = tour
  const before = stack.printer.documents()
  await tour.step('the instructions, printed by a tap', async () => {
    await panel.tap('print-instructions-button')
    await panel.touchable('dialog-confirm', 20000)
    await tour.picture('instructions-printed')
    await panel.tap('dialog-confirm')
    await panel.vanished('dialog-confirm')
    const guest = await Session.open(stack.apiSocket)
    try {
      const [{ id }] = (await guest.call('jobs.list')).jobs
      await guest.job(id, job => job.state === 'completed', 'the end')
    } finally {
      guest.close()
    }
  })
  await tour.step('the sheet: one page, whose QR code leads where the screen\'s does', async () => {
    const fresh = stack.printer.documents().filter(file => !before.includes(file))
    if (fresh.length !== 1) throw new Error(`the printer received ${fresh.length} documents`)
    const picture = path.join(tour.out, walk.folder, 'instructions')
    await ask(['pdftoppm', '-r', '100', '-png', '-singlefile', fresh[0], picture])
    const read = (await ask(['zbarimg', '-q', '--raw', `${picture}.png`])).trim()
    if (read !== address) throw new Error('the QR code on paper leads elsewhere than the one on the screen')
    const words = await ask(['pdftotext', '-raw', fresh[0], '-'])
    const code = new URL(address).searchParams.get('code')
    const told = ['Printer in the library, Ground floor', walk.name, walk.language === 'fr' ? 'Valable' : 'Valid', ...(tour.ownServer ? [] : [code])]
    const lacking = told.find(part => !words.includes(part))
    if (lacking) throw new Error(`"${lacking}" is not on the sheet`)
    if (!/^Pages:\s+1$/m.test(await ask(['pdfinfo', fresh[0]]))) throw new Error('the instructions are more than a page')
  })
}
