import type { Locator, Page, Route } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { findViolations } from './find-violations.ts'
import {
  CHROMIUM,
  type ConsoleWorld,
  handleRequests,
  holdNextAnswer,
  intercept,
  leftWrites,
  loseNextAnswer,
  openConsole,
  restoreAda,
} from './open-console.ts'

const LONG = { tags: 'long', timeout: 60_000 }
const ID = '65a0000000000000000000'

/** Another client of the API changes a person. */
async function changeElsewhere(world: ConsoleWorld, variables: object): Promise<void> {
  expect(await world.send('switch-factors', variables)).toMatchObject({ setUserMfaStatus: { applied: true } })
}

/** Opens the change, and switches one factor. */
async function wish(page: Page, factor: string): Promise<void> {
  await page.getByRole('button', { name: 'Change factors' }).click()
  await page.getByRole('checkbox', { name: `${factor} is on` }).click()
}

/** Handles each stream of the page. It is told how many there have been. */
async function handleStreams(page: Page, handle: (route: Route, count: number) => Promise<void>) {
  const streams = { count: 0 }
  await intercept(page, '**/graphql', route => {
    if (route.request().headers()['accept'] !== 'text/event-stream') return route.fallback()
    streams.count += 1
    return handle(route, streams.count)
  })
  return streams
}

/** Gives the first stream of the page these hints, once the returned function is called. */
async function holdHints(page: Page, hints: readonly object[]): Promise<() => Promise<void>> {
  let tell = () => {}
  const told = new Promise<void>(resolve => {
    tell = resolve
  })
  await handleStreams(page, async (route, count) => {
    if (count > 1) return route.fallback()
    await told
    const events = hints.map(hint => {
      const userMfaChanged = {
        __typename: 'MfaChange',
        at: new Date().toISOString(),
        applicationId: null,
        user: null,
        ...hint,
      }
      return `event: next\ndata: ${JSON.stringify({ data: { userMfaChanged } })}\n\n`
    })
    await route.fulfill({
      contentType: 'text/event-stream',
      body: `${events.join('')}event: complete\ndata:\n\n`,
    })
  })
  return async () => {
    const response = page.waitForResponse(each => each.headers()['content-type'] === 'text/event-stream')
    tell()
    await (await response).finished()
    await page.evaluate(() => new Promise(resolve => setTimeout(resolve)))
  }
}

/** A wait of the page may begin at any moment, so its clock is moved until the wait is over. */
const POLL = { interval: 300, timeout: 10_000 }
const forward = (page: Page) => page.clock.fastForward(10_000)

const BUSY = { errors: [{ message: 'x', extensions: { code: 'OVERLOADED', requestId: 'r' } }] }

const preview = (page: Page) => page.getByRole('button', { name: /^Preview/ }).click()
const apply = (page: Page) => page.getByRole('button', { name: 'Make the change' }).click()

/** Signs in again with a second factor, as a change demands. */
async function stepUp(page: Page, name = 'Support desk'): Promise<void> {
  await page.locator('.note').getByRole('button', { name: 'Sign in again' }).click()
  await page.waitForURL(url => url.pathname === '/sandbox/authorize')
  await page.getByRole('button', { name }).first().click()
  await page.getByText('You have signed in again.').waitFor()
}

function rowOf(page: Page, factor: string): Locator {
  const table = page.locator('table', { hasText: 'Factors, in the order of the sign-in' }).first()
  return table.getByRole('row', { name: factor })
}

async function cells(page: Page, factor: string): Promise<string[]> {
  const row = rowOf(page, factor)
  await row.waitFor()
  return row.getByRole('cell').allInnerTexts()
}

describe.skipIf(CHROMIUM === null)('the screen of a person in a browser', () => {
  let world: ConsoleWorld
  beforeAll(async () => {
    world = await openConsole({ SANDBOX_USERS: '100' })
  }, 120_000)
  afterAll(() => world[Symbol.asyncDispose]())
  beforeEach(() => restoreAda(world))

  it(
    'goes from a search to a preview, meets a conflict, previews again, and makes the change',
    LONG,
    async () => {
      await using visit = await world.visit()
      const { page, faults } = visit
      await page.keyboard.type('ada')
      await page.keyboard.press('Enter')
      await page.getByRole('link', { name: 'Ada Lovelace' }).click()
      await page.getByRole('heading', { level: 1, name: 'Ada Lovelace' }).waitFor()
      await expect.poll(() => cells(page, 'SMS')).toEqual(['1', '✓ yes', '✓ yes'])
      await wish(page, 'SMS')
      await page.getByLabel('Reason').fill('lost phone')
      await preview(page)
      await page.getByText('This takes protection away from the person.').waitFor()
      await expect.poll(() => cells(page, 'SMS')).toEqual(['1', '✓ yes', '✓ yes'])
      await changeElsewhere(world, { userId: `${ID}01`, enable: ['EMAIL'] })
      await apply(page)
      await page.getByRole('heading', { name: 'Somebody has changed this person since you looked' }).waitFor()
      await page.getByText('The person now').waitFor()
      await expect.poll(() => page.getByRole('checkbox', { name: 'E-mail is on' }).isChecked()).toBe(true)
      await expect.poll(() => page.getByRole('checkbox', { name: 'SMS is on' }).isChecked()).toBe(false)
      await preview(page)
      await apply(page)
      await page.getByRole('heading', { name: 'The change was made' }).waitFor()
      await page.getByText('It was read back from GenAuth').first().waitFor()
      await expect.poll(() => cells(page, 'SMS')).toEqual(['1', '· no', '✓ yes'])
      await expect.poll(() => page.evaluate(() => document.activeElement?.id)).toBe('result')
      expect(faults).toEqual([])
    },
  )

  it('says that the person was changed elsewhere, without a name, and reads again', LONG, async () => {
    await using visit = await world.visit()
    const { page, faults } = visit
    const stream = page.waitForResponse(
      response => response.headers()['content-type'] === 'text/event-stream',
    )
    await page.goto(`${world.app.url}/console/users/${ID}04`)
    await page.getByRole('heading', { name: 'Katherine Johnson' }).waitFor()
    await stream
    await changeElsewhere(world, { userId: `${ID}04`, enable: ['OTP'] })
    await page.locator('.note', { hasText: 'This page does not know who did it' }).waitFor()
    await expect.poll(() => cells(page, 'One-time password')).toEqual(['2', '✓ yes', '! no'])
    expect(faults).toEqual([])
  })

  it('keeps the state that a change has told if a read from before it ends later', LONG, async () => {
    await using visit = await world.visit({ path: `users/${ID}21` })
    const { page, faults } = visit
    await page.getByRole('button', { name: 'Change factors' }).waitFor()
    await wish(page, 'Face')
    await preview(page)
    await page.getByRole('button', { name: 'Make the change' }).waitFor()
    const letGo = await holdNextAnswer(page)
    await page.getByRole('button', { name: 'Look again' }).click()
    await expect.poll(() => letGo.isHeld()).toBe(true)
    await apply(page)
    await page.getByRole('heading', { name: 'The change was made' }).waitFor()
    const told = await cells(page, 'Face')
    letGo('PASS')
    await page.locator('.state-of [aria-busy=false]').waitFor()
    expect(await cells(page, 'Face')).toEqual(told)
    expect(faults).toEqual([])
  })

  it('reads anew after a change elsewhere, even if an earlier read is on its way', LONG, async () => {
    await using visit = await world.visit()
    const { page, faults } = visit
    const stream = page.waitForResponse(
      response => response.headers()['content-type'] === 'text/event-stream',
    )
    await page.goto(`${world.app.url}/console/users/${ID}22`)
    await page.getByRole('button', { name: 'Change factors' }).waitFor()
    await stream
    const letGo = await holdNextAnswer(page)
    await page.getByRole('button', { name: 'Look again' }).click()
    await expect.poll(() => letGo.isHeld()).toBe(true)
    await changeElsewhere(world, { userId: `${ID}22`, enable: ['FACE'] })
    await page.locator('.note', { hasText: 'The state was read again.' }).waitFor()
    letGo('PASS')
    await expect.poll(() => cells(page, 'Face').then(([, isOn]) => isOn)).toBe('✓ yes')
    expect(faults).toEqual([])
  })

  it('opens a broken stream again, and hears of a change elsewhere', LONG, async () => {
    await using visit = await world.visit()
    const { page, faults } = visit
    await page.clock.install()
    const streams = await handleStreams(page, (route, count) =>
      count === 1 ? route.abort() : route.fallback(),
    )
    const stream = page.waitForResponse(
      response => response.headers()['content-type'] === 'text/event-stream',
    )
    await page.goto(`${world.app.url}/console/users/${ID}24`)
    await page.getByRole('button', { name: 'Change factors' }).waitFor()
    await expect.poll(() => forward(page).then(() => streams.count), POLL).toBe(2)
    await stream
    await changeElsewhere(world, { userId: `${ID}24`, enable: ['FACE'] })
    await page.locator('.note', { hasText: 'This page does not know who did it' }).waitFor()
    expect(faults).toEqual(['Failed to load resource: net::ERR_FAILED'])
  })

  it('says that it hears of no more changes once its stream was refused six times', LONG, async () => {
    await using visit = await world.visit()
    const { page } = visit
    await page.clock.install()
    const streams = await handleStreams(page, route => route.fulfill({ status: 503, json: BUSY }))
    await page.goto(`${world.app.url}/console/users/${ID}04`)
    // Until then the sign-in has waits of its own, which must not end early.
    await page.getByRole('button', { name: 'Change factors' }).waitFor()
    const over = page.getByText('This page no longer notices changes by others.')
    await expect.poll(() => forward(page).then(() => over.count()), POLL).toBe(1)
    expect(streams.count).toBe(6)
  })

  it('tells of each change elsewhere that it heard of while it wrote, and reads again', LONG, async () => {
    await using visit = await world.visit()
    const { page, faults } = visit
    const tell = await holdHints(page, [
      { hint: 'SET_BY_THIS_SERVICE', revision: 'another' },
      { hint: 'POOL_POLICY', revision: null },
    ])
    await page.goto(`${world.app.url}/console/users/${ID}23`)
    await wish(page, 'Face')
    await preview(page)
    await page.getByRole('button', { name: 'Make the change' }).waitFor()
    const letGo = await holdNextAnswer(page)
    await apply(page)
    await expect.poll(() => letGo.isHeld()).toBe(true)
    await changeElsewhere(world, { userId: `${ID}23`, enable: ['OTP'], disable: ['SMS'] })
    await tell()
    letGo('PASS')
    await page.locator('.note', { hasText: 'The policy of an application' }).waitFor()
    await page.locator('.note', { hasText: 'This page does not know who did it' }).waitFor()
    await expect.poll(() => cells(page, 'SMS').then(([, isOn]) => isOn)).toBe('· no')
    expect(faults).toEqual([])
  })

  it('takes a hint of a later version for a change of the person, and reads again', LONG, async () => {
    await using visit = await world.visit()
    const { page, faults } = visit
    const tell = await holdHints(page, [{ hint: 'BOUND', revision: null }])
    await page.goto(`${world.app.url}/console/users/${ID}01`)
    const [, before] = await cells(page, 'SMS')
    const patch = before === '✓ yes' ? { enable: ['EMAIL'], disable: ['SMS'] } : { enable: ['SMS'] }
    await changeElsewhere(world, { userId: `${ID}01`, ...patch })
    await tell()
    await page.locator('.note', { hasText: 'This page does not know who did it' }).waitFor()
    await expect.poll(() => cells(page, 'SMS').then(([, after]) => after)).not.toBe(before)
    expect(await page.getByText('The policy of an application').count()).toBe(0)
    expect(faults).toEqual([])
  })

  it('changes the order by buttons, all by keyboard', LONG, async () => {
    await using visit = await world.visit({ path: `users/${ID}05` })
    const { page, faults } = visit
    await page.getByRole('button', { name: 'Change factors' }).press('Enter')
    await page.getByRole('button', { name: 'Move One-time password up' }).press('Enter')
    const focused = () => page.evaluate(() => document.activeElement?.getAttribute('aria-label'))
    await expect.poll(focused).toBe('Move One-time password down')
    await page.getByText('Kept on or off as they are, but behind the others: PASSKEY.').waitFor()
    await page.getByLabel('Reason').press('Enter')
    await expect.poll(() => page.evaluate(() => document.activeElement?.id)).toBe('preview')
    await page.getByText('which one is asked first').waitFor()
    await page.getByRole('button', { name: 'Make the change' }).press('Enter')
    await page.getByRole('heading', { name: 'The change was made' }).waitFor()
    await expect.poll(() => cells(page, 'One-time password')).toEqual(['1', '✓ yes', expect.any(String)])
    await expect.poll(() => cells(page, 'PASSKEY')).toEqual(['3', '✓ yes', '? cannot tell'])
    expect(faults).toEqual([])
  })

  it('tells that nobody knows the outcome if the answer is lost, and looks again', LONG, async () => {
    await using visit = await world.visit({ path: `users/${ID}03` })
    const { page, faults } = visit
    await wish(page, 'One-time password')
    await preview(page)
    await page.getByRole('button', { name: 'Make the change' }).waitFor()
    await loseNextAnswer(page)
    await apply(page)
    await page.getByRole('heading', { name: 'Nobody can say whether the change was made' }).waitFor()
    expect(await page.getByText('The change was made', { exact: true }).count()).toBe(0)
    await page.locator('.in-doubt').getByRole('button', { name: 'Look again' }).click()
    await expect.poll(() => cells(page, 'One-time password')).toEqual(['1', '✓ yes', '! no'])
    expect(faults).toEqual(['Failed to load resource: net::ERR_FAILED'])
  })

  it('tells in its frame what came of a change whose screen was left', LONG, async () => {
    await using visit = await world.visit({ path: `users/${ID}08` })
    const { page, faults } = visit
    const name = 'Tim Berners-Lee'
    await page.getByRole('heading', { level: 1, name }).waitFor()
    await page.getByRole('button', { name: 'Change factors' }).waitFor()
    expect(await rowOf(page, 'One-time password').count()).toBe(0)
    await wish(page, 'One-time password')
    await preview(page)
    await page.getByText('Nothing has been changed so far.').first().waitFor()
    const letGo = await holdNextAnswer(page)
    await apply(page)
    await page.locator('.preview', { hasText: 'The change is being sent.' }).waitFor()
    expect(await page.locator('main').getByText('Nothing has been changed so far.').count()).toBe(0)
    expect(await leftWrites(page).count()).toBe(0)
    await page.getByRole('link', { name: 'Policy' }).click()
    await page.getByRole('heading', { level: 1, name: 'Policy' }).waitFor()
    const note = leftWrites(page)
    await note.getByText('It is on its way, and has no result yet.').waitFor()
    await expect.poll(() => note.innerText()).toMatch(new RegExp(`Change of factors ${name}`))
    expect(await findViolations(page)).toEqual([])
    letGo('PASS')
    await note.getByText('Done', { exact: true }).waitFor()
    await expect
      .poll(() => page.locator('[aria-live=assertive]').innerText())
      .toContain(`Change of factors ${name} Done`)
    await note.getByRole('link', { name: 'Go to its screen' }).click()
    await page.getByRole('heading', { level: 1, name }).waitFor()
    await expect.poll(() => cells(page, 'One-time password')).toEqual(['1', '✓ yes', expect.any(String)])
    await note.getByRole('button', { name: 'Close' }).click()
    await expect.poll(() => note.count()).toBe(0)
    await expect.poll(() => page.evaluate(() => document.activeElement?.id)).toBe('content')
    expect(await page.evaluate(() => JSON.stringify([{ ...sessionStorage }, { ...localStorage }]))).toBe(
      '[{},{}]',
    )
    expect(faults).toEqual([])
  })

  it('tells of a change that GenAuth refuses after its screen was left, and why', LONG, async () => {
    await using visit = await world.visit({ path: `users/${ID}06` })
    const { page, faults } = visit
    await wish(page, 'SMS')
    await preview(page)
    await page.getByText('Nothing has been changed so far.').first().waitFor()
    const letGo = await holdNextAnswer(page)
    await apply(page)
    await page.getByRole('link', { name: 'Policy' }).click()
    letGo('PASS')
    await leftWrites(page).getByText('Not done').waitFor()
    await leftWrites(page).getByText('GenAuth refuses').waitFor()
    expect(faults).toEqual([])
  })

  it('tells in its frame what came of an undo whose screen was left', LONG, async () => {
    await using visit = await world.visit({ path: `users/${ID}09` })
    const { page, faults } = visit
    await page.getByRole('link', { name: 'Find' }).click()
    await page.getByRole('searchbox').first().waitFor()
    await page.goBack()
    await page.getByRole('button', { name: 'Change factors' }).waitFor()
    const name = await page.getByRole('heading', { level: 1 }).innerText()
    expect(await rowOf(page, 'E-mail').count()).toBe(0)
    await wish(page, 'E-mail')
    await preview(page)
    await apply(page)
    await expect.poll(() => cells(page, 'E-mail')).toEqual(['1', '✓ yes', expect.any(String)])
    await page.getByRole('button', { name: 'Undo this change' }).click()
    const dialog = page.getByRole('dialog')
    // The person had no factor before the change.
    await dialog.getByText('Leave this person without any factor').click()
    await dialog.getByRole('button', { name: 'Preview again' }).click()
    await dialog.getByRole('heading', { name: 'The undo would do this' }).waitFor()
    const letGo = await holdNextAnswer(page)
    await dialog.getByRole('button', { name: 'Undo the change' }).click()
    await dialog.getByRole('heading', { name: 'The change is being sent.' }).waitFor()
    await page.goForward()
    await leftWrites(page).getByText('It is on its way').waitFor()
    letGo('PASS')
    await leftWrites(page).getByText('Done', { exact: true }).waitFor()
    await expect.poll(() => leftWrites(page).innerText()).toContain(`Undo of a change ${name}`)
    await leftWrites(page).getByRole('link').click()
    await page.getByRole('button', { name: 'Change factors' }).waitFor()
    await expect.poll(() => rowOf(page, 'E-mail').count()).toBe(0)
    expect(faults).toEqual([])
  })

  it(
    'lets the browser ask before the page is left while a change is on its way, and only then',
    LONG,
    async () => {
      await using visit = await world.visit({ path: `users/${ID}0a` })
      const { page } = visit
      const asked: string[] = []
      page.on('dialog', dialog => {
        asked.push(dialog.type())
        void dialog.dismiss()
      })
      const reload = () => page.evaluate(() => void setTimeout(() => location.reload()))
      await wish(page, 'One-time password')
      await preview(page)
      await page.getByText('Nothing has been changed so far.').first().waitFor()
      const letGo = await holdNextAnswer(page)
      await apply(page)
      await page.locator('.preview', { hasText: 'The change is being sent.' }).waitFor()
      await reload()
      await expect.poll(() => asked).toEqual(['beforeunload'])
      letGo('PASS')
      await page.getByRole('heading', { name: 'The change was made' }).waitFor()
      await reload()
      await page.getByRole('heading', { name: 'The change was made' }).waitFor({ state: 'detached' })
      expect(asked).toEqual(['beforeunload'])
    },
  )

  it(
    'says no more of a change than that no response came, and of a preview not even that',
    LONG,
    async () => {
      await using visit = await world.visit({ path: `users/${ID}0b` })
      const { page } = visit
      let isDead = true
      await handleRequests(page, route => (isDead ? route.abort() : route.fallback()))
      await wish(page, 'One-time password')
      await preview(page)
      await page.getByRole('heading', { name: 'The server cannot be reached' }).waitFor()
      expect(await page.locator('main').innerText()).not.toMatch(/may have been made|Nobody can say/)
      isDead = false
      await preview(page)
      await page.getByText('Nothing has been changed so far.').first().waitFor()
      isDead = true
      await apply(page)
      await page.getByText('No response says what came of it.').waitFor()
      expect(await page.locator('main').innerText()).not.toMatch(/was sent|Nothing was changed/)
    },
  )

  it('shows a suspended person, and what GenAuth refuses', LONG, async () => {
    await using visit = await world.visit({ path: `users/${ID}06` })
    const { page, faults } = visit
    await page.getByText('The account is suspended').waitFor()
    await wish(page, 'SMS')
    await preview(page)
    await apply(page)
    await page.getByRole('heading', { name: 'GenAuth refuses' }).waitFor()
    expect(faults).toEqual([])
  })

  it('asks whether a person is to be left without any factor', LONG, async () => {
    await using visit = await world.visit({ path: `users/${ID}07` })
    const { page, faults } = visit
    await wish(page, 'E-mail')
    await preview(page)
    await page.getByText('Leave one factor on, or say that').last().waitFor()
    await page.getByRole('checkbox', { name: 'Leave this person without any factor' }).click()
    await preview(page)
    await page.getByText('No factor is left on.').waitFor()
    await page.getByRole('button', { name: 'Cancel' }).click()
    await expect.poll(() => page.evaluate(() => document.activeElement?.textContent)).toBe('Change factors')
    expect(faults).toEqual([])
  })

  it('forecasts a sign-in, and shows a reader what is missing in place of a button', LONG, async () => {
    await using visit = await world.visit({ path: `users/${ID}02`, person: 'Reader' })
    const { page, faults } = visit
    await page.getByRole('button', { name: 'Forecast a sign-in' }).click()
    await page.getByLabel('Application').selectOption({ index: 1 })
    await page.getByText('Cannot be seen from here').waitFor()
    await page.getByText('identity sources that skip the second factor').waitFor()
    await page.getByText('You need the mfa:write scope for this.').waitFor()
    expect(await page.getByRole('button', { name: 'Change factors' }).count()).toBe(0)
    expect(faults).toEqual([])
  })

  it.each([
    ['en-GB', 320],
    ['zh-CN', 320],
  ])('fits a window of %s that is %i wide, with a change open', LONG, async (locale, width) => {
    const viewport = { width, height: 800 }
    await using visit = await world.visit({ path: `users/${ID}05`, locale, viewport, person: null })
    const { page, faults } = visit
    await page.locator('form button').first().click()
    await page.locator('.button.main').first().click()
    await page.locator('.change input[type=checkbox]').first().click()
    await page.locator('.change button[type=submit]').click()
    await page.locator('.preview').waitFor()
    await expect
      .poll(() => page.evaluate(() => document.documentElement.scrollWidth))
      .toBeLessThanOrEqual(width)
    expect(faults).toEqual([])
  })
})

describe.skipIf(CHROMIUM === null)('a change that needs a fresh sign-in in a browser', () => {
  it(
    'waits over the sign-in without its reason, comes back as a preview, and is then made',
    LONG,
    async () => {
      await using world = await openConsole({ AUTH_STEP_UP_MAX_AGE_S: '28800', AUTH_STEP_UP_ACR: 'mfa' })
      await using visit = await world.visit({ path: `users/${ID}01` })
      const { page, faults } = visit
      await wish(page, 'SMS')
      await page.getByLabel('Reason').fill('lost phone')
      await preview(page)
      await page.getByRole('heading', { name: 'This change needs a fresh sign-in' }).waitFor()
      await stepUp(page)
      await expect.poll(() => page.getByLabel('Reason').inputValue()).toBe('')
      await page.getByText('Type the reason again.').waitFor()
      await page.getByText('This takes protection away from the person.').waitFor()
      await expect.poll(() => cells(page, 'SMS')).toEqual(['1', '✓ yes', '✓ yes'])
      await expect.poll(() => page.evaluate(() => JSON.stringify({ ...sessionStorage }))).toBe('{}')
      await page.getByLabel('Reason').fill('lost phone')
      await apply(page)
      await page.getByRole('heading', { name: 'The change was made' }).waitFor()
      await expect.poll(() => cells(page, 'SMS')).toEqual(['1', '· no', '✓ yes'])
      expect(faults).toEqual([])
    },
  )
})
