import { randomUUID } from 'node:crypto'
import type { FollowUpFinding } from '../../history/change.ts'
import type { MfaFactor } from '../../mfa/factor.ts'
import type { MfaProbe, WriteConclusion, WriteIntent } from '../../mfa/journal-port.ts'
import { looksLikeGenAuthId, type UserRef } from '../../mfa/user-ref.ts'
import type { AuditKeys } from '../audit-key.ts'
import { hashIdentifier, sealIdentifier } from '../identifier.ts'
import { toEnding, toRequestOnRecord, toTime } from './draft-parts.ts'
import type { DraftOf } from './journal-record.ts'

/**
 * Creates the record of a write that is about to be sent. It chooses field by field, and keeps nothing else. The
 * members of its objects stand in the order in which they are written.
 */
export function toIntentDraft(keys: AuditKeys, intent: WriteIntent, nowMs: number): DraftOf<'intent'> {
  const { given, genauthId, factorsBefore, factorsAfter, revertOf } = intent
  const id = randomUUID()
  const draft: DraftOf<'intent'> = {
    kind: 'intent',
    id,
    time: toTime(nowMs),
    ...toRequestOnRecord(intent.request),
    user: toUserOnRecord(keys, given, genauthId),
    sealedId: sealIdentifier(keys.seal, given, id),
    factorsBefore: factorsBefore?.map(toFactorOnRecord) ?? null,
    factorsAfter: factorsAfter.map(toFactorOnRecord),
    changedFields: [...intent.changedFields],
    revisionBefore: intent.revisionBefore,
    revisionIntended: intent.revisionIntended,
    reason: intent.reason,
    effects: [...intent.effects],
    railsPassed: [...intent.railsPassed],
  }
  // Version 0.2 reads no other intents.
  return revertOf === null ? draft : { ...draft, revertOf }
}

/** Creates the record of a guess. It chooses field by field, as for an intent. */
export function toProbeDraft(keys: AuditKeys, probe: MfaProbe, nowMs: number): DraftOf<'probe'> {
  const { given, genauthId, fields, dryRun, result } = probe
  return {
    kind: 'probe',
    time: toTime(nowMs),
    ...toRequestOnRecord(probe.request),
    user: toUserOnRecord(keys, given, genauthId),
    fields: [...fields],
    dryRun,
    result,
  }
}

/**
 * Returns a user as records name it, with an ID that GenAuth told or one that looks like GenAuth's own. Any other text
 * that a caller names "GenAuth's id" may be a phone number. It is left out, and the recovery opens the seal.
 */
export function toUserOnRecord(
  keys: AuditKeys,
  given: UserRef,
  genauthId: string,
): DraftOf<'intent'>['user'] {
  return {
    genauthId: given.userIdType !== 'USER_ID' || looksLikeGenAuthId(genauthId) ? genauthId : null,
    idHash: hashIdentifier(keys.idHash, given),
    idType: given.userIdType,
  }
}

/**
 * Creates the record of an intent's outcome.
 *
 * @param durationMs `null` if a later process found the outcome
 */
export function toOutcomeDraft(
  intentId: string,
  conclusion: WriteConclusion,
  nowMs: number,
  durationMs: number | null,
): DraftOf<'outcome'> {
  return toEnding('outcome', intentId, conclusion, nowMs, durationMs)
}

/** Creates the record of a follow-up's finding about an intent with the outcome `UNKNOWN`. */
export function toFollowUpDraft(
  intentId: string,
  look: number,
  found: FollowUpFinding,
  nowMs: number,
): DraftOf<'followUp'> {
  return { kind: 'followUp', intent: intentId, time: toTime(nowMs), look, found }
}

function toFactorOnRecord({ code, enabled, sort }: MfaFactor) {
  return { code, enabled, sort }
}
