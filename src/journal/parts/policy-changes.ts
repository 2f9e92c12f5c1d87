import type { WriteConclusion } from '../../mfa/journal-port.ts'
import type { PolicyJournal } from '../../policy/policy-journal.ts'
import type { ChainWriter, JournalTools } from '../chain-writer.ts'
import { toPolicyIntentDraft, toPolicyOutcomeDraft } from '../records/policy-drafts.ts'
import type { OpenPolicyIntent, Unresolved } from '../resolve/unresolved.ts'
import { type AppendOutcome, type BeginWrite, foundLater } from './begin-write.ts'
import type { JournalLife } from './journal-life.ts'

/** The records of changes of policies. */
export interface PolicyChanges extends Omit<PolicyJournal, 'refuseUnlessOpen'> {
  /** The changes of policies that earlier processes left without an outcome. */
  readonly openPolicyIntents: readonly OpenPolicyIntent[]
  /**
   * Records the outcome of such a change. Nothing follows it up.
   *
   * @throws JournalUnavailableError
   */
  resolvePolicy(intent: Pick<OpenPolicyIntent, 'id'>, outcome: WriteConclusion['outcome']): Promise<void>
}

export interface PolicyChangesOptions {
  readonly writer: Pick<ChainWriter, 'append'>
  readonly life: JournalLife
  readonly beginWrite: BeginWrite
  readonly unresolved: Pick<Unresolved, 'policies'>
}

/** Creates the part of a journal that records changes of policies. */
export function createPolicyChanges(
  { writer, life, beginWrite, unresolved }: PolicyChangesOptions,
  { clock }: JournalTools,
): PolicyChanges {
  const appendOutcome: AppendOutcome = (id, conclusion, durationMs) =>
    writer.append(toPolicyOutcomeDraft(id, conclusion, clock.now(), durationMs))

  return {
    openPolicyIntents: [...unresolved.policies.values()],
    beginPolicy: intent => beginWrite(toPolicyIntentDraft(intent, clock.now()), appendOutcome),
    resolvePolicy: ({ id }, outcome) => life.whileOpen(appendOutcome(id, foundLater(outcome), null)),
  }
}
