import type { Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { CHROMIUM, type ConsoleWorld, openConsole } from './open-console.ts'

const LONG = { tags: 'long', timeout: 60_000 }
const LEAD = { person: 'Security lead' } as const
/** More stops than any screen has between two places of a journey. */
const MAX_STOPS = 120

describe.skipIf(CHROMIUM === null)('the console by keyboard alone in a browser', () => {
  let world: ConsoleWorld
  beforeAll(async () => {
    world = await openConsole({ SANDBOX_USERS: '64', RATE_LIMITS: 'off' })
  }, 120_000)
  afterAll(() => world[Symbol.asyncDispose]())

  it('finds and opens a person, makes a change, and takes it back', LONG, async () => {
    await using visit = await world.visit(LEAD)
    const { page, faults } = visit
    const { keyboard } = page
    await keyboard.type('ada')
    await keyboard.press('Enter')
    await page.getByRole('link', { name: 'Ada Lovelace' }).waitFor()
    await keyboard.press('ArrowDown')
    await keyboard.press('Enter')
    await page.getByRole('heading', { level: 1, name: 'Ada Lovelace' }).waitFor()
    const change = page.getByRole('button', { name: 'Change factors' })
    await tabTo(change)
    await keyboard.press('Enter')
    await expectFocus(page, 'Change factors')
    await tabTo(page.getByRole('checkbox', { name: 'SMS is on' }))
    await keyboard.press('Space')
    await tabTo(page.getByLabel('Reason'))
    await keyboard.type('lost phone')
    await keyboard.press('Enter')
    await tabTo(page.getByRole('button', { name: 'Make the change' }))
    await keyboard.press('Enter')
    await expectFocus(page, 'The change was made')

    const offer = page.getByRole('button', { name: 'Undo this change …' })
    await tabTo(offer)
    await keyboard.press('Enter')
    const undo = page.getByRole('dialog').getByRole('button', { name: 'Undo the change' })
    await undo.waitFor()
    await keyboard.press('Escape')
    await undo.waitFor({ state: 'detached' })
    await expectFocus(page, 'Undo this change …')
    await keyboard.press('Enter')
    await tabTo(undo)
    await keyboard.press('Enter')
    await expectFocus(page, /^The change was undone\./)
    await tabTo(page.getByRole('button', { name: 'Close' }))
    await keyboard.press('Enter')
    await expectFocus(page, 'Change factors')
    expect(faults).toEqual([])
  })

  it('starts a scan, chooses people of two pages, and previews a change of them', LONG, async () => {
    await using visit = await world.visit({ ...LEAD, path: 'coverage' })
    const { page, faults } = visit
    const { keyboard } = page
    const start = page.getByRole('button', { name: 'Start a scan' })
    await tabTo(start)
    await keyboard.press('Enter')
    await page.getByRole('dialog').waitFor()
    await keyboard.press('Escape')
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    await expectFocus(page, 'Start a scan')
    await keyboard.press('Enter')
    await tabTo(page.getByRole('dialog').getByLabel('Depth'))
    await keyboard.press('ArrowDown')
    await tabTo(page.getByRole('dialog').getByRole('button', { name: 'Start a scan' }))
    await keyboard.press('Enter')
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    await page.locator('tbody input').first().waitFor()
    await expectFocus(page, /\S/)

    await tabTo(page.locator('tbody input').first())
    await keyboard.press('Space')
    await tabTo(page.getByRole('link', { name: 'Next page' }))
    await keyboard.press('Enter')
    await page.getByText('Page 2 of').waitFor()
    await expectFocus(page, 'People')
    await tabTo(page.locator('tbody input').first())
    await keyboard.press('Space')
    await tabTo(page.getByRole('link', { name: 'Change 2 people' }), 'Shift+Tab')
    await keyboard.press('Enter')
    await page.getByRole('heading', { name: '2 people' }).waitFor()
    await tabTo(page.getByLabel('Face', { exact: true }))
    await keyboard.press('ArrowDown')
    await tabTo(page.getByRole('button', { name: 'Preview', exact: true }))
    await keyboard.press('Enter')
    await page.getByText('This is a preview. Nothing has been sent.').waitFor()
    await expectFocus(page, 'Results')
    await tabTo(page.getByRole('button', { name: 'Back' }))
    await keyboard.press('Enter')
    await page.getByRole('button', { name: 'Preview', exact: true }).waitFor()
    await expectFocus(page, 'Several people together')
    expect(faults).toEqual([])
  })

  it('previews a change of the whole pool, goes back, and leaves it', LONG, async () => {
    await using visit = await world.visit({ ...LEAD, path: 'policy' })
    const { page, faults } = visit
    const { keyboard } = page
    await tabTo(page.getByRole('button', { name: 'Change the whole pool' }))
    await keyboard.press('Enter')
    await expectFocus(page, 'Factors of the whole user pool')
    await tabTo(page.getByRole('checkbox', { name: 'SMS' }))
    await keyboard.press('Space')
    await tabTo(page.getByRole('button', { name: 'Preview', exact: true }))
    await keyboard.press('Enter')
    await page.getByText('SMS: on → off, for the whole user pool').waitFor()
    await expectFocus(page, 'Preview: nothing has been sent')
    await tabTo(page.getByRole('button', { name: 'Back' }))
    await keyboard.press('Enter')
    await expectFocus(page, 'Factors of the whole user pool')
    await tabTo(page.getByRole('button', { name: 'Cancel' }))
    await keyboard.press('Enter')
    await expectFocus(page, 'The user pool')
    expect(faults).toEqual([])
  })

  it('gives the focus to a new part in the very step in which it appears', LONG, async () => {
    await using visit = await world.visit({ ...LEAD, path: 'users/65a000000000000000000002' })
    const { page, faults } = visit
    const button = (name: string | RegExp) => page.getByRole('button', { name })
    await button('Change factors').waitFor()
    const focused = await noteFocus(page)
    await button('Change factors').click()
    await page.getByRole('checkbox', { name: 'SMS is on' }).click()
    await button(/^Preview/).click()
    await button('Make the change').click()
    await button('Undo this change').click()
    await page.getByRole('dialog').getByRole('button', { name: 'Undo the change' }).click()
    await button('Close').click()
    await page.getByRole('link', { name: 'Policy', exact: true }).click()
    await button('Change the whole pool').click()
    await expect
      .poll(focused)
      .toEqual([
        'Change factors',
        'Preview',
        'The change was made',
        'The change was undone. The state was read back from GenAuth.',
        'Policy',
        'Factors of the whole user pool',
      ])
    expect(faults).toEqual([])
  })

  it('opens the menu, changes the language, and closes it', LONG, async () => {
    await using visit = await world.visit(LEAD)
    const { page, faults } = visit
    const { keyboard } = page
    const menu = page.locator('.menu summary')
    await tabTo(menu, 'Shift+Tab')
    await keyboard.press('Enter')
    await tabTo(page.getByLabel('Language'))
    await keyboard.press('ArrowDown')
    await page.getByRole('heading', { level: 1, name: '查找用户' }).waitFor()
    await tabTo(page.getByRole('checkbox'))
    await keyboard.press('Space')
    await expect.poll(() => page.getByRole('checkbox').isChecked()).toBe(false)
    await keyboard.press('Escape')
    await expect.poll(() => page.getByLabel('语言').isVisible()).toBe(false)
    await expectFocus(page, /\S/)
    await expect.poll(() => menu.evaluate(element => element === document.activeElement)).toBe(true)
    expect(faults).toEqual([])
  })
})

/** Presses Tab until an element has the focus. Each element on the way has to show it. */
async function tabTo(target: Locator, key: 'Tab' | 'Shift+Tab' = 'Tab'): Promise<void> {
  const page = target.page()
  await target.waitFor()
  for (let stops = 0; stops < MAX_STOPS; stops++) {
    if (await target.evaluate(element => element === document.activeElement)) return
    await page.keyboard.press(key)
    const hidden = await page.evaluate(() => {
      const { activeElement: at } = document
      // After the last element the focus leaves the page, and comes back.
      if (at === null || at === document.body) return null
      // The button in a field for a date has a ring of the browser's own.
      if (at.matches('[type=date]')) return null
      const isShown = at.matches(':focus-visible') && getComputedStyle(at).outlineStyle !== 'none'
      return isShown ? null : at.outerHTML
    })
    expect(hidden).toBeNull()
  }
  throw new Error(`No way by ${key} to ${target}`)
}

/** Waits until an element with this text, or beginning of a text, has the focus, and not the whole page. */
async function expectFocus(page: Page, text: string | RegExp): Promise<void> {
  const read = () =>
    page.evaluate(() => {
      const { activeElement: at } = document
      return at instanceof HTMLElement && at !== document.body ? at.innerText.trim().split('\n')[0] : null
    })
  await expect.poll(read).toEqual(typeof text === 'string' ? text : expect.stringMatching(text))
}

/** Returns what reads the texts of the parts that had the focus as soon as they were added to the page. */
async function noteFocus(page: Page): Promise<() => Promise<readonly string[]>> {
  const notes = await page.evaluateHandle(() => {
    const texts: string[] = []
    const observer = new MutationObserver(records => {
      const { activeElement: at } = document
      const isAdded = (node: Node) => node.contains(at) && node !== document.body
      if (at?.matches('h1, h2, h3, .note') !== true) return
      if (records.some(({ addedNodes }) => [...addedNodes].some(isAdded))) texts.push(at.textContent)
    })
    observer.observe(document.body, { childList: true, subtree: true })
    return texts
  })
  return () => notes.evaluate(texts => [...texts])
}
