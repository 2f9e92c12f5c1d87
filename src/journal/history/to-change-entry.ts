import type { ChangeEntry, ChangeUser } from '../../history/change-entry.ts'
import type { AuditKeys } from '../audit-key.ts'
import type { RecordDraft } from '../records/journal-record.ts'
import { sealText } from '../seal-text.ts'

type IntentDraft = Extract<RecordDraft, { kind: 'intent' }>

/**
 * Returns what a record tells of the change of a user, or `null` if it tells nothing. Records of every version are read.
 *
 * @param keys seals the reason
 */
export function toChangeEntry(keys: Pick<AuditKeys, 'reason'>, draft: RecordDraft): ChangeEntry | null {
  switch (draft.kind) {
    case 'intent':
      return { kind: 'BEGUN', change: toBegun(keys, draft) }
    case 'outcome':
      return { kind: 'ENDED', id: draft.intent, outcome: draft.outcome }
    case 'followUp':
      return { kind: 'FOLLOWED_UP', id: draft.intent, found: draft.found }
    case 'policyIntent':
    case 'policyOutcome':
    case 'probe':
    case 'scanStarted':
    case 'scanEnded':
    case 'checkpoint':
    case 'opened':
    case 'rekeyed':
      return null
  }
}

/** Returns `true` if a record tells something of the change of a user. */
export function isOfChange({ kind }: RecordDraft): boolean {
  return kind === 'intent' || kind === 'outcome' || kind === 'followUp'
}

function toBegun({ reason: key }: Pick<AuditKeys, 'reason'>, draft: IntentDraft) {
  const { id, time, caller, requestId, factorsBefore, factorsAfter, changedFields, effects, reason } = draft
  return {
    id,
    user: toUser(draft),
    atMs: Date.parse(time),
    actor: caller,
    requestId,
    factorsBefore,
    factorsAfter,
    changedFields,
    effects: effects ?? null,
    revisionBefore: draft.revisionBefore,
    revisionIntended: draft.revisionIntended,
    sealedReason: reason === null ? null : sealText(key, reason, id),
    revertOf: draft.revertOf ?? null,
  }
}

function toUser({ user: { genauthId, idHash }, sealedId }: IntentDraft): ChangeUser {
  return genauthId === null ? { kind: 'SEALED', idHash, sealedId } : { kind: 'ID', userId: genauthId }
}
