import type { FollowUpFinding } from '../../history/change.ts'
import type { MfaJournal, WriteConclusion, WriteIntent } from '../../mfa/journal-port.ts'
import type { AuditKeyring } from '../audit-key.ts'
import type { ChainWriter, JournalTools } from '../chain-writer.ts'
import {
  toFollowUpDraft,
  toIntentDraft,
  toOutcomeDraft,
  toProbeDraft,
  toUserOnRecord,
} from '../records/user-drafts.ts'
import { toUnresolvedIntent, type UnresolvedIntent } from '../resolve/open-intent.ts'
import type { IntentFacts, Unresolved } from '../resolve/unresolved.ts'
import { type AppendOutcome, type BeginWrite, foundLater } from './begin-write.ts'
import type { JournalLife } from './journal-life.ts'

/** The records of changes of users, and of guesses at what GenAuth holds of them. */
export interface UserChanges extends Omit<MfaJournal, 'refuseUnlessOpen'> {
  /** The intents that earlier processes left without an outcome. `startRecovery` concludes them. */
  readonly openIntents: readonly UnresolvedIntent[]
  /** The intents that earlier processes left with the outcome `UNKNOWN` and an unfinished follow-up. */
  readonly inDoubt: readonly UnresolvedIntent[]
  /** Returns `true` if an unresolved intent of this journal is to make the same state of the same user. */
  isAimedAt(intent: Pick<WriteIntent, 'given' | 'genauthId' | 'revisionIntended'>): boolean
  /**
   * Records the outcome of an open intent.
   *
   * @throws JournalUnavailableError
   */
  resolve(intent: Pick<UnresolvedIntent, 'id'>, outcome: WriteConclusion['outcome']): Promise<void>
  /**
   * Records the finding of a follow-up of an intent with the outcome `UNKNOWN`. Nothing follows it up from then on.
   *
   * @param look the number of the look that found it, from 1 on, or 0 if there was none
   * @throws JournalUnavailableError
   */
  followUp(intent: Pick<UnresolvedIntent, 'id'>, look: number, found: FollowUpFinding): Promise<void>
  /**
   * Calls `listener` with each intent whose outcome `UNKNOWN` becomes durable from now on. There can be one listener.
   */
  onInDoubt(listener: (intent: UnresolvedIntent) => void): void
}

export interface UserChangesOptions {
  readonly writer: ChainWriter
  readonly life: JournalLife
  readonly beginWrite: BeginWrite
  readonly unresolved: Unresolved
  /** Returns the current ring. */
  readonly ring: () => AuditKeyring
  /** Returns `true` if an intent of another chain is to make the same state. */
  readonly isAimedAtElsewhere: (intent: IntentFacts) => boolean
}

/** Creates the part of a journal that records changes of users. */
export function createUserChanges(
  { writer, life, beginWrite, unresolved, ring, isAimedAtElsewhere }: UserChangesOptions,
  { clock }: JournalTools,
): UserChanges {
  const toAim = ({ given, genauthId, revisionIntended }: Parameters<UserChanges['isAimedAt']>[0]) => ({
    user: toUserOnRecord(writer.keys(), given, genauthId),
    revisionIntended,
  })
  const left = [...unresolved.records.values()].map(record => {
    const intent = toUnresolvedIntent(ring(), record)
    return isAimedAtElsewhere(record.intent) ? { ...intent, isContested: true } : intent
  })
  let tellInDoubt = (_intent: UnresolvedIntent) => {}

  const appendOutcome: AppendOutcome = async (id, conclusion, durationMs) => {
    await writer.append(toOutcomeDraft(id, conclusion, clock.now(), durationMs))
    const inDoubt = unresolved.records.get(id)
    if (inDoubt !== undefined) tellInDoubt(toUnresolvedIntent(ring(), inDoubt))
  }

  const changeIds = new WeakMap<WriteIntent, string>()
  const begin: UserChanges['begin'] = intent => {
    const draft = toIntentDraft(writer.keys(), intent, clock.now())
    changeIds.set(intent, draft.id)
    return beginWrite(draft, appendOutcome)
  }

  const recordProbe: UserChanges['recordProbe'] = async probe => {
    life.refuseIfUnfit()
    await writer.append(toProbeDraft(writer.keys(), probe, clock.now()))
  }

  return {
    openIntents: left.filter(({ unknownSinceMs }) => unknownSinceMs === null),
    inDoubt: left.filter(({ unknownSinceMs }) => unknownSinceMs !== null),
    begin,
    isContested: intent => unresolved.isContested(toAim(intent)),
    changeIdOf: intent => changeIds.get(intent) ?? null,
    isAimedAt: intent => unresolved.isAimedAt(toAim(intent)),
    recordProbe: probe => life.whileOpen(recordProbe(probe)),
    resolve: ({ id }, outcome) => life.whileOpen(appendOutcome(id, foundLater(outcome), null)),
    followUp: ({ id }, look, found) =>
      life.whileOpen(writer.append(toFollowUpDraft(id, look, found, clock.now()))),
    onInDoubt(listener) {
      tellInDoubt = listener
    },
  }
}
