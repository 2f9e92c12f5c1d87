import type { Deadline } from '../base/deadline.ts'
import { fail, notSent, type Result } from './failure.ts'

/** What somebody who works on a user can ask about the lock. */
export interface HeldLock {
  /** Whether it is still held, as far as is known without asking anybody. */
  isHeld(): boolean
  /** The same after asking where it is kept: to be done before what must not happen twice. */
  confirm(): Promise<boolean>
  /**
   * Whether it has kept out every other replica ever since it was taken, as far as is known without asking anybody.
   * True, too, where replicas share nothing: nobody expects it there.
   */
  isShared(): boolean
  /**
   * Gives the lock back when the work on the user is over, and says `isShared` of all of it. The lock is given back
   * after the work in any case.
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

/** Nothing was done, since the lock was not had in time, or not any more. */
export function lockNotHad(): Result<never> {
  return fail({ ...notSent(), outcome: 'NOT_APPLIED' })
}
