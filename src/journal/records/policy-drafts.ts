import { randomUUID } from 'node:crypto'
import type { WriteConclusion } from '../../mfa/journal-port.ts'
import type { PolicyIntent } from '../../policy/policy-journal.ts'
import { toEnding, toRequestOnRecord, toTime } from './draft-parts.ts'
import type { DraftOf } from './journal-record.ts'

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

/** Creates the record of the outcome of a change of a policy. See `toEnding`. */
export function toPolicyOutcomeDraft(
  intentId: string,
  conclusion: WriteConclusion,
  nowMs: number,
  durationMs: number | null,
): DraftOf<'policyOutcome'> {
  return toEnding('policyOutcome', intentId, conclusion, nowMs, durationMs)
}
