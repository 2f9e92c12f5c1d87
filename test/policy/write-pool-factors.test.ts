import { describe, expect, it } from 'vitest'
import { MFA_FACTOR_TYPES, type MfaFactorType } from '../../src/mfa/factor.ts'
import { fail, notSent, succeed, type UpstreamFailure, type UpstreamResult } from '../../src/mfa/failure.ts'
import { type MfaPoolPolicy, toPoolCodes, toPoolPolicy } from '../../src/mfa/pool-policy.ts'
import type { PolicyUpstream } from '../../src/policy/policy-upstream.ts'
import { writePoolFactors } from '../../src/policy/write-pool-factors.ts'

/** All sets of three factors. A fourth would show nothing new. */
const SETS: readonly (readonly MfaFactorType[])[] = Array.from({ length: 8 }, (_, bits) =>
  MFA_FACTOR_TYPES.filter((_type, index) => (bits & (1 << index)) !== 0),
)
const OTHERS = [[], ['PASSKEY']] as const
const WAYS = ['adds', 'replaces', 'ignores'] as const
/** What becomes of a call: as asked, its reply is lost before or after it was made, or GenAuth refuses it. */
const FATES = ['done', 'lost before', 'lost after', 'refused', 'missing'] as const
type Fate = (typeof FATES)[number]

const LOST: UpstreamFailure = { ...notSent(), reason: 'CONNECTION_LOST' }
const REFUSED: UpstreamFailure = { kind: 'UPSTREAM_FORBIDDEN', upstream: null }
const MISSING: UpstreamFailure = { ...LOST, reason: 'FAULTY_ANSWER', isAddressUnknown: true }

/** A pool in memory. `fates` are those of its calls, in order; further ones are done. */
function createPool(codes: readonly string[], way: (typeof WAYS)[number], fates: readonly Fate[]) {
  let on = new Set(codes)
  let calls = 0
  const states = [new Set(on)]
  function call<T>(change: () => void, value: () => T): UpstreamResult<T> {
    const fate = fates[calls++] ?? 'done'
    if (fate === 'refused') return fail(REFUSED)
    if (fate === 'missing') return fail(MISSING)
    if (fate === 'lost before') return fail(LOST)
    change()
    states.push(new Set(on))
    return fate === 'done' ? succeed(value()) : fail(LOST)
  }
  const upstream = {
    readPoolFactors: async () =>
      call(
        () => {},
        () => [...on],
      ),
    addPoolFactors: async (more: readonly string[]) =>
      call<void>(
        () => {
          if (way !== 'ignores') on = new Set(way === 'adds' ? [...on, ...more] : more)
        },
        () => {},
      ),
    disablePoolFactors: async (less: readonly string[]) =>
      call<void>(
        () => {
          if (way !== 'ignores') for (const code of less) on.delete(code)
        },
        () => {},
      ),
  } satisfies Partial<PolicyUpstream>
  return { upstream, states, revision: () => toPoolPolicy([...on]).revision, calls: () => calls }
}

/** Every sequence of at most four fates in which at most two calls are not done. */
const FAULTS: readonly (readonly Fate[])[] = FATES.flatMap(first =>
  FATES.flatMap(second =>
    ([0, 1, 2, 3] as const).flatMap(a =>
      ([0, 1, 2, 3] as const)
        .filter(b => b > a)
        .map(b => [0, 1, 2, 3].map(n => (n === a ? first : n === b ? second : 'done')) satisfies Fate[]),
    ),
  ),
)

/** Returns what is wrong with a result, or with a state on the way to it. */
function findFault(
  result: Awaited<ReturnType<typeof writePoolFactors>>,
  pool: ReturnType<typeof createPool>,
  { was, wanted, areReadsSound }: { was: MfaPoolPolicy; wanted: MfaPoolPolicy; areReadsSound: boolean },
): string | null {
  if (pool.calls() > 4) return 'too many calls'
  for (const state of pool.states) {
    const kept = was.enabledFactors.filter(type => wanted.enabledFactors.includes(type))
    const mustHave = was.enabledFactors.every(type => state.has(type)) ? kept : toPoolCodes(wanted)
    if (!mustHave.every(code => state.has(code))) return `a gap: ${[...state]}`
  }
  const now = pool.revision()
  if (result.ok) {
    return result.value.revision === wanted.revision && now === wanted.revision ? null : 'no success'
  }
  const { failure } = result
  const observed = 'observed' in failure && failure.observed !== null ? failure.observed : undefined
  const isSaidUndone = failure.kind === 'POLICY_UNAVAILABLE' ? failure.outcome === 'NOT_APPLIED' : !observed
  if (isSaidUndone && now !== was.revision) return 'changed all the same'
  const isSeen = observed === undefined || ('revision' in observed && observed.revision === now)
  return isSeen || !areReadsSound ? null : 'observed something else'
}

describe.each(WAYS)('where GenAuth %s', way => {
  it('tells for every pool, wish and fault what the pool has, and leaves no gap', async () => {
    const wrong: string[] = []
    let made = 0
    for (const before of SETS) {
      for (const wish of SETS.filter(set => set !== before)) {
        for (const others of OTHERS) {
          const was = toPoolPolicy([...before, ...others])
          const wanted = toPoolPolicy([...wish, ...others])
          for (const fates of others.length > 0 ? FAULTS : [[]]) {
            const pool = createPool(toPoolCodes(was), way, fates)
            const upstreams = { underLock: pool.upstream, toRead: pool.upstream }
            const result = await writePoolFactors(upstreams, was, wanted)
            if (result.ok) made++
            const areReadsSound = fates.every((fate, index) => index % 2 === 0 || fate === 'done')
            const fault = findFault(result, pool, { was, wanted, areReadsSound })
            if (fault !== null) wrong.push(`${fault}: ${before} to ${wish}, ${others}, ${fates}`)
          }
        }
      }
    }
    expect(wrong).toEqual([])
    expect(made > 0).toBe(way !== 'ignores')
  }, 60_000)
})
