import type { Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { startSandbox } from '../../../src/sandbox/sandbox.ts'
import { findViolations } from './find-violations.ts'
import {
  CHROMIUM,
  type ConsoleWorld,
  handleRequests,
  holdNextAnswer,
  leftWrites,
  loseNextAnswer,
  openConsole,
  startServer,
} from './open-console.ts'

const LONG = { tags: 'long', timeout: 60_000 }
const STEP_UP = { AUTH_STEP_UP_MAX_AGE_S: '28800', AUTH_STEP_UP_ACR: 'mfa' }

describe.skipIf(CHROMIUM === null)('the screens Policy and What may I do in a browser', () => {
  let world: ConsoleWorld
  beforeAll(async () => {
    world = await openConsole({ SANDBOX_USERS: '64', REQUIRE_REASON: 'weakening', RATE_LIMITS: 'off' })
  }, 120_000)
  afterAll(async () => {
    await world[Symbol.asyncDispose]()
  })
  // Several journeys change the pool, in any order.
  beforeEach(async () => {
    const enabledFactors = ['SMS', 'EMAIL', 'OTP']
    await world.send('set-pool-policy', { enabledFactors, reason: 'as in the sandbox' })
  })

  it(
    'previews a change of the whole pool, wants it confirmed, and shows what GenAuth has then',
    LONG,
    async () => {
      await using visit = await world.visit({ person: 'Security lead', path: 'policy' })
      const { page, faults } = visit
      await page.getByRole('button', { name: 'Change the whole pool' }).click()
      await page.getByRole('checkbox', { name: 'SMS' }).uncheck()
      await preview(page)
      await page.locator('.fault', { hasText: 'This change needs a reason.' }).waitFor()
      await page.getByLabel('Reason', { exact: true }).fill('No more codes by SMS')
      await preview(page)
      await page.getByText('SMS: on → off, for the whole user pool').waitFor()
      await page.getByText('GenAuth can skip second factors for people of an identity source.').waitFor()
      await page.getByLabel('Type “SMS” to confirm').fill('yes')
      await page.getByRole('button', { name: 'Apply' }).click()
      await page.locator('.fault', { hasText: 'This does not match. Nothing was sent.' }).waitFor()
      await page.getByLabel('Type “SMS” to confirm').fill('ｓｍｓ')
      await page.keyboard.press('Enter')
      await page.getByText('GenAuth was read after the change').waitFor()
      await expect.poll(() => factorsOf(page, 'Off')).toEqual(['SMS', 'Face'])
      await page.getByRole('button', { name: 'Close' }).click()
      await page.reload()
      await page.getByRole('heading', { name: 'The user pool' }).waitFor()
      await expect.poll(() => factorsOf(page, 'Off')).toEqual(['SMS', 'Face'])
      expect(faults).toEqual([])
    },
  )

  it('says that somebody else was faster, and previews again from what is on now', LONG, async () => {
    await using slow = await world.visit({ person: 'Security lead', path: 'policy' })
    await using fast = await world.visit({ person: 'Security lead', path: 'policy' })
    for (const { page } of [slow, fast]) {
      await page.getByRole('button', { name: 'Change the whole pool' }).click()
      await page.getByRole('checkbox', { name: 'Face' }).check()
    }
    await preview(slow.page)
    await slow.page.getByLabel('Type “Face” to confirm').waitFor()
    await preview(fast.page)
    await fast.page.getByLabel('Type “Face” to confirm').fill('face')
    await fast.page.getByLabel('Type “Face” to confirm').press('Enter')
    await fast.page.getByText('The policy is set').first().waitFor()
    await slow.page.getByLabel('Type “Face” to confirm').fill('face')
    await slow.page.getByLabel('Type “Face” to confirm').press('Enter')
    await slow.page.getByRole('heading', { name: 'The policy has changed since you looked' }).waitFor()
    await slow.page.locator('.note').getByRole('button', { name: 'Look again' }).click()
    await slow.page.getByText('Nothing would change. There is nothing to apply.').first().waitFor()
    expect([...slow.faults, ...fast.faults]).toEqual([])
  })

  it('switches factors of an application, and does not claim to know what was on before', LONG, async () => {
    await using visit = await world.visit({ person: 'Security lead', path: 'policy' })
    const { page, faults } = visit
    await page.getByRole('searchbox', { name: 'Search applications' }).fill('desk')
    await page.keyboard.press('Enter')
    await page.getByText('1 of 1 applications').first().waitFor()
    await page.getByText('follows the pool').waitFor()
    await page.getByRole('link', { name: /Switch factors of Ticket desk/ }).click()
    await expect
      .poll(() => new URL(page.url()).searchParams.get('application'))
      .toBe('62a500000000000000d15d59')
    await page.getByText('GenAuth has no call that shows which factors an application has on.').waitFor()
    await preview(page)
    await page.locator('.fault', { hasText: 'Choose at least one factor to switch.' }).waitFor()
    await page.getByLabel('E-mail', { exact: true }).selectOption('ON')
    await preview(page)
    await page.getByText('Its own factors have no effect until it has rules of its own.').waitFor()
    expect(await findViolations(page)).toEqual([])
    await page.getByLabel('Type “ticket-desk” to confirm').fill('ticket-desk')
    await page.keyboard.press('Enter')
    await page.getByText('By its reply the application now has these factors on: E-mail').waitFor()
    expect(faults).toEqual([])
  })

  it('searches for an application while the first read is on its way', LONG, async () => {
    await using visit = await world.visit({ person: 'Security lead', path: 'rights' })
    const { page, faults } = visit
    let letGo = () => {}
    const searched = new Promise<void>(resolve => {
      letGo = resolve
    })
    await handleRequests(page, async route => {
      await searched
      await route.fallback()
    })
    await page.getByRole('link', { name: 'Policy', exact: true }).click()
    await page.getByRole('searchbox', { name: 'Search applications' }).fill('desk')
    await page.keyboard.press('Enter')
    letGo()
    await page.getByText('1 of 1 applications').first().waitFor()
    expect(faults).toEqual([])
  })

  it('shows somebody without the right what is on, and the right that is missing', LONG, async () => {
    await using visit = await world.visit({ person: 'Reader', path: 'policy' })
    const { page, faults } = visit
    await page.getByText('You need the mfa:policy scope for this.').first().waitFor()
    await page.getByText('Example web').waitFor()
    expect(await page.getByRole('button', { name: 'Change the whole pool' }).count()).toBe(0)
    expect(await page.getByRole('link', { name: /Switch factors/ }).count()).toBe(0)
    await page.getByRole('link', { name: 'What may I do?' }).click()
    await page.getByRole('heading', { name: 'Your rights' }).waitFor()
    await expect
      .poll(() => page.locator('tbody tr').allInnerTexts())
      .toEqual([
        expect.stringContaining('yes'),
        ...Array.from({ length: 4 }, () => expect.stringContaining('no')),
      ])
    await page.getByText('This server has no limits for you.').waitFor()
    expect(await findViolations(page)).toEqual([])
    expect(faults).toEqual([])
  })

  it('wants the number of people without a bound factor, where a scan knows it', LONG, async () => {
    await using visit = await world.visit({ person: 'Security lead', path: 'policy' })
    const { page, faults } = visit
    await page.getByRole('button', { name: 'Change the whole pool' }).click()
    await page.getByRole('checkbox', { name: 'One-time password' }).uncheck()
    await page.getByLabel('Reason', { exact: true }).fill('Other codes are enough')
    await handleRequests(page, async route => {
      const response = await route.fetch()
      const warning = '{"code":"USERS_WITHOUT_BOUND_FACTOR","message":"Some users.","users":12},'
      const body = (await response.text()).replace('"warnings":[', `"warnings":[${warning}`)
      await route.fulfill({ response, body })
    })
    await preview(page)
    await page.getByText('12 active people have bound no factor at all').waitFor()
    await page.getByLabel('Type 12 to confirm').waitFor()
    expect(await findViolations(page)).toEqual([])
    await page.getByRole('button', { name: 'Back' }).click()
    await page.getByRole('button', { name: 'Preview', exact: true }).waitFor()
    expect(faults).toEqual([])
  })

  it('says that nobody knows what became of a change without an answer, and looks again', LONG, async () => {
    await using visit = await world.visit({ person: 'Security lead', path: 'policy' })
    const { page } = visit
    await page.getByRole('button', { name: 'Change the whole pool' }).click()
    await page.getByRole('checkbox', { name: 'E-mail' }).uncheck()
    await page.getByLabel('Reason', { exact: true }).fill('No more codes by e-mail')
    await preview(page)
    await page.getByLabel('Type “E-mail” to confirm').fill('e-mail')
    // The server makes the change, and its answer is lost.
    await loseNextAnswer(page)
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: 'Nobody can say whether the change was made' }).waitFor()
    await expect.poll(() => factorsOf(page, 'On')).toContain('E-mail')
    await page.locator('.note').getByRole('button', { name: 'Look again' }).click()
    await expect.poll(() => factorsOf(page, 'Off')).toContain('E-mail')
  })

  it('says of a change with a result of a later version that nobody knows', LONG, async () => {
    await using visit = await world.visit({ person: 'Security lead', path: 'policy' })
    const { page, faults } = visit
    await page.getByRole('button', { name: 'Change the whole pool' }).click()
    await page.getByRole('checkbox', { name: 'Face' }).click()
    await page.getByLabel('Reason', { exact: true }).fill('A later version')
    await preview(page)
    await page.getByLabel('Type “Face” to confirm').fill('face')
    await handleRequests(page, async route => {
      const response = await route.fetch()
      const { data } = await response.json()
      if (data.setMfaPoolPolicy === undefined) return route.fulfill({ response })
      return route.fulfill({
        response,
        json: { data: { setMfaPoolPolicy: { __typename: 'SetMfaPoolPolicyQueuedSuccess' } } },
      })
    })
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: 'Nobody can say whether the change was made' }).waitFor()
    expect(await page.locator('main').getByText('nothing has been sent').count()).toBe(0)
    expect(faults).toEqual([])
  })

  it('tells in its frame what nobody knows of a policy whose screen was left', LONG, async () => {
    await using visit = await world.visit({ person: 'Security lead', path: 'policy' })
    const { page } = visit
    await page.getByRole('button', { name: 'Change the whole pool' }).click()
    await page.getByRole('checkbox', { name: 'SMS' }).click()
    await page.getByLabel('Reason', { exact: true }).fill('Another one')
    await preview(page)
    await page.getByLabel('Type “SMS” to confirm').fill('sms')
    const letGo = await holdNextAnswer(page)
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: 'The change is being sent.' }).waitFor()
    expect(await page.locator('main').getByText('nothing has been sent').count()).toBe(0)
    await page.getByRole('link', { name: 'What may I do?' }).click()
    await leftWrites(page).getByText('It is on its way').waitFor()
    letGo('LOSE')
    await leftWrites(page).getByText('Nobody can say whether it was done').waitFor()
    await leftWrites(page).getByText('Do not send the change again before that.').waitFor()
    await expect.poll(() => leftWrites(page).innerText()).toContain('Policy of the whole pool')
  })

  it('tells in its frame what came of the policy of an application that was left', LONG, async () => {
    const path = 'policy?application=62a500000000000000d15d57'
    await using visit = await world.visit({ person: 'Security lead', path })
    const { page, faults } = visit
    await page.getByLabel('E-mail', { exact: true }).selectOption('ON')
    await preview(page)
    const typed = page.getByLabel(/^Type “/)
    await typed.fill((await page.getByText(/^Type “/).innerText()).replace(/^.*“|”.*$/g, ''))
    const letGo = await holdNextAnswer(page)
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: 'The change is being sent.' }).waitFor()
    await page.getByRole('link', { name: 'What may I do?' }).click()
    await leftWrites(page).getByText('It is on its way').waitFor()
    letGo('PASS')
    await leftWrites(page).getByText('Done', { exact: true }).waitFor()
    await expect.poll(() => leftWrites(page).innerText()).toContain('Policy of an application Example web')
    await leftWrites(page).getByRole('link').click()
    await page.getByRole('heading', { name: 'Factors of an application' }).waitFor()
    expect(faults).toEqual([])
  })

  it('fits 320 px without a way sideways', LONG, async () => {
    await using visit = await world.visit({
      person: 'Security lead',
      path: 'policy?application=62a500000000000000d15d57',
      viewport: { width: 320, height: 700 },
    })
    const { page, faults } = visit
    await page.getByText('Example console').waitFor()
    await page.getByRole('button', { name: 'Change the whole pool' }).click()
    await expect.poll(() => page.evaluate(() => document.documentElement.scrollWidth)).toBe(320)
    expect(faults).toEqual([])
  })
})

describe.skipIf(CHROMIUM === null)('a change of the policy that needs a fresh sign-in', () => {
  it('of the pool is refused, comes back as a preview, and is made once it is confirmed', LONG, async () => {
    await using world = await openConsole({ SANDBOX_USERS: '64', ...STEP_UP })
    await using visit = await world.visit({ person: 'Security lead', path: 'policy' })
    const { page, faults } = visit
    await page.getByRole('button', { name: 'Change the whole pool' }).click()
    await page.getByRole('checkbox', { name: 'E-mail' }).uncheck()
    await page.getByLabel('Reason', { exact: true }).fill('No more codes by e-mail')
    await preview(page)
    await signInFresh(page)
    await page.getByText('E-mail: on → off, for the whole user pool').waitFor()
    await page.getByText('You are back. The change waits as a preview: it was not sent.').waitFor()
    await expect.poll(() => factorsOf(page, 'On')).toContain('E-mail')
    await expect.poll(() => page.evaluate(() => sessionStorage.length)).toBe(0)
    await page.getByText('Type the reason again.').waitFor()
    expect(await findViolations(page)).toEqual([])
    const sent = page.waitForRequest(request => request.postData()?.includes('"dryRun"') === false)
    await page.getByLabel('Reason', { exact: true }).fill('No more codes by e-mail')
    await page.getByLabel('Type “E-mail” to confirm').fill('e-mail')
    await page.keyboard.press('Enter')
    expect((await sent).postData()).toContain('"reason":"No more codes by e-mail"')
    await page.getByText('The policy is set').first().waitFor()
    await expect.poll(() => factorsOf(page, 'Off')).toContain('E-mail')
    await page.getByRole('button', { name: 'Close' }).click()
    await page.getByRole('button', { name: 'Change the whole pool' }).click()
    await expect.poll(() => page.getByText('You are back.').count()).toBe(0)
    await page.getByRole('link', { name: 'What may I do?' }).click()
    await page.getByRole('row', { name: /Factors switched off .* 4 of 5/ }).waitFor()
    expect(await findViolations(page)).toEqual([])
    expect(faults).toEqual([])
  })

  it('of an application is refused, comes back as a preview, and is made once confirmed', LONG, async () => {
    await using world = await openConsole({ SANDBOX_USERS: '64', ...STEP_UP })
    const path = 'policy?application=62a500000000000000d15d59'
    await using visit = await world.visit({ person: 'Security lead', path })
    const { page, faults } = visit
    await page.getByLabel('E-mail', { exact: true }).selectOption('ON')
    await page.getByLabel('SMS', { exact: true }).selectOption('OFF')
    await page.getByLabel('Reason', { exact: true }).fill('Ticket 4711')
    await preview(page)
    await signInFresh(page)
    await page.getByText('You are back. The change waits as a preview: it was not sent.').waitFor()
    expect(new URL(page.url()).searchParams.get('application')).toBe('62a500000000000000d15d59')
    await page.getByText('E-mail: switch on').waitFor()
    await page.getByText('SMS: switch off').waitFor()
    await expect.poll(() => page.evaluate(() => sessionStorage.length)).toBe(0)
    await page.getByText('Type the reason again.').waitFor()
    expect(await findViolations(page)).toEqual([])
    const sent = page.waitForRequest(request => request.postData()?.includes('"dryRun":false') === true)
    await page.getByLabel('Reason', { exact: true }).fill('Ticket 4711')
    await page.getByLabel('Type “ticket-desk” to confirm').fill('ticket-desk')
    await page.keyboard.press('Enter')
    expect((await sent).postData()).toContain('"reason":"Ticket 4711"')
    await page.getByText('By its reply the application now has these factors on: E-mail').waitFor()
    expect(faults).toEqual([])
  })
})

/** Is refused for want of a fresh sign-in, and makes one. */
async function signInFresh(page: Page): Promise<void> {
  await page.getByRole('heading', { name: 'This change needs a fresh sign-in' }).waitFor()
  await page.locator('.note').getByRole('button', { name: 'Sign in again' }).click()
  await page.getByRole('button', { name: 'Security lead' }).click()
}

describe.skipIf(CHROMIUM === null)('a GenAuth that cannot switch factors of the pool off', () => {
  it('leaves in doubt what was switched on before it refused, and shows what it has', LONG, async () => {
    await using genauth = await startSandbox({ port: 0, poolSettingsCalls: { disable: 'NOT_FOUND' } })
    await using world = await openConsole()
    const issuer = `${world.app.sandboxUrl}/sandbox`
    const server = await startServer({
      GENAUTH_URL: genauth.url,
      GENAUTH_ACCESS_KEY_ID: genauth.accessKeyId,
      GENAUTH_ACCESS_KEY_SECRET: genauth.accessKeySecret,
      AUTH_ISSUER: issuer,
      AUTH_JWKS_URL: `${issuer}/jwks`,
      AUTH_AUDIENCE: 'genauth-graphql',
      CONSOLE_CLIENT_ID: 'genauth-console',
    })
    try {
      await using visit = await world.visit({ person: 'Security lead', url: server.url, path: 'policy' })
      const { page, faults } = visit
      await page.getByRole('button', { name: 'Change the whole pool' }).click()
      await page.getByRole('checkbox', { name: 'Face' }).check()
      await page.getByRole('checkbox', { name: 'E-mail' }).uncheck()
      await preview(page)
      await page.getByLabel(/^Type “/).fill('e-mail face')
      await page.keyboard.press('Enter')
      await page.getByRole('heading', { name: 'GenAuth refuses a part of the change' }).waitFor()
      expect(await page.getByText('Nothing was changed').count()).toBe(0)
      await expect.poll(() => page.locator('.change dl dd').first().innerText()).toContain('Face')
      await page.locator('.in-doubt').getByRole('button', { name: 'Look again' }).click()
      await expect.poll(() => factorsOf(page, 'Off')).toEqual([])
      expect(faults).toEqual([])
    } finally {
      await server.close()
    }
  })
})

describe.skipIf(CHROMIUM === null)('the policy while two people change it', () => {
  it('keeps what somebody else has added, and sends what was previewed', LONG, async () => {
    await using world = await openConsole({ SANDBOX_USERS: '64', RATE_LIMITS: 'off' })
    await using slow = await world.visit({ person: 'Security lead', path: 'policy' })
    await using fast = await world.visit({ person: 'Security lead', path: 'policy' })
    const { page } = slow
    const look = (of: Page) => of.locator('.state-of').getByRole('button', { name: 'Look again' }).click()
    const switchFast = async (label: string) => {
      await look(fast.page)
      await fast.page.getByRole('button', { name: 'Change the whole pool' }).click()
      await fast.page.getByRole('checkbox', { name: label }).click()
      await preview(fast.page)
      await fast.page.getByLabel(`Type “${label}” to confirm`).fill(label)
      await fast.page.getByLabel(`Type “${label}” to confirm`).press('Enter')
      await fast.page.getByText('GenAuth was read after the change').waitFor()
      await fast.page.getByRole('button', { name: 'Close' }).click()
    }

    // A conflict.
    await page.getByRole('button', { name: 'Change the whole pool' }).click()
    await page.getByRole('checkbox', { name: 'SMS' }).uncheck()
    await preview(page)
    await page.getByLabel('Type “SMS” to confirm').fill('sms')
    await switchFast('Face')
    await page.getByLabel('Type “SMS” to confirm').press('Enter')
    await page.getByRole('heading', { name: 'The policy has changed since you looked' }).waitFor()
    await page.locator('.note').getByRole('button', { name: 'Look again' }).click()
    await page.getByLabel('Type “SMS” to confirm').fill('sms')
    await page.getByLabel('Type “SMS” to confirm').press('Enter')
    await page.getByText('GenAuth was read after the change').waitFor()
    await expect.poll(() => factorsOf(page, 'Off')).toEqual(['SMS'])
    await page.getByRole('button', { name: 'Close' }).click()

    // A look while the form is open.
    await page.getByRole('button', { name: 'Change the whole pool' }).click()
    await page.getByRole('checkbox', { name: 'E-mail' }).uncheck()
    await switchFast('SMS')
    await look(page)
    await expect.poll(() => page.getByRole('checkbox', { name: 'SMS' }).isChecked()).toBe(true)
    await preview(page)
    await page.getByLabel('Type “E-mail” to confirm').fill('e-mail')

    // A look after the preview, at a state that is gone again.
    await switchFast('SMS')
    await look(page)
    await expect.poll(() => factorsOf(page, 'Off')).toEqual(['SMS'])
    await switchFast('SMS')
    await page.getByLabel('Type “E-mail” to confirm').press('Enter')
    await page.getByText('GenAuth was read after the change').waitFor()
    await expect.poll(() => factorsOf(page, 'Off')).toEqual(['E-mail'])
    expect([...slow.faults, ...fast.faults]).toEqual([])
  })
})

async function preview(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Preview', exact: true }).click()
}

/** Returns the names that stand behind a term of the pool. */
async function factorsOf(page: Page, term: string): Promise<string[]> {
  const items = page.locator(`section[aria-labelledby="pool"] dt:text-is("${term}") + dd li`)
  return (await items.allInnerTexts()).map(text => text.replace(/^\S+\s+/, ''))
}
