import { randomUUID } from 'node:crypto'
import type { ScanConclusion, ScanStart } from '../coverage/scan-journal.ts'
import type { MfaFactor } from '../mfa/factor.ts'
import type { ChangeRequest, MfaProbe, WriteConclusion, WriteIntent } from '../mfa/journal-port.ts'
import { looksLikeGenAuthId, type UserRef } from '../mfa/user-ref.ts'
import type { PolicyIntent } from '../policy/policy-journal.ts'
import type { AuditKeys } from './audit-key.ts'
import { hashIdentifier, sealIdentifier } from './identifier.ts'
import type { FollowUpFinding, RecordDraft } from './records.ts'
import type { OpenPolicyIntent, Unresolved, UnresolvedRecord } from './resolve/unresolved.ts'

type DraftOf<K extends RecordDraft['kind']> = Extract<RecordDraft, { kind: K }>

/**
 * Creates the record of a write that is about to be sent. It chooses field by field, and keeps nothing else. The
 * members of its objects stand in the order in which they are written.
 */
export function toIntentDraft(keys: AuditKeys, intent: WriteIntent, nowMs: number): DraftOf<'intent'> {
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

/** Creates the record of a change of a policy that is about to be sent. */
export function toPolicyIntentDraft(intent: PolicyIntent, nowMs: number): DraftOf<'policyIntent'> {
  const { request, before, wanted } = intent
  return {
    kind: 'policyIntent',
    id: randomUUID(),
    time: toTime(nowMs),
    ...toRequestOnRecord(request),
    applicationId: intent.applicationId,
    before: before && [...before],
    wanted: wanted && [...wanted],
    enable: [...intent.enable],
    disable: [...intent.disable],
    revisionBefore: intent.revisionBefore,
    revisionIntended: intent.revisionIntended,
    reason: intent.reason,
    effects: [...intent.effects],
    railsPassed: [...intent.railsPassed],
  }
}

/** Creates the record of a guess. It chooses field by field, as for an intent. */
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

/** Creates the record of a scan that is about to be created. It has ids and codes, no contact and no name. */
export function toScanStartedDraft(
  { request, scanId, depth, budgetShare, population }: ScanStart,
  nowMs: number,
): DraftOf<'scanStarted'> {
  return {
    kind: 'scanStarted',
    time: toTime(nowMs),
    ...toScanRequest(request),
    scan: scanId,
    depth,
    budgetShare,
    population: {
      departments: population.departments.map(({ departmentId, includesChildren, organizationCode }) => ({
        departmentId,
        includesChildren,
        organizationCode,
      })),
      exceptGroups: [...population.exceptGroups],
      exceptUserIds: [...population.exceptUserIds],
      groups: [...population.groups],
      lastSignInAfter: toTimeOrNull(population.lastSignInAfterMs),
      lastSignInBefore: toTimeOrNull(population.lastSignInBeforeMs),
      signedInTo: [...population.signedInTo],
      statuses: [...population.statuses],
    },
  }
}

/** Creates the record of the end of a scan. */
export function toScanEndedDraft(conclusion: ScanConclusion, nowMs: number): DraftOf<'scanEnded'> {
  const { request, scanId, status, failure, expected, seen, unreadable, upstreamCalls, isWhole } = conclusion
  return {
    kind: 'scanEnded',
    time: toTime(nowMs),
    ...toScanRequest(request),
    scan: scanId,
    status,
    failure,
    expected,
    seen,
    unreadable,
    upstreamCalls,
    isWhole,
  }
}

function toScanRequest(request: ChangeRequest | null) {
  return request === null ? { requestId: null, traceId: null, caller: null } : toRequestOnRecord(request)
}

/** Returns the caller and the request. */
function toRequestOnRecord({ requestId, trace, caller: { client, issuer, subject } }: ChangeRequest) {
  return { requestId, traceId: trace?.traceId ?? null, caller: { client, issuer, subject } }
}

/** Returns the caller, the request and the user. */
function toAsked(keys: AuditKeys, { request, given, genauthId }: WriteIntent | MfaProbe) {
  return {
    ...toRequestOnRecord(request),
    user: toUserOnRecord(keys, given, genauthId),
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
  return { kind: 'outcome', ...toEnding(intentId, conclusion, nowMs, durationMs) }
}

/** Creates the record of the outcome of a change of a policy. See `toOutcomeDraft`. */
export function toPolicyOutcomeDraft(
  intentId: string,
  conclusion: WriteConclusion,
  nowMs: number,
  durationMs: number | null,
): DraftOf<'policyOutcome'> {
  return { kind: 'policyOutcome', ...toEnding(intentId, conclusion, nowMs, durationMs) }
}

function toEnding(
  intentId: string,
  { outcome, failure, upstreamRequestId }: WriteConclusion,
  nowMs: number,
  durationMs: number | null,
) {
  return {
    intent: intentId,
    time: toTime(nowMs),
    outcome,
    failure,
    upstreamRequestId,
    // After the clock was set back, the difference says nothing.
    durationMs: durationMs === null ? null : Math.max(0, Math.round(durationMs)),
    recovered: durationMs === null,
  }
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

export function toOpenedDraft(cutBytes: number, nowMs: number): DraftOf<'opened'> {
  return { kind: 'opened', format: 1, time: toTime(nowMs), cutBytes }
}

export function toRekeyedDraft(next: AuditKeys, nowMs: number): DraftOf<'rekeyed'> {
  return { kind: 'rekeyed', time: toTime(nowMs), keyId: next.id }
}

/** With this many intents a line stays far below the longest one that is read. */
const MAX_CARRIED = 200

/** Creates the records that a segment begins with. There is at least one. */
export function toCheckpointDrafts(
  segment: number,
  { id: keyId }: AuditKeys,
  unresolved: Pick<Unresolved, 'records' | 'policies'>,
  nowMs: number,
): DraftOf<'checkpoint'>[] {
  const intents = [...unresolved.records.values()]
  const policies = [...unresolved.policies.values()]
  const drafts: DraftOf<'checkpoint'>[] = []
  let start = 0
  let remaining = intents.length + policies.length
  do {
    const carried = intents.slice(start, start + MAX_CARRIED)
    const openPolicies = policies.slice(start, start + MAX_CARRIED)
    start += MAX_CARRIED
    remaining -= carried.length + openPolicies.length
    drafts.push({
      kind: 'checkpoint',
      time: toTime(nowMs),
      segment,
      keyId,
      unresolved: carried.map(toCarried),
      openPolicies: openPolicies.map(toOpenPolicy),
      remaining,
    })
  } while (remaining > 0)
  return drafts
}

/** The members stand in the order in which they are written. */
function toCarried({ intent, isContested, unknownSince }: UnresolvedRecord) {
  const { id, revisionBefore, revisionIntended, sealedId, seq, time, user } = intent
  const { genauthId, idHash, idType } = user
  const carried = { id, revisionBefore, revisionIntended, sealedId, seq, time }
  return { intent: { ...carried, user: { genauthId, idHash, idType } }, isContested, unknownSince }
}

function toOpenPolicy({ applicationId, id, revisionIntended, seq, time }: OpenPolicyIntent) {
  return { applicationId, id, revisionIntended, seq, time }
}

function toFactorOnRecord({ code, enabled, sort }: MfaFactor) {
  return { code, enabled, sort }
}

function toTimeOrNull(ms: number | null): string | null {
  return ms === null ? null : toTime(ms)
}

function toTime(ms: number): string {
  return new Date(ms).toISOString()
}
