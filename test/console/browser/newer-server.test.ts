import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  CHROMIUM,
  type ConsoleWorld,
  handleRequests,
  leftWrites,
  openConsole,
  scanWhole,
} from './open-console.ts'

const LONG = { tags: 'long', timeout: 60_000 }
const LEAD = 'Security lead'
const ID = '65a0000000000000000000'
const IN_DOUBT = 'Nobody can say whether the change was made'
const ENUMS = new Set(['posture', 'status', 'verdict', 'depth', 'outcome', 'source', 'type'])
const LISTS = new Set(['effects', 'enabledFactors', 'boundFactors', 'unknowns', 'poolFactors', 'missing'])

/** Changes a member of the data as a later version of the server might. */
type Alter = (key: string, value: unknown) => unknown

function walk(value: unknown, alter: Alter): unknown {
  if (Array.isArray(value)) return value.map(each => walk(each, alter))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, walk(alter(key, each), alter)]))
}

/** Lets the server answer, and changes the answers. */
async function alterAnswers(page: Page, alter: Alter): Promise<void> {
  await handleRequests(page, async route => {
    const response = await route.fetch()
    const { data, ...rest } = await response.json()
    await route.fulfill({ response, json: { ...rest, data: walk(data, alter) } })
  })
}

/** A success of a change says that the server has put it in a queue. */
const toQueued: Alter = (key, value) =>
  key === '__typename' && typeof value === 'string' && /^(?:Set|Switch|Start|Cancel)/.test(value)
    ? value.replace(/Success$/, 'QueuedSuccess')
    : value

/** A change is refused by an error of a later version, which does not say what came of the change. */
const toLaterError: Alter = (key, value) =>
  key === 'setUserMfaStatus' || key === 'revertMfaChange'
    ? {
        __typename: 'MfaLaterError',
        code: 'LATER',
        message: 'The message.',
        retryable: true,
        requestId: 'r',
      }
    : value

/** In place of the change, the server shows what it would do. */
const toPreview: Alter = (key, value) =>
  key === '__typename' && value === 'SetUserMfaStatusSuccess' ? 'SetUserMfaStatusPreview' : value

/** The undo has an outcome that this version does not know. */
const toPartly: Alter = (key, value) =>
  key === 'revertMfaChange'
    ? {
        __typename: 'MfaUpstreamUnavailableError',
        code: 'UPSTREAM_UNAVAILABLE',
        message: 'The message.',
        retryable: true,
        requestId: 'r',
        outcome: 'PARTLY',
        observed: null,
      }
    : value

/** Every scan runs on, so that there is one to cancel. */
const toRunning: Alter = (key, value) => {
  if (key === 'cancelMfaCoverageScan') return { __typename: 'CancelMfaCoverageScanQueuedSuccess' }
  return value === 'SUCCEEDED' ? 'RUNNING' : toQueued(key, value)
}

const toLaterType: Alter = (key, value) => (key === '__typename' ? 'BrandNewType' : value)

const toLaterValue: Alter = (key, value) => {
  if (LISTS.has(key) && Array.isArray(value)) return [...value, 'NEW_VALUE']
  return ENUMS.has(key) && typeof value === 'string' ? 'NEW_VALUE' : value
}

/** Switches a factor of a person, up to the preview. */
async function previewSwitch(page: Page, factor: string): Promise<void> {
  await page.getByRole('button', { name: 'Change factors' }).click()
  await page.getByRole('checkbox', { name: `${factor} is on` }).click()
  await page.getByRole('button', { name: /^Preview/ }).click()
  await page.getByRole('button', { name: 'Make the change' }).waitFor()
}

describe.skipIf(CHROMIUM === null)('a page that is older than its server', () => {
  let world: ConsoleWorld
  beforeAll(async () => {
    world = await openConsole({ SANDBOX_USERS: '64' })
    await scanWhole(world)
  }, 120_000)
  afterAll(() => world[Symbol.asyncDispose]())

  it.each([
    ['11', 'a success that it does not know', toQueued],
    ['15', 'an error that it does not know', toLaterError],
    ['16', 'a preview in place of the change', toPreview],
  ])('says of a change of person %s with %s that nobody knows', LONG, async (id, _, alter) => {
    await using visit = await world.visit({ path: `users/${ID}${id}` })
    const { page, faults } = visit
    await previewSwitch(page, 'Face')
    await alterAnswers(page, alter)
    await page.getByRole('button', { name: 'Make the change' }).click()
    await page.getByRole('heading', { name: IN_DOUBT }).waitFor()
    await page.locator('.note').getByRole('button', { name: 'Look again' }).click()
    await page.getByRole('button', { name: 'Change factors' }).waitFor()
    expect(faults).toEqual([])
  })

  it('says the same in its frame, if the screen was left before', LONG, async () => {
    await using visit = await world.visit({ path: `users/${ID}12` })
    const { page, faults } = visit
    await previewSwitch(page, 'Face')
    let letGo = () => {}
    const left = new Promise<void>(resolve => {
      letGo = resolve
    })
    await alterAnswers(page, toQueued)
    await handleRequests(page, async route => {
      await left
      await route.fallback()
    })
    await page.getByRole('button', { name: 'Make the change' }).click()
    await page.getByRole('link', { name: 'Find', exact: true }).click()
    await leftWrites(page).getByText('It is on its way').waitFor()
    letGo()
    await leftWrites(page).getByText('Nobody can say whether it was done').waitFor()
    expect(await leftWrites(page).getByText('Done', { exact: true }).count()).toBe(0)
    expect(faults).toEqual([])
  })

  it.each([
    ['13', 'a success that it does not know', toQueued],
    ['14', 'an outcome that it does not know', toPartly],
    ['18', 'an error that it does not know', toLaterError],
  ])('says the same of an undo of person %s with %s', LONG, async (id, _, alter) => {
    await using visit = await world.visit({ path: `users/${ID}${id}` })
    const { page, faults } = visit
    await previewSwitch(page, 'Face')
    await page.getByRole('button', { name: 'Make the change' }).click()
    await page.getByRole('button', { name: 'Undo this change' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByRole('heading', { name: 'The undo would do this' }).waitFor()
    await alterAnswers(page, alter)
    await dialog.getByRole('button', { name: 'Undo the change' }).click()
    await dialog.getByRole('heading', { name: IN_DOUBT }).waitFor()
    await dialog.getByRole('button', { name: 'Look again' }).click()
    await expect.poll(() => dialog.count()).toBe(0)
    expect(faults).toEqual([])
  })

  it('says the same of the policy of an application', LONG, async () => {
    const path = 'policy?application=62a500000000000000d15d57'
    await using visit = await world.visit({ person: LEAD, path })
    const { page, faults } = visit
    await page.getByLabel('E-mail', { exact: true }).selectOption('ON')
    await page.getByRole('button', { name: 'Preview', exact: true }).click()
    const text = await page.getByText(/^Type “/).innerText()
    await page.getByLabel(/^Type “/).fill(text.replace(/^.*“|”.*$/g, ''))
    await alterAnswers(page, toQueued)
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: IN_DOUBT }).waitFor()
    expect(faults).toEqual([])
  })

  it('says the same of a scan that is started or cancelled', LONG, async () => {
    await using visit = await world.visit({ person: LEAD, path: 'coverage' })
    const { page, faults } = visit
    const dialog = page.getByRole('dialog')
    await alterAnswers(page, toRunning)
    await page.getByRole('button', { name: 'Start a scan' }).click()
    await dialog.getByLabel('Depth').selectOption('FULL')
    await dialog.getByRole('button', { name: 'Start a scan' }).click()
    await dialog.getByRole('heading', { name: IN_DOUBT }).waitFor()
    await dialog.getByRole('button', { name: 'Look again' }).click()
    await page.getByRole('button', { name: 'Cancel the scan' }).first().click()
    await dialog.getByRole('button', { name: 'Cancel the scan' }).click()
    await dialog.getByRole('heading', { name: IN_DOUBT }).waitFor()
    await dialog.getByRole('button', { name: 'Look again' }).click()
    await expect.poll(() => dialog.count()).toBe(0)
    expect(faults).toEqual([])
  })

  it.each([`users/${ID}01`, 'coverage', 'policy', `several-users?ids=${ID}01`, `users/${ID}01?history=open`])(
    'says at %s that it is of another version, if it knows nothing of a result',
    LONG,
    async path => {
      await using visit = await world.visit({ person: null, path })
      const { page, faults } = visit
      await alterAnswers(page, toLaterType)
      await page.getByRole('button', { name: LEAD }).click()
      const heading = { name: 'This page and the server are of different versions' }
      await page.getByRole('heading', heading).first().waitFor()
      await page.getByRole('button', { name: 'Load the page again' }).first().waitFor()
      expect(faults).toEqual([])
    },
  )

  it('names a value that it does not know as the server does', LONG, async () => {
    await using visit = await world.visit({ person: null, path: `users/${ID}01` })
    const { page, faults } = visit
    await alterAnswers(page, toLaterValue)
    await page.getByRole('button', { name: LEAD }).click()
    await page.locator('.facts .badge', { hasText: 'NEW_VALUE' }).first().waitFor()
    await page.getByRole('button', { name: 'Forecast a sign-in' }).click()
    await page.getByLabel('Application', { exact: true }).selectOption({ index: 1 })
    await page.locator('.forecast .badge', { hasText: 'NEW_VALUE' }).first().waitFor()
    await page.getByRole('button', { name: 'Change factors' }).click()
    await page.getByRole('checkbox', { name: 'NEW_VALUE is on' }).first().waitFor()
    await page.locator('.change').getByRole('button', { name: 'Cancel' }).click()
    for (const link of ['Policy', 'Coverage']) {
      await expectNamed(page)
      await page.getByRole('link', { name: link, exact: true }).click()
      await page.getByRole('heading', { level: 1, name: link }).waitFor()
      await page.getByRole('main').getByText('NEW_VALUE').first().waitFor()
    }
    await expectNamed(page)
    expect(faults).toEqual([])
  })

  it(
    'says of a scan with a status that it does not know neither that it runs nor that it ended',
    LONG,
    async () => {
      await using visit = await world.visit({ person: null, path: 'coverage' })
      const { page, faults } = visit
      await alterAnswers(page, (key, value) =>
        key === 'status' && /^[A-Z]+$/.test(String(value)) ? 'ARCHIVING' : value,
      )
      await page.getByRole('button', { name: LEAD }).click()
      const scans = page.getByRole('table', { name: /^Scans under way/ })
      const row = scans.getByRole('row', { name: 'ARCHIVING' }).first()
      await row.getByText('cannot tell').waitFor()
      expect(await page.getByRole('progressbar').count()).toBe(0)
      expect(await page.getByRole('button', { name: 'Cancel the scan' }).count()).toBe(0)
      const look = page.waitForRequest(request => request.url().endsWith('/graphql'))
      await row.getByRole('button', { name: 'Look again' }).click()
      await look
      expect(faults).toEqual([])
    },
  )
})

async function expectNamed(page: Page): Promise<void> {
  expect(await page.getByRole('main').innerText()).not.toMatch(/undefined|NaN|\[object/)
  const badges = await page.locator('.badge').allTextContents()
  expect(badges.filter(text => !/^[✓!✕?·] .+/.test(text))).toEqual([])
}
