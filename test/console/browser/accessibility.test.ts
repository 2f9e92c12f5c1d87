import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { findViolations } from './find-violations.ts'
import { CHROMIUM, type ConsoleWorld, openConsole } from './open-console.ts'

const LONG = { tags: 'long', timeout: 60_000 }
const ADA = '65a000000000000000000001'

/** Every screen by its path. Add a state of a screen by what leads to it. */
const SCREENS: readonly [path: string, lead: (page: Page) => Promise<void>][] = [
  ['', async () => {}],
  [
    '?by=EMAIL',
    async page => {
      await page.getByRole('searchbox').fill('nobody@example.com')
      await page.getByRole('searchbox').press('Enter')
      await page.locator('.note').waitFor()
    },
  ],
  [
    '',
    async page => {
      await page.getByRole('searchbox').fill('er')
      await page.getByRole('searchbox').press('Enter')
      await page.getByRole('table').waitFor()
      await page.locator('.menu summary').click()
    },
  ],
  ['nowhere', async () => {}],
  [`users/${ADA}`, page => page.getByRole('button', { name: 'Change factors' }).waitFor()],
  [
    `users/${ADA}?history=open`,
    async page => {
      await page.getByRole('button', { name: 'Change factors' }).click()
      await page.getByRole('checkbox', { name: 'One-time password is on' }).click()
      await page.getByRole('button', { name: 'Preview' }).click()
      await page.getByRole('button', { name: 'Make the change' }).waitFor()
    },
  ],
  ['users/nobody', async () => {}],
  ['coverage', page => page.getByRole('button', { name: 'Start a scan' }).waitFor()],
  ['policy', page => page.getByRole('button', { name: 'Change the whole pool' }).waitFor()],
  ['several-users', async () => {}],
  [`several-users?ids=${ADA}`, page => page.getByRole('table').first().waitFor()],
  ['rights', page => page.getByRole('table').first().waitFor()],
]

describe.skipIf(CHROMIUM === null)('every screen of the console', () => {
  let world: ConsoleWorld
  beforeAll(async () => {
    world = await openConsole()
  }, 120_000)
  afterAll(() => world[Symbol.asyncDispose]())

  // 320 px is what a window of 1,280 px has at 400 %.
  it.each([1_100, 320])(
    'has no violation, light, dark and with forced colours, and no sideways scroll at %d px',
    { tags: 'long', timeout: 180_000 },
    async width => {
      await using visit = await world.visit({ person: 'Security lead', viewport: { width, height: 800 } })
      const { page, faults } = visit
      for (const [path, lead] of SCREENS) {
        // The issuer knows the person by now, and sends them back without a question.
        await page.goto(`${world.app.url}/console/${path}`)
        await page.getByRole('heading', { level: 1 }).waitFor()
        await lead(page)
        expect(await findViolations(page), path).toEqual([])
        expect(await page.evaluate(() => document.documentElement.scrollWidth), path).toBeLessThanOrEqual(
          width,
        )
      }
      expect(faults).toEqual([])
    },
  )

  it('has no violation at the sign-in of the sandbox', LONG, async () => {
    await using visit = await world.visit({ person: null })
    const { page } = visit
    await page.getByRole('button', { name: 'Reader' }).waitFor()
    expect(await findViolations(page)).toEqual([])
  })
})
