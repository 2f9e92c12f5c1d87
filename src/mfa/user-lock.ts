import type { Deadline } from '../base/deadline.ts'
import { fail, notSent, type Result } from './failure.ts'

/** A lock on a user, for the work that holds it. */
export interface HeldLock {
  /** Returns `true` if the lock is still held, as far as is known without a request. */
  isHeld(): boolean
  /**
   * Returns the same after a request to the place that keeps the lock. Call it before a step that must not happen
   * twice.
   */
  confirm(): Promise<boolean>
  /**
   * Returns `true` if the lock has kept out every other replica since it was taken, as far as is known without a
   * request. It is also `true` if replicas share nothing, because no operator expects it there.
   */
  isShared(): boolean
  /**
   * Gives the lock back when the work on the user is over, and returns `isShared` for all of that work. The lock is
   * given back after the work in any case.
   */
  release(): Promise<boolean>
}

/** Runs work on one user at a time, in the order asked. Work on different users does not wait. */
export type WithUserLock = <T>(
  genauthId: string,
  deadline: Deadline,
  work: (lock: HeldLock) => Promise<Result<T>>,
) => Promise<Result<T>>

/** A lock inside a process is held until the work is over. */
export const SURELY_HELD: HeldLock = {
  isHeld: () => true,
  confirm: async () => true,
  isShared: () => true,
  release: async () => true,
}

/** Returns the failure of a change that was not made, because its lock was not acquired in time, or was lost. */
export function lockNotHad(): Result<never> {
  return fail({ ...notSent(), outcome: 'NOT_APPLIED' })
}
