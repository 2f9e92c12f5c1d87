import { type RateLimiterAbstract, RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible'
import { type CallerLimits, NO_LIMITS } from '../mfa/caller-limits.ts'
import type { MfaFailure } from '../mfa/failure.ts'
import { type Caller, toCallerKey } from './caller.ts'

/** Calls allowed to one caller in a minute. */
export interface RateLimits {
  /** Users read; a list counts each of them, a dry run too. */
  readonly reads: number
  /** Users set; a list counts each of them. */
  readonly writes: number
  /** Users weakened or redirected. */
  readonly weakenings: number
  /** Look-ups by anything but GenAuth's own id that found nobody: guesses. */
  readonly misses: number
}

/** Counts one kind of call, for each caller by itself. */
export type Counter = Pick<RateLimiterAbstract, 'consume' | 'get'>

/** A counter that allows so many in so many seconds. */
export type CreateCounter = (kind: keyof RateLimits, points: number, durationS: number) => Counter

const WINDOW_S = 60

/** In the memory of this process. */
const createOwnCounter: CreateCounter = (_kind, points, duration) =>
  new RateLimiterMemory({ points, duration })

/** Limits for each caller, by issuer and subject. */
export function createRateLimits(
  limits: RateLimits | null,
  createCounter: CreateCounter = createOwnCounter,
): (caller: Caller) => CallerLimits {
  if (limits === null) return () => NO_LIMITS
  const create = (kind: keyof RateLimits) => createCounter(kind, limits[kind], WINDOW_S)
  const [reads, writes] = [create('reads'), create('writes')]
  const [weakenings, misses] = [create('weakenings'), create('misses')]

  return caller => {
    const key = toCallerKey(caller)
    return {
      countRead: () => count(reads, key),
      countWrite: () => count(writes, key),
      countWeakening: () => count(weakenings, key),
      async mayLookUp({ userIdType }) {
        if (userIdType === 'USER_ID') return null
        const used = await misses.get(key)
        return used !== null && used.remainingPoints <= 0 ? toRefusal(used) : null
      },
      async countMiss({ userIdType }) {
        if (userIdType !== 'USER_ID') await count(misses, key)
      },
    }
  }
}

async function count(counter: Counter, key: string): Promise<MfaFailure | null> {
  try {
    await counter.consume(key)
    return null
  } catch (refused) {
    if (refused instanceof RateLimiterRes) return toRefusal(refused)
    throw refused
  }
}

function toRefusal({ msBeforeNext }: RateLimiterRes): MfaFailure {
  return {
    kind: 'RATE_LIMITED',
    upstream: null,
    retryAfterMs: Math.max(0, Math.ceil(msBeforeNext)),
    origin: 'LAYER',
  }
}
