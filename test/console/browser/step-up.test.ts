import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { CHROMIUM, type ConsoleWorld, type DemoPerson, openConsole } from './open-console.ts'

const LONG = { tags: 'long', timeout: 60_000 }
const [ADA, GRACE] = ['65a000000000000000000001', '65a000000000000000000002']
const FRESH = 'This change needs a fresh sign-in'
const AGAIN = 'Type the reason again.'
const OTHER = /You signed in as somebody else, so the (?:change|undo) that waited is gone/
const LATE = /The (?:change|undo) waited for your sign-in longer than five minutes, so it is gone/

const preview = (page: Page) => page.getByRole('button', { name: 'Preview', exact: true }).click()

/** Each place where a change can wait for a sign-in: its path, and what leads to the refusal. */
const PLACES: readonly [what: string, path: string, lead: (page: Page) => Promise<void>][] = [
  [
    'a change of one person',
    `users/${ADA}`,
    async page => {
      await page.getByRole('button', { name: 'Change factors' }).click()
      await page.getByRole('checkbox', { name: 'SMS is on' }).click()
      await preview(page)
    },
  ],
  [
    'an undo',
    `users/${GRACE}?history=open`,
    async page => {
      await page
        .getByRole('button', { name: /^Undo the change of/ })
        .first()
        .click()
    },
  ],
  [
    'a change of several people',
    `several-users?ids=${ADA},${GRACE}`,
    async page => {
      await page.getByLabel('SMS', { exact: true }).selectOption('OFF')
      await preview(page)
    },
  ],
  [
    'a change of the pool',
    'policy',
    async page => {
      await page.getByRole('button', { name: 'Change the whole pool' }).click()
      await page.getByRole('checkbox', { name: 'SMS' }).uncheck()
      await preview(page)
    },
  ],
  [
    'a change of an application',
    'policy?application=62a500000000000000d15d59',
    async page => {
      await page.getByLabel('SMS', { exact: true }).selectOption('OFF')
      await preview(page)
    },
  ],
]

describe.skipIf(CHROMIUM === null)('on the way to a fresh sign-in and back in a browser', () => {
  let world: ConsoleWorld
  beforeAll(async () => {
    // The rule of the sandbox itself, as `npm start` has it.
    world = await openConsole({
      AUTH_STEP_UP_MAX_AGE_S: '',
      RATE_LIMITS: 'off',
      REFUSED_REQUESTS_PER_MINUTE: '600',
    })
    await changeGrace(world)
  }, 120_000)
  afterAll(() => world[Symbol.asyncDispose]())

  /** Opens a place, and leaves for the sign-in that its change needs. */
  async function leave(page: Page, lead: (page: Page) => Promise<void>): Promise<void> {
    page.setDefaultTimeout(10_000)
    await lead(page)
    await page.getByText(FRESH).first().waitFor()
    await page.locator('.note').getByRole('button', { name: 'Sign in again' }).click()
    await page.waitForURL(url => url.pathname === '/sandbox/authorize')
  }

  describe.each(PLACES)('%s', (_, path, lead) => {
    it.each<DemoPerson>(['Support desk', 'Reader'])(
      'is gone if %s signs in there, and shows nothing of itself',
      LONG,
      async other => {
        await using visit = await world.visit({ person: 'Security lead', path })
        const { page, faults } = visit
        await leave(page, lead)
        await page.getByRole('link', { name: 'somebody else' }).click()
        await page.getByRole('button', { name: other }).click()
        await page.locator('.note.warning', { hasText: OTHER }).waitFor()
        await expect.poll(() => page.locator('[aria-live=assertive]').first().innerText()).toMatch(OTHER)
        expect(await page.getByText('You are back').count()).toBe(0)
        expect(await page.getByText(AGAIN).count()).toBe(0)
        expect(await page.getByRole('dialog').count()).toBe(0)
        await expect.poll(() => page.evaluate(() => sessionStorage.length)).toBe(0)
        expect(faults).toEqual([])
      },
    )

    it('is gone after five minutes, and says so', LONG, async () => {
      await using visit = await world.visit({ person: 'Security lead', path })
      const { page, faults } = visit
      await leave(page, lead)
      await page.clock.install({ time: Date.now() + 301_000 })
      await page.getByRole('button', { name: 'Security lead' }).click()
      await page.locator('.note.warning', { hasText: LATE }).waitFor()
      await expect.poll(() => page.evaluate(() => sessionStorage.length)).toBe(0)
      expect(faults).toEqual([])
    })

    it('comes back as a preview, and asks for no reason again where there was none', LONG, async () => {
      await using visit = await world.visit({ person: 'Security lead', path })
      const { page, faults } = visit
      await leave(page, lead)
      await page.getByRole('button', { name: 'Security lead' }).click()
      await page.getByText(/You are back\.|You have signed in again\./).waitFor()
      await page.getByRole('heading', { name: /Preview|would do this|Results/ }).waitFor()
      expect(await page.getByText(AGAIN).count()).toBe(0)
      expect(await page.getByText(OTHER).count()).toBe(0)
      await expect.poll(() => page.evaluate(() => sessionStorage.length)).toBe(0)
      expect(faults).toEqual([])
    })
  })

  it(
    'is still a draft of several people once it is refused, so the page asks before it goes',
    LONG,
    async () => {
      const path = `several-users?ids=${ADA},${GRACE}`
      await using visit = await world.visit({ person: 'Security lead', path })
      const { page } = visit
      await page.getByLabel('SMS', { exact: true }).selectOption('OFF')
      await preview(page)
      await page.getByText(FRESH).first().waitFor()
      await page.getByRole('link', { name: 'Policy' }).click()
      await page.getByRole('dialog', { name: 'Leave this screen?' }).waitFor()
    },
  )

  it('asks for a reason again where there was one', LONG, async () => {
    for (const [, path, lead] of PLACES.filter(([what]) => what !== 'an undo')) {
      await using visit = await world.visit({ person: 'Security lead', path })
      const { page } = visit
      await leave(page, async () => {
        // The reason comes before the preview of the place, in the same form.
        await lead(page)
        await page.getByText(FRESH).first().waitFor()
        const field = page.getByLabel('Reason', { exact: true })
        if ((await field.count()) === 0)
          await page.getByRole('button', { name: 'Choose another switch' }).click()
        await field.fill('lost phone')
        await page.getByRole('button', { name: /^Preview/ }).click()
      })
      await page.getByRole('button', { name: 'Security lead' }).click()
      await page.getByText(AGAIN).waitFor()
      expect(await page.getByLabel('Reason', { exact: true }).inputValue(), path).toBe('')
    }
  })
})

/** Another client changes Grace, so that there is something to undo. */
async function changeGrace(world: ConsoleWorld): Promise<void> {
  const data = await world.send('switch-factors', { userId: GRACE, enable: ['SMS'] })
  expect(data).toMatchObject({ setUserMfaStatus: { applied: true } })
}
