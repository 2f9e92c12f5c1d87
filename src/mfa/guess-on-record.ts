import { within } from '../base/deadline.ts'
import type { Asker } from './asker.ts'
import { fail, type Result } from './failure.ts'
import { toGuardRail } from './guard-rails.ts'
import { JournalUnavailableError, type ProbeResult } from './journal-port.ts'
import { MFA_TEXT_FIELDS, type MfaTextField } from './mfa-state.ts'
import type { MfaServices } from './services.ts'
import type { MfaStatusSet, ResolvedUser, SetUserMfaStatus } from './user-change.ts'

/** How far a change has come, as far as it matters to a guess. */
export interface SetProgress {
  /** The state before is known, so the result depends on it. */
  isCompared: boolean
  /** The journal has an intent of it. */
  isOnRecord: boolean
}

export function beginProgress(): SetProgress {
  return { isCompared: false, isOnRecord: false }
}

/** The texts that a request names. None of them is ever shown in full, so each may be a guess at what is stored. */
export function findNamedTexts(fields: SetUserMfaStatus['triggerData']): MfaTextField[] {
  return MFA_TEXT_FIELDS.filter(field => fields[field] !== undefined)
}

/**
 * Runs a change that names texts. Its result may tell whether a text is the stored one.
 *
 * So the change counts as a miss of the caller. The miss is reserved before anything is read, and given back if the
 * change was written or may have been. If the journal has no intent of the change, it has a record of the guess before
 * the result is returned. A change that failed before the state was known counts for nothing.
 *
 * @throws JournalUnavailableError if the record is not durable by the deadline
 */
export async function guessOnRecord(
  { journal }: Pick<MfaServices, 'journal'>,
  { request, operation, limits }: Asker,
  { genauthId, given }: ResolvedUser,
  { triggerData, dryRun }: Pick<SetUserMfaStatus, 'triggerData' | 'dryRun'>,
  set: (progress: SetProgress) => Promise<Result<MfaStatusSet>>,
): Promise<Result<MfaStatusSet>> {
  const reserved = await limits.reserveMisses(1, operation.deadline)
  if (!reserved.ok) return fail(reserved.failure)
  const progress = beginProgress()
  let mayBeWritten = false
  try {
    const result = await set(progress)
    mayBeWritten = progress.isOnRecord && !provesUnwritten(result)
    if (progress.isOnRecord || !progress.isCompared) return result
    const fields = findNamedTexts(triggerData)
    const probe = { request, given, genauthId, fields, dryRun, result: toProbeResult(result) }
    const recorded = journal.recordProbe(probe)
    const isRecorded = await within(
      operation.deadline,
      recorded.then(() => true),
      () => false,
    )
    if (!isRecorded) throw new JournalUnavailableError('The audit journal is late')
    return result
  } finally {
    reserved.value.conclude(progress.isCompared && !mayBeWritten ? 1 : 0)
  }
}

/** Of a write on record: GenAuth refused it, or it was never sent. */
function provesUnwritten(result: Result<MfaStatusSet>): boolean {
  if (result.ok) return false
  return result.failure.kind !== 'UPSTREAM_UNAVAILABLE' || result.failure.outcome === 'NOT_APPLIED'
}

function toProbeResult(result: Result<MfaStatusSet>): ProbeResult {
  if (result.ok) return result.value.isChange ? 'DIFFERENT' : 'SAME'
  const { failure } = result
  return failure.kind === 'POLICY_VIOLATION' || failure.kind === 'STEP_UP_REQUIRED'
    ? toGuardRail(failure)
    : failure.kind
}
