import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { CHROMIUM, type ConsoleWorld, openConsole } from './open-console.ts'

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']

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
]

/** Playwright runs it beside the page's own code, which no policy of the page hinders. */
async function findViolations(page: Page): Promise<string[]> {
  await page.evaluate(AXE)
  const found = await page.evaluate(
    `axe.run({ runOnly: ${JSON.stringify(RULES)} }).then(({ violations }) => violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => id + ': ' + html)))`,
  )
  return found as string[]
}

describe.skipIf(CHROMIUM === null)('every screen of the console', () => {
  let world: ConsoleWorld
  beforeAll(async () => {
    world = await openConsole()
  }, 120_000)
  afterAll(() => world[Symbol.asyncDispose]())

  it.each([
    ['light', 1_100, { colorScheme: 'light' }],
    ['dark', 1_100, { colorScheme: 'dark' }],
    ['forced colours', 1_100, { forcedColors: 'active' }],
    ['320 px', 320, { colorScheme: 'light' }],
  ] as const)(
    'has no violation and no sideways scroll in %s',
    { tags: 'long', timeout: 120_000 },
    async (...row) => {
      const [, width, media] = row
      await using visit = await world.visit({ viewport: { width, height: 800 }, ...media })
      const { page, faults } = visit
      for (const [path, lead] of SCREENS) {
        // The issuer knows the person by now, and sends them back without a question.
        await page.goto(`${world.app.url}/console/${path}`)
        await page.getByRole('heading', { level: 1 }).waitFor()
        await lead(page)
        expect(await findViolations(page)).toEqual([])
        expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width)
      }
      expect(faults).toEqual([])
    },
  )
})
