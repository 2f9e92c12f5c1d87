import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible'
import { type CallerLimits, NO_LIMITS } from '../mfa/caller-limits.ts'
import type { MfaFailure } from '../mfa/failure.ts'
import { type Caller, toCallerKey } from './caller.ts'

/** Calls allowed to one caller in a minute. */
export interface RateLimits {
  /** Users read; a list counts each of them, a dry run too. */
  readonly reads: number
  /** Users set; a list counts each of them. */
  readonly writes: number
  /** Users weakened. */
  readonly weakenings: number
  /** Look-ups by anything but GenAuth's own id that found nobody: guesses. */
  readonly misses: number
}

const WINDOW_S = 60

/** Limits for each caller, by issuer and subject, in the memory of this process. */
export function createRateLimits(limits: RateLimits | null): (caller: Caller) => CallerLimits {
  if (limits === null) return () => NO_LIMITS
  const create = (points: number) => new RateLimiterMemory({ points, duration: WINDOW_S })
  const [reads, writes] = [create(limits.reads), create(limits.writes)]
  const [weakenings, misses] = [create(limits.weakenings), create(limits.misses)]

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

async function count(limiter: RateLimiterMemory, key: string): Promise<MfaFailure | null> {
  try {
    await limiter.consume(key)
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
