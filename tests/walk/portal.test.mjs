// SPDX-License-Identifier: Apache-2.0
// A person on the way through the portal, with the phone in one hand: every cloud, by QR code and by typed code, up to a
// profile that lists its files; and whatever the portal refuses, as the person and as the printer see it.
// Pictures: out/test/portal/.
import assert from 'node:assert/strict'
import { rmSync } from 'node:fs'
import path from 'node:path'
import { after, before, test } from 'node:test'
import { startChromium } from '../support/chromium.mjs'
import { ask } from './parts.mjs'
import { Phone } from './phone.mjs'
import { codeOf, news, Session } from './session.mjs'
import { clouds, Stack, top } from './stack.mjs'

const pictures = path.join(top, 'out/test/portal')
const mara = 'mara.lind@example.org'
const aiko = 'aiko.tanaka@example.net'
const atOnce = 4 // walks; more make each of them slower, not all of them faster
const english = { locale: 'en-GB', lang: 'en', javaScript: true }
const french = { locale: 'fr-CA', lang: 'fr', javaScript: false } // no page of the portal needs a script
const refusal = options => ({ ...options, pictured: false }) // the way there is pictured often enough
let stack, session, browser, walks = 0

before(async () => {
  rmSync(pictures, { recursive: true, force: true })
  stack = new Stack({ build: process.env.BUILD, pageTime: 20 })
  ;[browser] = await Promise.all([startChromium(), stack.start()])
  session = await Session.open(stack.apiSocket)
})

after(async () => {
  session?.close()
  await browser?.close()
  await stack?.stop()
  if (stack) rmSync(stack.folder, { recursive: true, force: true })
})

/** Phones for one walk; each is another browser without any cookie. Their pictures are numbered on. */
function phones(name, options = english) {
  const walk = String(++walks).padStart(2, '0')
  const all = []
  return {
    next: async () => {
      const phone = await Phone.open({ browser, pictures, prefix: `${walk}-${name}`, ...options })
      phone.eye.count = all.at(-1)?.eye.count ?? 0
      all.push(phone)
      return phone
    },
    close: () => Promise.all(all.map(phone => phone.close().catch(() => {})))
  }
}

/** A walk as a test of its own. */
const walk = (t, name, options, steps) => t.test(name, async () => {
  const mine = phones(name.toLowerCase().replace(/[^a-z-]+/g, '-'), options)
  try {
    await steps(mine.next)
  } finally {
    await mine.close()
  }
})

/** A new profile with its code on the printer's screen; `end`: how its authorization ends. */
async function create(name, provider = 'dropbox', on = session) {
  const { profile: { id } } = await on.call('profiles.create', { provider, name })
  const end = news(on, id, ({ state }) => !['requesting', 'waiting'].includes(state), 'the end')
  end.catch(() => {})
  return { id, end, code: await codeOf(on, id) }
}

/** What the walk was for: the profile opens, is that person's, and lists files. */
async function lists(id, person = mara) {
  const { profile } = await session.call('profiles.open', { id })
  assert.equal(profile.state, 'ready')
  assert.equal(profile.account, person)
  assert.ok((await session.call('files.list', { profile: id, folder: '' })).entries.length > 0, 'there are files')
}

const refusedWith = code => error => error.code === code
const spaced = code => code.toLowerCase().replaceAll('-', ' ') // as people type
const portal = () => stack.portal.url + '/'

test('every cloud, by its QR code and by the typed code; and those who stumble', { concurrency: atOnce }, async t => {
  const all = []
  for (const [cloud, { provider = cloud, people = [mara], ownServer }] of Object.entries(clouds)) {
    if (ownServer) {
      all.push(walk(t, `${cloud}, QR, at its own server`, english, async next => {
        const { id, end, code } = await create(cloud, provider)
        // Nextcloud's own sign-in page: nothing is typed, and the portal has no part in it.
        assert.equal(code.userCode, null)
        assert.notEqual(new URL(code.verificationUriComplete).host, new URL(portal()).host)
        await (await next()).linkAtServer(code.verificationUriComplete, people[0])
        assert.equal((await end).state, 'granted')
        await lists(id, people[0])
      }))
      continue
    }
    all.push(walk(t, `${cloud}, QR`, english, async next => {
      const { id, end, code } = await create(`${cloud} by QR`, provider)
      await (await next()).link(code.verificationUriComplete, people[0])
      assert.equal((await end).state, 'granted')
      await lists(id, people[0])
    }))
    all.push(walk(t, `${cloud}, typed`, french, async next => {
      const { id, end, code } = await create(`${cloud} typed`, provider)
      const phone = await next()
      assert.equal(code.verificationUri, portal())
      await phone.type(code.verificationUri, spaced(code.userCode))
      await phone.confirm()
      await phone.allow(people[0])
      await phone.done()
      assert.equal((await end).state, 'granted')
      await lists(id, people[0])
    }))
  }

  for (const options of [english, french]) {
    all.push(walk(t, `a wrong code, ${options.lang}`, refusal(options), async next => {
      const { id, end, code } = await create(`Wrong code ${options.lang}`)
      const phone = await next()
      const wrong = code.userCode.slice(0, -1) + (code.userCode.endsWith('B') ? 'C' : 'B')
      await phone.type(portal(), wrong)
      assert.equal(await phone.page.inputValue('#code'), wrong, 'what was typed is there to be compared')
      await phone.page.locator('#problem').waitFor()
      await phone.eye.look('code-wrong')
      await phone.page.fill('#code', code.userCode)
      await phone.page.click('#next')
      await phone.confirm()
      await phone.allow(mara)
      await phone.done()
      assert.equal((await end).state, 'granted')
      await lists(id)
    }))
  }

  all.push(walk(t, 'a used code', refusal(french), async next => {
    // The person left the printer with the code; nobody there fetches the grant yet.
    const gone = await Session.open(stack.apiSocket)
    const { id, code } = await create('Used code', 'dropbox', gone)
    gone.close()
    const phone = await next()
    await phone.link(code.verificationUriComplete, mara)
    const other = await next()
    await other.type(portal(), code.userCode)
    assert.equal(await other.refused(), 'code-used')
    await lists(id) // fetches it, upon which the portal forgets the code
    await other.page.click('#enter')
    await other.page.fill('#code', code.userCode)
    await other.page.click('#next')
    await other.page.locator('#problem').waitFor()
    await other.eye.look('code-forgotten')
  }))

  all.push(walk(t, 'consent denied', refusal(english), async next => {
    const { id, end, code } = await create('Consent denied')
    const told = news(session, id, ({ error }) => error, 'the refusal')
    const phone = await next()
    await phone.follow(code.verificationUriComplete)
    await phone.confirm()
    await phone.deny(mara)
    assert.equal(await phone.refused(), 'access-denied')
    const { state, error } = await told
    assert.deepEqual([state, error.code], ['waiting', 'access-denied'], 'the same code still works')
    await phone.page.click('#again')
    await phone.allow(mara)
    await phone.done()
    assert.equal((await end).state, 'granted')
    await lists(id)
  }))

  all.push(walk(t, 'the browser closed half-way', refusal(english), async next => {
    const { id, end, code } = await create('Closed half-way')
    let phone = await next()
    await phone.follow(code.verificationUriComplete)
    await phone.close()
    // Opened again where it was, it is another browser: the code once more, by hand this time.
    phone = await next()
    await phone.page.goto(new URL('/terms', portal()).href)
    assert.equal(await phone.refused(), 'session-lost')
    await phone.page.click('#enter')
    await phone.page.fill('#code', code.userCode)
    await phone.page.click('#next')
    await phone.confirm()
    await phone.choose(mara)
    await phone.close()
    // And once more when it was at the cloud already.
    phone = await next()
    await phone.link(code.verificationUriComplete, mara)
    assert.equal((await end).state, 'granted')
    await lists(id)
  }))
  await Promise.all(all)
})

test('a domain that is not allowed: the portal and the printer say so, and name those that are', { concurrency: atOnce }, async t => {
  const allow = domains => ask([stack.program('connectorctl'), '--socket', stack.apiSocket, 'domains', 'set', domains])
  await allow('example.org, example.com')
  await Promise.all([english, french].map(options => walk(t, `domain not allowed, ${options.lang}`, refusal(options), async next => {
    const { id, end, code } = await create(`Domain ${options.lang}`)
    const told = news(session, id, ({ error }) => error, 'the refusal')
    const phone = await next()
    await phone.follow(code.verificationUriComplete)
    await phone.confirm()
    await phone.allow(aiko)
    assert.equal(await phone.refused(), 'domain-refused')
    assert.deepEqual(await phone.page.locator('#domains li').allTextContents(), ['example.org', 'example.com'])
    const { state, error } = await told
    assert.deepEqual([state, error.code, error.domains], ['waiting', 'domain-refused', ['example.org', 'example.com']])
    await assert.rejects(session.call('profiles.open', { id }), refusedWith('not-linked'))
    await phone.page.click('#again')
    await phone.allow(mara)
    await phone.done()
    assert.equal((await end).state, 'granted')
    await lists(id)
  })))
  await allow('')
})

test('an expired code: the portal and the printer say so, and the same profile gets a new one', async t => {
  const { command, part } = stack.portal
  await part.stop()
  await stack.startPortalAgain([...command, '--code-hours', String(12 / 3600)])
  await walk(t, 'an expired code', refusal(english), async next => {
    const { id, end, code } = await create('Expired code')
    const phone = await next()
    await phone.follow(code.verificationUriComplete)
    const { state, error } = await end // by itself, while the person reads
    assert.deepEqual([state, error.code], ['expired', 'code-expired'])
    await phone.page.click('#connect')
    assert.equal(await phone.refused(), 'code-expired')
    const other = await next()
    await other.type(portal(), code.userCode)
    assert.equal(await other.refused(), 'code-expired')
    await assert.rejects(session.call('profiles.open', { id }), refusedWith('profile-expired'))

    await stack.portal.part.stop()
    await stack.startPortalAgain(command)
    const again = news(session, id, one => one.state === 'granted', 'the grant')
    await session.call('profiles.authorize', { id })
    await other.type(portal(), (await codeOf(session, id)).userCode)
    await other.confirm()
    await other.allow(mara)
    await other.done()
    await again
    await lists(id)
  })
})
