import type { MfaChangeEffect } from '../mfa/change-effect.ts'
import { findTypesFaults } from '../mfa/change-faults.ts'
import { toGuardRail } from '../mfa/check-guard-rails.ts'
import type { MfaFactorType } from '../mfa/factor.ts'
import { fail, type Result, refusedInput, succeed, toReadFailure } from '../mfa/failure.ts'
import type { FieldError } from '../mfa/failure-details.ts'
import { findPoolRevisionFault, type MfaPoolPolicy, toPoolCodes, toPoolPolicy } from '../mfa/pool-policy.ts'
import { findReasonFault } from '../mfa/reason-fault.ts'
import type { HeldLock } from '../mfa/user-lock.ts'
import { carryOut } from './carry-out.ts'
import { checkPolicyGuardRails } from './check-policy-guard-rails.ts'
import { POOL_LOCK } from './policy-locks.ts'
import type { PolicyScope } from './policy-scope.ts'
import { toPoolFailure } from './to-policy-failure.ts'
import { writePoolFactors } from './write-pool-factors.ts'

/** The factors that a caller wants the pool to have on. Paths of faults are relative to this. */
export interface SetPoolPolicy {
  /** The whole list. A known factor that is left out is switched off. */
  readonly enabledFactors: readonly MfaFactorType[]
  readonly expectedRevision: string | null
  /** `true` if the pool may be left without a factor that this version knows. */
  readonly allowNoFactor: boolean
  readonly reason: string | null
  readonly dryRun: boolean
}

interface PoolChangeFacts {
  readonly before: MfaPoolPolicy
  readonly after: MfaPoolPolicy
  readonly effects: readonly MfaChangeEffect[]
}

/** The pool has the wanted factors, as a read has shown. */
export interface MadePoolChange extends PoolChangeFacts {
  readonly kind: 'POOL_CHANGED'
  /** `false` if there was nothing to change. */
  readonly applied: boolean
  /** `false` if other replicas may have held the lock of the pool, too. */
  readonly isLockShared: boolean
}

/** The factors that the pool would have. Nothing was written. */
export interface PreviewedPoolChange extends PoolChangeFacts {
  readonly kind: 'POOL_PREVIEWED'
}

export type PoolChange = MadePoolChange | PreviewedPoolChange

/**
 * Makes the pool have exactly the wanted factors, apart from those that this version does not know. No other change
 * that shares the lock touches the pool in that time. It costs one call if nothing changes or for a dry run, otherwise
 * three or five.
 *
 * @throws JournalUnavailableError before anything is sent
 */
export async function setPoolPolicy(scope: PolicyScope, wanted: SetPoolPolicy): Promise<Result<PoolChange>> {
  const { parts, limits, context } = scope
  const faults = findFaults(wanted)
  if (faults.length > 0) return fail(refusedInput(faults))
  if (!wanted.dryRun) parts.journal.refuseUnlessOpen()
  const counted = await (wanted.dryRun ? limits.countRead() : limits.countWrite())
  if (!counted.ok) return counted
  const result = await parts.withUserLock<PoolChange>(POOL_LOCK, context.deadline, lock =>
    changeUnderLock(scope, wanted, lock),
  )
  // What is left of these came before the first write, or instead of it.
  return result.ok ? result : fail(toPoolFailure(result.failure, 'NOT_APPLIED', null))
}

function findFaults({ enabledFactors, expectedRevision, reason }: SetPoolPolicy): FieldError[] {
  const faults = findTypesFaults(enabledFactors, 'enabledFactors')
  const revisionFault = expectedRevision === null ? null : findPoolRevisionFault(expectedRevision)
  if (revisionFault !== null) faults.push({ path: ['expectedRevision'], message: revisionFault })
  const reasonFault = reason === null ? null : findReasonFault(reason)
  if (reasonFault !== null) faults.push({ path: ['reason'], message: reasonFault })
  return faults
}

async function changeUnderLock(
  scope: PolicyScope,
  wanted: SetPoolPolicy,
  lock: HeldLock,
): Promise<Result<PoolChange>> {
  const { expectedRevision, allowNoFactor, reason, dryRun } = wanted
  const read = await scope.upstream.readPoolFactors()
  if (!read.ok) return fail(toPoolFailure(toReadFailure(read.failure), 'NOT_APPLIED', null))
  const before = toPoolPolicy(read.value)
  if (expectedRevision !== null && expectedRevision !== before.revision) {
    return fail({ kind: 'POOL_POLICY_CONFLICT', upstream: null, current: before })
  }
  const after = toPoolPolicy([...wanted.enabledFactors, ...before.otherFactors])
  const disable = before.enabledFactors.filter(type => !after.enabledFactors.includes(type))
  const enable = after.enabledFactors.filter(type => !before.enabledFactors.includes(type))
  const effects: MfaChangeEffect[] = disable.length > 0 ? ['WEAKENING'] : []
  const leavesNoFactor = after.enabledFactors.length === 0
  const verdict = checkPolicyGuardRails(scope, { effects, leavesNoFactor, allowNoFactor, reason })
  if ('refusal' in verdict) {
    scope.parts.events.emit('guardRailRefused', { guardRail: toGuardRail(verdict.refusal) })
    return fail(verdict.refusal)
  }
  const facts = { before, after, effects }
  if (dryRun) return succeed({ kind: 'POOL_PREVIEWED', ...facts })
  if (after.revision === before.revision) {
    return succeed({ kind: 'POOL_CHANGED', ...facts, applied: false, isLockShared: true })
  }
  const intent = {
    request: scope.context,
    applicationId: null,
    before: toPoolCodes(before),
    wanted: toPoolCodes(after),
    enable,
    disable,
    revisionBefore: before.revision,
    revisionIntended: after.revision,
    reason,
    effects,
    railsPassed: verdict.passed,
  }
  const written = await carryOut(scope, intent, lock, upstreams => writePoolFactors(upstreams, before, after))
  scope.parts.onPoolWritten()
  if (!written.ok) return fail(toPoolFailure(written.failure, 'NOT_APPLIED', before))
  const isLockShared = await lock.release()
  if (!isLockShared) scope.parts.events.emit('unsharedLock', { outcome: 'MADE' })
  return succeed({ kind: 'POOL_CHANGED', ...facts, after: written.value, applied: true, isLockShared })
}
