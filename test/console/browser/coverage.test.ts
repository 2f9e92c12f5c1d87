import { readFile } from 'node:fs/promises'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  CHROMIUM,
  type ConsoleWorld,
  handleRequests,
  holdNextAnswer,
  intercept,
  leftWrites,
  openConsole,
  scanWhole,
} from './open-console.ts'

const LONG = { tags: 'long', timeout: 60_000 }
const LEAD = { person: 'Security lead', path: 'coverage', acceptDownloads: true } as const
const BOUND = ['boundSMS', 'boundEMAIL', 'boundOTP', 'boundFACE']

const OFF = {
  __typename: 'MfaFeatureOffError',
  code: 'FEATURE_OFF',
  message: 'This server keeps no scans.',
  retryable: false,
  requestId: 'a-request',
}
const FEATURE_OFF = { data: { mfaCoverage: OFF, mfaCoverageScans: OFF } }

describe.skipIf(CHROMIUM === null)('the screen Coverage before any scan in a browser', () => {
  let world: ConsoleWorld
  beforeAll(async () => {
    world = await openConsole({ SANDBOX_USERS: '900' })
  }, 120_000)
  afterAll(() => world[Symbol.asyncDispose]())

  it('names the scope that is missing, and has no button in its place', LONG, async () => {
    await using visit = await world.visit({ path: 'coverage' })
    const { page, faults } = visit
    await page.getByText('You need the mfa:report scope for this.').waitFor()
    expect(await page.getByRole('main').getByRole('button').count()).toBe(0)
    expect(faults).toEqual([])
  })

  it('keeps the dialog of a scan that is opened before the first read has come back', LONG, async () => {
    await using visit = await world.visit({ ...LEAD, path: '' })
    const { page, faults } = visit
    let letThrough = () => {}
    const opened = new Promise<void>(resolve => {
      letThrough = resolve
    })
    await handleRequests(page, async route => {
      await opened
      await route.fallback()
    })
    await page.getByRole('link', { name: 'Coverage' }).click()
    await page.getByRole('button', { name: 'Start a scan' }).click()
    const depth = page.getByRole('dialog').getByLabel('Depth')
    await depth.selectOption('FULL')
    letThrough()
    await page.getByText('There is no scan yet').waitFor()
    await expect.poll(() => depth.inputValue()).toBe('FULL')
    await page.keyboard.press('Escape')
    const button = page.getByRole('button', { name: 'Start a scan' })
    await expect.poll(() => button.evaluate(element => element === document.activeElement)).toBe(true)
    expect(faults).toEqual([])
  })

  it('tells that the server keeps no scans, and offers none', LONG, async () => {
    await using visit = await world.visit({ ...LEAD, path: '' })
    const { page, faults } = visit
    await handleRequests(page, async route => {
      const response = await route.fetch()
      const body: unknown = await response.json()
      const isOfScans = /"mfaCoverage(?:Scans)?":/.test(JSON.stringify(body))
      await route.fulfill({ response, json: isOfScans ? FEATURE_OFF : body })
    })
    await page.getByRole('link', { name: 'Coverage' }).click()
    await page.getByRole('heading', { name: 'This server keeps no records for this' }).waitFor()
    expect(await page.getByRole('button', { name: 'Start a scan' }).count()).toBe(0)
    expect(faults).toEqual([])
  })
})

describe.skipIf(CHROMIUM === null)('the first scan in a browser', () => {
  let world: ConsoleWorld
  beforeAll(async () => {
    world = await openConsole({ SANDBOX_USERS: '900' })
  }, 120_000)
  afterAll(() => world[Symbol.asyncDispose]())

  it('scans with live progress, filters by the address, and saves the same rows as CSV', LONG, async () => {
    await using visit = await world.visit(LEAD)
    const { page, faults } = visit
    await page.getByText('There is no scan yet').waitFor()
    await startScan(page)
    await page.getByText('The first scan is under way').waitFor()
    const progress = page.getByRole('progressbar')
    await expect.poll(async () => Number(await progress.getAttribute('value'))).toBeGreaterThan(0)
    await page.getByText('The rows are exactly the population').waitFor({ timeout: 45_000 })
    await progress.waitFor({ state: 'detached' })

    await page.getByLabel('Any bound factor').selectOption('none')
    await expect.poll(() => new URL(page.url()).search).toBe('?factor=none')
    await page.getByLabel('Second factor', { exact: true }).selectOption('never')
    await expect.poll(() => new URL(page.url()).search).toBe('?factor=none&verified=never')
    await page.goBack()
    await expect.poll(() => page.getByLabel('Second factor', { exact: true }).inputValue()).toBe('')
    expect(new URL(page.url()).search).toBe('?factor=none')

    const count = Number((await page.locator('.main-figure strong').textContent())?.replace(',', ''))
    await page
      .getByText(`${count.toLocaleString('en')} people fit`)
      .first()
      .waitFor()
    expect(count).toBeGreaterThan(0)
    const shown = await readIds(page)
    expect(shown.length).toBeGreaterThan(0)
    await page
      .getByText(`Rows in the file: ${count.toLocaleString('en')} (those that fit the filters).`)
      .waitFor()
    const download = page.waitForEvent('download')
    await page.getByRole('button', { name: 'CSV' }).click()
    const file = await download
    expect(file.suggestedFilename()).toMatch(/^mfa-coverage-.+\.csv$/)
    expect(file.suggestedFilename()).toMatch(/-filtered\.csv$/)
    const text = await readFile(await file.path(), 'utf8')
    expect(text).toContain('\r\nfilter,withoutBoundFactor=true,')
    const rows = readCsv(text)
    expect(rows).toHaveLength(count)
    expect(rows.every(row => BOUND.every(name => row[name] === 'false'))).toBe(true)
    expect(shown).toEqual(rows.slice(0, shown.length).map(row => row['userId']))

    await page.getByRole('link', { name: 'Clear the filters' }).click()
    await page.getByText(/^Rows in the file: [\d,]+ \(all of the scan\)\./).waitFor()
    const all = page.waitForEvent('download')
    await page.getByRole('button', { name: 'JSON lines' }).click()
    const whole = await all
    expect(whole.suggestedFilename()).not.toContain('filtered')
    const lines = (await readFile(await whole.path(), 'utf8')).split('\n').slice(0, -1)
    expect(JSON.parse(lines[0] ?? '').scan).toMatchObject({ filter: {}, rows: lines.length - 1 })
    expect(lines.length - 1).toBeGreaterThan(count)
    expect(faults).toEqual([])
  })
})

describe.skipIf(CHROMIUM === null)('a scan without bound factors in a browser', () => {
  let world: ConsoleWorld
  beforeAll(async () => {
    world = await openConsole({ SANDBOX_USERS: '900' })
    await scanWhole(world)
  }, 120_000)
  afterAll(() => world[Symbol.asyncDispose]())

  it('sees the end of a scan without a stream of events', LONG, async () => {
    await using visit = await world.visit(LEAD)
    const { page } = visit
    await page.getByText('The rows are exactly the population').waitFor()
    await intercept(page, '**/graphql', route =>
      route.request().headers()['accept']?.includes('text/event-stream') ? route.abort() : route.fallback(),
    )
    await startScan(page, 'ACTIVITY')
    await page.locator('dd', { hasText: /^activity$/ }).waitFor({ timeout: 30_000 })
    await expect.poll(() => page.getByRole('progressbar').count()).toBe(0)
  })
})

describe.skipIf(CHROMIUM === null)('the screen Coverage in a browser', () => {
  let world: ConsoleWorld
  beforeAll(async () => {
    world = await openConsole({ SANDBOX_USERS: '900' })
    await scanWhole(world)
  }, 120_000)
  afterAll(() => world[Symbol.asyncDispose]())

  it('shows the same after a reload of a filtered address', LONG, async () => {
    await using visit = await world.visit({ ...LEAD, path: 'coverage?bound=OTP&status=ACTIVATED' })
    const { page, faults } = visit
    await page.locator('tbody [href*="/users/"]').first().waitFor()
    const before = await readIds(page)
    await page.reload()
    await page.locator('tbody [href*="/users/"]').first().waitFor()
    await expect.poll(() => page.getByLabel('Has bound').inputValue()).toBe('OTP')
    await expect.poll(() => page.getByLabel('Status', { exact: true }).inputValue()).toBe('ACTIVATED')
    expect(new URL(page.url()).search).toBe('?bound=OTP&status=ACTIVATED')
    await expect.poll(() => readIds(page)).toEqual(before)
    expect(faults).toEqual([])
  })

  it.each(['en', 'zh-CN'])(
    'fits 320 px and cuts no label of a chart with the text spacing of WCAG 1.4.12, in %s',
    LONG,
    async language => {
      const viewport = { width: 320, height: 800 }
      await using visit = await world.visit({ ...LEAD, viewport })
      const { page, faults } = visit
      await page.goto(`${world.app.url}/console/coverage?lang=${language}`)
      await page.locator('tbody [href*="/users/"]').first().waitFor()
      const { width, texts, cut } = await page.evaluate(() => {
        for (const { style } of document.querySelectorAll<HTMLElement>('body, body *')) {
          style.lineHeight = '1.5'
          style.letterSpacing = '0.12em'
          style.wordSpacing = '0.16em'
        }
        const walker = document.createTreeWalker(
          document.querySelector('.chart') ?? document,
          NodeFilter.SHOW_TEXT,
        )
        const nodes: Node[] = []
        while (walker.nextNode()) nodes.push(walker.currentNode)
        const range = document.createRange()
        const isCut = (node: Node) => {
          range.selectNodeContents(node)
          return [...range.getClientRects()].some(({ right }) => right > innerWidth)
        }
        const toText = ({ textContent }: Node) => textContent
        const { scrollWidth } = document.documentElement
        return { width: scrollWidth, texts: nodes.length, cut: nodes.filter(isCut).map(toText) }
      })
      expect(await page.locator('html').getAttribute('lang')).toBe(language)
      expect(width).toBe(320)
      expect(texts).toBeGreaterThan(10)
      expect(cut).toEqual([])
      expect(faults).toEqual([])
    },
  )

  it('takes at most fifty people of several pages to a change, by their ids alone', LONG, async () => {
    await using visit = await world.visit(LEAD)
    const { page, faults } = visit
    await page.getByRole('button', { name: 'Choose all of this page' }).click()
    const first = await readIds(page)
    await page.getByRole('link', { name: 'Next page' }).click()
    await page.getByText('Page 2 of').waitFor()
    await page.getByRole('button', { name: 'Choose all of this page' }).click()
    const chosen = [...first, ...(await readIds(page))]
    await page.getByText('50 of at most 50 chosen').waitFor()
    await page.getByRole('link', { name: 'Next page' }).click()
    await page.getByText('Page 3 of').waitFor()
    await page.locator('tbody input').first().click()
    await page.locator('.fault', { hasText: 'At most 50 people can be chosen.' }).waitFor()
    await expect.poll(() => page.locator('tbody input').first().isChecked()).toBe(false)
    await page.getByRole('link', { name: 'Change 50 people' }).click()
    expect(new URL(page.url()).pathname).toBe('/console/several-users')
    expect(new URL(page.url()).searchParams.get('ids')?.split(',')).toEqual(chosen)
    expect(faults).toEqual([])
  })

  it('says that two filters exclude each other, and leads out of it', LONG, async () => {
    await using visit = await world.visit({ ...LEAD, path: 'coverage?factor=none&bound=OTP' })
    const { page, faults } = visit
    await page.getByText('Something in the input is not valid').first().waitFor()
    await page.getByRole('link', { name: 'Clear the filters' }).first().click()
    await page.locator('.more', { hasText: /^\d+ people fit$/ }).waitFor()
    expect(new URL(page.url()).search).toBe('')
    expect(faults).toEqual([])
  })

  it('tells in its frame what came of the start and of the end of a scan', LONG, async () => {
    await using visit = await world.visit(LEAD)
    const { page, faults } = visit
    await page.getByText('The rows are exactly the population').waitFor()
    const letGo = await holdNextAnswer(page)
    await startScan(page, 'FULL')
    await page.keyboard.press('Escape')
    await leftWrites(page).getByText('It is on its way').waitFor()
    letGo('PASS')
    await leftWrites(page).getByText('Done', { exact: true }).waitFor()
    await expect.poll(() => leftWrites(page).innerText()).toContain('Start of a scan')
    await leftWrites(page).getByRole('button', { name: 'Close' }).click()
    await page.getByRole('button', { name: 'Cancel the scan' }).first().click()
    const letEnd = await holdNextAnswer(page)
    await page.getByRole('dialog').getByRole('button', { name: 'Cancel the scan' }).click()
    await page.keyboard.press('Escape')
    letEnd('PASS')
    await leftWrites(page).getByText('Done', { exact: true }).waitFor()
    await expect.poll(() => leftWrites(page).innerText()).toContain('End of a scan')
    expect(faults).toEqual([])
  })

  it('cancels a scan after a question, and shows what it has read', LONG, async () => {
    await using visit = await world.visit(LEAD)
    const { page, faults } = visit
    await page.getByText('The rows are exactly the population').waitFor()
    await startScan(page, 'FULL')
    await page.getByRole('button', { name: 'Cancel the scan' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Cancel the scan' }).click()
    await page.getByRole('progressbar').waitFor({ state: 'detached' })
    await page.getByRole('link', { name: 'Show', exact: true }).first().click()
    await page.getByText('The scan was cancelled.').waitFor()
    expect(faults).toEqual([])
  })
})

async function startScan(page: Page, depth = 'BINDINGS'): Promise<void> {
  await page.getByRole('button', { name: 'Start a scan' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Depth').selectOption(depth)
  await dialog.getByRole('button', { name: 'Start a scan' }).click()
}

/** The ids of the rows that are shown. */
async function readIds(page: Page): Promise<string[]> {
  const links = page.locator('tbody [href*="/users/"]')
  await links.first().waitFor()
  return links.evaluateAll(found => found.map(link => link.getAttribute('href')?.split('/').at(-1) ?? ''))
}

/** The rows of an export. None of these columns has a comma in it. */
function readCsv(text: string): Record<string, string>[] {
  const lines = text.split('\r\n').map(line => line.split(','))
  const start = lines.findIndex(([first]) => first === 'userId')
  const names = lines[start] ?? []
  return lines
    .slice(start + 1)
    .filter(([id]) => id !== '')
    .map(values => Object.fromEntries(names.map((name, index) => [name, values[index] ?? ''])))
}
