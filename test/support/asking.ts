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

/** With it, a set needs no read before its write. */
export const KNOWN_TOKEN = { triggerData: { mfaToken: CANARY.mfaToken } }

/** The one member of an answer, and how long it took. */
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

/** What became of a write, in one word. */
export function toOutcome({ payload }: Asked): string {
  return payload.applied ? (payload.verified ? 'VERIFIED' : 'APPLIED') : (payload.outcome ?? payload.code)
}

/** What a payload claims must be what the upstream's book says, whatever else is true of it. */
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
/** A turn of the loop can be late at the caller, in the layer, and at the upstream, which all live in this process. */
const LOOPS_PER_ANSWER = 3

/** How late the machine itself may have made an answer so far. */
export function lateMs(): number {
  return (LOOPS_PER_ANSWER * eventLoopLag.max) / 1e6
}

/** Nothing outlives its deadline by more than 100 ms, and by what the machine was late meanwhile. */
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
