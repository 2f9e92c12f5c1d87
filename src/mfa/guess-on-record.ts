import type { Asker } from './asker.ts'
import { within } from './deadline.ts'
import { fail, type Result } from './failure.ts'
import { JournalUnavailableError, type ProbeAnswer } from './journal.ts'
import { MFA_TEXT_FIELDS, type MfaTextField } from './mfa-state.ts'
import { toRailName } from './policy.ts'
import type { MfaServices } from './services.ts'
import type { MfaStatusSet, ResolvedUser, SetUserMfaStatus } from './set-user-mfa-status.ts'

/** How far a set has come, as far as it matters to a guess. */
export interface SetProgress {
  /** `COMPARED`: the answer depends on the state before. `ON_RECORD`: so does the journal, which has an intent. */
  stage: 'BEGUN' | 'COMPARED' | 'ON_RECORD'
}

/** The texts that a request names. None of them is ever shown in full, so each may be a guess at what is stored. */
export function findNamedTexts(fields: SetUserMfaStatus['triggerData']): MfaTextField[] {
  return MFA_TEXT_FIELDS.filter(field => fields[field] !== undefined)
}

/**
 * Runs a set that names texts. Unless the set becomes a write on record, its answer may tell whether a text is the
 * stored one. So it counts as a miss of the caller, reserved before anything is read, and the journal has a record of
 * it before anybody is told. A set that failed before the state was known counts for nothing.
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
  const progress: SetProgress = { stage: 'BEGUN' }
  try {
    const result = await set(progress)
    if (progress.stage !== 'COMPARED') return result
    const fields = findNamedTexts(triggerData)
    const answer = toProbeAnswer(result)
    const recorded = journal.recordProbe({ request, given, genauthId, fields, dryRun, answer })
    const isRecorded = await within(
      operation.deadline,
      recorded.then(() => true),
      () => false,
    )
    if (!isRecorded) throw new JournalUnavailableError('The audit journal is late')
    return result
  } finally {
    reserved.value.conclude(progress.stage === 'COMPARED' ? 1 : 0)
  }
}

function toProbeAnswer(result: Result<MfaStatusSet>): ProbeAnswer {
  if (result.ok) return result.value.isChange ? 'DIFFERENT' : 'SAME'
  const { failure } = result
  return failure.kind === 'POLICY_VIOLATION' || failure.kind === 'STEP_UP_REQUIRED'
    ? toRailName(failure)
    : failure.kind
}
