import { existsSync } from 'node:fs'
import { request } from 'node:http'
import { connect } from 'node:net'
import { brotliDecompressSync, gunzipSync } from 'node:zlib'
import {
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  chromium,
  type Page,
  type Response,
} from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createApp } from '../src/app.ts'
import { loadConfig } from '../src/config/config.ts'
import type { App } from '../src/host.ts'
import { readOperations } from '../src/http/page/read-operations.ts'
import { createLog } from '../src/log.ts'
import { type PrefixProxy, startPrefixProxy } from './support/prefix-proxy.ts'

const CHROMIUM = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(existsSync)
const SCREENSHOT = process.env['GRAPHIQL_SCREENSHOT']

if (CHROMIUM === undefined) console.log('GraphiQL in a browser: skipped, since there is no Chromium here.')

/** What a browser sends. */
const HTML = 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8'

/** What the answer of each ready tab shows, in the order of the tabs. */
const EXPECTED_BY_TAB = {
  FindUser: '"posture":"PROTECTED"',
  FindUsers: 'MfaUserNotFoundError',
  // Tabs to the right of it have given Grace an address, and the application EMAIL.
  ForecastSignIn: '"verdict":"CAN_PASS"',
  ListApplications: '"totalCount":2',
  ListScans: '"scans":[',
  SearchUsers: '"displayName":"Ada Lovelace"',
  ShowCoverage: '"__typename":"MfaCoverage"',
  ShowHistory: '"kind":"VERIFIED"',
  ShowPoolPolicy: '"otherFactors":[]',
  ShowRights: '"kind":"READS"',
  CancelScan: 'MfaJobNotFoundError',
  ChangeEmail: '"email":"g***@example.com"',
  PreviewChange: '"LAST_FACTOR_REMOVED"',
  PreviewPoolPolicy: '"__typename":"SetMfaPoolPolicyPreview"',
  RemoveAllFactors: '"factors":[]',
  SetFactors: '"applied":true',
  SetPoolPolicy: '"__typename":"SetMfaPoolPolicySuccess"',
  StartScan: '"started":true',
  SwitchApplicationFactors: '"name":"Example web"',
  SwitchFactorsOfUsers: '"firstIndex":0',
  SwitchFactors: '"code":"EMAIL","before":null',
  UndoChange: 'MfaChangeNotFoundError',
  WatchScan: '"code":"NOT_FOUND"',
  WatchUsers: '"hint":"SET_BY_THIS_SERVICE"',
}

function startWithSandbox(env: Readonly<Record<string, string>> = {}): Promise<App> {
  const config = loadConfig({ PORT: '0', SANDBOX_PORT: '0', ...env })
  return createApp(config, createLog('silent'), {
    pid: process.pid,
    isAlive: () => true,
    writeStdout: async () => {},
    isStdoutLost: () => false,
    reloadConfig: () => config,
  })
}

interface Fetched {
  readonly status: number
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly body: Buffer
}

/** By hand, since fetch chooses its own Host and decodes bodies. */
function get(url: string, headers: Record<string, string>, method = 'GET'): Promise<Fetched> {
  return new Promise((resolve, reject) => {
    request(url, { method, headers }, response => {
      const chunks: Buffer[] = []
      response.on('data', chunk => chunks.push(chunk))
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks) }),
      )
    })
      .on('error', reject)
      .end()
  })
}

describe('the GraphiQL page', () => {
  let app: App
  beforeAll(async () => {
    app = await startWithSandbox()
  })
  afterAll(() => app.close())

  it.each([
    ['', HTML, 200],
    ['', 'text/html', 200],
    ['?query=%7B__typename%7D', HTML, 200],
    ['?documentId=abc', HTML, 200],
    ['', 'application/json', 401],
    ['', 'application/json, text/html;q=0.5', 401],
    ['', 'text/html;q=0, */*', 401],
    ['', '*/*', 401],
  ])('is served to those who would rather have HTML than JSON: %s %s %i', async (search, accept, status) => {
    const { status: got, headers, body } = await get(`${app.url}/graphql${search}`, { accept })
    expect(got).toBe(status)
    expect(String(body).includes('<title>GenAuth MFA</title>')).toBe(status === 200)
    expect(headers['cache-control']).toBe('no-store')
  })

  it('loads nothing from anywhere else, and has no script that its policy would have to allow by name', async () => {
    const { body, headers } = await get(`${app.url}/graphql`, { accept: HTML })
    expect(String(body)).not.toMatch(/<(script|link|img)[^>]+(src|href)="(https?:|\/)/)
    expect(String(headers['content-security-policy'])).toMatch(/script-src 'self';/)
  })

  it.each([
    ['localhost:4000', true],
    ['LOCALHOST', true],
    ['localhost.', true],
    ['mfa.localhost:1', true],
    ['127.0.0.1', true],
    ['127.1.2.3:80', true],
    ['[::1]:4000', true],
    ['evil.example', false],
    ['127.0.0.1.evil.example', false],
    ['localhost.evil.example', false],
    ['evil-localhost', false],
    ['192.168.1.5:4000', false],
  ])('holds tokens of the sandbox only under a name of this machine: %j %j', async (host, hasTokens) => {
    const { body } = await get(`${app.url}/graphql`, { accept: HTML, host })
    expect(/"admin":"ey/.test(String(body))).toBe(hasTokens)
    expect(String(body).includes('"sandbox":null')).toBe(!hasTokens)
  })

  it('holds no token for a proxy that speaks HTTP/1.0 and says nothing, as nginx by default', async () => {
    const { hostname, port } = new URL(app.url)
    const socket = connect(Number(port), hostname)
    socket.write(`GET /graphql HTTP/1.0\r\nhost: localhost\r\naccept: ${HTML}\r\n\r\n`)
    let page = ''
    for await (const chunk of socket) page += chunk
    expect(page).toContain('"sandbox":null')
  })

  it.each([
    'forwarded',
    'via',
    'x-forwarded-for',
    'x-forwarded-host',
    'x-forwarded-proto',
    'x-forwarded-server',
    'x-real-ip',
    'x-client-ip',
    'true-client-ip',
    'x-original-host',
    'x-envoy-external-address',
    'cf-connecting-ip',
  ])('holds no token where a proxy has handed the request on, as %s says', async name => {
    const { body } = await get(`${app.url}/graphql`, {
      accept: HTML,
      host: 'localhost',
      [name]: 'localhost',
    })
    expect(String(body)).toContain('"sandbox":null')
  })

  it('has its files hashed, compressed and kept for good', async () => {
    const { body } = await get(`${app.url}/graphql`, { accept: HTML })
    const [, file] = /src="\.\/(graphiql\/index-[\w-]+\.js)"/.exec(String(body)) ?? []
    const url = `${app.url}/${file}`
    const plain = await get(url, {})
    expect(plain.headers).toMatchObject({
      'content-type': 'text/javascript; charset=utf-8',
      'cache-control': 'public, max-age=31536000, immutable',
      vary: 'accept-encoding',
    })
    expect(plain.headers['content-encoding']).toBeUndefined()
    const brotli = await get(url, { 'accept-encoding': 'gzip, deflate, br' })
    expect(brotli.headers['content-encoding']).toBe('br')
    expect(brotliDecompressSync(brotli.body).equals(plain.body)).toBe(true)
    const gzip = await get(url, { 'accept-encoding': 'br;q=0, gzip' })
    expect(gzip.headers['content-encoding']).toBe('gzip')
    expect(gunzipSync(gzip.body).equals(plain.body)).toBe(true)
    const head = await get(url, {}, 'HEAD')
    expect([head.status, head.headers['content-length'], head.body.length]).toEqual([
      200,
      `${plain.body.length}`,
      0,
    ])
  })

  it.each(['/graphiql/', '/graphiql/nothing.js', '/graphiql/..%2findex.html', '/graphiql/%2e%2e/built-from'])(
    'has no file %s',
    async path => {
      expect((await get(`${app.url}${path}`, {})).status).toBe(404)
    },
  )

  it('is off, with its files, where it is switched off', async () => {
    await using off = await startWithSandbox({ GRAPHIQL: 'off' })
    expect((await get(`${off.url}/graphql`, { accept: HTML })).status).toBe(401)
    expect((await get(`${off.url}/graphiql/`, {})).status).toBe(404)
  })
})

describe.skipIf(CHROMIUM === undefined)('GraphiQL in a browser without a network', () => {
  let browser: Browser
  let app: App
  let proxy: PrefixProxy
  const faults: string[] = []

  beforeAll(async () => {
    // The strictest way to run: whatever the page can do here, it can do anywhere.
    app = await startWithSandbox({ TRUSTED_DOCUMENTS: 'only' })
    proxy = await startPrefixProxy(app.url, '/desk/mfa')
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
  }, 120_000)
  afterAll(async () => {
    await browser.close()
    await proxy[Symbol.asyncDispose]()
    await app.close()
  })

  /** A browser of somebody who was never here. Whatever it asks of anybody else is a fault. */
  async function openBrowser(options: BrowserContextOptions = {}): Promise<BrowserContext> {
    faults.splice(0)
    const context = await browser.newContext({ viewport: { width: 1500, height: 950 }, ...options })
    await context.route('**/*', route => {
      const url = route.request().url()
      if ([app.url, proxy.url].some(own => url.startsWith(own))) return route.continue()
      faults.push(url)
      return route.abort()
    })
    context.on('page', page => page.on('pageerror', error => faults.push(error.message)))
    return context
  }

  async function visit(context: BrowserContext, url = `${app.url}/graphql`): Promise<Page> {
    const page = await context.newPage()
    await page.goto(url)
    await isShown(page)
    return page
  }

  /** The editor comes after the tabs. */
  const isShown = (page: Page) => page.locator('.graphiql-query-editor .view-line').first().waitFor()

  /** As a hand does it: the button goes down, and comes up where it went down. */
  async function clickTab(page: Page, name: string): Promise<void> {
    const tab = page.locator('.graphiql-tab-button', { hasText: new RegExp(`^${name}$`) })
    // A window shows as many tabs as it has room for, and the others are reached by scrolling.
    await tab.scrollIntoViewIfNeeded()
    const box = await tab.boundingBox()
    if (box === null) throw new Error('The tab is not shown')
    await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2)
    await page.mouse.down()
    await page.mouse.up()
    await expect.poll(() => activeTab(page), { timeout: 20_000 }).toBe(name)
  }

  const tabNames = (page: Page) => page.locator('.graphiql-tab-button').allTextContents()
  const activeTab = (page: Page) =>
    page.locator('.graphiql-tab[aria-selected=true] .graphiql-tab-button').textContent()
  const editorText = async (page: Page, editor: string) =>
    (await page.locator(`${editor} .view-lines`).innerText()).replaceAll('\u00a0', ' ')

  /** The window shows as many lines of a result as it has room for, so its beginning is looked for. */
  async function run(page: Page, expected: string): Promise<void> {
    const shown = async () =>
      (await page.locator('.result-window').textContent())?.replaceAll(/\s/g, '') ?? ''
    const isExpected = async (response: Response) =>
      response.request().method() === 'POST' && (await response.text()).includes(expected)
    const [response] = await Promise.all([
      page.waitForResponse(isExpected, { timeout: 20_000 }),
      page.locator('button.graphiql-execute-button').click(),
    ])
    const text = (await response.text()).replace(/^:\n\nevent: next\ndata: /, '')
    const beginning = text.replaceAll(/\s/g, '').slice(0, 60)
    await expect.poll(shown, { timeout: 20_000 }).toContain(beginning)
  }

  /** Nothing is shown before somebody changes a user. The same button ends the subscription. */
  async function watch(page: Page, expected: string): Promise<void> {
    await clickTab(page, 'WatchUsers')
    const began = page.waitForResponse(
      async response => (await response.headerValue('content-type')) === 'text/event-stream',
    )
    await page.locator('button.graphiql-execute-button').click()
    await began
    const tokens = await (await fetch(`${app.sandboxUrl}/sandbox/tokens`)).json()
    const [, change] = readOperations().filter(({ file }) => /^(find-user|change-email)\.graphql$/.test(file))
    await fetch(`${app.url}/graphql`, {
      method: 'POST',
      headers: { authorization: `Bearer ${tokens.admin}`, 'content-type': 'application/json' },
      body: JSON.stringify({ query: change?.document, variables: JSON.parse(change?.variables ?? '') }),
    })
    const shown = async () => (await page.locator('.result-window').textContent())?.replaceAll(/\s/g, '')
    await expect.poll(shown, { timeout: 20_000 }).toContain(expected)
    await page.locator('button.graphiql-execute-button').click()
  }

  it('opens each ready tab by one click, runs it, and shows the docs', async () => {
    await using context = await openBrowser()
    const page = await visit(context)
    expect(await tabNames(page)).toEqual(Object.keys(EXPECTED_BY_TAB))
    await run(page, EXPECTED_BY_TAB.FindUser)
    await watch(page, EXPECTED_BY_TAB.WatchUsers)
    for (const [name, expected] of Object.entries(EXPECTED_BY_TAB).toReversed()) {
      if (name === 'WatchUsers') continue
      await clickTab(page, name)
      await run(page, expected)
    }
    await page.locator('.graphiql-query-editor').getByText('displayName').click()
    await page.keyboard.type('X')
    await run(page, 'DOCUMENT_NOT_TRUSTED')

    await page.getByLabel(/Show Documentation Explorer/i).click()
    const docs = page.locator('.graphiql-doc-explorer')
    await expect.poll(() => docs.textContent(), { timeout: 20_000 }).toContain('Mutation')
    if (SCREENSHOT !== undefined) await page.screenshot({ path: SCREENSHOT })
    expect(faults).toEqual([])
  }, 120_000)

  it('is at the second visit as it was left, keeps no token, and drops one that an earlier version kept', {
    tags: 'long',
    timeout: 120_000,
  }, async () => {
    await using context = await openBrowser()
    const first = await visit(context)
    const stale = JSON.stringify({ authorization: 'Bearer stale' })
    await first.evaluate(headers => {
      localStorage.setItem('graphiql:headers', headers)
      localStorage.setItem('graphiql:shouldPersistHeaders', 'true')
    }, stale)
    await clickTab(first, 'FindUsers')
    await first.waitForTimeout(700)
    await first.close()

    const second = await visit(context)
    expect([await tabNames(second), await activeTab(second)]).toEqual([
      Object.keys(EXPECTED_BY_TAB),
      'FindUsers',
    ])
    expect(await editorText(second, '.graphiql-query-editor')).toContain('query FindUsers')
    expect(await editorText(second, '.graphiql-editor-tool .graphiql-editor:not(.hidden)')).toContain(
      '"users"',
    )
    await run(second, EXPECTED_BY_TAB.FindUsers)
    const kept = await second.evaluate(() => JSON.stringify({ ...localStorage, ...sessionStorage }))
    expect(kept).not.toMatch(/Bearer|eyJ|stale/)

    await second.reload()
    await isShown(second)
    expect([await tabNames(second), await activeTab(second)]).toEqual([
      Object.keys(EXPECTED_BY_TAB),
      'FindUsers',
    ])
    expect(faults).toEqual([])
  })

  it('shows the document of a link in a tab, once, and asks for no variable that has a default', {
    tags: 'long',
    timeout: 120_000,
  }, async () => {
    await using context = await openBrowser()
    const query =
      'query Shared($id: String!, $type: UserIdType! = USER_ID) { userMfa(userId: $id, userIdType: $type) { __typename } }'
    const search = new URLSearchParams({ query, variables: '{"id":"65a000000000000000000001"}' })
    for (let visits = 1; visits <= 2; visits++) {
      const page = await visit(context, `${app.url}/graphql?${search}`)
      const expected = [[...Object.keys(EXPECTED_BY_TAB), 'Shared'], 'Shared']
      expect([await tabNames(page), await activeTab(page)]).toEqual(expected)
      expect(await editorText(page, '.graphiql-query-editor')).toContain('query Shared')
      expect(await editorText(page, '.graphiql-editor-tool .graphiql-editor:not(.hidden)')).toContain(
        '65a000000000000000000001',
      )
      await page.close()
    }
    const page = await visit(context, `${app.url}/graphql?${search}`)
    const marks = page.locator(
      '.graphiql-editor-tool .squiggly-warning, .graphiql-editor-tool .squiggly-error',
    )
    // A variable without a default is still asked for: only then has the check come to its end.
    await page.locator('.graphiql-editor-tool .view-lines').first().click()
    await page.waitForTimeout(2_500)
    expect(await marks.count()).toBe(0)
    await page.keyboard.press('Control+a')
    await page.keyboard.type('{ ')
    await expect.poll(() => marks.count(), { timeout: 20_000 }).toBeGreaterThan(0)
    expect(faults).toEqual([])
  })

  it('says that it is a sandbox and who is in it, and sends operations in the role that is chosen', {
    tags: 'long',
    timeout: 120_000,
  }, async () => {
    await using context = await openBrowser()
    const page = await visit(context)
    const bar = page.locator('.sandbox-bar')
    await bar.getByText('Who is in it?').click()
    expect(await bar.textContent()).toContain('Ada Lovelace 65a000000000000000000001')
    await bar.getByText('Who is in it?').click()
    await clickTab(page, 'SetFactors')
    await bar.getByRole('combobox').selectOption('reader')
    await run(page, 'FORBIDDEN')
    await clickTab(page, 'FindUser')
    await run(page, EXPECTED_BY_TAB.FindUser)
    await bar.getByRole('combobox').selectOption('none')
    await run(page, 'FORBIDDEN')
    await bar.getByRole('combobox').selectOption('admin')
    await run(page, EXPECTED_BY_TAB.FindUser)
    expect(faults).toEqual([])
  })

  it.each([
    ['wide', 1500, 'light'],
    ['wide and dark', 1500, 'dark'],
    ['narrow', 400, 'light'],
    ['narrow and dark', 400, 'dark'],
  ] as const)(
    'in a window that is %s cuts off no text and no choice, and complains of nothing',
    { tags: 'long', timeout: 120_000 },
    async (...row) => {
      const [, width, colorScheme] = row
      await using context = await openBrowser({ viewport: { width, height: 900 }, colorScheme })
      const complaints: string[] = []
      context.on('console', message => {
        if (['error', 'warning'].includes(message.type())) complaints.push(message.text())
      })
      const page = await visit(context)
      await run(page, EXPECTED_BY_TAB.FindUser)
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width)
      const ends = (selector: string) =>
        page.locator(selector).evaluateAll(all => all.map(one => one.getBoundingClientRect().right))
      const [editorEnd = 0] = await ends('.graphiql-query-editor .monaco-editor')
      const lines = () => ends('.graphiql-query-editor .view-line > span')
      // The editor breaks its lines once it has measured the window.
      await expect
        .poll(async () => Math.max(...(await lines())), { timeout: 20_000 })
        .toBeLessThanOrEqual(editorEnd)
      expect((await lines()).length).toBeGreaterThan(4)

      const bar = page.locator('.sandbox-bar')
      const [ink, ground, background] = await bar.getByRole('combobox').evaluate(select => {
        const { color, backgroundColor } = getComputedStyle(select)
        return [
          color,
          backgroundColor,
          getComputedStyle(select.closest('.sandbox-bar') ?? select).backgroundColor,
        ]
      })
      const [light, dark] = ['rgb(255, 233, 168)', 'rgb(59, 47, 0)']
      expect([ink, ground, background]).toEqual(
        colorScheme === 'dark' ? [light, dark, dark] : [dark, light, light],
      )
      await bar.getByText('Who is in it?').click()
      for (const end of await ends('.sandbox-bar select, .sandbox-bar ul'))
        expect(end).toBeLessThanOrEqual(width)
      expect([faults, complaints]).toEqual([[], []])
    },
  )

  it('works below the path where a proxy puts it', { tags: 'long', timeout: 120_000 }, async () => {
    await using context = await openBrowser()
    const page = await visit(context, `${proxy.url}/desk/mfa/graphql`)
    await run(page, EXPECTED_BY_TAB.FindUser)
    expect(faults).toEqual([])
  })
})
