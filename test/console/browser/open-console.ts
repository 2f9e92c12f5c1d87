import { existsSync } from 'node:fs'
import {
  type Browser,
  type BrowserContextOptions,
  chromium,
  type Locator,
  type Page,
  type Route,
} from 'playwright-core'
import { expect, vi } from 'vitest'
import { createApp } from '../../../src/app.ts'
import { loadConfig } from '../../../src/config/config.ts'
import type { App } from '../../../src/host.ts'
import { readOperations } from '../../../src/http/page/read-operations.ts'
import { createLog } from '../../../src/log.ts'
import type { Json } from '../../support/app.ts'

/** The browser of the journeys, or `null` if there is none here. */
export const CHROMIUM =
  ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(existsSync) ?? null

/** The demo people of the sandbox, by the names on its page of sign-ins. */
export type DemoPerson = 'Support desk' | 'Security lead' | 'Reader'

export interface Visit extends AsyncDisposable {
  readonly page: Page
  /** Page errors, broken policies, complaints of the console, and requests to anybody but the server and the issuer. */
  readonly faults: readonly string[]
}

export interface VisitOptions extends BrowserContextOptions {
  /** Who signs in. `null` stays at the issuer's page. */
  readonly person?: DemoPerson | null
  /** The path below the console, such as `coverage`. */
  readonly path?: string
  /** The address of a proxy in place of the server's own. */
  readonly url?: string
}

export interface ConsoleWorld extends AsyncDisposable {
  readonly app: App
  /** Sends a document of `operations/` by its name, as another client with every right. Returns the data. */
  send(name: string, variables: object): Promise<Json>
  /** Opens the console as somebody who was never here. */
  visit(options?: VisitOptions): Promise<Visit>
}

/** Where the page is, and who signs people in. */
interface Place {
  readonly url: string
  readonly issuerUrl: string
}

/** A browser for a console that runs elsewhere. */
export interface ConsoleBrowser extends AsyncDisposable {
  /** Opens the console at an issuer of its own, where somebody has to sign in. */
  visit(options?: Omit<VisitOptions, 'person'>): Promise<Visit>
}

/** Starts the server. Without the address of a GenAuth it has its sandbox. Every document must be a trusted one. */
export function startServer(env: Readonly<Record<string, string>> = {}): Promise<App> {
  const config = loadConfig({ PORT: '0', SANDBOX_PORT: '0', TRUSTED_DOCUMENTS: 'only', ...env })
  return createApp(config, createLog('silent'), {
    pid: process.pid,
    isAlive: () => true,
    writeStdout: async () => {},
    isStdoutLost: () => false,
    reloadConfig: () => config,
  })
}

/** Starts the server with its sandbox, and a browser. Any sign-in will do for a change, unless `env` says more. */
export async function openConsole(env: Readonly<Record<string, string>> = {}): Promise<ConsoleWorld> {
  const app = await startServer({ AUTH_STEP_UP_MAX_AGE_S: '86400', ...env })
  const browser = await launch()
  return {
    app,
    send: (name, variables) => send(app, name, variables),
    visit: options => visit(browser, { url: app.url, issuerUrl: app.sandboxUrl ?? app.url }, options),
    async [Symbol.asyncDispose]() {
      await browser.close()
      await app.close()
    },
  }
}

async function send({ url, sandboxUrl }: App, name: string, variables: object): Promise<Json> {
  const { admin } = await (await fetch(`${sandboxUrl}/sandbox/tokens`)).json()
  const query = readOperations().find(({ file }) => file === `${name}.graphql`)?.document
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${admin}` },
    body: JSON.stringify({ query, variables }),
  })
  const { data, errors } = await response.json()
  expect(errors).toBeUndefined()
  return data
}

/** Gives Ada the factors back that she has in the sandbox, because journeys change them in any order. */
export async function restoreAda(world: ConsoleWorld): Promise<void> {
  const factors = [{ type: 'SMS' }, { type: 'OTP' }]
  await world.send('set-factors', { userId: '65a000000000000000000001', factors })
}

/** Scans every person of the sandbox, and waits for the end. */
export async function scanWhole(world: ConsoleWorld): Promise<void> {
  expect(await world.send('start-scan', { input: { depth: 'FULL' } })).toMatchObject({
    startMfaCoverageScan: { started: true },
  })
  const toEnd = async () => JSON.stringify(await world.send('list-scans', {}))
  await vi.waitFor(async () => expect(await toEnd()).toContain('"SUCCEEDED"'), {
    timeout: 60_000,
    interval: 200,
  })
}

/** Starts a browser alone. */
export async function openBrowser(place: Place): Promise<ConsoleBrowser> {
  const browser = await launch()
  return {
    visit: options => visit(browser, place, { ...options, person: null }),
    [Symbol.asyncDispose]: () => browser.close(),
  }
}

function launch(): Promise<Browser> {
  const args = [
    ...['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking'],
    // Only this machine can be reached. A handler of requests would do so, too, but it takes the browser's cache away.
    '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost',
  ]
  return chromium.launch({ executablePath: CHROMIUM ?? '', args })
}

async function visit(browser: Browser, place: Place, options: VisitOptions = {}): Promise<Visit> {
  const { person = 'Support desk', path = '', url = place.url, ...contextOptions } = options
  const faults: string[] = []
  const own = [place.url, place.issuerUrl, url]
  const context = await browser.newContext({
    viewport: { width: 1_100, height: 800 },
    locale: 'en-GB',
    ...contextOptions,
  })
  context.on('request', request => {
    const isForeign = request.url().startsWith('http') && !own.some(known => request.url().startsWith(known))
    if (isForeign) faults.push(request.url())
  })
  context.on('console', message => {
    // The sandbox's own page has no icon.
    const isIcon = message.location().url.endsWith('/favicon.ico')
    if (['error', 'warning'].includes(message.type()) && !isIcon) faults.push(message.text())
  })
  const page = await context.newPage()
  page.on('pageerror', error => faults.push(error.message))
  await page.goto(`${url}/console/${path}`)
  if (person !== null) {
    await page.getByRole('button', { name: person }).click()
    await page.getByRole('heading', { level: 1 }).waitFor()
  }
  return {
    page,
    faults,
    async [Symbol.asyncDispose]() {
      // A request that is still under way is of no interest.
      await page.unrouteAll({ behavior: 'ignoreErrors' })
      await context.close()
    },
  }
}

/**
 * Handles requests of the page from now on. Chromium takes over those of an open page only some time after it was told
 * to, so this waits until it does.
 */
export async function intercept(
  page: Page,
  url: string,
  handle: (route: Route) => unknown,
  options?: { times?: number },
): Promise<void> {
  await page.route(url, handle, options)
  const isProbe = ({ searchParams }: URL) => searchParams.has('probe')
  let isTaken = false
  await page.route(isProbe, route => {
    isTaken = true
    return route.fulfill({ body: '' })
  })
  const probe = async () => {
    // A page of the issuer makes way for another one before any request that matters.
    if (!location.pathname.includes('/console')) return
    const url = new URL(location.href)
    url.searchParams.set('probe', '')
    await fetch(url)
  }
  // The page may leave for the issuer at any time.
  while (!isTaken && new URL(page.url()).pathname.includes('/console'))
    await page.evaluate(probe).catch(() => {})
  await page.unroute(isProbe)
}

/** Handles each request of the page to the API but its streams, which end with the page alone. */
export async function handleRequests(page: Page, handle: (route: Route) => Promise<void>): Promise<void> {
  await intercept(page, '**/graphql', route => {
    const isStream = route.request().headers()['accept']?.includes('text/event-stream') === true
    return isStream ? route.fallback() : handle(route)
  })
}

/** Lets the server answer the next request to the API, and loses the answer. */
export async function loseNextAnswer(page: Page): Promise<void> {
  let isLost = false
  await handleRequests(page, async route => {
    if (isLost) return route.fallback()
    isLost = true
    await route.fetch()
    await route.abort()
  })
}

/** Passes a held answer on, or loses it. */
export interface LetGo {
  (end: 'PASS' | 'LOSE'): void
  /** Returns `true` once the server has answered. */
  isHeld(): boolean
}

/** Lets the server answer the next request to the API, and holds the answer. Returns what lets it go. */
export async function holdNextAnswer(page: Page): Promise<LetGo> {
  let isTaken = false
  let isHeld = false
  let letGo: (end: 'PASS' | 'LOSE') => void = () => {}
  const end = new Promise<'PASS' | 'LOSE'>(resolve => {
    letGo = resolve
  })
  await handleRequests(page, async route => {
    if (isTaken) return route.fallback()
    isTaken = true
    const response = await route.fetch()
    isHeld = true
    await ((await end) === 'PASS' ? route.fulfill({ response }) : route.abort())
  })
  return Object.assign(letGo, { isHeld: () => isHeld })
}

/** The notes in the frame of the page on changes whose screens were left. */
export function leftWrites(page: Page): Locator {
  return page.locator('header .session-note', { hasText: 'Go to its screen' })
}
