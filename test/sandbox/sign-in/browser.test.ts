import { existsSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type Browser, chromium, type Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startSandbox } from '../../../src/sandbox/sandbox.ts'

const CHROMIUM = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(existsSync)
/** A folder for pictures of the pages, for people who look at them. */
const SCREENSHOTS = process.env['SIGN_IN_SCREENSHOTS']

if (CHROMIUM === undefined) console.log('Signing in in a browser: skipped, since there is no Chromium here.')

describe.skipIf(CHROMIUM === undefined)('In a real browser', { tags: ['long'] }, () => {
  const page = createServer((_request, response) => {
    response.writeHead(200, { 'content-type': 'text/html' }).end('<title>The page</title>')
  })
  let sandbox: Awaited<ReturnType<typeof startSandbox>>
  let browser: Browser

  beforeAll(async () => {
    await new Promise<void>(resolve => page.listen(0, '::', resolve))
    sandbox = await startSandbox({ port: 0 })
    browser = await chromium.launch({ executablePath: CHROMIUM ?? '', args: ['--no-sandbox'] })
  })
  afterAll(async () => {
    await browser.close()
    await sandbox.close()
    page.close()
  })

  function toUrl(host: string, changes: Readonly<Record<string, string>> = {}): string {
    const { port } = page.address() as AddressInfo
    return `${sandbox.url}/sandbox/authorize?${new URLSearchParams({
      client_id: 'genauth-console',
      redirect_uri: `http://${host}:${port}/console/`,
      response_type: 'code',
      scope: 'openid mfa:read',
      code_challenge: 'c'.repeat(43),
      code_challenge_method: 'S256',
      ...changes,
    })}`
  }

  function isBack(url: URL): boolean {
    return url.pathname === '/console/'
  }

  async function show(tab: Page, name: string): Promise<void> {
    if (SCREENSHOTS !== undefined)
      await tab.screenshot({ path: `${SCREENSHOTS}/${name}.png`, fullPage: true })
    expect(await tab.evaluate('document.documentElement.scrollWidth')).toBe(320)
  }

  // Chromium holds the policy of the form against the redirect, and a policy cannot name an IPv6 address.
  it.each([
    { host: '127.0.0.1', locale: 'en-US', colorScheme: 'light', again: /^Sign in again as/ },
    { host: 'localhost', locale: 'zh-CN', colorScheme: 'dark', again: /^以“.*”身份重新登录$/ },
    { host: '[::1]', locale: 'de', colorScheme: 'light', again: /^Sign in again as/ },
  ] as const)('a person signs in, again, silently and out, for the page at $host', async options => {
    const { host, locale, colorScheme, again } = options
    const context = await browser.newContext({ locale, colorScheme, viewport: { width: 320, height: 640 } })
    const tab = await context.newPage()
    const faults: string[] = []
    tab.on('console', message => faults.push(message.text()))

    await tab.goto(toUrl(host))
    await show(tab, `sign-in-${locale}`)
    await tab.keyboard.press('Tab')
    await tab.keyboard.press('Enter')
    await tab.waitForURL(isBack)
    await tab.goto(toUrl(host, { max_age: '0' }))
    await show(tab, `sign-in-again-${locale}`)
    await tab.getByRole('button', { name: again }).click()
    await tab.waitForURL(isBack)
    await tab.goto(toUrl(host))
    expect(isBack(new URL(tab.url()))).toBe(true)

    const { port } = page.address() as AddressInfo
    const end = new URLSearchParams({
      post_logout_redirect_uri: `http://${host}:${port}/console/`,
      state: 'x',
    })
    await tab.goto(`${sandbox.url}/sandbox/end-session?${end}`)
    await show(tab, `sign-out-${locale}`)
    await tab.getByRole('button').click()
    await tab.waitForURL(isBack)
    await tab.goto(toUrl(host, { prompt: 'none' }))
    expect(new URL(tab.url()).searchParams.get('error')).toBe('login_required')
    expect(faults).toEqual([])
    await context.close()
  })
})
