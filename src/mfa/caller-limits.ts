import type { Deadline } from '../base/deadline.ts'
import { type Result, succeed } from './failure.ts'

/** Guesses that count as misses until it is known which of them found somebody. */
export interface ReservedMisses {
  /** How many guesses may be made: at least one, and perhaps fewer than were wanted. */
  readonly count: number
  /** To be called once. So many guesses were misses and stay counted; the others are given back. */
  conclude(misses: number): void
}

/**
 * How much one caller may still do. Everything is counted before it is done. A failure is the refusal
 * (`RATE_LIMITED`, origin `LAYER`); what is refused is not counted.
 */
export interface CallerLimits {
  /** One user is about to be read: the state, what is bound, or by which ids the user is known. */
  countRead(): Promise<Result<void>>
  /** One user is about to be changed. */
  countWrite(): Promise<Result<void>>
  /** One user is about to be weakened or redirected. */
  countWeakening(): Promise<Result<void>>
  /**
   * Up to so many guesses are about to be made: at a user by anything but GenAuth's own id, or at a contact. While
   * guesses of this caller are under way that may still be given back, the caller waits for them, until the deadline.
   */
  reserveMisses(wanted: number, deadline: Deadline): Promise<Result<ReservedMisses>>
}

/** Limits of a deployment that has none. */
export const NO_LIMITS: CallerLimits = {
  countRead: async () => succeed(undefined),
  countWrite: async () => succeed(undefined),
  countWeakening: async () => succeed(undefined),
  reserveMisses: async wanted => succeed({ count: wanted, conclude() {} }),
}
