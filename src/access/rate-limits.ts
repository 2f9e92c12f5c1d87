import type { Clock } from '../base/clock.ts'
import type { Deadline } from '../base/deadline.ts'
import type { Emitter } from '../base/events.ts'
import { type CallerLimits, type LimitKind, type LimitReading, NO_LIMITS } from '../mfa/caller-limits.ts'
import { fail, type Result, succeed } from '../mfa/failure.ts'
import { type Counter, createOwnCounter, type Left } from './own-counter.ts'
import { createReserveMisses, type ReserveMisses } from './reserve-misses.ts'
import { toRefusal } from './to-refusal.ts'

/** The limits of one caller. Each counts for a minute, but that of policies for an hour. */
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
  /** Writes that switch a factor off for the whole pool or for an application. */
  readonly policy: number
}

export interface AccessEvents {
  /** A caller's limit refused this many users. */
  limited: { readonly limit: keyof RateLimits; readonly users: number }
}

/** Creates a counter that allows `limit` in `windowMs` milliseconds. */
export type CreateCounter = (kind: keyof RateLimits, limit: number, windowMs: number) => Counter

/** The window of each limit, in seconds. */
const WINDOWS_S: Readonly<Record<keyof RateLimits, number>> = {
  reads: 60,
  writes: 60,
  weakenings: 60,
  misses: 60,
  policy: 3_600,
}
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
  const create = (kind: keyof RateLimits) => createCounter(kind, limits[kind], WINDOWS_S[kind] * 1_000)
  const counters = {
    reads: create('reads'),
    writes: create('writes'),
    weakenings: create('weakenings'),
    misses: create('misses'),
    policy: create('policy'),
  }
  const parts: Parts = { limits, counters, reserveMisses: createReserveMisses(counters.misses), events }
  return callerKey => new CountedLimits(parts, callerKey)
}

interface Parts {
  readonly limits: RateLimits
  readonly counters: Readonly<Record<keyof RateLimits, Counter>>
  readonly reserveMisses: ReserveMisses
  readonly events: Emitter<AccessEvents>
}

/** The limits of one caller. */
class CountedLimits implements CallerLimits {
  readonly #parts: Parts
  readonly #key: string

  constructor(parts: Parts, key: string) {
    this.#parts = parts
    this.#key = key
  }

  countRead() {
    return this.#count('reads')
  }

  countWrite() {
    return this.#count('writes')
  }

  countWeakening() {
    return this.#count('weakenings')
  }

  countPolicyWeakening() {
    return this.#count('policy')
  }

  async reserveMisses(wanted: number, deadline: Deadline, least?: number) {
    const reserved = await this.#parts.reserveMisses(this.#key, wanted, deadline, least)
    if (!reserved.ok) this.#parts.events.emit('limited', { limit: 'misses', users: wanted })
    return reserved
  }

  async look(): Promise<LimitReading[]> {
    const { limits, counters } = this.#parts
    return Promise.all(
      LIMITS.map(async ([name, kind]) =>
        toReading([name, kind], limits[name], await counters[name].look(this.#key)),
      ),
    )
  }

  lastKnown(): LimitReading[] {
    const { limits, counters } = this.#parts
    return LIMITS.map(([name, kind]) =>
      toReading([name, kind], limits[name], counters[name].lastKnown(this.#key)),
    )
  }

  async #count(kind: Exclude<keyof RateLimits, 'misses'>): Promise<Result<void>> {
    const { granted, resetsInMs } = await this.#parts.counters[kind].take(this.#key, 1)
    if (granted > 0) return GRANTED
    this.#parts.events.emit('limited', { limit: kind, users: 1 })
    return fail(toRefusal(resetsInMs))
  }
}

/** The order of the limits in results. */
const LIMITS: readonly (readonly [keyof RateLimits, LimitKind])[] = [
  ['reads', 'READS'],
  ['writes', 'WRITES'],
  ['weakenings', 'WEAKENINGS'],
  ['misses', 'MISSES'],
  ['policy', 'POLICY'],
]

function toReading(
  [name, kind]: (typeof LIMITS)[number],
  limit: number,
  { remaining, resetsInMs }: Left,
): LimitReading {
  return { kind, limit, windowS: WINDOWS_S[name], remaining, resetsInMs }
}
