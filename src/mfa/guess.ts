import { within } from '../base/deadline.ts'
import type { ChangeScope } from './caller-scope.ts'
import { toGuardRail } from './check-guard-rails.ts'
import type { Result } from './failure.ts'
import { JournalUnavailableError, type MfaProbe, type ProbeResult } from './journal-port.ts'
import { MFA_TEXT_FIELDS, type MfaTextField } from './mfa-state.ts'
import type { SetUserMfaStatus, UserChange } from './user-change.ts'

/** How far a change has come, as far as it matters to a guess. */
export interface ChangeProgress {
  /** `true` if the state before is known, so that the result depends on it. */
  isCompared: boolean
  /** `true` if the journal has an intent of the change. */
  isOnRecord: boolean
}

/**
 * Returns the texts that a request names. Results never show them in full, so each may be a guess at the stored one.
 */
export function findNamedTexts(fields: SetUserMfaStatus['triggerData']): MfaTextField[] {
  return MFA_TEXT_FIELDS.filter(field => fields[field] !== undefined)
}

/**
 * Records a change that named texts and that wrote nothing. Its result may tell whether a text is the stored one, so
 * the record is durable before the result is returned.
 *
 * @throws JournalUnavailableError if the record is not durable by the deadline
 */
export async function recordGuess(
  { parts, context }: ChangeScope,
  guess: Pick<MfaProbe, 'given' | 'genauthId' | 'fields' | 'dryRun'>,
  result: Result<UserChange>,
): Promise<void> {
  const probe = { ...guess, request: context, result: toProbeResult(result) }
  const recorded = parts.journal.recordProbe(probe).then(() => true)
  const isRecorded = await within(context.deadline, recorded, () => false)
  if (!isRecorded) throw new JournalUnavailableError('The audit journal is late')
}

/** The texts that results show masked. A result says of each by itself whether it differs. */
const MASKED_FIELDS: readonly MfaTextField[] = ['mfaPhone', 'mfaEmail', 'phone']

/** Returns the number of guesses in a request that names some texts: one for each masked contact, and at least one. */
export function countGuesses(fields: readonly MfaTextField[]): number {
  return Math.max(1, fields.filter(field => MASKED_FIELDS.includes(field)).length)
}

/**
 * Returns `true` if the guesses of a change count as misses. They do not if the state before was never known, or if
 * the change was written or may have been.
 *
 * @param result `null` if the change threw
 */
export function isMissed(progress: ChangeProgress, result: Result<UserChange> | null): boolean {
  const mayBeWritten = progress.isOnRecord && result !== null && !provesUnwritten(result)
  return progress.isCompared && !mayBeWritten
}

/** Returns `true` if GenAuth refused a write on record, or if it was never sent. */
function provesUnwritten(result: Result<UserChange>): boolean {
  if (result.ok) return false
  return result.failure.kind !== 'UPSTREAM_UNAVAILABLE' || result.failure.outcome === 'NOT_APPLIED'
}

function toProbeResult(result: Result<UserChange>): ProbeResult {
  if (result.ok) return result.value.isChange ? 'DIFFERENT' : 'SAME'
  const { failure } = result
  return failure.kind === 'POLICY_VIOLATION' || failure.kind === 'STEP_UP_REQUIRED'
    ? toGuardRail(failure)
    : failure.kind
}
