import type { Deadline } from '../base/deadline.ts'
import { type Result, succeed } from './failure.ts'

/** Guesses that count as misses until it is known which of them found a user. */
export interface ReservedMisses {
  /** The number of guesses that may be made: at least one, and perhaps fewer than were wanted. */
  readonly count: number
  /** Must be called once. This number of guesses were misses and stay counted. The others are given back. */
  conclude(misses: number): void
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
  /**
   * Reserves misses for up to this number of guesses. A guess names a user by anything but GenAuth's own id, or names
   * a contact. If none is left but guesses in flight of this caller may still give some back, it waits for them until
   * the deadline.
   */
  reserveMisses(wanted: number, deadline: Deadline): Promise<Result<ReservedMisses>>
}

/** The limits of a deployment that has none. */
export const NO_LIMITS: CallerLimits = {
  countRead: async () => succeed(undefined),
  countWrite: async () => succeed(undefined),
  countWeakening: async () => succeed(undefined),
  reserveMisses: async wanted => succeed({ count: wanted, conclude() {} }),
}
