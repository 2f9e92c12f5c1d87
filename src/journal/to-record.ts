import { randomUUID } from 'node:crypto'
import type { MfaFactor } from '../mfa/factor.ts'
import type { MfaProbe, SetConclusion, SetIntent } from '../mfa/journal-port.ts'
import type { UserRef } from '../mfa/user-ref.ts'
import type { AuditKeys } from './audit-key.ts'
import { hashIdentifier, sealIdentifier } from './identifier.ts'
import type { FollowUpFinding, RecordDraft } from './records.ts'
import { toRecordableGenAuthId } from './resolve/open-intent.ts'
import type { UnresolvedRecord } from './resolve/unresolved.ts'

type DraftOf<K extends RecordDraft['kind']> = Extract<RecordDraft, { kind: K }>

/**
 * The record of a write that is about to be sent. Chosen field by field: what is not named here is not kept. Objects
 * in it have their members in the order in which they are written.
 */
export function toIntentDraft(keys: AuditKeys, intent: SetIntent, nowMs: number): DraftOf<'intent'> {
  const { given, factorsBefore, factorsAfter } = intent
  const id = randomUUID()
  return {
    kind: 'intent',
    id,
    time: toTime(nowMs),
    ...toAsked(keys, intent),
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
}

/** The record of a guess. Chosen field by field, as that of an intent is. */
export function toProbeDraft(keys: AuditKeys, probe: MfaProbe, nowMs: number): DraftOf<'probe'> {
  const { fields, dryRun, result } = probe
  return {
    kind: 'probe',
    time: toTime(nowMs),
    ...toAsked(keys, probe),
    fields: [...fields],
    dryRun,
    result,
  }
}

/** Who asked, in which request, and about whom. */
function toAsked(keys: AuditKeys, { request, given, genauthId }: SetIntent | MfaProbe) {
  const { issuer, subject, client } = request.caller
  return {
    requestId: request.requestId,
    traceId: request.trace?.traceId ?? null,
    caller: { client, issuer, subject },
    user: toUserOnRecord(keys, given, genauthId),
  }
}

/** A user as records name it. */
export function toUserOnRecord(
  keys: AuditKeys,
  given: UserRef,
  genauthId: string,
): DraftOf<'intent'>['user'] {
  return {
    genauthId: toRecordableGenAuthId(given, genauthId),
    idHash: hashIdentifier(keys.idHash, given),
    idType: given.userIdType,
  }
}

/** The record of what became of an intent. `durationMs` null: found out by a later process. */
export function toOutcomeDraft(
  intentId: string,
  { outcome, failure, upstreamRequestId }: SetConclusion,
  nowMs: number,
  durationMs: number | null,
): DraftOf<'outcome'> {
  return {
    kind: 'outcome',
    intent: intentId,
    time: toTime(nowMs),
    outcome,
    failure,
    upstreamRequestId,
    // A clock that was set back meanwhile tells nothing.
    durationMs: durationMs === null ? null : Math.max(0, Math.round(durationMs)),
    recovered: durationMs === null,
  }
}

/** The record of what following up an intent with the outcome `UNKNOWN` has found. */
export function toFollowUpDraft(
  intentId: string,
  look: number,
  found: FollowUpFinding,
  nowMs: number,
): DraftOf<'followUp'> {
  return { kind: 'followUp', intent: intentId, time: toTime(nowMs), look, found }
}

export function toOpenedDraft(cutBytes: number, nowMs: number): DraftOf<'opened'> {
  return { kind: 'opened', format: 1, time: toTime(nowMs), cutBytes }
}

export function toRekeyedDraft(next: AuditKeys, nowMs: number): DraftOf<'rekeyed'> {
  return { kind: 'rekeyed', time: toTime(nowMs), keyId: next.id }
}

/** Far below the longest line that is read as one. */
const MAX_CARRIED = 200

/** The records that a segment begins with: one at least. */
export function toCheckpointDrafts(
  segment: number,
  { id: keyId }: AuditKeys,
  unresolved: readonly UnresolvedRecord[],
  nowMs: number,
): DraftOf<'checkpoint'>[] {
  const drafts: DraftOf<'checkpoint'>[] = []
  let start = 0
  do {
    const carried = unresolved.slice(start, start + MAX_CARRIED)
    start += carried.length
    const remaining = unresolved.length - start
    drafts.push({
      kind: 'checkpoint',
      time: toTime(nowMs),
      segment,
      keyId,
      unresolved: carried.map(toCarried),
      remaining,
    })
  } while (start < unresolved.length)
  return drafts
}

/** With its members in the order in which they are written. */
function toCarried({ intent, isContested, unknownSince }: UnresolvedRecord) {
  const { id, revisionBefore, revisionIntended, sealedId, seq, time, user } = intent
  const { genauthId, idHash, idType } = user
  const carried = { id, revisionBefore, revisionIntended, sealedId, seq, time }
  return { intent: { ...carried, user: { genauthId, idHash, idType } }, isContested, unknownSince }
}

function toFactorOnRecord({ code, enabled, sort }: MfaFactor) {
  return { code, enabled, sort }
}

function toTime(ms: number): string {
  return new Date(ms).toISOString()
}
