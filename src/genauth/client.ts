import type { Logger } from 'pino'
import type { Clock } from '../base/clock.ts'
import type { CallContext } from '../mfa/call-context.ts'
import { createRateLimiter, type RateLimiter } from '../throttle/rate-limiter.ts'
import { Throttle } from '../throttle/throttle.ts'
import { Bulkhead } from './bulkhead.ts'
import type { ByKind } from './call.ts'
import { createCalls } from './calls.ts'
import { type BreakerScope, CircuitBreaker } from './circuit-breaker.ts'
import { type AccessKey, pauseBetween, type RereadKey } from './credentials/access-key.ts'
import type { Credentials, Headers } from './credentials/credentials.ts'
import { createSignatureCredentials } from './credentials/signature-credentials.ts'
import { TokenCredentials } from './credentials/token-credentials.ts'
import { GenAuthUpstream } from './genauth-upstream.ts'
import { createRetryBudget } from './retry.ts'
import { createTransport, MAX_CONNECTIONS, type Transport } from './transport.ts'
import type { UpstreamObserver } from './upstream-observer.ts'

/** The settings of a deployment for GenAuth. Each field is one `GENAUTH_` variable. */
export interface GenAuthSettings {
  readonly auth: 'token' | 'signature'
  /** `null` selects the pool that the token names. */
  readonly userPoolId: string | null
  readonly headerPrefix: string
  readonly signatureScheme: string
  readonly tenant: { readonly id: string; readonly header: string } | null
  /** The longest time for one attempt once it is sent, or for one token request. */
  readonly timeoutMs: number
  /** The requests that GenAuth allows a user pool in a second. */
  readonly maxRps: number
}

interface GenAuthClientOptions extends GenAuthSettings {
  /** The base URL. It may have a path. */
  readonly url: string
  readonly accessKey: AccessKey
  /** Reads the key again when GenAuth refuses it. `null` means that the key cannot change. */
  readonly rereadKey: RereadKey | null
  /** Shares the budget with other replicas. Without it, this process has the whole budget. */
  readonly rateLimiter?: RateLimiter
  readonly log: Logger
  readonly clock: Clock
  /** Returns a number from 0 to 1. */
  readonly random?: () => number
  readonly observer: UpstreamObserver
}

/** The state of the parts that limit calls to GenAuth, at this moment. */
export interface UpstreamReadings {
  readonly throttle: Pick<Throttle, 'waiting' | 'waitingInBackground' | 'requestsPerSecond'>
  readonly bulkheads: ByKind<Pick<Bulkhead, 'inFlight'>>
  readonly breakers: ByKind<Pick<CircuitBreaker, 'state'>>
}

export interface GenAuthClient {
  /** Returns the upstream for one piece of work: until its deadline, within the share of its caller. */
  readonly upstreamFor: (context: CallContext) => GenAuthUpstream
  /** Returns `true` if there is a token. Otherwise it starts to fetch one. */
  isReady(): boolean
  readonly readings: UpstreamReadings
  /** Returns the user pool: the one of the settings, or that of the token. `null` if neither names one yet. */
  readonly userPoolId: () => string | null
  /** Changes to another access key: with its first token if tokens are used, otherwise with the next call. */
  useKey(key: AccessKey): Promise<void>
  close(): Promise<void>
}

/** The language of GenAuth's messages, which are never passed on. */
const LANGUAGE = 'en-US'

/** Creates the upstream of the product, which calls the GenAuth Management V3 REST API. */
export function createGenAuthClient(options: GenAuthClientOptions): GenAuthClient {
  const { headerPrefix, tenant, maxRps, clock, log, random = Math.random, observer } = options
  const transport = createTransport(options.url, clock)
  const throttle = new Throttle(options.rateLimiter ?? createRateLimiter(maxRps, clock), clock)
  const bulkheads = {
    READ: new Bulkhead(MAX_CONNECTIONS.READ, clock),
    WRITE: new Bulkhead(MAX_CONNECTIONS.WRITE, clock),
  }
  const breakers = {
    READ: createLoggedBreaker('READ', options),
    WRITE: createLoggedBreaker('WRITE', options),
  }
  const commonHeaders = {
    'user-agent': 'genauth-graphql',
    [`${headerPrefix}lang`]: LANGUAGE,
    ...(tenant === null ? {} : { [tenant.header]: tenant.id }),
  }
  const credentials = createCredentials(options, commonHeaders, transport, throttle)
  const callsFor = createCalls({
    transport,
    credentials,
    throttle,
    breakers,
    bulkheads,
    retryBudget: createRetryBudget(),
    timeoutMs: options.timeoutMs,
    clock,
    random,
    log,
    observer,
  })

  return {
    upstreamFor: context => new GenAuthUpstream(callsFor(context)),
    isReady: () => credentials.isReady(),
    readings: { throttle, bulkheads, breakers },
    userPoolId: () => credentials.userPoolId,
    useKey: key => credentials.useKey(key),
    close: () => transport.close(),
  }
}

function createLoggedBreaker(
  kind: 'READ' | 'WRITE',
  { clock, log, observer }: GenAuthClientOptions,
): CircuitBreaker {
  const onChange = (state: 'CLOSED' | 'OPEN', scope: BreakerScope) => {
    log.warn({ kind, state, scope }, 'circuit breaker')
    if (state === 'OPEN') observer.events.emit('breakerOpened', { kind })
  }
  return new CircuitBreaker({ clock, onChange })
}

function createCredentials(
  options: GenAuthClientOptions,
  commonHeaders: Headers,
  transport: Transport,
  throttle: Throttle,
): Credentials {
  const rereadKey = options.rereadKey && pauseBetween(options.rereadKey, options.clock)
  switch (options.auth) {
    case 'token':
      return new TokenCredentials({
        ...options,
        rereadKey,
        commonHeaders,
        transport,
        onRequest: () => throttle.spend(),
      })
    case 'signature':
      return createSignatureCredentials({
        ...options,
        rereadKey,
        commonHeaders,
        scheme: options.signatureScheme,
      })
  }
}
