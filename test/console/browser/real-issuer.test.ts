import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type ConsoleIssuer, startConsoleIssuer } from '../../support/console-issuer.ts'
import { findFreePort } from '../../support/free-port.ts'
import { graphqlUrl, startProgram } from '../../support/program.ts'
import { CHROMIUM, openBrowser, type Visit } from './open-console.ts'

const LONG = { tags: 'long', timeout: 60_000 }
const ADA = 'users/65a000000000000000000001'

interface World extends AsyncDisposable {
  readonly url: string
  readonly issuer: ConsoleIssuer
  visit(path?: string): Promise<Visit>
}

/** Starts the built program for callers of an issuer of other authors. */
async function openWorld(isStepUpHonoured: boolean): Promise<World> {
  const port = await findFreePort()
  const url = `http://127.0.0.1:${port}`
  const issuer = await startConsoleIssuer({ pageUrl: `${url}/console/`, isStepUpHonoured })
  const program = startProgram([], {
    ...issuer.env,
    ...{ PORT: String(port), SANDBOX_PORT: '0', TRUSTED_DOCUMENTS: 'only' },
    ...{ CONSOLE: 'on', CONSOLE_CLIENT_ID: 'desk' },
    ...{ AUTH_STEP_UP_MAX_AGE_S: '3600', AUTH_STEP_UP_ACR: isStepUpHonoured ? 'mfa' : 'pwd' },
  })
  await graphqlUrl(program)
  const browser = await openBrowser({ url, issuerUrl: issuer.url })
  return {
    url,
    issuer,
    visit: (path = '') => browser.visit({ path }),
    async [Symbol.asyncDispose]() {
      await browser[Symbol.asyncDispose]()
      await program[Symbol.asyncDispose]()
      await issuer[Symbol.asyncDispose]()
    },
  }
}

const press = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).click()

async function signIn(page: Page): Promise<void> {
  await press(page, 'Log in')
  await press(page, 'Allow')
  await page.getByRole('navigation').waitFor()
}

/** Asks for a change that needs a fresh sign-in, and leaves for it. */
async function leaveForStepUp(page: Page): Promise<void> {
  await press(page, 'Change factors')
  await page.getByRole('checkbox', { name: 'SMS is on' }).click()
  await page.getByLabel('Reason').fill('lost phone')
  await press(page, 'Preview')
  await page.getByRole('heading', { name: 'This change needs a fresh sign-in' }).waitFor()
  await page.locator('.note').getByRole('button', { name: 'Sign in again' }).click()
}

describe.skipIf(CHROMIUM === null)('the console with an issuer of other authors in a browser', () => {
  let world: World
  beforeAll(async () => {
    world = await openWorld(true)
  }, 120_000)
  afterAll(() => world[Symbol.asyncDispose]())

  it('signs in, finds a person, makes a change by a fresh sign-in, and signs out', LONG, async () => {
    const { issuer, url } = world
    await using visit = await world.visit()
    const { page, faults } = visit
    await signIn(page)
    await page.getByRole('searchbox').fill('ada')
    await page.getByRole('searchbox').press('Enter')
    await page.getByRole('link', { name: 'Ada Lovelace' }).click()
    await leaveForStepUp(page)
    await press(page, 'Log in')
    await page.getByText('You have signed in again.').waitFor()
    expect(page.url()).toBe(`${url}/console/${ADA}`)
    expect(Object.fromEntries(issuer.requests.at(-1) ?? [])).toMatchObject({
      max_age: '3600',
      acr_values: 'mfa',
      resource: 'https://mfa.example.com',
    })
    await page.getByLabel('Reason').fill('lost phone')
    await press(page, 'Make the change')
    await page.getByRole('heading', { name: 'The change was made' }).waitFor()

    const { length: before } = issuer.requests
    await page.reload()
    await page.getByRole('heading', { name: 'Ada Lovelace' }).waitFor()
    expect(issuer.requests.length).toBe(before + 1)

    await page.locator('.menu summary').click()
    await press(page, 'Sign out')
    await press(page, 'Log out')
    await page.getByText('You are signed out.').waitFor()
    expect(page.url()).toBe(`${url}/console/`)
    await press(page, 'Sign in')
    await page.getByRole('button', { name: 'Log in' }).waitFor()
    expect(faults).toEqual([])
  })

  it(
    'tells that the issuer refuses, does not ask again by itself, and comes in by a click',
    LONG,
    async () => {
      const { issuer, url } = world
      await using visit = await world.visit(ADA)
      const { page, faults } = visit
      await press(page, 'Log in')
      await press(page, 'Refuse')
      await page.getByRole('alert').getByText('The issuer refused the sign-in.').waitFor()
      await page.getByText('The issuer says: access_denied').waitFor()
      expect(page.url()).toBe(`${url}/console/`)
      const { length: before } = issuer.requests
      await press(page, 'Sign in')
      await press(page, 'Allow')
      await page.getByRole('heading', { name: 'Ada Lovelace' }).waitFor()
      expect(issuer.requests.length).toBe(before + 1)
      expect(faults).toEqual([])
    },
  )
})

describe.skipIf(CHROMIUM === null)('the console with an issuer that ignores max_age in a browser', () => {
  it('tells that signing in again was not enough, and does not go round in circles', LONG, async () => {
    await using world = await openWorld(false)
    const { issuer } = world
    await using visit = await world.visit(ADA)
    const { page, faults } = visit
    await signIn(page)
    await leaveForStepUp(page)
    await page.getByText('You have just signed in again, and it is still not enough.').waitFor()
    expect(issuer.requests.at(-1)?.get('max_age')).toBe('3600')
    const { length: before } = issuer.requests
    expect(before).toBe(2)
    // Time for a way round in circles: an answer of the server, and what the page makes of it.
    await Promise.all([page.waitForResponse('**/graphql'), press(page, 'Preview again')])
    await page.getByText('it is still not enough').waitFor()
    expect(issuer.requests.length).toBe(before)
    expect(await page.getByRole('button', { name: 'Make the change' }).count()).toBe(0)
    expect(faults).toEqual([])
  })
})
