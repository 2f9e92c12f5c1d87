import type { Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import {
  CHROMIUM,
  type ConsoleWorld,
  holdNextAnswer,
  intercept,
  leftWrites,
  openConsole,
  restoreAda,
} from './open-console.ts'

const LONG = { tags: 'long', timeout: 60_000 }
const ADA = 'users/65a000000000000000000001'
const pathOf = (page: Page) => new URL(page.url()).pathname.replace(/^\/console\//, '')

/** Goes from Find to a person by the search, and begins a change. */
async function beginDraft(page: Page): Promise<void> {
  await page.keyboard.type('ada')
  await page.keyboard.press('Enter')
  await page.getByRole('link', { name: 'Ada Lovelace' }).click()
  await page.getByRole('button', { name: 'Change factors' }).click()
  await page.getByRole('checkbox', { name: 'SMS is on' }).click()
}

/** What the browser says of a refused token. */
const UNAUTHORIZED = 'Failed to load resource: the server responded with a status of 401 (Unauthorized)'

/** The server refuses the token of the next request. */
async function refuseOnce(page: Page): Promise<void> {
  const isRefused = { errors: [{ message: 'x', extensions: { code: 'UNAUTHENTICATED', requestId: 'r' } }] }
  await intercept(page, '**/graphql', route => route.fulfill({ status: 401, json: isRefused }), { times: 1 })
}

/** Reads with a token that the server refuses. */
async function endSession(page: Page): Promise<void> {
  await refuseOnce(page)
  await page
    .getByRole('button', { name: /^(?:Look again|Search)$/ })
    .first()
    .click()
  await page.locator('.session-note', { hasText: 'Your sign-in has ended.' }).waitFor()
}

/** Stays whenever the browser asks. Returns the kinds of its questions so far. */
function dismissQuestions(page: Page): readonly string[] {
  const asked: string[] = []
  page.on('dialog', dialog => {
    asked.push(dialog.type())
    void dialog.dismiss()
  })
  return asked
}

const ask = (page: Page) => page.getByRole('dialog', { name: 'Leave this screen?' })

describe.skipIf(CHROMIUM === null)('the draft of a change in a browser', () => {
  let world: ConsoleWorld
  beforeAll(async () => {
    world = await openConsole({ SANDBOX_USERS: '100' })
  }, 120_000)
  afterAll(() => world[Symbol.asyncDispose]())
  beforeEach(() => restoreAda(world))

  it(
    'stays when a link or the way back is taken by mistake, and goes when the person says so',
    LONG,
    async () => {
      await using visit = await world.visit()
      const { page, faults } = visit
      await beginDraft(page)
      await page.getByRole('link', { name: 'Coverage' }).click()
      await ask(page).getByRole('button', { name: 'Stay here' }).click()
      expect(pathOf(page)).toBe(ADA)
      await page.goBack()
      await ask(page).waitFor()
      expect(pathOf(page)).toBe(ADA)
      await page.keyboard.press('Escape')
      await ask(page).waitFor({ state: 'detached' })
      await expect.poll(() => page.getByRole('checkbox', { name: 'SMS is on' }).isChecked()).toBe(false)
      await page.goBack()
      await ask(page).getByRole('button', { name: 'Leave it' }).click()
      await page.getByRole('searchbox').waitFor()
      expect(pathOf(page)).toBe('')
      expect(faults).toEqual([])
    },
  )

  it('is asked about on the way forward, which leads to where it would have led', LONG, async () => {
    await using visit = await world.visit({ path: ADA })
    const { page, faults } = visit
    await page.getByRole('link', { name: 'What may I do?' }).click()
    await page.getByRole('heading', { level: 1, name: 'What may I do?' }).waitFor()
    await page.goBack()
    await page.getByRole('button', { name: 'Change factors' }).click()
    await page.getByLabel('Reason').fill('a ticket')
    await page.goForward()
    await ask(page).waitFor()
    await expect.poll(() => page.getByLabel('Reason').inputValue()).toBe('a ticket')
    await ask(page).getByRole('button', { name: 'Leave it' }).click()
    await page.getByRole('heading', { level: 1, name: 'What may I do?' }).waitFor()
    expect(pathOf(page)).toBe('rights')
    await page.goBack()
    await page.getByRole('button', { name: 'Change factors' }).waitFor()
    expect(faults).toEqual([])
  })

  it('is none once it is cancelled or made, so nothing is asked', LONG, async () => {
    await using visit = await world.visit()
    const { page, faults } = visit
    await beginDraft(page)
    await page.getByRole('button', { name: 'Cancel' }).click()
    await page.getByRole('link', { name: 'What may I do?' }).click()
    await page.getByRole('heading', { level: 1, name: 'What may I do?' }).waitFor()
    await page.goBack()
    await page.getByRole('button', { name: 'Change factors' }).click()
    await page.getByRole('checkbox', { name: 'E-mail is on' }).click()
    await page.getByRole('button', { name: /^Preview/ }).click()
    await page.getByRole('button', { name: 'Make the change' }).click()
    await page.getByRole('heading', { name: 'The change was made' }).waitFor()
    await page.getByRole('link', { name: 'MFA desk' }).click()
    await page.getByRole('searchbox').waitFor()
    expect(await ask(page).count()).toBe(0)
    expect(faults).toEqual([])
  })

  it('of several people, or of the pool, is asked about, too', LONG, async () => {
    await using visit = await world.visit({
      person: 'Security lead',
      path: `several-users?ids=${ADA.slice(6)}`,
    })
    const { page, faults } = visit
    await page.getByLabel('Face', { exact: true }).selectOption('ON')
    await page.getByRole('link', { name: 'Policy' }).click()
    await ask(page).getByRole('button', { name: 'Leave it' }).click()
    await page.getByRole('button', { name: 'Change the whole pool' }).click()
    await page.getByRole('checkbox', { name: 'Face' }).check()
    await page.getByRole('link', { name: 'Coverage' }).click()
    await ask(page).getByRole('button', { name: 'Leave it' }).click()
    await page.getByRole('heading', { level: 1, name: 'Coverage' }).waitFor()
    expect(faults).toEqual([])
  })

  it('is asked about while the change of another person is on its way', LONG, async () => {
    await using visit = await world.visit()
    const { page, faults } = visit
    await beginDraft(page)
    await page.getByRole('button', { name: /^Preview/ }).click()
    const apply = page.getByRole('button', { name: 'Make the change' })
    await apply.waitFor()
    const letGo = await holdNextAnswer(page)
    await apply.click()
    await page.getByText('The change is being sent.').first().waitFor()
    await page.goBack()
    await leftWrites(page).getByText('It is on its way').waitFor()
    await page.getByRole('searchbox').fill('grace')
    await page.keyboard.press('Enter')
    await page.getByRole('link', { name: 'Grace Hopper' }).click()
    await page.getByRole('button', { name: 'Change factors' }).click()
    await page.getByLabel('Reason').fill('a ticket')
    await page.getByRole('link', { name: 'Coverage' }).click()
    await ask(page).getByRole('button', { name: 'Stay here' }).click()
    await expect.poll(() => page.getByLabel('Reason').inputValue()).toBe('a ticket')
    letGo('PASS')
    await leftWrites(page).getByText('Done', { exact: true }).waitFor()
    expect(faults).toEqual([])
  })

  it('is asked about by the browser before a reload', LONG, async () => {
    await using visit = await world.visit({ path: ADA })
    const { page, faults } = visit
    const asked = dismissQuestions(page)
    await page.getByRole('button', { name: 'Change factors' }).click()
    await page.getByLabel('Reason').fill('a ticket')
    await page.evaluate(() => location.reload())
    await expect.poll(() => asked).toEqual(['beforeunload'])
    expect(await page.getByLabel('Reason').inputValue()).toBe('a ticket')
    await page.getByRole('button', { name: 'Cancel' }).click()
    await page.reload()
    await page.getByRole('button', { name: 'Change factors' }).waitFor()
    expect(asked).toEqual(['beforeunload'])
    expect(faults).toEqual([])
  })

  it.each([
    ['of the header', '.session-note'],
    ['of a failed read', 'main .note'],
  ])('waits for a sign-in by the button %s, and comes back as a preview', LONG, async (_, place) => {
    await using visit = await world.visit({ path: 'users/65a000000000000000000022' })
    const { page, faults } = visit
    const asked = dismissQuestions(page)
    await page.getByRole('button', { name: 'Change factors' }).click()
    const face = page.getByRole('checkbox', { name: 'Face is on' })
    const wished = !(await face.isChecked())
    await face.click()
    await page.getByLabel('Reason').fill('a ticket')
    await endSession(page)
    const returned = page.waitForURL(url => url.searchParams.has('code'))
    await page.locator(place).getByRole('button', { name: 'Sign in again' }).click()
    await returned
    await page.getByText('Your change waits here as a preview: nothing was changed yet.').waitFor()
    await page.getByText('Type the reason again.').waitFor()
    await page.getByRole('button', { name: 'Make the change' }).waitFor()
    expect(await face.isChecked()).toBe(wished)
    expect(asked).toEqual([])
    expect(faults).toEqual([UNAUTHORIZED])
  })

  it('with no more than a reason waits for a sign-in, too, and asks for the reason again', LONG, async () => {
    for (const path of [
      ADA,
      `several-users?ids=${ADA.slice(6)}`,
      'policy?application=62a500000000000000d15d57',
    ]) {
      await using visit = await world.visit({ person: 'Security lead', path })
      const { page, faults } = visit
      if (path === ADA) await page.getByRole('button', { name: 'Change factors' }).click()
      await page.getByLabel('Reason', { exact: true }).fill('a ticket')
      await endSession(page)
      const returned = page.waitForURL(url => url.searchParams.has('code'))
      await page.locator('.session-note').getByRole('button', { name: 'Sign in again' }).click()
      await returned
      await page.getByText('Type the reason again.').waitFor()
      expect(await page.locator('.note').count(), path).toBe(0)
      expect(faults).toEqual([UNAUTHORIZED])
    }
  })

  it('waits beside an undo that needs a sign-in', LONG, async () => {
    await using visit = await world.visit({ person: 'Security lead', path: 'users/65a000000000000000000021' })
    const { page, faults } = visit
    await page.getByRole('button', { name: 'Change factors' }).click()
    await page.getByRole('checkbox', { name: 'Face is on' }).click()
    await page.getByRole('button', { name: /^Preview/ }).click()
    await page.getByRole('button', { name: 'Make the change' }).click()
    await page.getByRole('button', { name: 'Show the history' }).click()
    await page.getByRole('button', { name: 'Change factors' }).click()
    await page.getByRole('checkbox', { name: 'SMS is on' }).click()
    await page
      .getByRole('button', { name: /^Undo the change of/ })
      .first()
      .click()
    const undo = page.getByRole('dialog', { name: 'Undo a change' })
    await undo.getByRole('button', { name: 'Undo the change' }).waitFor()
    await refuseOnce(page)
    await undo.getByRole('button', { name: 'Undo the change' }).click()
    const returned = page.waitForURL(url => url.searchParams.has('code'))
    await undo.getByRole('button', { name: 'Sign in again' }).click()
    await returned
    await undo.getByText('You are back. The undo waits as a preview').waitFor()
    await page.keyboard.press('Escape')
    await undo.waitFor({ state: 'detached' })
    await page.getByText('Your change waits here as a preview: nothing was changed yet.').waitFor()
    expect(faults).toEqual([UNAUTHORIZED])
  })

  it('is asked about by the browser again if a sign-in is given up', LONG, async () => {
    await using visit = await world.visit({ path: ADA })
    const { page } = visit
    const asked = dismissQuestions(page)
    await page.getByRole('button', { name: 'Change factors' }).click()
    await page.getByRole('checkbox', { name: 'SMS is on' }).click()
    await page.getByLabel('Reason').fill('a ticket')
    await endSession(page)
    // Another part of the page keeps it there.
    await page.evaluate(() =>
      addEventListener('beforeunload', event => event.preventDefault(), { once: true }),
    )
    await page.locator('.session-note').getByRole('button', { name: 'Sign in again' }).click()
    await expect.poll(() => asked.length).toBe(1)
    await page.evaluate(() => location.reload())
    await expect.poll(() => asked.length).toBe(2)
    expect(await page.getByLabel('Reason').inputValue()).toBe('a ticket')
  })

  it('is asked about while an undo on the same screen is on its way', LONG, async () => {
    await using visit = await world.visit({ person: 'Security lead' })
    const { page, faults } = visit
    await page.keyboard.type('grace')
    await page.keyboard.press('Enter')
    await page.getByRole('link', { name: 'Grace Hopper' }).click()
    await page.getByRole('button', { name: 'Change factors' }).click()
    await page.getByRole('checkbox', { name: 'Face is on' }).click()
    await page.getByRole('button', { name: /^Preview/ }).click()
    await page.getByRole('button', { name: 'Make the change' }).click()
    await page.getByRole('heading', { name: 'The change was made' }).waitFor()
    await page.getByRole('button', { name: 'Show the history' }).click()
    await page.getByRole('button', { name: 'Change factors' }).click()
    await page.getByLabel('Reason').fill('a ticket')
    await page
      .getByRole('button', { name: /^Undo the change of/ })
      .first()
      .click()
    const undo = page.getByRole('dialog', { name: 'Undo a change' })
    const apply = undo.getByRole('button', { name: 'Undo the change' })
    await apply.waitFor()
    const letGo = await holdNextAnswer(page)
    await apply.click()
    await undo.getByText('The change is being sent.').first().waitFor()
    await page.goBack()
    await ask(page).getByRole('button', { name: 'Stay here' }).click()
    letGo('PASS')
    await page.locator('.note.done', { hasText: 'The change was undone.' }).waitFor()
    expect(await page.getByLabel('Reason').inputValue()).toBe('a ticket')
    expect(faults).toEqual([])
  })

  it('stays when the language is chosen, and the way to the content is taken', LONG, async () => {
    await using visit = await world.visit({ path: ADA })
    const { page, faults } = visit
    await page.getByRole('button', { name: 'Change factors' }).click()
    await page.getByLabel('Reason').fill('a ticket')
    await page.locator('summary').click()
    await page.getByLabel('Language').selectOption('zh-CN')
    const skip = page.getByRole('link', { name: '跳到正文' })
    await skip.press('Enter')
    await expect.poll(() => page.evaluate(() => document.activeElement?.id)).toBe('content')
    await expect.poll(() => page.getByRole('dialog').count()).toBe(0)
    await expect.poll(() => page.getByLabel('理由').inputValue()).toBe('a ticket')
    expect(new URL(page.url()).search).toBe('?lang=zh-CN')
    expect(faults).toEqual([])
  })

  it('of several people stays when one of them is left out', LONG, async () => {
    const ids = [1, 2, 3].map(last => `65a00000000000000000000${last}`)
    await using visit = await world.visit({ path: `several-users?ids=${ids}` })
    const { page, faults } = visit
    await page.getByLabel('Face', { exact: true }).selectOption('ON')
    await page.getByLabel('Reason').fill('a ticket')
    await page.getByRole('button', { name: 'leave out Ada Lovelace' }).click()
    await page.getByRole('heading', { name: '2 people' }).waitFor()
    await expect.poll(() => page.getByLabel('Face', { exact: true }).inputValue()).toBe('ON')
    await expect.poll(() => page.getByLabel('Reason').inputValue()).toBe('a ticket')
    await page.getByRole('button', { name: 'Preview', exact: true }).click()
    await page
      .getByText('2 people would be changed')
      .or(page.getByText('1 person would be changed'))
      .waitFor()
    expect(faults).toEqual([])
  })
})
