import type { MfaChangeEffect } from '../mfa/change-effect.ts'
import { findPatchFaults } from '../mfa/change-faults.ts'
import { toGuardRail } from '../mfa/check-guard-rails.ts'
import {
  fail,
  type MfaFailure,
  notApplied,
  type Result,
  refusedInput,
  succeed,
  toReadFailure,
  type UpstreamFailure,
  under,
} from '../mfa/failure.ts'
import { type FieldError, provesNothingDone } from '../mfa/failure-details.ts'
import { findReasonFault } from '../mfa/reason-fault.ts'
import type { HeldLock } from '../mfa/user-lock.ts'
import type { PolicyApplication } from './application.ts'
import { carryOut } from './carry-out.ts'
import { checkPolicyGuardRails } from './check-policy-guard-rails.ts'
import { findApplicationIdFault } from './find-application-id-fault.ts'
import { toApplicationLock } from './policy-locks.ts'
import type { PolicyScope } from './policy-scope.ts'
import type { FactorSwitch, PolicyUpstream } from './policy-upstream.ts'
import { toRefusalOf } from './to-policy-failure.ts'

/** The factors of an application that a caller wants to switch. Paths of faults are relative to this. */
export interface SwitchApplicationFactors extends FactorSwitch {
  readonly applicationId: string
  readonly reason: string | null
  readonly dryRun: boolean
}

interface ApplicationChangeFacts {
  readonly application: PolicyApplication
  readonly effects: readonly MfaChangeEffect[]
}

/** GenAuth confirmed the change. */
export interface MadeApplicationChange extends ApplicationChangeFacts {
  readonly kind: 'APPLICATION_CHANGED'
  /** The codes that are on, as GenAuth replied to the write. */
  readonly codes: readonly string[]
  /** `false` if other replicas may have held the lock of the application, too. */
  readonly isLockShared: boolean
}

/** The change would be sent. Nothing was written. */
export interface PreviewedApplicationChange extends ApplicationChangeFacts {
  readonly kind: 'APPLICATION_PREVIEWED'
}

export type ApplicationChange = MadeApplicationChange | PreviewedApplicationChange

/**
 * Switches factors of an application. GenAuth shows its factors only in the reply to a write, so there are no
 * differences and no state before. It costs two calls, or one for a dry run.
 *
 * @throws JournalUnavailableError before anything is sent
 */
export async function switchApplicationFactors(
  scope: PolicyScope,
  wanted: SwitchApplicationFactors,
): Promise<Result<ApplicationChange>> {
  const { parts, limits, context } = scope
  const faults = findFaults(wanted)
  if (faults.length > 0) return fail(refusedInput(faults))
  if (!wanted.dryRun) parts.journal.refuseUnlessOpen()
  const counted = await (wanted.dryRun ? limits.countRead() : limits.countWrite())
  if (!counted.ok) return counted
  const key = toApplicationLock(wanted.applicationId)
  return parts.withUserLock<ApplicationChange>(key, context.deadline, lock =>
    changeUnderLock(scope, wanted, lock),
  )
}

function findFaults({ applicationId, enable, disable, reason }: SwitchApplicationFactors): FieldError[] {
  const reasonFault = reason === null ? null : findReasonFault(reason)
  const idFault = findApplicationIdFault(applicationId)
  const namesNone = enable.length + disable.length === 0
  return [
    ...(idFault === null ? [] : [{ path: ['applicationId'], message: idFault }]),
    ...(namesNone
      ? [{ path: ['enable'], message: 'Name at least one factor in enable or disable.' }]
      : findPatchFaults(enable, disable)),
    ...(reasonFault === null ? [] : [{ path: ['reason'], message: reasonFault }]),
  ]
}

async function changeUnderLock(
  scope: PolicyScope,
  { applicationId, enable, disable, reason, dryRun }: SwitchApplicationFactors,
  lock: HeldLock,
): Promise<Result<ApplicationChange>> {
  const found = await scope.upstream.readApplication(applicationId)
  if (!found.ok) return fail(toReadFailureOf(found.failure))
  const effects: MfaChangeEffect[] = disable.length > 0 ? ['WEAKENING'] : []
  // Nobody can say whether a factor is left, so this guard rail cannot judge it.
  const verdict = checkPolicyGuardRails(scope, {
    effects,
    leavesNoFactor: false,
    allowNoFactor: false,
    reason,
  })
  if ('refusal' in verdict) {
    scope.parts.events.emit('guardRailRefused', { guardRail: toGuardRail(verdict.refusal) })
    return fail(verdict.refusal)
  }
  const facts = { application: found.value, effects }
  if (dryRun) return succeed({ kind: 'APPLICATION_PREVIEWED', ...facts })
  const intent = {
    request: scope.context,
    applicationId,
    before: null,
    wanted: null,
    enable,
    disable,
    revisionBefore: null,
    revisionIntended: null,
    reason,
    effects,
    railsPassed: verdict.passed,
  }
  const written = await carryOut(scope, intent, lock, ({ underLock }) =>
    write(underLock, applicationId, { enable, disable }),
  )
  if (!written.ok) return written
  const isLockShared = await lock.release()
  if (!isLockShared) scope.parts.events.emit('unsharedLock', { outcome: 'MADE' })
  return succeed({ kind: 'APPLICATION_CHANGED', ...facts, codes: written.value, isLockShared })
}

/** A reply that shows another state than the wanted one confirms nothing. */
async function write(
  upstream: Pick<PolicyUpstream, 'switchApplicationFactors'>,
  applicationId: string,
  change: FactorSwitch,
): Promise<Result<readonly string[]>> {
  const written = await upstream.switchApplicationFactors(applicationId, change)
  if (!written.ok) return fail(toWriteFailureOf(written.failure))
  const codes = written.value
  const isAsWanted =
    change.enable.every(type => codes.includes(type)) && !change.disable.some(type => codes.includes(type))
  if (isAsWanted) return succeed(codes)
  return fail({
    kind: 'UPSTREAM_UNAVAILABLE',
    upstream: null,
    reason: 'FAULTY_ANSWER',
    retryable: true,
    outcome: 'UNKNOWN',
    observed: null,
  })
}

/** The call sends nothing but the id, so only that can be malformed. */
function toReadFailureOf(failure: UpstreamFailure): MfaFailure {
  if (failure.kind !== 'INVALID_INPUT') return notApplied(toRefusalOf('APPLICATION', toReadFailure(failure)))
  return under(['applicationId'], failure)
}

/** There is no read that could tell what became of a write whose reply was lost. */
function toWriteFailureOf(failure: UpstreamFailure): MfaFailure {
  if (failure.kind !== 'UPSTREAM_UNAVAILABLE') return toRefusalOf('APPLICATION', failure)
  return { ...failure, outcome: provesNothingDone(failure.reason) ? 'NOT_APPLIED' : 'UNKNOWN' }
}
