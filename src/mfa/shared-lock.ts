import type { MfaChangeEffect } from './change-effect.ts'
import { fail, notSent, type Result } from './failure.ts'
import type { HeldLock } from './user-lock.ts'

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
