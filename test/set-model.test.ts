import fc from 'fast-check'
import { type ExecutionResult, execute, parse } from 'graphql'
import { describe, expect, it } from 'vitest'
import { systemClock } from '../src/base/clock.ts'
import { createDeadline } from '../src/base/deadline.ts'
import { Events } from '../src/base/events.ts'
import { createUserLocks } from '../src/locks/user-locks.ts'
import { ownCallContext } from '../src/mfa/call-context.ts'
import { NO_LIMITS } from '../src/mfa/caller-limits.ts'
import { MFA_FACTOR_TYPES, type MfaFactorType, toMfaFactorType } from '../src/mfa/factor.ts'
import type { UpstreamFailure, UpstreamResult } from '../src/mfa/failure.ts'
import { createMfaService, type MfaService, type MfaServiceOptions } from '../src/mfa/mfa-service.ts'
import { EMPTY_MFA_STATE, type MfaState } from '../src/mfa/mfa-state.ts'
import { NO_PROTECTED_USERS } from '../src/mfa/protected-users.ts'
import { createRevisions } from '../src/mfa/revision.ts'
import type { MfaUpstream } from '../src/mfa/upstream.ts'
import { SURELY_HELD } from '../src/mfa/user-lock.ts'
import { createSchema } from '../src/schema/index.ts'
import type { Json } from './support/app.ts'
import { skipWaits } from './support/hand-clock.ts'
import { runs } from './support/tier.ts'

/**
 * Random sequences of sets by three admins on five users, with random faults, against a model that is nothing but
 * a switch for each factor. GraphQL and all decisions are real; GenAuth is a map behind the port, so that
 * thousands of sequences fit into a test. The same faults over real sockets are in write-in-doubt.test.ts.
 */

const schema = createSchema()
const SEQUENCES = runs({ short: 400, all: 2_000 })
const USERS = ['u0', 'u1', 'u2', 'u3', 'u4'] as const
const FAULTS = [
  'REFUSED',
  'RESET_BEFORE',
  'RESET_AFTER',
  'ERROR_BEFORE',
  'ERROR_AFTER',
  'THROTTLED',
  'SLOW',
  'TRUNCATED',
] as const

type Fault = (typeof FAULTS)[number] | null

interface Step {
  readonly kind: 'READ' | 'PATCH' | 'LIST' | 'SEVERAL' | 'TOGETHER'
  readonly admin: number
  readonly user: number
  readonly enable: readonly MfaFactorType[]
  readonly disable: readonly MfaFactorType[]
  readonly withRevision: boolean
  readonly dryRun: boolean
  readonly faults: readonly Fault[]
}

const step: fc.Arbitrary<Step> = fc.record({
  kind: fc.constantFrom('READ', 'PATCH', 'PATCH', 'LIST', 'SEVERAL', 'TOGETHER'),
  admin: fc.nat(2),
  user: fc.nat(USERS.length - 1),
  enable: fc.uniqueArray(fc.constantFrom(...MFA_FACTOR_TYPES), { maxLength: 2 }),
  disable: fc.uniqueArray(fc.constantFrom(...MFA_FACTOR_TYPES), { minLength: 1, maxLength: 2 }),
  withRevision: fc.boolean(),
  dryRun: fc.boolean(),
  faults: fc.array(fc.oneof({ weight: 2, arbitrary: fc.constant(null) }, fc.constantFrom(...FAULTS)), {
    maxLength: 2,
  }),
})

/** GenAuth as a map, which can be told how the next writes go. */
function createMapUpstream() {
  const initial = (): MfaState => ({
    ...EMPTY_MFA_STATE,
    factors: [
      { code: 'SMS', enabled: true, sort: 0 },
      { code: 'PASSKEY', enabled: true, sort: 1, statusAsRead: 7 },
      { code: 'OTP', enabled: false, sort: 2 },
    ],
  })
  const states = new Map<string, MfaState>(USERS.map(user => [user, initial()]))
  const late: (() => void)[] = []
  let faults: Fault[] = []
  let writes = 0
  const upstream: MfaUpstream = {
    readMfa: async ({ userId }) => ({
      ok: true,
      value: { state: states.get(userId) ?? EMPTY_MFA_STATE, mfaToken: 't' },
    }),
    async writeMfa({ userId }, state) {
      writes++
      const apply = () => void states.set(userId, state)
      // Reads and writes of others may come in between, as over a network.
      await Promise.resolve()
      const fault = faults.shift() ?? null
      if (fault === null || fault.endsWith('_AFTER') || fault === 'TRUNCATED') apply()
      if (fault === 'SLOW') late.push(apply)
      return fault === null ? { ok: true, value: undefined } : toFailure(fault)
    },
    readBindings: async () => ({ ok: true, value: { SMS: true, EMAIL: false, OTP: true, FACE: false } }),
    readGlobalFactors: async () => ({ ok: true, value: MFA_FACTOR_TYPES }),
    findUsers: async () => [],
  }
  return {
    upstream,
    states,
    failNext(next: readonly Fault[]) {
      faults = [...next]
      writes = 0
    },
    countWrites: () => writes,
    landLateWrites: () => late.splice(0).forEach(land => void land()),
  }
}

function toFailure(fault: Exclude<Fault, null>): UpstreamResult<never> {
  const upstream = { statusCode: 500, apiCode: null, requestId: null }
  const unavailable = {
    kind: 'UPSTREAM_UNAVAILABLE',
    retryable: true,
    outcome: null,
    observed: null,
  } as const
  const failures: Record<Exclude<Fault, null>, UpstreamFailure> = {
    REFUSED: { kind: 'OPERATION_REFUSED', upstream },
    THROTTLED: { kind: 'RATE_LIMITED', upstream, retryAfterMs: null, origin: 'GENAUTH' },
    ERROR_BEFORE: { ...unavailable, upstream, reason: 'FAULTY_ANSWER' },
    ERROR_AFTER: { ...unavailable, upstream, reason: 'FAULTY_ANSWER' },
    RESET_BEFORE: { ...unavailable, upstream: null, reason: 'CONNECTION_LOST' },
    RESET_AFTER: { ...unavailable, upstream: null, reason: 'CONNECTION_LOST' },
    TRUNCATED: { ...unavailable, upstream: null, reason: 'CONNECTION_LOST' },
    SLOW: { ...unavailable, upstream: null, reason: 'TIMED_OUT' },
  }
  return { ok: false, failure: failures[fault] }
}

const SUCCESS = `... on SetUserMfaStatusSuccess { changed applied verified changes { code } userMfa { revision factors { code enabled } } }`
const PREVIEW =
  '... on SetUserMfaStatusPreview { changed changes { code } expectedRevision after { factors { code enabled } } }'
const PAYLOAD = `__typename ${SUCCESS} ${PREVIEW} ... on MfaError { code message retryable requestId }
  ... on MfaUpstreamUnavailableError { outcome } ... on MfaRevisionConflictError { current { revision } }`
const READ = parse(`query ($userId: String!) { userMfa(userId: $userId) { ... on UserMfa { revision } } }`)
const SET = parse(
  `mutation ($input: SetUserMfaStatusInput!) { setUserMfaStatus(input: $input) { ${PAYLOAD} } }`,
)
const SET_SEVERAL = parse(`mutation ($input: SetUsersMfaStatusInput!) { setUsersMfaStatus(input: $input) {
  ... on SetUsersMfaStatusSuccess { succeeded failed notAttempted results { payload { ${PAYLOAD} } } } } }`)

const NO_RAILS = {
  allowSelfWeakening: true,
  stepUp: null,
  requireReason: 'off',
  sharedLockFor: 'off',
} as const
const NO_JOURNAL = {
  begin: async () => async () => {},
  isContested: () => false,
  changeIdOf: () => null,
  refuseUnlessOpen() {},
  recordProbe: async () => {},
}

/** The model: which factors are on, off, or not listed. Nothing of merging, order or revisions. */
type Switches = Record<string, boolean>

function toSwitches(state: { factors: readonly { code: string; enabled: boolean }[] }): Switches {
  return Object.fromEntries(state.factors.map(({ code, enabled }) => [code, enabled]))
}

function expectedSwitches(before: Switches, { kind, enable, disable }: Step): Switches {
  const unknown = Object.entries(before).filter(([code]) => toMfaFactorType(code) === null)
  if (kind === 'LIST') {
    return Object.fromEntries([
      ...unknown,
      ...disable.map(type => [type, false]),
      ...enable.map(type => [type, true]),
    ])
  }
  const after = { ...before }
  for (const type of disable) if (type in after) after[type] = false
  for (const type of enable) after[type] = true
  return after
}

/** A change that the input rules allow: what is named both on and off is on. */
function toWish(step: Step) {
  const disable = step.disable.filter(type => !step.enable.includes(type))
  if (step.kind !== 'LIST') return { enable: step.enable, disable }
  const factors = [...step.enable.map(type => ({ type })), ...disable.map(type => ({ type, enabled: false }))]
  return { factors }
}

interface World {
  readonly genauth: ReturnType<typeof createMapUpstream>
  readonly options: MfaServiceOptions
}

interface RunningWorld extends World {
  readonly service: MfaService
}

type Breakage = (world: World) => World

async function run(
  world: RunningWorld,
  document: ReturnType<typeof parse>,
  variableValues: object,
): Promise<Json> {
  const facts = {
    genauthId: null,
    isClient: false,
    authTimeS: null,
    expiresAtMs: Number.MAX_SAFE_INTEGER,
    acr: null,
    amr: [],
  }
  const caller = { issuer: 'i', subject: 's', client: null, ...facts }
  const request = { ...ownCallContext(createDeadline(10_000, systemClock)), requestId: 'r', caller }
  const contextValue = {
    requestId: 'r',
    may: () => true,
    challenge: () => {},
    mfa: world.service.forCaller(request),
  }
  const result = (await execute({
    schema,
    document,
    variableValues: { ...variableValues },
    contextValue,
  })) as ExecutionResult
  expect(result.errors).toBeUndefined()
  return Object.values(result.data ?? {})[0]
}

/** How often each kind of payload came, so that a run that met few of them does not pass for a proof. */
const tally = new Map<string, number>()

/** What must hold of one payload, given the state around it. Throws on the first thing that does not. */
function check(
  step: Step,
  payload: Json,
  userId: string,
  before: MfaState,
  after: MfaState,
  revisionSeen: string | undefined,
  { toRevision }: MfaServiceOptions['revisions'],
): void {
  const kind = [payload.__typename, payload.outcome, payload.verified]
    .filter(part => part !== undefined)
    .join(' ')
  tally.set(kind, (tally.get(kind) ?? 0) + 1)
  expect(toSwitches(after)).toHaveProperty('PASSKEY', true)
  expect(payload.requestId ?? 'r').toBe('r')
  switch (payload.__typename) {
    case 'SetUserMfaStatusSuccess': {
      const intended = expectedSwitches(toSwitches(before), step)
      expect(toSwitches(payload.userMfa)).toEqual(intended)
      if (revisionSeen !== undefined) expect(toRevision(userId, before)).toBe(revisionSeen)
      expect(step.dryRun).toBe(false)
      expect(toSwitches(after)).toEqual(intended)
      expect(toRevision(userId, after)).toBe(payload.userMfa.revision)
      expect(payload.applied).toBe(payload.changed)
      if (payload.changed === false) expect(payload.changes).toEqual([])
      return
    }
    case 'SetUserMfaStatusPreview':
      expect(step.dryRun).toBe(true)
      expect(toSwitches(payload.after)).toEqual(expectedSwitches(toSwitches(before), step))
      expect(payload.expectedRevision).toBe(toRevision(userId, before))
      expect(after).toBe(before)
      if (payload.changed === false) expect(payload.changes).toEqual([])
      return
    case 'MfaRevisionConflictError':
      expect(revisionSeen).not.toBe(toRevision(userId, before))
      expect(payload.current.revision).toBe(toRevision(userId, before))
      expect(after).toBe(before)
      return
    case 'MfaUpstreamUnavailableError':
      expect(['NOT_APPLIED', 'UNKNOWN']).toContain(payload.outcome)
      if (payload.outcome === 'NOT_APPLIED') expect(after).toBe(before)
      return
    case 'MfaOperationRefusedError':
    case 'MfaRateLimitedError':
      expect(after).toBe(before)
      return
    default:
      throw new Error(`Not a member that this sequence can give: ${payload.__typename}`)
  }
}

async function play(steps: readonly Step[], breakIt: Breakage = world => world): Promise<void> {
  const genauth = createMapUpstream()
  const options = { revisions: createRevisions(['s']), clock: { ...skipWaits(900), now: () => 0 } }
  const broken = breakIt({
    genauth,
    options: {
      withUserLock: createUserLocks(),
      limitsOf: () => NO_LIMITS,
      entityIdType: 'USER_ID',
      ...options,
      upstreamFor: () => genauth.upstream,
      journal: NO_JOURNAL,
      policy: NO_RAILS,
      protectedUsers: NO_PROTECTED_USERS,
      events: new Events(),
    },
  })
  const world = { ...broken, service: createMfaService(broken.options) }
  const { revisions } = broken.options
  const seen = new Map<string, string>()
  const stateOf = (userId: string) => genauth.states.get(userId) ?? EMPTY_MFA_STATE

  for (const step of steps) {
    genauth.landLateWrites()
    const userId = USERS[step.user] ?? USERS[0]
    const key = `${step.admin} ${userId}`
    if (step.kind === 'READ') {
      seen.set(key, (await run(world, READ, { userId })).revision)
      continue
    }
    const expectedRevision = step.withRevision ? seen.get(key) : undefined
    const wish = { ...toWish(step), dryRun: step.dryRun, allowNoFactor: true }
    const before = stateOf(userId)
    genauth.failNext(step.faults)
    switch (step.kind) {
      case 'PATCH':
      case 'LIST': {
        const payload = await run(world, SET, { input: { userId, expectedRevision, ...wish } })
        check(step, payload, userId, before, stateOf(userId), expectedRevision, revisions)
        if (payload.changed === false || step.dryRun) expect(genauth.countWrites()).toBe(0)
        expect(genauth.countWrites()).toBeLessThanOrEqual(1)
        break
      }
      case 'SEVERAL': {
        const befores = USERS.map(stateOf)
        const users = USERS.map(id => (id === userId ? { userId: id, expectedRevision } : { userId: id }))
        const { results, ...counts } = await run(world, SET_SEVERAL, { input: { users, ...wish } })
        results.forEach(({ payload }: Json, index: number) => {
          const id = USERS[index] ?? USERS[0]
          check(
            step,
            payload,
            id,
            befores[index] ?? EMPTY_MFA_STATE,
            stateOf(id),
            id === userId ? expectedRevision : undefined,
            revisions,
          )
        })
        const succeeded = results.filter(({ payload }: Json) =>
          /^SetUserMfaStatus(Success|Preview)$/.test(payload.__typename),
        ).length
        expect(counts).toEqual({ succeeded, failed: USERS.length - succeeded, notAttempted: 0 })
        break
      }
      case 'TOGETHER':
        await playTogether(world, userId, step)
    }
  }
}

/** Two admins, one user, at once: with revisions one of them learns of the other, without both changes stand. */
async function playTogether(world: RunningWorld, userId: string, step: Step): Promise<void> {
  const { genauth } = world
  const stateOf = () => genauth.states.get(userId) ?? EMPTY_MFA_STATE
  const before = stateOf()
  const expectedRevision = step.withRevision ? world.options.revisions.toRevision(userId, before) : undefined
  genauth.failNext([])
  const switchSms = toSwitches(before)['SMS'] === true ? { disable: ['SMS'] } : { enable: ['SMS'] }
  const switchOtp = toSwitches(before)['OTP'] === true ? { disable: ['OTP'] } : { enable: ['OTP'] }
  const payloads = await Promise.all(
    [switchSms, switchOtp].map(patch =>
      run(world, SET, { input: { userId, expectedRevision, allowNoFactor: true, ...patch } }),
    ),
  )
  const types = payloads.map(payload => payload.__typename).sort()
  const after = toSwitches(stateOf())
  const [wasSms, wasOtp] = [toSwitches(before)['SMS'] === true, toSwitches(before)['OTP'] === true]
  if (step.withRevision) {
    expect(types).toEqual(['MfaRevisionConflictError', 'SetUserMfaStatusSuccess'])
    expect(
      [(after['SMS'] === true) !== wasSms, (after['OTP'] === true) !== wasOtp].filter(Boolean),
    ).toHaveLength(1)
  } else {
    expect(types).toEqual(['SetUserMfaStatusSuccess', 'SetUserMfaStatusSuccess'])
    expect([after['SMS'] === true, after['OTP'] === true]).toEqual([!wasSms, !wasOtp])
  }
}

const sequence = fc.array(step, { minLength: 1, maxLength: 8 })

describe('random sets with random faults', () => {
  it(`never tell anything but the truth, over ${SEQUENCES} sequences`, async () => {
    await fc.assert(
      fc.asyncProperty(sequence, steps => play(steps)),
      { numRuns: SEQUENCES },
    )
  }, 120_000)

  const withUpstream =
    (change: (upstream: MfaUpstream) => Partial<MfaUpstream>): Breakage =>
    world => {
      const upstream = { ...world.genauth.upstream, ...change(world.genauth.upstream) }
      return { ...world, options: { ...world.options, upstreamFor: () => upstream } }
    }
  const isKnown = ({ code }: { code: string }) => toMfaFactorType(code) !== null

  it.each<[string, Breakage]>([
    [
      'a merge that loses unknown factors',
      withUpstream(({ writeMfa }) => ({
        writeMfa: (user, state, ...rest) =>
          writeMfa(user, { ...state, factors: state.factors.filter(isKnown) }, ...rest),
      })),
    ],
    [
      'a merge that loses the factors that are off',
      withUpstream(({ writeMfa }) => ({
        writeMfa: (user, state, ...rest) =>
          writeMfa(user, { ...state, factors: state.factors.filter(({ enabled }) => enabled) }, ...rest),
      })),
    ],
    [
      'a success that nothing stands behind',
      withUpstream(() => ({ writeMfa: async () => ({ ok: true, value: undefined }) })),
    ],
    [
      'a write that is sent twice',
      withUpstream(({ writeMfa }) => ({
        writeMfa: async (...write) => {
          await writeMfa(...write)
          return writeMfa(...write)
        },
      })),
    ],
    [
      'no lock',
      world => ({
        ...world,
        options: { ...world.options, withUserLock: (_id, _deadline, work) => work(SURELY_HELD) },
      }),
    ],
    [
      'revisions that never change',
      world => ({
        ...world,
        options: { ...world.options, revisions: { ...world.options.revisions, toRevision: () => 'r2.same' } },
      }),
    ],
  ])('are seen to fail with %s', async (_what, breakIt) => {
    const broken = fc.assert(
      fc.asyncProperty(sequence, steps => play(steps, breakIt)),
      { numRuns: 500, endOnFailure: true },
    )
    await expect(broken).rejects.toThrow(/seed: /)
  })
})
