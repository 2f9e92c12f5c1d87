import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { findViolations } from './find-violations.ts'
import {
  CHROMIUM,
  type ConsoleWorld,
  handleRequests,
  holdNextAnswer,
  leftWrites,
  loseNextAnswer,
  openConsole,
} from './open-console.ts'

const LONG = { tags: 'long', timeout: 60_000 }

/** The result of a person whose change may have been made, or may not. */
const IN_DOUBT = {
  __typename: 'MfaUpstreamUnavailableError',
  code: 'UPSTREAM_UNAVAILABLE',
  message: 'x',
  retryable: false,
  requestId: 'r',
  outcome: 'UNKNOWN',
  observed: null,
}

/** The ids of the sandbox, from the first on. */
function toIds(count: number, first = 1): string[] {
  return Array.from({ length: count }, (_, index) => `65a${(first + index).toString(16).padStart(21, '0')}`)
}

describe.skipIf(CHROMIUM === null)('the screen for several people at once in a browser', () => {
  let world: ConsoleWorld
  beforeAll(async () => {
    const [, , , , fifth = ''] = toIds(5)
    world = await openConsole({ SANDBOX_USERS: '64', RATE_LIMITS: 'off', PROTECTED_USERS: fifth })
  }, 120_000)
  afterAll(async () => {
    await world[Symbol.asyncDispose]()
  })

  it('changes fifty people at once, and gives each a result, some of them refused', LONG, async () => {
    await using visit = await world.visit({ path: `several-users?ids=${toIds(50).join()}` })
    const { page, faults } = visit
    await page.getByRole('link', { name: 'Ada Lovelace' }).waitFor()
    await expect.poll(() => page.locator('tbody tr').count()).toBe(50)
    await page.getByLabel('SMS', { exact: true }).selectOption('OFF')
    await page.getByLabel('One-time password', { exact: true }).selectOption('ON')
    await page.getByLabel('Reason', { exact: true }).fill('No more codes by SMS')
    await preview(page)
    await page.getByText('This is a preview. Nothing has been sent.').waitFor()
    expect(await findViolations(page)).toEqual([])
    const before = await countsOf(page)
    expect(before.get('would change')).toBeGreaterThan(1)
    expect(before.get('refused')).toBeGreaterThan(0)
    expect([...before.values()].reduce((sum, count) => sum + count, 0)).toBe(50)
    await page.getByRole('row', { name: /Barbara Liskov.*nobody may weaken their factors here/ }).waitFor()
    const toChange = before.get('would change') ?? 0
    await page.getByLabel(`Type ${toChange} to confirm`).fill(String(toChange + 1))
    await page.keyboard.press('Enter')
    await page.locator('.fault', { hasText: 'Nothing was sent.' }).waitFor()
    await page.getByLabel(`Type ${toChange} to confirm`).fill(String(toChange))
    await page.keyboard.press('Enter')
    await expect.poll(async () => (await countsOf(page)).get('applied'), { timeout: 20_000 }).toBe(toChange)
    expect((await countsOf(page)).get('refused')).toBe(before.get('refused'))
    await expect
      .poll(() => page.locator('[aria-live=assertive]').innerText())
      .toContain(`${toChange} applied`)
    await page.getByRole('button', { name: 'Choose another switch' }).click()
    await page.getByLabel('One-time password', { exact: true }).waitFor()
    await preview(page)
    await expect
      .poll(async () => (await countsOf(page)).get('no change needed'))
      .toBeGreaterThanOrEqual(toChange)
    expect(faults).toEqual([])
  })

  it('tells entries that are no ids, and people for whom there is no room', LONG, async () => {
    const ids = [...toIds(52), 'ada@example.com', 'a b']
    await using visit = await world.visit({ path: `several-users?ids=${encodeURIComponent(ids.join())}` })
    const { page, faults } = visit
    await page.getByText('2 entries of the address cannot be an id of GenAuth').waitFor()
    await page.getByText('2 further people are not in this list').waitFor()
    await page.getByRole('heading', { name: '50 people' }).waitFor()
    expect(faults).toEqual([])
  })

  it('says where people come from if nobody is chosen', LONG, async () => {
    await using visit = await world.visit({ path: 'several-users' })
    const { page, faults } = visit
    await page.getByText('Nobody is chosen').waitFor()
    expect(await findViolations(page)).toEqual([])
    await page.getByRole('link', { name: 'Choose people in Coverage' }).waitFor()
    expect(faults).toEqual([])
  })

  it('takes a person out of the list, and says who is unknown', LONG, async () => {
    const ids = [...toIds(2), '65a0000000000000000000aa']
    await using visit = await world.visit({ path: `several-users?ids=${ids.join()}` })
    const { page, faults } = visit
    await page.getByText('GenAuth knows nobody by this identifier').waitFor()
    expect(await findViolations(page)).toEqual([])
    await page.getByRole('button', { name: 'leave out Ada Lovelace' }).click()
    await page.getByRole('heading', { name: '2 people' }).waitFor()
    await expect.poll(() => page.getByRole('link', { name: 'Ada Lovelace' }).count()).toBe(0)
    expect(faults).toEqual([])
  })

  it('says that accounts could not be read, and reads them again', LONG, async () => {
    await using visit = await world.visit({ path: '' })
    const { page, faults } = visit
    let isDown = true
    await handleRequests(page, async route => {
      const response = await route.fetch()
      const body = await response.json()
      const [found] = body.data?.usersMfa?.results ?? []
      if (!isDown || found === undefined) return route.fulfill({ response })
      found.payload.account = null
      const path = ['usersMfa', 'results', 0, 'payload', 'account']
      const extensions = { code: 'UPSTREAM_UNAVAILABLE', requestId: 'r' }
      await route.fulfill({ response, json: { ...body, errors: [{ message: 'x', path, extensions }] } })
    })
    await page.goto(`${world.app.url}/console/several-users?ids=${toIds(2).join()}`)
    await page.getByRole('link', { name: 'Grace Hopper' }).waitFor()
    isDown = false
    await page.locator('.note.failure').getByRole('button').last().click()
    await page.getByRole('link', { name: 'Ada Lovelace' }).waitFor()
    await page.locator('.note.failure').waitFor({ state: 'detached' })
    expect(faults).toEqual([])
  })

  it('says that nobody knows what became of a change without an answer, and looks again', LONG, async () => {
    await using visit = await world.visit({ path: `several-users?ids=${toIds(3, 20).join()}` })
    const { page } = visit
    await page.getByLabel('Face', { exact: true }).selectOption('ON')
    await preview(page)
    await page.getByText('This is a preview. Nothing has been sent.').waitFor()
    const toChange = (await countsOf(page)).get('would change') ?? 0
    // The server makes the change, and its answer is lost.
    await loseNextAnswer(page)
    await page.getByLabel(`Type ${toChange} to confirm`).fill(String(toChange))
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: 'Nobody can say whether the change was made' }).waitFor()
    expect((await countsOf(page)).get('unknown')).toBe(toChange)
    await page.getByRole('button', { name: `Look again at the ${toChange} in doubt` }).click()
    await expect.poll(async () => (await countsOf(page)).get('no change needed')).toBe(3)
  })

  it('shows what a later look has read in place of what the change had told', LONG, async () => {
    const [tim = ''] = toIds(1, 62)
    await using visit = await world.visit({ path: `several-users?ids=${tim}` })
    await using other = await world.visit({ path: `several-users?ids=${tim}` })
    for (const { page } of [visit, other]) await page.getByRole('button', { name: 'Preview' }).waitFor()
    await switchFace(visit.page, 'ON')
    await visit.page.getByRole('cell', { name: /on: .*Face/ }).waitFor()
    await switchFace(other.page, 'OFF')
    await visit.page.getByRole('button', { name: 'Look again' }).click()
    await expect.poll(() => visit.page.getByRole('cell', { name: /on: .*Face/ }).count()).toBe(0)
    expect([...visit.faults, ...other.faults]).toEqual([])
  })

  it('says of a change with a result of a later version that nobody knows', LONG, async () => {
    await using visit = await world.visit({ path: `several-users?ids=${toIds(2, 30).join()}` })
    const { page, faults } = visit
    await page.getByLabel('Face', { exact: true }).selectOption('ON')
    await preview(page)
    await page.getByText('This is a preview. Nothing has been sent.').waitFor()
    const json = { data: { setUsersMfaStatus: { __typename: 'SetUsersMfaStatusQueuedSuccess' } } }
    await handleRequests(page, async route => route.fulfill({ response: await route.fetch(), json }))
    await page.getByLabel('Type 2 to confirm').fill('2')
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: 'Nobody can say whether the change was made' }).waitFor()
    expect((await countsOf(page)).get('unknown')).toBe(2)
    expect(await page.getByText('Nothing has been sent.').count()).toBe(0)
    expect(faults).toEqual([])
  })

  it('tells in its frame how many were changed, if the screen was left before', LONG, async () => {
    const ids = [...toIds(3, 55), '65a0000000000000000000aa']
    await using visit = await world.visit({ path: `several-users?ids=${ids.join()}` })
    const { page, faults } = visit
    await page.getByLabel('Face', { exact: true }).selectOption('ON')
    await preview(page)
    await page.getByText('This is a preview. Nothing has been sent.').waitFor()
    const toChange = (await countsOf(page)).get('would change') ?? 0
    expect(toChange).toBeGreaterThan(1)
    await page.getByLabel(`Type ${toChange} to confirm`).fill(String(toChange))
    const letGo = await holdNextAnswer(page)
    await page.keyboard.press('Enter')
    await page.locator('.change', { hasText: 'The change is being sent.' }).waitFor()
    expect(await page.getByText('Nothing has been sent.').count()).toBe(0)
    await page.getByRole('link', { name: 'Find' }).click()
    await leftWrites(page).getByText('It is on its way').waitFor()
    letGo('PASS')
    await leftWrites(page).getByText(`Done: ${toChange}`).waitFor()
    await expect
      .poll(() => leftWrites(page).innerText())
      .toContain(`Change of several people ${toChange} people`)
    await leftWrites(page).getByRole('link', { name: 'Go to its screen' }).click()
    await page.getByRole('heading', { name: `${toChange} people` }).waitFor()
    expect(faults).toEqual([])
  })

  it('leads from its frame to those of whom nobody knows, if the screen was left before', LONG, async () => {
    await using visit = await world.visit({ path: `several-users?ids=${toIds(6, 40)}` })
    const { page, faults } = visit
    await page.getByLabel('Face', { exact: true }).selectOption('ON')
    await preview(page)
    await page.getByText('This is a preview. Nothing has been sent.').waitFor()
    const toChange = (await countsOf(page)).get('would change') ?? 0
    expect(toChange).toBeGreaterThan(2)
    await page.getByLabel(`Type ${toChange} to confirm`).fill(String(toChange))
    let doubtful = ''
    let letGo = () => {}
    const held = new Promise<void>(resolve => {
      letGo = resolve
    })
    await handleRequests(page, async route => {
      const response = await route.fetch()
      const json = await response.json()
      const results = json.data?.setUsersMfaStatus?.results
      if (results !== undefined) {
        results[1].payload = IN_DOUBT
        doubtful = results[1].ref.userId
        await held
      }
      await route.fulfill({ response, json })
    })
    await page.keyboard.press('Enter')
    await page.locator('.change', { hasText: 'The change is being sent.' }).waitFor()
    await page.getByRole('link', { name: 'Find' }).click()
    await leftWrites(page).getByText('It is on its way').waitFor()
    letGo()
    await leftWrites(page)
      .getByRole('link', { name: `Done: ${toChange - 1}` })
      .waitFor()
    expect(await findViolations(page)).toEqual([])
    await leftWrites(page).getByRole('link', { name: 'Nobody can say whether it was done: 1' }).click()
    await page.getByRole('heading', { name: '1 person' }).waitFor()
    expect(new URL(page.url()).searchParams.get('ids')).toBe(doubtful)
    await leftWrites(page)
      .getByRole('link', { name: `Done: ${toChange - 1}` })
      .click()
    await page.getByRole('heading', { name: `${toChange - 1} people` }).waitFor()
    expect(faults).toEqual([])
  })

  it('shows a reader the people, and the right that is missing', LONG, async () => {
    await using visit = await world.visit({ person: 'Reader', path: `several-users?ids=${toIds(2).join()}` })
    const { page, faults } = visit
    await page.getByText('You need the mfa:write scope for this.').waitFor()
    await page.getByRole('link', { name: 'Ada Lovelace' }).waitFor()
    expect(await page.getByRole('button', { name: 'Preview', exact: true }).count()).toBe(0)
    expect(faults).toEqual([])
  })

  it('fits 320 px without a way sideways', LONG, async () => {
    await using visit = await world.visit({
      path: `several-users?ids=${toIds(8).join()}`,
      viewport: { width: 320, height: 700 },
    })
    const { page, faults } = visit
    await page.getByLabel('Face', { exact: true }).selectOption('ON')
    await preview(page)
    await page.getByText('This is a preview. Nothing has been sent.').waitFor()
    await expect.poll(() => page.evaluate(() => document.documentElement.scrollWidth)).toBe(320)
    expect(faults).toEqual([])
  })
})

describe.skipIf(CHROMIUM === null)('a change of several people that needs a fresh sign-in', () => {
  it('comes back from the sign-in as a preview', LONG, async () => {
    const env = { AUTH_STEP_UP_MAX_AGE_S: '28800', AUTH_STEP_UP_ACR: 'mfa', RATE_LIMITS: 'off' }
    await using world = await openConsole({ SANDBOX_USERS: '64', ...env })
    await using visit = await world.visit({ path: `several-users?ids=${toIds(4).join()}` })
    const { page, faults } = visit
    await page.getByLabel('SMS', { exact: true }).selectOption('OFF')
    await page.getByLabel('One-time password', { exact: true }).selectOption('ON')
    await preview(page)
    await page.getByRole('button', { name: 'Sign in again' }).click()
    await page.getByRole('button', { name: 'Support desk' }).click()
    await page.getByText('You are back.').waitFor()
    await expect.poll(async () => (await countsOf(page)).get('would change')).toBeGreaterThan(0)
    await expect.poll(() => page.evaluate(() => sessionStorage.length)).toBe(0)
    expect(faults).toEqual([])
  })
})

async function preview(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Preview', exact: true }).click()
}

/** Switches the factor of the only person. */
async function switchFace(page: Page, choice: 'ON' | 'OFF'): Promise<void> {
  await page.getByLabel('Face', { exact: true }).selectOption(choice)
  await preview(page)
  await page.getByLabel('Type 1 to confirm').fill('1')
  await page.keyboard.press('Enter')
  await page.getByText('1 applied').first().waitFor()
}

/** Returns the summary: how many people have each kind of result. */
async function countsOf(page: Page): Promise<Map<string, number>> {
  const texts = await page.locator('.change > .badges li').allInnerTexts()
  return new Map(
    texts.flatMap(text => {
      const [, count = '', kind = ''] = /(\d+) (.+)/.exec(text) ?? []
      return kind === '' ? [] : [[kind, Number(count)] as const]
    }),
  )
}
