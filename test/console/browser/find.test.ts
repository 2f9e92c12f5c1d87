import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type PrefixProxy, startPrefixProxy } from '../../support/prefix-proxy.ts'
import { CHROMIUM, type ConsoleWorld, handleRequests, openConsole } from './open-console.ts'

const LONG = { tags: 'long', timeout: 60_000 }

describe.skipIf(CHROMIUM === null)('the screen Find in a browser', () => {
  let world: ConsoleWorld
  let proxy: PrefixProxy
  beforeAll(async () => {
    world = await openConsole({ SANDBOX_USERS: '100' })
    proxy = await startPrefixProxy(world.app.url, '/desk/mfa')
  }, 120_000)
  afterAll(async () => {
    await proxy[Symbol.asyncDispose]()
    await world[Symbol.asyncDispose]()
  })

  it('finds a person by a part of the name, by keyboard alone, and opens the person', LONG, async () => {
    await using visit = await world.visit()
    const { page, faults } = visit
    await page.keyboard.type('ada')
    await page.keyboard.press('Enter')
    await page.getByRole('link', { name: 'Ada Lovelace' }).waitFor()
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('Enter')
    await expect.poll(() => new URL(page.url()).pathname).toBe('/console/users/65a000000000000000000001')
    await page.keyboard.press('/')
    await expect.poll(() => page.evaluate(() => document.activeElement?.id)).toBe('search')
    await page.getByRole('link', { name: 'Ada Lovelace' }).waitFor()
    expect(faults).toEqual([])
  })

  it('says what it needs, that nobody was found, and that there are more than it shows', LONG, async () => {
    await using visit = await world.visit()
    const { page, faults } = visit
    const search = page.getByRole('searchbox')
    await page.getByText('Nobody is shown until you search').waitFor()
    await search.fill('a')
    await search.press('Enter')
    await page.locator('.fault', { hasText: 'Type at least 2 characters.' }).waitFor()
    await search.fill('nobody at all')
    await search.press('Enter')
    await page.locator('.empty', { hasText: 'Nobody was found' }).waitFor()
    await search.fill('er')
    await search.press('Enter')
    await page.getByText('The first 20 are shown, and there are more.').waitFor()
    await expect.poll(() => page.getByRole('row').count()).toBe(21)
    expect(faults).toEqual([])
  })

  it.each([
    ['EMAIL', 'ada@example.com', 'Ada Lovelace'],
    ['USER_ID', '65a000000000000000000001', 'Ada Lovelace'],
    ['EMAIL', 'nobody@example.com', 'GenAuth knows nobody by this identifier'],
    ['USERNAME', '<img src=x onerror=alert(1)>', 'GenAuth knows nobody by this identifier'],
    ['USER_ID', 'no id', 'Something in the input is not valid'],
  ])('looks for an exact %s %j and shows %j', LONG, async (kind, identifier, expected) => {
    await using visit = await world.visit({ path: `?by=${kind}` })
    const { page, faults } = visit
    await page.getByRole('searchbox').fill(identifier)
    await page.getByRole('button', { name: 'Find', exact: true }).click()
    await page.locator('main').getByText(expected).first().waitFor()
    expect(page.url()).not.toContain(encodeURIComponent(identifier))
    expect(faults).toEqual([])
  })

  it.each([1_100, 320])('fits names of 200 letters into %i px', LONG, async width => {
    await using visit = await world.visit({ viewport: { width, height: 700 } })
    const { page, faults } = visit
    const name = 'x'.repeat(200)
    await handleRequests(page, async route => {
      const response = await route.fetch()
      const { data } = await response.json()
      for (const person of data.findMfaUsers?.people ?? []) person.displayName = person.username = name
      await route.fulfill({ response, json: { data } })
    })
    await page.getByRole('searchbox').fill('ada')
    await page.getByRole('searchbox').press('Enter')
    await page.getByRole('link', { name }).waitFor()
    await expect.poll(() => page.evaluate(() => document.documentElement.scrollWidth)).toBe(width)
    expect(faults).toEqual([])
  })

  it('names a person by the id if the account could not be read', LONG, async () => {
    await using visit = await world.visit({ path: '?by=EMAIL' })
    const { page, faults } = visit
    await handleRequests(page, async route => {
      const response = await route.fetch()
      const { data } = await response.json()
      const failure = { message: 'x', path: ['userMfa', 'account'], extensions: { code: 'RATE_LIMITED' } }
      const mfa = { data: { userMfa: { ...data.userMfa, account: null } }, errors: [failure] }
      await route.fulfill({ response, json: data.userMfa === undefined ? { data } : mfa })
    })
    await page.getByRole('searchbox', { name: 'Exact e-mail' }).fill('ada@example.com')
    await page.getByRole('searchbox').press('Enter')
    await page.getByRole('link', { name: '65a000000000000000000001' }).waitFor()
    expect(faults).toEqual([])
  })

  it('keeps the search on the way back, and nothing of it in an address or a storage', LONG, async () => {
    await using visit = await world.visit()
    const { page, faults } = visit
    await page.getByRole('searchbox').fill('lovelace')
    await page.getByRole('searchbox').press('Enter')
    await page.getByRole('link', { name: 'Ada Lovelace' }).click()
    await page.goBack()
    await page.getByRole('link', { name: 'Ada Lovelace' }).waitFor()
    const kept = await page.evaluate(() =>
      JSON.stringify([{ ...localStorage }, { ...sessionStorage }, location.href, document.cookie]),
    )
    expect(JSON.parse(kept)).toEqual([{}, {}, `${world.app.url}/console/`, ''])
    expect(faults).toEqual([])
  })

  it('works below the path where a proxy puts it, at a deep link, too', LONG, async () => {
    await using visit = await world.visit({ url: `${proxy.url}/desk/mfa`, path: 'rights' })
    const { page, faults } = visit
    expect(new URL(page.url()).pathname).toBe('/desk/mfa/console/rights')
    await page.getByRole('link', { name: 'Find' }).click()
    await page.getByRole('searchbox').fill('grace')
    await page.getByRole('searchbox').press('Enter')
    await page.getByRole('link', { name: 'Grace Hopper' }).waitFor()
    expect(faults).toEqual([])
  })

  it('speaks Chinese to a Chinese browser, and changes the language without a storage', LONG, async () => {
    await using visit = await world.visit({ locale: 'zh-CN', person: null })
    const { page, faults } = visit
    await page.locator('form button').first().click()
    await page.getByRole('heading', { name: '查找用户' }).waitFor()
    await expect.poll(() => page.evaluate(() => document.documentElement.lang)).toBe('zh-CN')
    await page.locator('.menu summary').click()
    await page.getByLabel('语言').selectOption('en')
    await page.getByRole('heading', { name: 'Find a person' }).waitFor()
    await page.reload()
    await page.getByRole('heading', { name: 'Find a person' }).waitFor()
    expect(faults).toEqual([])
  })
})
