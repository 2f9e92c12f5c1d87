import type { Clock } from '../base/clock.ts'
import type { Emitter } from '../base/events.ts'
import { type CallerLimits, NO_LIMITS } from '../mfa/caller-limits.ts'
import { fail, type Result, succeed } from '../mfa/failure.ts'
import { type Counter, createOwnCounter } from './own-counter.ts'
import { createReserveMisses } from './reserve-misses.ts'
import { toRefusal } from './to-refusal.ts'

/** The limits of one caller for one minute. */
export interface RateLimits {
  /** Reads of a user in GenAuth: the MFA state at each place where it is selected, bound factors, other IDs. */
  readonly reads: number
  /** Writes. A list counts each of its users. */
  readonly writes: number
  /** Users whose protection a write weakens or redirects. */
  readonly weakenings: number
  /**
   * Guesses: look-ups by anything but GenAuth's own ID that found nobody, and contacts that were named and not written.
   */
  readonly misses: number
}

export interface AccessEvents {
  /** A caller's limit refused this many users. */
  limited: { readonly limit: keyof RateLimits; readonly users: number }
}

/** Creates a counter that allows `limit` in `windowMs` milliseconds. */
export type CreateCounter = (kind: keyof RateLimits, limit: number, windowMs: number) => Counter

const WINDOW_MS = 60_000
const GRANTED: Result<void> = succeed(undefined)

/** Counters in the memory of this process. */
export function createCountersHere(clock: Clock): CreateCounter {
  return (_kind, limit, windowMs) => createOwnCounter({ limit: () => limit, windowMs, clock })
}

/** Returns the limits of one caller, by the key that `toCallerKey` makes. */
export type LimitsOf = (callerKey: string) => CallerLimits

/** Creates the limits of all callers. */
export function createRateLimits(
  limits: RateLimits | null,
  createCounter: CreateCounter,
  events: Emitter<AccessEvents>,
): LimitsOf {
  if (limits === null) return () => NO_LIMITS
  const create = (kind: keyof RateLimits) => createCounter(kind, limits[kind], WINDOW_MS)
  const counters = { reads: create('reads'), writes: create('writes'), weakenings: create('weakenings') }
  const reserveMisses = createReserveMisses(create('misses'))

  async function count(kind: keyof typeof counters, key: string): Promise<Result<void>> {
    const { granted, resetsInMs } = await counters[kind].take(key, 1)
    if (granted > 0) return GRANTED
    events.emit('limited', { limit: kind, users: 1 })
    return fail(toRefusal(resetsInMs))
  }

  return callerKey => ({
    countRead: () => count('reads', callerKey),
    countWrite: () => count('writes', callerKey),
    countWeakening: () => count('weakenings', callerKey),
    async reserveMisses(wanted, deadline) {
      const reserved = await reserveMisses(callerKey, wanted, deadline)
      if (!reserved.ok) events.emit('limited', { limit: 'misses', users: wanted })
      return reserved
    },
  })
}
