// SPDX-License-Identifier: Apache-2.0
// The tour's part of a person: signs in at the panel, makes a profile and shortcuts, signs out. Of all that, a guest
// finds nothing on the screen and nothing over the API.
import { Session } from './session.mjs'
import { stationPeople } from './stack.mjs'

export async function visitOfAPerson(tour) {
  const { panel, walk, stack } = tour
  const { name, pin } = stationPeople[walk.own.person]
  const guest = await Session.open(stack.apiSocket)
  const heard = []
  guest.event(event => { heard.push(event); return false }, 600000).catch(() => {})
  const own = [name, walk.own.profile]

  await tour.step('a person signs in: from the list, the PIN on the keypad', async () => {
    await panel.tap('tile-sign-in')
    await panel.touchable('people-list')
    await panel.shown({ type: 'Row', with: { name } })
    await tour.picture('sign-in')
    await panel.tap({ type: 'Row', with: { name } })
    await tour.enterPin(pin)
    await tour.picture('sign-in-pin')
    await panel.tap('sign-in-button')
    await panel.shown({ name: 'user-label', text: name })
    await panel.touchable('tile-cloud-connector')
    await tour.picture('home-of-a-person')
    if ((await panel.find('pinned-list')).length) throw new Error("the guests' shortcuts are on a person's home screen")
  })
  await tour.step('a profile of their own: no PIN is needed', async () => {
    await panel.tap('tile-cloud-connector')
    await panel.tap(`provider-${tour.provider}`)
    await panel.tap('create-profile-button') // which only an empty list has
    await panel.tap('name-field')
    await panel.touchable('keyboard')
    await tour.typeByTaps(walk.own.profile)
    await panel.shown({ name: 'name-field', with: { text: walk.own.profile } }, 5000)
    await panel.tap('create-button')
    await panel.shown('qr-code')
    await tour.linkOnThePhone(await tour.readCode(await tour.picture('link-of-a-person')), { pictures: false })
    await tour.seeLinkedAccount()
    await panel.touchable('file-row-0', 30000)
  })
  await tour.step('a scan and a print shortcut, from the menus beside a folder and a file', async () => {
    const [folder, file] = walk.own.document
    own.push(await makeShortcut(tour, folder))
    await tour.openRow(folder)
    await panel.shown({ type: 'Row', with: { name: file } })
    const [row] = await panel.find({ type: 'Row', with: { name: file } })
    await panel.shown({ name: 'thumbnail', within: row.name, with: { shown: true } })
    await tour.picture('files-of-a-person')
    own.push(await makeShortcut(tour, file, { pinned: true }))
  })
  const ids = await tour.step('both are listed, and the API tells their owner of them', async () => {
    for (let tries = 0; tries < 6 && (await panel.find('tile-shortcuts')).length === 0; tries++) {
      await panel.tap('back-button')
      await panel.rest()
    }
    await panel.tap('tile-shortcuts')
    for (const shortcut of own.slice(2)) await panel.shown({ type: 'Row', with: { name: shortcut } })
    await tour.picture('shortcuts-of-a-person')
    return belongings(stack, pin)
  })
  await tour.step('signed out: home, and nothing of the person stays on the screen', async () => {
    await panel.tap('user-button')
    await panel.touchable('dialog-confirm')
    await tour.picture('sign-out')
    await panel.tap('dialog-confirm')
    await panel.vanished({ name: 'user-label', text: name })
    await panel.touchable('tile-cloud-connector')
    await tour.picture('home-of-a-guest')
    await nothingOn(panel, own, 'the home screen')
  })
  await tour.step("the guest sees neither: not the profile, not the shortcuts", async () => {
    await panel.tap('tile-cloud-connector')
    await panel.tap(`provider-${tour.provider}`)
    await panel.shown({ type: 'Row', with: { name: walk.name } })
    await tour.picture('profiles-of-a-guest')
    await nothingOn(panel, own, 'the list of profiles')
    await panel.tap('back-button')
    await panel.tap('tile-shortcuts')
    await panel.shown('shortcut-row-0')
    await tour.picture('shortcuts-of-a-guest')
    await nothingOn(panel, own, 'the list of shortcuts')
  })
  await tour.step('nor does the API give a guest any of it', async () => {
    await refusesAll(guest, ids)
    const words = [...own, ids.profile, ...ids.shortcuts]
    const lists = await Promise.all(['profiles.list', 'shortcuts.list', 'jobs.list'].map(list => guest.call(list)))
    const told = words.find(word => [...lists, ...heard].some(said => JSON.stringify(said).includes(JSON.stringify(word))))
    if (told) throw new Error(`a guest is told of "${told}"`)
    guest.close()
    await panel.tap('back-button')
    await panel.tap('back-button')
    await panel.shown('printer-state')
  })
}

/** From the menu beside this row; answers with the name that was proposed. */
async function makeShortcut(tour, row, { pinned = false } = {}) {
  const { panel } = tour
  await tour.bringInSight(row)
  const [{ name }] = await panel.find({ type: 'Row', with: { name: row } })
  await panel.tap(name.replace('row', 'menu'))
  await panel.tap('menu-shortcut')
  await panel.touchable('save-button')
  return tour.saveShortcut({ pinned })
}

/** What the person has, as the API tells them. */
async function belongings(stack, pin) {
  const session = await Session.open(stack.apiSocket)
  try {
    await session.call('session.signIn', { method: 'pin', secret: pin })
    const { profiles } = await session.call('profiles.list')
    const { shortcuts } = await session.call('shortcuts.list')
    if (profiles.length !== 1 || shortcuts.length !== 2) throw new Error(`the person has ${profiles.length} profiles and ${shortcuts.length} shortcuts`)
    return { profile: profiles[0].id, shortcuts: shortcuts.map(one => one.id) }
  } finally {
    session.close()
  }
}

async function nothingOn(panel, words, where) {
  const seen = (await panel.tree()).map(item => item.text ?? '')
  const left = words.find(word => seen.some(text => text.includes(word)))
  if (left) throw new Error(`"${left}" is still on ${where}`)
}

async function refusesAll(guest, { profile, shortcuts }) {
  const asked = [['profiles.open', { id: profile }], ['profiles.rename', { id: profile, name: 'Mine' }], ['files.list', { profile }],
    ...shortcuts.flatMap(id => [['shortcuts.get', { id }], ['shortcuts.run', { id, key: `guest-${id}` }]])]
  for (const [method, params] of asked) {
    const code = await guest.call(method, params).then(() => 'answered', error => error.code)
    if (code !== 'profile-gone' && code !== 'shortcut-gone') throw new Error(`${method} of a person's, asked by a guest: ${code}`)
  }
}
