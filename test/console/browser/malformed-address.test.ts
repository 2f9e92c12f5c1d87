import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { CHROMIUM, type ConsoleWorld, openConsole } from './open-console.ts'

const LONG = { tags: 'long', timeout: 120_000 }
const ADA = '65a000000000000000000001'
const NOT_FOUND = 'There is no such screen'

/** Addresses with an escape that is no text, and the heading of the screen. */
const ADDRESSES: readonly [path: string, heading: string][] = [
  ['users/%E0%A4%A', NOT_FOUND],
  ['users/%', NOT_FOUND],
  ['%E0%A4%A', NOT_FOUND],
  ['users/a/%FF', NOT_FOUND],
  ['?q=%E0%A4%A&by=%', 'Find a person'],
  ['several-users?ids=%', 'Several people together'],
  ['coverage?department=%E0%A4%A&before=%&after=%FF&page=%&scan=%E0&status=%', 'Coverage'],
  ['policy?application=%E0%A4%A', 'Policy'],
  [`users/${ADA}?history=%#%E0%A4%A`, 'Ada Lovelace'],
  ['rights?lang=%E0%A4%A', 'What may I do?'],
]

describe.skipIf(CHROMIUM === null)('an address with an escape that is no text', () => {
  let world: ConsoleWorld
  beforeAll(async () => {
    world = await openConsole()
  }, 120_000)
  afterAll(() => world[Symbol.asyncDispose]())

  it(
    'shows its screen, or that there is none, and every other screen can be opened from it',
    LONG,
    async () => {
      await using visit = await world.visit({ person: 'Security lead' })
      const { page, faults } = visit
      for (const [path, heading] of ADDRESSES) {
        await page.goto(`${world.app.url}/console/${path}`)
        await page.getByRole('heading', { level: 1, name: heading }).waitFor()
        await page.getByRole('link', { name: 'What may I do?' }).click()
        await page.getByRole('heading', { level: 1, name: 'What may I do?' }).waitFor()
        await page.goBack()
        await page.getByRole('heading', { level: 1, name: heading }).waitFor()
      }
      expect(faults).toEqual([])
    },
  )
})
