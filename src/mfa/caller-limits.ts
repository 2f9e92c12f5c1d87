import type { Deadline } from '../base/deadline.ts'
import { type Result, succeed } from './failure.ts'

/** Guesses that count as misses until it is known which of them found a user. */
export interface ReservedMisses {
  /** The number of guesses that may be made, perhaps fewer than were wanted. */
  readonly count: number
  /** Must be called once. This number of guesses were misses and stay counted. The others are given back. */
  conclude(misses: number): void
}

/** The kinds of limits, each with a count of its own. */
export type LimitKind = 'READS' | 'WRITES' | 'WEAKENINGS' | 'MISSES' | 'POLICY'

/** One limit of a caller, and the part of it that is left. */
export interface LimitReading {
  readonly kind: LimitKind
  /** The configured limit. A replica that has lost Redis grants only a share of it. */
  readonly limit: number
  /** The length of its window, in seconds. */
  readonly windowS: number
  readonly remaining: number
  /**
   * Milliseconds until the window ends and the whole limit is left again. If no window runs, the length of one that
   * begins now.
   */
  readonly resetsInMs: number
}

/**
 * The limits of one caller. Everything is counted before it is done. A failure is the refusal (`RATE_LIMITED`, origin
 * `LAYER`). Refused work is not counted.
 */
export interface CallerLimits {
  /** Counts the read of one user: of the state, of the bindings, or of the ids by which the user is known. */
  countRead(): Promise<Result<void>>
  /** Counts the change of one user. */
  countWrite(): Promise<Result<void>>
  /** Counts a change that weakens or redirects one user. */
  countWeakening(): Promise<Result<void>>
  /** Counts a change that switches a factor off for the whole pool or for an application. */
  countPolicyWeakening(): Promise<Result<void>>
  /**
   * Reserves misses for up to this number of guesses. A guess names a user by anything but GenAuth's own id, or names
   * a contact. If none is left but guesses in flight of this caller may still give some back, it waits for them until
   * the deadline.
   *
   * @param least the number without which it reserves none, by default 1
   */
  reserveMisses(wanted: number, deadline: Deadline, least?: number): Promise<Result<ReservedMisses>>
  /**
   * Returns what is left of each limit, and counts nothing. Replicas that share their counts are asked. The order is
   * fixed. The list is empty if there are no limits.
   */
  look(): Promise<readonly LimitReading[]>
  /** Returns the same, as far as this process knows it without asking anybody. */
  lastKnown(): readonly LimitReading[]
}

/** The limits of a deployment that has none. */
export const NO_LIMITS: CallerLimits = {
  countRead: async () => succeed(undefined),
  countWrite: async () => succeed(undefined),
  countWeakening: async () => succeed(undefined),
  countPolicyWeakening: async () => succeed(undefined),
  reserveMisses: async wanted => succeed({ count: wanted, conclude() {} }),
  look: async () => [],
  lastKnown: () => [],
}
