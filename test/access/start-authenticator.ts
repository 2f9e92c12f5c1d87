import { setTimeout } from 'node:timers/promises'
import { pino } from 'pino'
import { afterEach, expect } from 'vitest'
import {
  type AccessOptions,
  type Authenticator,
  createAuthenticator,
} from '../../src/access/authenticator.ts'
import { systemClock } from '../../src/base/clock.ts'
import type { IssuerAddress } from '../../src/sandbox/issuer.ts'
import { clockAt } from '../support/hand-clock.ts'
import type { TestIssuer } from '../support/issuer.ts'

export interface TestAuthenticator extends AsyncDisposable {
  /** The outcome's kind for one token under `Bearer`. */
  judge(token: string): Promise<string>
  readonly authenticate: Authenticator['authenticate']
  readonly isReady: Authenticator['isReady']
  readonly reloadKeys: Authenticator['reloadKeys']
  readonly close: Authenticator['close']
  /** The log so far, one parsed line each. */
  readonly log: Record<string, unknown>[]
}

/** A clock that stands still until a test moves it. Starts in the present. */
export function createClock() {
  let nowMs = Date.now()
  return {
    ...clockAt(() => nowMs),
    pass(ms: number) {
      nowMs += ms
    },
  }
}

const logged: string[] = []

afterEach(() => {
  const text = logged.splice(0).join('')
  // The start of every token, and what the tokens of tests say.
  expect(text).not.toMatch(/eyJ|somebody|mfa:|BEGIN|console|127\.0\.0\.1/)
})

export function startAuthenticator(
  address: TestIssuer | IssuerAddress,
  options: Partial<AccessOptions> = {},
): TestAuthenticator {
  const log: Record<string, unknown>[] = []
  const destination = {
    write(line: string) {
      logged.push(line)
      log.push(JSON.parse(line))
    },
  }
  const { jwksUrl, issuer, audience } =
    'env' in address
      ? {
          jwksUrl: address.env.AUTH_JWKS_URL as string | null,
          issuer: address.env.AUTH_ISSUER,
          audience: address.env.AUTH_AUDIENCE,
        }
      : address
  const authenticator = createAuthenticator({
    jwksUrl,
    issuer,
    audience,
    tokenType: null,
    scopeNames: {
      read: 'mfa:read',
      write: 'mfa:write',
      report: 'mfa:report',
      policy: 'mfa:policy',
      audit: 'mfa:audit',
    },
    userIdClaim: 'genauth_id',
    clientTokens: [],
    log: pino({ level: 'debug', base: null, timestamp: false }, destination),
    clock: systemClock,
    ...options,
  })
  return {
    ...authenticator,
    log,
    judge: async token => (await authenticator.authenticate(`Bearer ${token}`)).kind,
    [Symbol.asyncDispose]: () => authenticator.close(),
  }
}

/** Waits, in real time, until something has come true. */
export async function until(isTrue: () => boolean | Promise<boolean>): Promise<void> {
  for (let tries = 0; !(await isTrue()); tries++) {
    if (tries === 500) throw new Error('It did not come true in time')
    await setTimeout(10)
  }
}
