import { existsSync } from 'node:fs'
import { type Browser, chromium, type Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createApp } from '../src/app.ts'
import { loadConfig } from '../src/config.ts'
import { createLog } from '../src/log.ts'
import { startApp } from './support/app.ts'

const CHROMIUM = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(existsSync)
const SCREENSHOT = process.env['GRAPHIQL_SCREENSHOT']

if (CHROMIUM === undefined) console.log('GraphiQL in a browser: skipped, since there is no Chromium here.')

/** The tabs glide into their places after the page has loaded, and a click can land beside one until then. */
async function openTab(page: Page, index: number): Promise<void> {
  const isActive = async () => {
    await page.locator(`#graphiql-session-tab-${index}`).click()
    return page.locator('.graphiql-tab').nth(index).getAttribute('aria-selected')
  }
  await expect.poll(isActive, { timeout: 10_000 }).toBe('true')
  // GraphiQL learns which operation a tab holds some moments after showing it.
  await page.waitForTimeout(1_000)
}

describe('the GraphiQL page', () => {
  it('is served to browsers alone, and loads nothing from anywhere else', async () => {
    await using app = await startApp()
    const page = await app.fetch('/graphql', { headers: { accept: 'text/html' } })
    expect(page.status).toBe(200)
    expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8')
    expect(page.text).toContain('<title>GenAuth MFA</title>')
    expect(page.text).not.toMatch(/<(script|link|img)[^>]+(src|href)="https?:/)
  })

  it('is off where it is switched off', async () => {
    await using app = await startApp({ env: { GRAPHIQL: 'off' } })
    expect((await app.fetch('/graphql', { headers: { accept: 'text/html' } })).status).toBe(400)
  })
})

describe.skipIf(CHROMIUM === undefined)('GraphiQL in a browser without a network', () => {
  let browser: Browser

  beforeAll(async () => {
    browser = await chromium.launch({
      executablePath: CHROMIUM ?? '',
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-sync',
      ],
    })
  }, 60_000)
  afterAll(() => browser.close())

  // The strictest way to run: whatever the page can do here, it can do anywhere.
  it('runs its tabs and shows the docs where only trusted documents run, and no edited one', async () => {
    const config = loadConfig({ PORT: '0', SANDBOX_PORT: '0', TRUSTED_DOCUMENTS: 'only' })
    await using app = await createApp(config, createLog('silent'), {
      pid: process.pid,
      isAlive: () => true,
      writeStdout: async () => {},
      reloadConfig: () => config,
    })
    const page = await browser.newPage({ viewport: { width: 1500, height: 950 } })
    const foreign: string[] = []
    await page.route('**/*', route => {
      const url = route.request().url()
      if (url.startsWith(app.url) || url.startsWith('blob:') || url.startsWith('data:'))
        return route.continue()
      foreign.push(url)
      return route.abort()
    })
    const failures: string[] = []
    page.on('pageerror', error => failures.push(error.message))

    await page.goto(`${app.url}/graphql`)
    const tabs = page.locator('.graphiql-tab')
    await tabs.first().waitFor()
    const expectedByTab = {
      FindUser: '"posture":"PROTECTED"',
      FindUsers: 'MfaUserNotFoundError',
      ChangeEmail: '"code":"EMAIL","enabled":true',
      PreviewChange: '"LAST_FACTOR_REMOVED"',
      RemoveAllFactors: '"factors":[]',
      SetFactors: '"applied":true',
      SwitchFactorsOfUsers: '"firstIndex":0',
      SwitchFactors: '"code":"EMAIL","before":null',
    }
    const names = await page.locator('.graphiql-tab-button').allTextContents()
    expect(names).toEqual(Object.keys(expectedByTab))

    for (const [index, expected] of Object.values(expectedByTab).entries()) {
      await openTab(page, index)
      await page.locator('button.graphiql-execute-button').click()
      const shown = async () =>
        (await page.locator('.result-window').textContent())?.replaceAll(/\s/g, '') ?? ''
      await expect.poll(shown, { timeout: 10_000 }).toContain(expected)
    }

    await openTab(page, 0)
    await page.locator('.graphiql-query-editor').getByText('posture').click()
    await page.keyboard.type('X')
    await page.locator('button.graphiql-execute-button').click()
    await expect
      .poll(() => page.locator('.result-window').textContent(), { timeout: 10_000 })
      .toContain('DOCUMENT_NOT_TRUSTED')

    await openTab(page, 1)
    await page.getByLabel(/Show Documentation Explorer/i).click()
    const docs = page.locator('.graphiql-doc-explorer')
    await expect.poll(() => docs.textContent(), { timeout: 10_000 }).toContain('Mutation')
    if (SCREENSHOT !== undefined) await page.screenshot({ path: SCREENSHOT })
    expect(foreign).toEqual([])
    expect(failures).toEqual([])
  }, 60_000)
})
