import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { CHROMIUM, type ConsoleWorld, handleRequests, loseNextAnswer, openConsole } from './open-console.ts'

const POLL = { timeout: 8_000 }
const LONG = { tags: 'long', timeout: 60_000 }
const [ADA, GRACE, ALAN, KATHERINE, BARBARA] = [1, 2, 3, 4, 5].map(toUserId)

/** A switch of factors, as any client of the API makes it. */
interface Switch {
  readonly userId: string
  readonly enable?: readonly string[]
  readonly disable?: readonly string[]
  readonly reason?: string
}

function toUserId(place: number): string {
  return `65a00000000000000000000${place}`
}

describe.skipIf(CHROMIUM === null)('the history of a person in a browser', () => {
  let world: ConsoleWorld
  beforeAll(async () => {
    world = await openConsole({ AUTH_STEP_UP_MAX_AGE_S: '28800', AUTH_STEP_UP_ACR: 'mfa' })
  }, 120_000)
  afterAll(() => world[Symbol.asyncDispose]())

  async function change(wanted: Switch): Promise<void> {
    const { setUserMfaStatus } = await world.send('switch-factors', { allowNoFactor: true, ...wanted })
    expect(setUserMfaStatus).toMatchObject({ __typename: 'SetUserMfaStatusSuccess', applied: true })
  }

  async function readEnabled(userId: string | undefined): Promise<string[]> {
    const { userMfa } = await world.send('find-user', { userId })
    return userMfa.factors
      .filter(({ enabled }: { enabled: boolean }) => enabled)
      .map(({ code }: { code: string }) => code)
  }

  /** Opens the history of a person. */
  async function openHistory(page: Page): Promise<void> {
    page.setDefaultTimeout(10_000)
    await page.getByRole('button', { name: 'Show the history' }).click()
    await page.locator('.history-entry').first().waitFor()
  }

  /** Signs in again where the dialog asks for it, and comes back to the dialog. */
  async function signInFresh(page: Page): Promise<void> {
    const dialog = page.getByRole('dialog')
    await expect.poll(() => dialog.innerText(), POLL).toContain('This change needs a fresh sign-in')
    await dialog.getByRole('button', { name: 'Sign in again' }).click()
    await page.getByRole('button', { name: /Security lead/ }).click()
    await expect.poll(() => dialog.innerText(), POLL).toContain('You are back.')
  }

  const newest = (page: Page) => page.locator('.history-entry').first()
  const undo = (page: Page) => page.getByRole('dialog').getByRole('button', { name: 'Undo the change' })

  it('shows a change by whom and why, undoes it after a preview, and shows that, too', LONG, async () => {
    const before = await readEnabled(ADA)
    await change({ userId: ADA ?? '', disable: ['SMS'], reason: 'Phone <b>lost</b>' })
    await using visit = await world.visit({ person: 'Security lead', path: `users/${ADA}` })
    const { page, faults } = visit
    await openHistory(page)
    const entry = newest(page)
    await expect.poll(() => entry.innerText()).toMatch(/Factors changed[\s\S]*made[\s\S]*SMS on →[\s\S]*off/)
    await expect.poll(() => entry.innerText()).toContain('Reason: Phone <b>lost</b>')
    await expect
      .poll(() => page.locator('.history-list').innerText())
      .toMatch(/Second factor passed|Factor bound/)

    await entry.getByRole('button', { name: /^Undo the change of/ }).press('Enter')
    const dialog = page.getByRole('dialog', { name: 'Undo a change' })
    await signInFresh(page)
    await expect.poll(() => dialog.innerText(), POLL).toContain('The undo would do this')
    await expect.poll(() => dialog.innerText()).toMatch(/SMS off →[\s\S]*on/)
    expect(await readEnabled(ADA)).not.toEqual(before)
    await dialog.getByLabel('Reason').fill('Found again')
    await page.keyboard.press('Enter')
    await page.locator('.note.done', { hasText: 'The change was undone.' }).waitFor()
    expect(await readEnabled(ADA)).toEqual(before)
    await expect.poll(() => newest(page).innerText()).toMatch(/Change undone[\s\S]*Takes back the change of/)
    await expect.poll(() => newest(page).innerText()).toContain('Found again')
    await expect
      .poll(() => page.locator('[aria-live=assertive]').innerText())
      .toContain('The change was undone.')
    expect(await page.evaluate(() => JSON.stringify([{ ...sessionStorage }, { ...localStorage }]))).toBe(
      '[{},{}]',
    )
    expect(faults).toEqual([])
  })

  it('leaves for a fresh sign-in if an undo weakens, and comes back to its preview', LONG, async () => {
    await change({ userId: ALAN ?? '', enable: ['EMAIL'], reason: 'Wrong person' })
    await using visit = await world.visit({ person: 'Security lead', path: `users/${ALAN}` })
    const { page, faults } = visit
    await openHistory(page)
    await newest(page).getByRole('button', { name: /^Undo/ }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByText('Leave this person without any factor').click()
    await dialog.getByRole('button', { name: 'Preview again' }).click()
    await signInFresh(page)
    expect(await readEnabled(ALAN)).toEqual(['EMAIL'])
    await dialog.getByText('Leave this person without any factor').click()
    await dialog.getByRole('button', { name: 'Preview again' }).click()
    await undo(page).click()
    await page.locator('.note.done').waitFor()
    expect(await readEnabled(ALAN)).toEqual([])
    expect(faults).toEqual([])
  })

  it('says why a change cannot be undone, and what stands in the way of an earlier one', LONG, async () => {
    await change({ userId: GRACE ?? '', enable: ['SMS'] })
    await world.send('change-email', { userId: GRACE, email: 'grace.hopper@example.com', reason: 'Married' })
    await using visit = await world.visit({ person: 'Security lead', path: `users/${GRACE}?history=open` })
    const { page, faults } = visit
    page.setDefaultTimeout(10_000)
    const changes = page.locator('.history-entry[data-kind=SET]')
    const ofContact = changes.first()
    await ofContact.getByText('Cannot be undone. The change set a phone or an e-mail address').waitFor()
    await expect.poll(() => ofContact.innerText()).toContain('Also changed: e-mail address for codes.')
    expect(await ofContact.getByRole('button', { name: /^Undo/ }).count()).toBe(0)
    const earlier = changes.nth(1)
    await earlier.getByRole('button', { name: /^Undo/ }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByText('is not, or not provably, in the state that this change made').waitFor()
    await expect.poll(() => dialog.innerText()).toMatch(/The factors now[\s\S]*SMS on/)
    await expect.poll(() => undo(page).count()).toBe(0)
    await page.keyboard.press('Escape')
    await dialog.waitFor({ state: 'detached' })
    await expect
      .poll(() => page.evaluate(() => document.activeElement?.getAttribute('aria-label')))
      .toMatch(/^Undo the change of/)
    expect(faults).toEqual([])
  })

  it('tells an undo whose answer was lost as what it is, and looks again', LONG, async () => {
    await change({ userId: KATHERINE ?? '', disable: ['SMS'], reason: 'By mistake' })
    await using visit = await world.visit({
      person: 'Security lead',
      path: `users/${KATHERINE}?history=open`,
    })
    const { page } = visit
    await newest(page).getByRole('button', { name: /^Undo/ }).click()
    await signInFresh(page)
    await page.getByRole('heading', { name: 'The undo would do this' }).waitFor()
    await loseNextAnswer(page)
    await undo(page).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByRole('heading', { name: 'Nobody can say whether the change was made' }).waitFor()
    await expect.poll(() => dialog.locator('[aria-live=assertive]').innerText()).toContain('Nobody can say')
    await expect.poll(() => undo(page).count()).toBe(0)
    await dialog.getByRole('button', { name: 'Look again' }).click()
    await expect.poll(() => newest(page).innerText()).toContain('Change undone')
    await expect.poll(() => page.locator('.note.done').count()).toBe(0)
  })

  it('says which part is missing, and what a change in doubt is', LONG, async () => {
    await change({ userId: BARBARA ?? '', enable: ['EMAIL'] })
    await using visit = await world.visit({
      person: 'Security lead',
      path: `users/${BARBARA}`,
      viewport: { width: 320, height: 640 },
    })
    const { page, faults } = visit
    await handleRequests(page, async route => {
      const response = await route.fetch()
      const body = await response.json()
      const history = body.data?.userMfa?.history
      if (history) {
        history.missing = ['GENAUTH']
        Object.assign(history.edges[0].node, { outcome: 'UNKNOWN', followUp: 'OTHER', revertible: false })
      }
      await route.fulfill({ response, json: body })
    })
    await openHistory(page)
    await page.getByText('What happened in GenAuth may be missing.').waitFor()
    await expect
      .poll(() => newest(page).innerText())
      .toMatch(/cannot tell whether it was made[\s\S]*a third state/)
    expect(await newest(page).getByRole('button', { name: /^Undo/ }).count()).toBe(0)
    await expect
      .poll(() => page.evaluate(() => document.documentElement.scrollWidth))
      .toBeLessThanOrEqual(320)
    expect(faults).toEqual([])
  })

  it('names the right that a person lacks, and reads nothing', LONG, async () => {
    await using visit = await world.visit({ person: 'Support desk', path: `users/${ADA}` })
    const { page, faults } = visit
    await page.getByText('You need the mfa:audit scope for this.').waitFor()
    expect(await page.getByRole('button', { name: 'Show the history' }).count()).toBe(0)
    expect(faults).toEqual([])
  })
})
