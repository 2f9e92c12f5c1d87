import { Writable } from 'node:stream'
import { createApp } from '../../src/app.ts'
import { type Clock, systemClock, type Timer } from '../../src/base/clock.ts'
import { loadConfig } from '../../src/config/config.ts'
import type { App } from '../../src/host.ts'
import type { EventLoopLag } from '../../src/http/event-loop-lag.ts'
import { createLog } from '../../src/log.ts'
import { type SandboxOptions, startSandbox } from '../../src/sandbox/sandbox.ts'
import { CANARY, watchForLeaks } from './canaries.ts'
import { startIssuer, type TestIssuer } from './issuer.ts'
import { takeErrors } from './request-ids.ts'

const ALL_SCOPES = 'mfa:read mfa:write mfa:report mfa:policy mfa:audit'
/** Longer than any time that a test's clock is turned forward. */
const TOKEN_LIFETIME_S = 86_400

/** Any stand-in for GenAuth: its address, and the endpoints that were called. */
export interface TestUpstream extends AsyncDisposable {
  readonly env: Readonly<Record<string, string>>
  /** Returns the endpoints called since the last time, in order and without token requests. */
  takeCalls(): string[]
}

export interface StartAppOptions {
  readonly env?: Readonly<Record<string, string>>
  readonly sandbox?: Partial<SandboxOptions>
  /** Takes the place of the sandbox. */
  readonly upstream?: TestUpstream
  readonly clock?: Clock
  /** Runs later work in the background. By default such work never runs. */
  readonly backgroundClock?: Clock
  /** The lag of the event loop. */
  readonly eventLoopLag?: EventLoopLag
  /** Called whenever the files of secrets are read again. */
  readonly onReloadConfig?: () => void
  /** Called when the server listens, while the journal is still being opened. */
  readonly onListening?: (app: TestApp) => void
  /** Called with the journal's lines. It may reject. */
  readonly onJournalLines?: (lines: string) => Promise<void>
  /** The fault of the issuer's keys, from before the product asks for them. */
  readonly issuerFault?: Parameters<TestIssuer['setFault']>[0]
  /** Claims of the caller's token. `null` sends no token. By default everything is allowed. */
  readonly claims?: Record<string, unknown> | null
}

// biome-ignore lint/suspicious/noExplicitAny: a test reads answers by path and asserts on what it finds
export type Json = any

interface Answer {
  readonly status: number
  readonly headers: Headers
  readonly text: string
}

interface GraphQLAnswer {
  readonly status: number
  readonly headers: Headers
  readonly data: Json
  readonly errors: Json[]
}

export interface TestApp extends AsyncDisposable {
  readonly url: string
  readonly issuer: TestIssuer
  /** The Authorization header of the caller, for requests that a test makes itself. */
  readonly authorization: string
  /** Sends a document as a front end would. Each error must name its request, and is returned without that name. */
  graphql(
    query: string,
    variables?: Record<string, unknown>,
    headers?: Record<string, string>,
  ): Promise<GraphQLAnswer>
  /** Sends a plain request. Its response is watched for leaks like every other. */
  fetch(path: string, init?: RequestInit): Promise<Answer>
  /** The address that Prometheus scrapes. `null` if METRICS_PORT is unset. */
  readonly metricsUrl: string | null
  /** The value of each of our series, without the prefix, for example `writes_total{outcome="APPLIED"}`. */
  metrics(): Promise<Readonly<Record<string, number>>>
  takeCalls(): string[]
  /** Stops before the end of the test. */
  close(): Promise<void>
  /** One half of a SIGHUP. */
  rereadSecrets(): Promise<void>
  /** The other half of a SIGHUP. */
  beginSegment(): Promise<void>
  /** Returns `true` if the process ends by force, because the journal waits for its disk. */
  isHeldUp(): boolean
  /** The log lines so far. */
  readonly log: Json[]
  /** The journal's records so far, if the journal goes to stdout. */
  readonly journal: Json[]
}

/** The tests share a process with the product, so the lag of the event loop says nothing about the product. */
const PUNCTUAL: EventLoopLag = { delayMs: 0, close() {} }

/** A background call to GenAuth would be one more than most tests count. */
const NO_TIMER: Timer = { cancel() {}, unref: () => NO_TIMER }
const NEVER: Clock = { ...systemClock, after: () => NO_TIMER }

/** Starts a GenAuth that behaves well: the sandbox, without its speed limit. */
async function startTestSandbox(options: Partial<SandboxOptions> = {}): Promise<TestUpstream> {
  const calls: string[] = []
  const sandbox = await startSandbox({
    port: 0,
    accessKeySecret: CANARY.accessKeySecret,
    maxRequestsPerSecond: 1_000_000,
    onRequest: ({ endpoint }) => {
      if (endpoint !== 'get-management-token') calls.push(endpoint)
    },
    ...options,
  })
  return {
    env: {
      GENAUTH_URL: sandbox.url,
      GENAUTH_ACCESS_KEY_ID: sandbox.accessKeyId,
      GENAUTH_ACCESS_KEY_SECRET: sandbox.accessKeySecret,
    },
    takeCalls: () => calls.splice(0),
    [Symbol.asyncDispose]: () => sandbox.close(),
  }
}

/** Starts the whole product on free ports, at log level debug, in front of a GenAuth over loopback HTTP. */
export async function startApp(options: StartAppOptions = {}): Promise<TestApp> {
  const upstream = options.upstream ?? (await startTestSandbox(options.sandbox))
  const issuer = await startIssuer()
  if (options.issuerFault !== undefined) issuer.setFault(options.issuerFault)
  const { claims = {} } = options
  const exp = Math.floor(Date.now() / 1_000) + TOKEN_LIFETIME_S
  const token = claims === null ? null : await issuer.token({ scope: ALL_SCOPES, exp, ...claims })
  const log: Json[] = []
  const destination = new Writable({
    write(chunk, _encoding, done) {
      watchForLeaks('log', String(chunk))
      log.push(JSON.parse(String(chunk)))
      done()
    },
  })
  const env = {
    PORT: '0',
    LOG_LEVEL: 'debug',
    RATE_LIMITS: 'off',
    GENAUTH_MAX_RPS: '10000',
    ...issuer.env,
    ...upstream.env,
    ...options.env,
  }
  const config = loadConfig(env)
  const journal: Json[] = []
  const host = {
    pid: process.pid,
    isAlive: () => true,
    reloadConfig() {
      options.onReloadConfig?.()
      return loadConfig(env)
    },
    isStdoutLost: () => false,
    async writeStdout(lines: string) {
      watchForLeaks('journal', lines)
      await options.onJournalLines?.(lines)
      for (const line of lines.trim().split('\n')) journal.push(JSON.parse(line))
    },
    onListening: (app: App) => void options.onListening?.(toTestApp(app)),
  }
  const { clock = systemClock, backgroundClock = NEVER, eventLoopLag = PUNCTUAL } = options
  const overrides = { clock, backgroundClock, eventLoopLag }
  return toTestApp(await createApp(config, createLog(config.log.level, destination), host, overrides))

  function toTestApp(app: App): TestApp {
    async function watchedFetch(path: string, init?: RequestInit): Promise<Answer> {
      const authorization = token === null ? {} : { authorization: `Bearer ${token}` }
      const headers = { ...authorization, ...Object.fromEntries(new Headers(init?.headers)) }
      const response = await fetch(`${app.url}${path}`, { redirect: 'manual', ...init, headers })
      const text = await response.text()
      watchForLeaks('answer', `${JSON.stringify([...response.headers])} ${text}`)
      if (/^\{.*"errors":\[/s.test(text)) takeErrors(response.headers.get('x-request-id'), text)
      return { status: response.status, headers: response.headers, text }
    }

    return {
      url: app.url,
      issuer,
      authorization: `Bearer ${token}`,
      log,
      journal,
      fetch: watchedFetch,
      metricsUrl: app.metricsUrl,
      async metrics() {
        const text = await (await fetch(app.metricsUrl ?? '')).text()
        watchForLeaks('metrics', text)
        const series = text.matchAll(/^genauth_graphql_(\S+) (\S+)$/gm)
        return Object.fromEntries([...series].map(([, name, value]) => [name, Number(value)]))
      },
      takeCalls: () => upstream.takeCalls(),
      close: () => app.close(),
      rereadSecrets: () => app.rereadSecrets(),
      beginSegment: () => app.beginSegment(),
      isHeldUp: () => app.isHeldUp(),
      async graphql(query, variables, moreHeaders) {
        const { status, headers, text } = await watchedFetch('/graphql', {
          method: 'POST',
          headers: {
            'content-type': 'application/json',
            accept: 'application/graphql-response+json',
            ...moreHeaders,
          },
          body: JSON.stringify({ query, variables }),
        })
        const { data } = JSON.parse(text)
        return { status, headers, data, errors: takeErrors(headers.get('x-request-id'), text) }
      },
      async [Symbol.asyncDispose]() {
        await app.close()
        await issuer[Symbol.asyncDispose]()
        if (options.upstream === undefined) await upstream[Symbol.asyncDispose]()
      },
    }
  }
}
