import { describe, expect, it } from 'vitest'
import { systemClock } from '../src/base/clock.ts'
import { createDeadline } from '../src/base/deadline.ts'
import { Events } from '../src/base/events.ts'
import { ownCallContext } from '../src/mfa/call-context.ts'
import { NO_LIMITS } from '../src/mfa/caller-limits.ts'
import type { MfaEvents } from '../src/mfa/mfa-events.ts'
import { SURELY_HELD } from '../src/mfa/user-lock.ts'
import type { PolicyUpstream } from '../src/policy/policy-upstream.ts'
import { setPoolPolicy } from '../src/policy/set-pool-policy.ts'
import { type Json, startApp, type TestApp } from './support/app.ts'
import { ok } from './support/fake-genauth.ts'
import { findFreePort } from './support/free-port.ts'
import { intentOf } from './support/journal.ts'
import { startPoolGenAuth } from './support/pool-genauth.ts'
import { HAS_REDIS, startRedis } from './support/redis.ts'
import { createClient } from './support/sandbox-client.ts'

const SET = `mutation ($input: SetMfaPoolPolicyInput!) { setMfaPoolPolicy(input: $input) {
  __typename
  ... on SetMfaPoolPolicySuccess { policy { enabledFactors } warnings { code } }
  ... on MfaPolicyUnavailableError { outcome retryable observed { enabledFactors } }
  ... on MfaError { message }
} }`
const SWITCH = `mutation ($input: SwitchMfaApplicationFactorsInput!) { switchMfaApplicationFactors(input: $input) {
  __typename
  ... on SwitchMfaApplicationFactorsSuccess { warnings { code } }
  ... on MfaUpstreamUnavailableError { outcome }
} }`
const BEFORE = ['SMS', 'EMAIL', 'PASSKEY']

const set = async (app: TestApp, enabledFactors: readonly string[]) =>
  (await app.graphql(SET, { input: { enabledFactors } })).data.setMfaPoolPolicy

const codesOf = ({ warnings }: Json) => warnings.map(({ code }: Json) => code)

describe.concurrent('a change of a policy while Redis is lost', () => {
  async function startLost(mode: string) {
    const genauth = await startPoolGenAuth()
    genauth.begin(BEFORE)
    const application = { appId: 'a', appName: 'A', appIdentifier: 'a', appType: 'web' }
    genauth.reply('get-application', ok({ ...application, customSecurityEnabled: true }))
    genauth.reply('update-application-mfa-settings', ok({ enabledFactors: ['OTP'] }))
    const REDIS_URL = `redis://127.0.0.1:${await findFreePort()}`
    const app = await startApp({ upstream: genauth, env: { REDIS_URL, REDIS_REQUIRED_FOR: mode } })
    return { genauth, app }
  }
  const switchFactors = async (app: TestApp, lists: Json) =>
    (await app.graphql(SWITCH, { input: { applicationId: 'a', ...lists } })).data.switchMfaApplicationFactors

  it('warns of it, and its record says so', async () => {
    const { genauth, app } = await startLost('off')
    expect(codesOf(await set(app, ['SMS', 'OTP']))).toEqual(['LOCK_NOT_SHARED', 'IDENTITY_SOURCES_NOT_SHOWN'])
    expect(codesOf(await set(app, ['SMS', 'OTP']))).toEqual(['IDENTITY_SOURCES_NOT_SHOWN'])
    expect(codesOf(await switchFactors(app, { enable: ['OTP'] }))).toEqual(['LOCK_NOT_SHARED'])
    const intents = app.journal.filter(({ kind }) => kind === 'policyIntent')
    expect(intents.map(({ railsPassed }) => railsPassed)).toEqual([['LOCK_NOT_SHARED'], ['LOCK_NOT_SHARED']])
    await app[Symbol.asyncDispose]()
    await genauth[Symbol.asyncDispose]()
  })

  it('is refused where a shared lock is demanded of what weakens, and changes nothing', async () => {
    const { genauth, app } = await startLost('weakening')
    expect(await set(app, ['SMS'])).toMatchObject({
      __typename: 'MfaPolicyUnavailableError',
      outcome: 'NOT_APPLIED',
      retryable: true,
      observed: { enabledFactors: ['SMS', 'EMAIL'] },
      message: expect.stringContaining('cannot share their locks'),
    })
    expect(await switchFactors(app, { disable: ['SMS'] })).toEqual({
      __typename: 'MfaUpstreamUnavailableError',
      outcome: 'NOT_APPLIED',
    })
    expect([genauth.states.length, app.journal.length]).toEqual([1, 1])
    expect(await set(app, ['SMS', 'EMAIL', 'OTP'])).toMatchObject({ __typename: 'SetMfaPoolPolicySuccess' })
    await app[Symbol.asyncDispose]()
    await genauth[Symbol.asyncDispose]()
  })
})

it.runIf(HAS_REDIS)('replicas change the pool one after another', async () => {
  await using redis = await startRedis()
  await using genauth = await startPoolGenAuth()
  genauth.begin(BEFORE)
  const env = { REDIS_URL: redis.url, REDIS_TIMEOUT_MS: '2000' }
  await using one = await startApp({ upstream: genauth, env })
  await using other = await startApp({ upstream: genauth, env })
  for (const app of [one, other]) {
    // Until it has reached Redis, a replica shares nothing.
    await expect.poll(async () => (await app.fetch('/ready')).text).not.toContain('LOCAL_SHARE')
  }
  const wishes = [['SMS', 'OTP'], ['EMAIL'], ['SMS', 'FACE'], ['OTP'], ['EMAIL', 'FACE'], ['SMS']]
  const made = await Promise.all(wishes.map((wish, n) => set(n % 2 === 0 ? one : other, wish)))
  expect(made.map(({ policy }) => policy?.enabledFactors.toSorted())).toEqual(
    wishes.map(wish => wish.toSorted()),
  )
})

describe('a change of the pool whose lock is lost', () => {
  /** Makes a change whose lock counts as held until this call to GenAuth. */
  async function loseBefore(call: keyof PolicyUpstream, lost: 'isHeld' | 'isShared' = 'isHeld') {
    await using genauth = await startPoolGenAuth()
    genauth.begin(BEFORE)
    const client = createClient({
      url: genauth.env['GENAUTH_URL'] ?? '',
      accessKeyId: genauth.env['GENAUTH_ACCESS_KEY_ID'] ?? '',
      accessKeySecret: genauth.env['GENAUTH_ACCESS_KEY_SECRET'] ?? '',
    })
    let isHeld = true
    const outcomes: string[] = []
    const context = {
      ...ownCallContext(createDeadline(10_000, systemClock)),
      ...intentOf().request,
      caller: {
        ...intentOf().request.caller,
        ...{
          genauthId: null,
          isClient: false,
          authTimeS: null,
          expiresAtMs: Number.MAX_SAFE_INTEGER,
          acr: null,
          amr: [],
        },
      },
    }
    const parts = {
      upstreamFor(operation: Parameters<typeof client.upstreamFor>[0]): PolicyUpstream {
        const upstream = client.upstreamFor(operation)
        return {
          readPoolFactors: () => upstream.readPoolFactors(),
          readApplication: id => upstream.readApplication(id),
          switchApplicationFactors: (id, change) => upstream.switchApplicationFactors(id, change),
          addPoolFactors(codes) {
            isHeld &&= call !== 'addPoolFactors'
            return upstream.addPoolFactors(codes)
          },
          disablePoolFactors(types) {
            isHeld &&= call !== 'disablePoolFactors'
            return upstream.disablePoolFactors(types)
          },
        }
      },
      journal: {
        refuseUnlessOpen() {},
        beginPolicy:
          async () =>
          async ({ outcome }: { outcome: string }) =>
            void outcomes.push(outcome),
      },
      guardRails: {
        allowSelfWeakening: false,
        stepUp: null,
        requireReason: 'off',
        sharedLockFor: lost === 'isHeld' ? 'off' : 'weakening',
      } as const,
      withUserLock: <T>(_id: string, _deadline: unknown, work: (lock: typeof SURELY_HELD) => Promise<T>) =>
        work({ ...SURELY_HELD, [lost]: () => isHeld }),
      clock: systemClock,
      events: new Events<MfaEvents>(),
      onPoolWritten() {},
    }
    const scope = { parts, context, limits: NO_LIMITS, upstream: parts.upstreamFor(context) }
    const wish = { enabledFactors: ['SMS', 'OTP'], expectedRevision: null, allowNoFactor: false } as const
    const result = await setPoolPolicy(scope, { ...wish, reason: null, dryRun: false })
    await client.close()
    return { result, outcomes, left: genauth.factors() }
  }

  it('before its first write sends nothing', async () => {
    expect(await loseBefore('addPoolFactors')).toMatchObject({
      result: { failure: { kind: 'POLICY_UNAVAILABLE', reason: 'NOT_SENT', outcome: 'NOT_APPLIED' } },
      outcomes: ['NOT_APPLIED'],
      left: ['EMAIL', 'PASSKEY', 'SMS'],
    })
  })

  it('says that the replicas cannot share their locks, if that is why nothing was sent', async () => {
    expect(await loseBefore('addPoolFactors', 'isShared')).toMatchObject({
      result: { failure: { kind: 'POLICY_UNAVAILABLE', reason: 'LOCK_NOT_SHARED', outcome: 'NOT_APPLIED' } },
      outcomes: ['NOT_APPLIED'],
      left: ['EMAIL', 'PASSKEY', 'SMS'],
    })
    expect(await loseBefore('disablePoolFactors', 'isShared')).toMatchObject({
      result: { failure: { reason: 'NOT_SENT', outcome: 'UNKNOWN' } },
      left: ['EMAIL', 'OTP', 'PASSKEY', 'SMS'],
    })
  })

  it('between its two writes sends no more, and says what is on', async () => {
    expect(await loseBefore('disablePoolFactors')).toMatchObject({
      result: {
        failure: {
          kind: 'POLICY_UNAVAILABLE',
          reason: 'NOT_SENT',
          outcome: 'UNKNOWN',
          observed: { enabledFactors: ['SMS', 'EMAIL', 'OTP'] },
        },
      },
      outcomes: ['UNKNOWN'],
      left: ['EMAIL', 'OTP', 'PASSKEY', 'SMS'],
    })
  })
})
