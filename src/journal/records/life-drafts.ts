import type { AuditKeys } from '../audit-key.ts'
import type { OpenPolicyIntent, Unresolved, UnresolvedRecord } from '../resolve/unresolved.ts'
import { toTime } from './draft-parts.ts'
import type { DraftOf } from './journal-record.ts'

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
