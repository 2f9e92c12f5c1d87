import { monitorEventLoopDelay } from 'node:perf_hooks'
import { expect } from 'vitest'
import type { Json, TestApp } from './app.ts'
import { CANARY } from './canaries.ts'
import type { FaultUpstream } from './fault-upstream.ts'

const READ = `query ($userId: String!) { userMfa(userId: $userId) { __typename
  ... on UserMfa { factors { code } } ... on MfaError { code retryable }
  ... on MfaUpstreamUnavailableError { outcome } ... on MfaRateLimitedError { retryAfterMs origin } } }`
const SET = `mutation ($input: SetUserMfaStatusInput!) { setUserMfaStatus(input: $input) { __typename
  ... on SetUserMfaStatusSuccess { applied verified } ... on MfaError { code retryable }
  ... on MfaUpstreamUnavailableError { outcome observed { factors { code } } }
  ... on MfaRateLimitedError { retryAfterMs origin } } }`

/** With this token, a write needs no read before it. */
export const KNOWN_TOKEN = { triggerData: { mfaToken: CANARY.mfaToken } }

/** The only member of a result, and the time that it took. */
export interface Asked {
  readonly payload: Json
  readonly ms: number
}

export function read(app: TestApp, userId: string, headers?: Record<string, string>): Promise<Asked> {
  return ask(app, READ, { userId }, headers)
}

/** Gives a user the one factor EMAIL. */
export function set(
  app: TestApp,
  userId: string,
  more: object = {},
  headers?: Record<string, string>,
): Promise<Asked> {
  return ask(app, SET, { input: { userId, factors: [{ type: 'EMAIL' }], ...more } }, headers)
}

/** Returns the outcome of a write in one word. */
export function toOutcome({ payload }: Asked): string {
  return payload.applied ? (payload.verified ? 'VERIFIED' : 'APPLIED') : (payload.outcome ?? payload.code)
}

/** Expects that the payload claims exactly what the upstream stored. */
export function expectHonest({ payload }: Asked, userId: string, genauth: FaultUpstream): void {
  const isStored = genauth.writes.includes(userId)
  if (payload.__typename === 'SetUserMfaStatusSuccess') expect(isStored).toBe(true)
  if (payload.outcome !== 'UNKNOWN' && payload.__typename !== 'SetUserMfaStatusSuccess')
    expect(isStored).toBe(false)
  if (payload.observed != null) {
    const seen = payload.observed.factors.map((factor: Json) => factor.code)
    expect(seen).toEqual(genauth.factorsOf(userId))
  }
}

const eventLoopLag = monitorEventLoopDelay({ resolution: 10 })
eventLoopLag.enable()
/**
 * One round of the event loop can be late at the caller, in the layer and at the upstream, which share this process.
 */
const LOOPS_PER_ANSWER = 3

/** Returns by how much the machine itself may have delayed a result so far. */
export function lateMs(): number {
  return (LOOPS_PER_ANSWER * eventLoopLag.max) / 1e6
}

/** Expects that nothing outlives its deadline by more than 100 ms, apart from the delay of the machine. */
export function expectInTime({ ms }: Asked, deadlineMs: number): void {
  expect(ms).toBeLessThan(deadlineMs + 100 + lateMs())
}

async function ask(
  app: TestApp,
  query: string,
  variables: Record<string, unknown>,
  moreHeaders?: Record<string, string>,
): Promise<Asked> {
  const startedAtMs = performance.now()
  const { status, headers, data, errors } = await app.graphql(query, variables, moreHeaders)
  const ms = performance.now() - startedAtMs
  expect([status, errors, headers.get('retry-after')]).toEqual([200, [], null])
  return { payload: Object.values(data)[0], ms }
}
