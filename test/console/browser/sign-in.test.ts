import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { CHROMIUM, type ConsoleWorld, holdNextAnswer, intercept, openConsole } from './open-console.ts'

const LONG = { tags: 'long', timeout: 60_000 }

/** Everything that a browser could keep for the page. */
const readStores = (page: Page) =>
  page.evaluate(async () => {
    const databases = await indexedDB.databases()
    return JSON.stringify([
      { ...localStorage },
      { ...sessionStorage },
      databases,
      await caches.keys(),
      document.cookie,
    ])
  })

/** Sends other credentials than the page's own. */
const replaceToken = (page: Page, credentials: { authorization?: string }) =>
  intercept(page, '**/graphql', async route => {
    const { authorization: _, ...headers } = await route.request().allHeaders()
    await route.continue({ headers: { ...headers, ...credentials } })
  })

describe.skipIf(CHROMIUM === null)('the sign-in of the console in a browser', () => {
  let world: ConsoleWorld
  beforeAll(async () => {
    world = await openConsole()
  }, 120_000)
  afterAll(() => world[Symbol.asyncDispose]())

  it('brings a person to the deep link that was asked for, and a reload asks nothing', LONG, async () => {
    await using visit = await world.visit({ path: 'rights?x=1' })
    const { page, faults } = visit
    expect(page.url()).toBe(`${world.app.url}/console/rights?x=1`)
    await page.reload()
    await page.getByRole('navigation').waitFor()
    expect(page.url()).toBe(`${world.app.url}/console/rights?x=1`)
    expect(await readStores(page)).toBe('[{},{},[],[],""]')
    expect(faults).toEqual([])
  })

  it('ends here and at the issuer by a sign-out, and begins again by a click', LONG, async () => {
    await using visit = await world.visit()
    const { page, faults } = visit
    await page.locator('.menu summary').click()
    await page.getByRole('button', { name: 'Sign out' }).click()
    await page.getByText('You are signed out.').waitFor()
    await expect.poll(() => page.url()).toBe(`${world.app.url}/console/`)
    await page.getByRole('button', { name: 'Sign in', exact: true }).click()
    await page.getByRole('button', { name: 'Reader' }).click()
    await page.locator('.menu summary', { hasText: 'Reader' }).waitFor()
    expect(faults).toEqual([])
  })

  it('still tells what came of a change that was on its way at the sign-out', LONG, async () => {
    await using visit = await world.visit({ path: 'users/65a000000000000000000002' })
    const { page, faults } = visit
    await page.getByRole('button', { name: 'Change factors' }).click()
    await page.getByRole('checkbox', { name: 'SMS is on' }).click()
    await page.getByRole('button', { name: 'Preview' }).click()
    const apply = page.getByRole('button', { name: 'Make the change' })
    await apply.waitFor()
    const letGo = await holdNextAnswer(page)
    page.on('dialog', dialog => void dialog.dismiss())
    await apply.click()
    await page.getByText('The change is being sent.').first().waitFor()
    await page.locator('.menu summary').click()
    await page.getByRole('button', { name: 'Sign out' }).click()
    await page.getByText('You are signed out.').waitFor()
    const note = page.locator('.session-note', { hasText: 'Change of factors Grace Hopper' })
    await note.getByText('It is on its way').waitFor()
    letGo('PASS')
    await note.getByText('Done', { exact: true }).waitFor()
    expect(faults).toEqual([])
  })

  it.each([
    ['a return that this tab did not begin', '?code=x&state=y', 'belongs to another tab or was already used'],
    ['a return without what it needs', '?state=y', 'belongs to another tab or was already used'],
  ])('tells %s, and does not start again by itself', LONG, async (_, search, told) => {
    await using visit = await world.visit({ person: null, path: search })
    const { page } = visit
    await page.getByRole('alert').getByText(told).waitFor()
    expect(page.url()).toBe(`${world.app.url}/console/`)
  })

  it('tells that the issuer cannot be reached, and tries again by a click', LONG, async () => {
    await using visit = await world.visit({ person: null })
    const { page } = visit
    // Otherwise the way to the issuer may take the place of the page that is opened next.
    await page.getByRole('button', { name: 'Reader' }).waitFor()
    const discovery = '**/.well-known/openid-configuration'
    await intercept(page, discovery, route => route.abort())
    await page.goto(`${world.app.url}/console/coverage`)
    await page.getByText('The issuer of sign-ins could not be reached').waitFor()
    await page.unroute(discovery)
    await page.getByRole('button', { name: 'Sign in', exact: true }).click()
    await page.getByRole('button', { name: 'Reader' }).click()
    await expect.poll(() => page.url()).toBe(`${world.app.url}/console/coverage`)
  })

  it('signs in again by itself at a 401 of a read, and comes back to the screen', LONG, async () => {
    await using visit = await world.visit({ path: '?by=EMAIL' })
    const { page } = visit
    // The token is over a minute old, so that another one may help.
    await page.clock.install()
    await page.reload()
    await page.getByRole('searchbox').waitFor()
    await page.clock.fastForward(90_000)
    const isRefused = { errors: [{ message: 'x', extensions: { code: 'UNAUTHENTICATED', requestId: 'r' } }] }
    await intercept(page, '**/graphql', route => route.fulfill({ status: 401, json: isRefused }), {
      times: 1,
    })
    await page.getByRole('searchbox').fill('ada@example.com')
    const returned = page.waitForURL(url => url.searchParams.has('code'))
    await page.getByRole('searchbox').press('Enter')
    await returned
    await page.getByRole('searchbox').waitFor()
    expect(page.url()).toBe(`${world.app.url}/console/?by=EMAIL`)
  })

  it.each([
    ['refuses the token', { authorization: 'Bearer a.b.c' }, 'does not tell this page why'],
    ['has got no token', {}, 'no token came with the request'],
  ])('tells that the server %s, and does not go round in circles', LONG, async (_, sent, told) => {
    await using visit = await world.visit({ person: null })
    const { page } = visit
    await replaceToken(page, sent)
    await page.getByRole('button', { name: 'Reader' }).click()
    await page.getByRole('heading', { name: 'The server does not accept this sign-in' }).waitFor()
    await page.getByRole('alert').getByText(told).waitFor()
  })

  it('says of a token that was good before only that the sign-in has ended', LONG, async () => {
    await using visit = await world.visit()
    const { page } = visit
    await replaceToken(page, { authorization: 'Bearer a.b.c' })
    await page.getByRole('searchbox').fill('ada')
    await page.getByRole('searchbox').press('Enter')
    const note = page.locator('.session-note', { hasText: 'Your sign-in has ended.' })
    await note.waitFor()
    await page.getByRole('heading', { name: 'Your sign-in has ended' }).waitFor()
    expect(page.url()).toBe(`${world.app.url}/console/`)
    await page.unroute('**/graphql')
    const returned = page.waitForURL(url => url.searchParams.has('code'))
    await note.getByRole('button', { name: 'Sign in again' }).click()
    await returned
    await page.getByRole('searchbox').waitFor()
  })

  it('tells that it ends soon, and that it has ended, and leaves when the person wants', LONG, async () => {
    await using visit = await world.visit()
    const { page } = visit
    await page.clock.install()
    await page.reload()
    await page.getByRole('searchbox').waitFor()
    await page.clock.fastForward(545_000)
    await page.locator('.session-note', { hasText: 'Your sign-in ends at' }).waitFor()
    await page.clock.fastForward(60_000)
    await page.locator('.session-note', { hasText: 'Your sign-in has ended.' }).waitFor()
    const returned = page.waitForURL(url => url.searchParams.has('code'))
    await page.getByRole('button', { name: 'Sign in again' }).click()
    await returned
    await page.getByRole('searchbox').waitFor()
  })

  it('tells that the server cannot be reached', LONG, async () => {
    await using visit = await world.visit({ person: null })
    const { page } = visit
    // Otherwise the way to the issuer may take the place of the page that is opened next.
    await page.getByRole('button', { name: 'Reader' }).waitFor()
    await intercept(page, '**/console/config.json', route => route.abort())
    await page.goto(`${world.app.url}/console/`)
    await page.getByRole('heading', { name: 'This page could not start' }).waitFor()
  })
})
