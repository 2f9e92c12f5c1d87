import type { Deadline } from '../base/deadline.ts'
import type { MfaChangeEffect } from './change-effect.ts'
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

/**
 * The changes that are made only under a lock that all replicas share. `weakening` means those that have an effect.
 */
export const SHARED_LOCK_DEMANDS = ['off', 'weakening', 'writes'] as const

export type SharedLockDemand = (typeof SHARED_LOCK_DEMANDS)[number]

/** Stands in the record of a write among the guard rails that it has passed. */
export const LOCK_NOT_SHARED = 'LOCK_NOT_SHARED'

/** The outcomes of a change whose lock was not shared. */
export const UNSHARED_LOCK_OUTCOMES = ['MADE', 'REFUSED'] as const

export type UnsharedLockOutcome = (typeof UNSHARED_LOCK_OUTCOMES)[number]

export function needsSharedLock(demand: SharedLockDemand, effects: readonly MfaChangeEffect[]): boolean {
  switch (demand) {
    case 'off':
      return false
    case 'weakening':
      return effects.length > 0
    case 'writes':
      return true
  }
}

/** Returns the same lock, which counts as held only while no other replica can hold it. */
export function whileShared({ isHeld, confirm, isShared, release }: HeldLock): HeldLock {
  return {
    isHeld: () => isHeld() && isShared(),
    confirm: async () => (await confirm()) && isShared(),
    isShared,
    release,
  }
}

/** Returns the failure of a change that was not made, because the lock that it needs is not shared. */
export function lockNotShared(): Result<never> {
  return fail({ ...notSent(), reason: LOCK_NOT_SHARED, outcome: 'NOT_APPLIED' })
}
