import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { after, before, describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'
import { chromium } from 'playwright-core'
import { loseBefore, refuse } from '../../supergraph/upstream-tap.js'
import { servePage } from './serve-page.js'
import { startServer } from './start-server.js'

const CHROMIUM = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(existsSync)
const SKIP = CHROMIUM === undefined && 'There is no Chromium here.'
/** A folder for a picture of each state. */
const PICTURES = process.env.PAGE_PICTURES
const ADA = { userId: '65a000000000000000000001', userIdType: 'user_id' }
const LISTED_ONLY = {
  TRUSTED_DOCUMENTS: 'only',
  TRUSTED_DOCUMENTS_FILE: fileURLToPath(new URL('../generated/persisted-documents.json', import.meta.url)),
}
const STEP_UP = { AUTH_STEP_UP_MAX_AGE_S: '600', AUTH_STEP_UP_ACR: 'hardware' }
const NAMES = {
  SMS: 'Code by text message',
  EMAIL: 'Code by e-mail',
  OTP: 'Authenticator app',
  FACE: 'Face recognition',
}

let served
let browser
before(async () => {
  if (SKIP) return
  served = await servePage()
  const args = ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking']
  browser = await chromium.launch({ executablePath: CHROMIUM, args })
})
after(async () => {
  await browser?.close()
  served?.close()
})

/** An operator at the page, signed in to a server of its own. */
async function openDesk(settings) {
  const server = await startServer({ CORS_ORIGINS: served.origin, ...settings })
  served.setGraphqlUrl(server.url)
  const page = await browser.newPage({ viewport: { width: 900, height: 1000 } })
  page.setDefaultTimeout(20_000)
  const faults = []
  page.on('pageerror', error => faults.push(error.message))
  await page.goto(served.origin)
  await page.getByLabel('Access token').fill(server.token)
  await page.keyboard.press('Enter')
  const outcome = page.locator('.outcome')

  return {
    server,
    page,
    outcome,
    faults,
    async find(userId) {
      await page.getByLabel('Identifier').fill(userId)
      await page.keyboard.press('Enter')
    },
    async preview(wanted, expected) {
      for (const [label, value] of Object.entries(wanted)) {
        const field = page.getByLabel(label, { exact: true })
        await (label in texts ? field.fill(value) : field.selectOption(value))
      }
      await page.getByRole('button', { name: 'Preview', exact: true }).click()
      await outcome.getByText(expected).waitFor()
    },
    /** By keyboard: the preview has the focus, and the button is next. */
    async apply(expected) {
      await page.keyboard.press('Tab')
      assert.equal(await page.locator(':focus').innerText(), 'Apply')
      await page.keyboard.press('Enter')
      await outcome.getByText(expected).waitFor()
    },
    /** Reads the state off the screen, without what a change does not return. */
    async screen() {
      const rows = await page.locator('tbody tr').allInnerTexts()
      const [, phone, email] = await page.locator('dd').allInnerTexts()
      return { factors: rows.map(row => row.split('\t').slice(0, 2).join(': ')), phone, email }
    },
    /** The same of what GenAuth itself holds, by its own REST API. */
    async genauth() {
      const state = await server.callGenauth('GET', 'get-mfa-status', ADA)
      const factors = state.applicationMfa.toSorted((a, b) => a.sort - b.sort)
      return {
        factors: factors.map(
          ({ mfaPolicy, status }) => `${NAMES[mfaPolicy]}: ${status === 1 ? 'on' : 'off'}`,
        ),
        phone: `${state.mfaPhoneCountryCode} ${state.mfaPhone.slice(0, 3)}****${state.mfaPhone.slice(-4)}`,
        email: state.mfaEmail?.replace(/(?<=^.).*@/, '***@') ?? 'no e-mail address',
      }
    },
    /** Another client of GenAuth adds a factor. */
    async disturb(mfaPolicy) {
      const { mfaToken, applicationMfa, ...rest } = await server.callGenauth('GET', 'get-mfa-status', ADA)
      const added = [...applicationMfa, { mfaPolicy, status: 1, sort: 9 }]
      const mfaTriggerData = { ...rest, mfaToken, applicationMfa: added }
      await server.callGenauth('POST', 'set-mfa-status', { ...ADA, mfaTriggerData })
    },
    /** Fails if the page reads the user during `act`: what it shows comes from results of changes. */
    async withoutReads(act) {
      let reads = 0
      await page.route(server.url, route => {
        if (route.request().postDataJSON()?.operationName === 'FindUser') reads += 1
        return route.continue()
      })
      await act()
      await page.unroute(server.url)
      assert.equal(reads, 0)
    },
    async take(name) {
      if (PICTURES !== undefined) await page.screenshot({ path: `${PICTURES}/${name}.png`, fullPage: true })
    },
    async close() {
      await page.close()
      await server.close()
    },
  }
}
const texts = { 'New e-mail address for codes': true, 'Reason, for the journal': true }

describe('the page, with listed documents only', { skip: SKIP }, () => {
  let desk
  before(async () => {
    desk = await openDesk(LISTED_ONLY)
  })
  after(() => desk?.close())

  it('says beside the field that an identifier is not valid, and that nobody has another', async () => {
    await desk.find(' ')
    await desk.page.getByText('The identifier must not be blank.').waitFor()
    assert.equal(await desk.page.getByLabel('Identifier').getAttribute('aria-invalid'), 'true')
    await desk.take('1-identifier')
    await desk.find('nobody@example.com')
    await desk.page.getByText('Reference:').waitFor()
    assert.equal(await desk.page.getByLabel('Identifier').getAttribute('aria-invalid'), 'false')
    await desk.take('2-nobody')
  })

  it('finds a user by e-mail address, and shows whom and what GenAuth holds', async () => {
    await desk.find('ada@example.com')
    await desk.page.getByRole('heading', { name: 'Ada Lovelace' }).waitFor()
    await desk.page.getByText('The account is in use. Protected').waitFor()
    assert.deepEqual(await desk.screen(), await desk.genauth())
    await desk.take('3-found')
  })

  it('previews a switch and a contact, and neither the screen nor GenAuth changes', async () => {
    const before = await desk.screen()
    await desk.preview(
      {
        [NAMES.SMS]: 'disable',
        [NAMES.EMAIL]: 'enable',
        'New e-mail address for codes': 'ada.lovelace@example.com',
        'Reason, for the journal': 'Phone lost',
      },
      'Nothing is written yet.',
    )
    assert.match(await desk.outcome.innerText(), /Code by text message: on → off/)
    assert.match(await desk.outcome.innerText(), /E-mail address for codes: none → a\*\*\*@example\.com/)
    assert.deepEqual(await desk.screen(), before)
    assert.deepEqual(await desk.genauth(), before)
    await desk.take('4-preview')
  })

  it('makes the change, and shows what GenAuth holds without another read', async () => {
    await desk.withoutReads(async () => {
      await desk.apply('Done')
      const shown = await desk.screen()
      assert.deepEqual(shown, await desk.genauth())
      assert.deepEqual([shown.factors[0], shown.email], [`${NAMES.SMS}: off`, 'a***@example.com'])
      await desk.page.getByText('Protected').waitFor()
    })
    await desk.take('5-done')
  })

  it('shows a conflict and the state of GenAuth, and previews again', async () => {
    await desk.preview({ [NAMES.SMS]: 'enable' }, 'Nothing is written yet.')
    await desk.disturb('FACE')
    await desk.withoutReads(async () => {
      await desk.apply('Somebody else has changed this user.')
      const shown = await desk.screen()
      assert.deepEqual(shown, await desk.genauth())
      assert.equal(shown.factors.at(-1), `${NAMES.FACE}: on`)
    })
    assert.match(await desk.outcome.innerText(), /Somebody else has changed this user/)
    await desk.take('6-conflict')
    await desk.page.getByRole('button', { name: 'Preview again' }).click()
    await desk.outcome.getByText('Nothing is written yet.').waitFor()
    await desk.apply('Done')
    assert.deepEqual(await desk.screen(), await desk.genauth())
    assert.equal((await desk.screen()).factors.includes(`${NAMES.SMS}: on`), true)
  })

  it('shows the refusal of a rule, and a fault beside its field', async () => {
    const off = Object.fromEntries(Object.values(NAMES).map(name => [name, 'disable']))
    await desk.preview(off, 'It would leave the user without any factor.')
    assert.deepEqual(await desk.screen(), await desk.genauth())
    await desk.take('7-rule')
    const reason = 'Reason, for the journal'
    await desk.preview({ [reason]: '!!' }, 'it needs a letter or a digit')
    const field = desk.page.getByLabel(reason)
    assert.equal(await field.getAttribute('aria-invalid'), 'true')
    assert.match(await desk.page.locator('#reason-fault').innerText(), /needs a letter or a digit/)
    await desk.take('8-invalid')
    await desk.preview({ [reason]: '', 'New e-mail address for codes': 'ada' }, 'Nothing was changed.')
    await desk.page.locator('#mfaEmail-fault:not(:empty)').waitFor()
    assert.equal(await field.getAttribute('aria-invalid'), 'false')
    assert.deepEqual(await desk.screen(), await desk.genauth())
  })

  it('says of a lost connection to GenAuth whether the change may have been made', async () => {
    const keep = Object.fromEntries(Object.values(NAMES).map(name => [name, '']))
    const wanted = {
      ...keep,
      'New e-mail address for codes': '',
      [NAMES.OTP]: 'disable',
      'Reason, for the journal': 'App lost',
    }
    await desk.preview(wanted, 'Nothing is written yet.')
    desk.server.tap.fail('get-mfa-status', refuse(500), refuse(500), refuse(500))
    await desk.apply('Nothing was changed. GenAuth cannot be used now')
    await desk.take('9-not-applied')
    await desk.preview({}, 'Nothing is written yet.')
    desk.server.tap.fail('set-mfa-status', loseBefore)
    await desk.apply('The change may have been made')
    assert.deepEqual(await desk.screen(), await desk.genauth())
    await desk.take('10-unknown')
  })

  it('says that it does not know when the server itself is gone', async () => {
    await desk.preview({}, 'Nothing is written yet.')
    await desk.server.close()
    await desk.apply('It is not known whether the change was made.')
    await desk.take('11-no-answer')
    assert.deepEqual(desk.faults, [])
  })
})

it('the page asks for a new sign-in where one is needed, and sends texts where no list is kept', {
  skip: SKIP,
}, async () => {
  const desk = await openDesk(STEP_UP)
  try {
    await desk.page.getByLabel('Kind').selectOption('PHONE')
    await desk.find('+86 138 0000 0001')
    await desk.page.getByRole('heading', { name: 'Ada Lovelace' }).waitFor()
    await desk.preview(
      { 'New e-mail address for codes': 'ada@example.org' },
      'Sign in again with your own second factor',
    )
    assert.deepEqual(await desk.screen(), await desk.genauth())
    await desk.take('12-step-up')
    await desk.page.getByLabel('Access token').fill('no token')
    await desk.page.keyboard.press('Enter')
    await desk.page.getByRole('heading', { name: 'Ada Lovelace' }).waitFor({ state: 'detached' })
    await desk.find('ada@example.com')
    await desk.page.getByText('Nobody can be shown.').waitFor()
    await desk.take('13-unauthenticated')
    assert.deepEqual(desk.faults, [])
  } finally {
    await desk.close()
  }
})
