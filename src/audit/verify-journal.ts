import { open as openFile } from 'node:fs/promises'
import type { AuditKeyring } from './audit-key.ts'
import type { ChainPosition } from './chain.ts'
import type { IntentFacts, UnresolvedRecord } from './unresolved.ts'
import { type JournalBreak, type JournalBreakKind, type JournalWalk, walkJournal } from './walk-journal.ts'

/** An intent in a list for people. */
export type UnresolvedEntry = Pick<IntentFacts, 'id' | 'seq' | 'time'>

/** What a journal is worth. All counts end at the first break. */
export interface JournalVerification {
  readonly records: number
  readonly intents: number
  readonly outcomes: number
  /** Intents without an outcome: a write that is under way, or that the next start will look into. */
  readonly openIntents: readonly UnresolvedEntry[]
  readonly followUps: number
  /** Intents whose outcome is `UNKNOWN`, which the server has not finished to follow up. */
  readonly inDoubt: readonly UnresolvedEntry[]
  /** The last record in order, to be compared with a copy from elsewhere. */
  readonly last: ChainPosition
  /** Whether it ends under the key in force. */
  readonly isUnderKeyInForce: boolean
  readonly tornTail: JournalWalk['tornTail']
  readonly firstBreak: JournalBreak | null
}

/** What each kind of break says about its line. */
const BREAK_MEANINGS: Readonly<Record<JournalBreakKind, string>> = {
  NOT_A_RECORD: 'this is no record as the journal writes it: altered or inserted',
  ALTERED: 'the hash does not fit the content: altered or inserted',
  ALTERED_OR_OTHER_KEY: 'the hash does not fit the content: the key is another one, or the line was altered',
  MISSING_BEFORE:
    'the record is genuine but comes too early: lines before it were removed, or it was moved up',
  REPEATED: 'the record is genuine but was here before: duplicated, or moved down',
  OTHER_CHAIN: 'the record is genuine but continues another one: it comes from another copy of the journal',
  UNMATCHED_OUTCOME: 'this outcome belongs to no open intent: a fault of the program that wrote it',
  UNMATCHED_FOLLOW_UP:
    'this follow-up belongs to no outcome UNKNOWN that waits for one: a fault of the program that wrote it',
  UNKNOWN_KEY: 'from here on the journal is under a key that was not given',
}

/**
 * Checks a journal against the keys it was written with: the one in force and those before it.
 *
 * Not seen from the file alone: whole lines cut off at its end. Only a copy kept elsewhere, or `last` of an
 * earlier verification, shows that.
 *
 * @throws what reading the file throws, as `ENOENT`
 */
export async function verifyJournal(path: string, ring: AuditKeyring): Promise<JournalVerification> {
  await using file = await openFile(path)
  const { unresolved, keys, ...walked } = await walkJournal(file, ring)
  const { records, intents, outcomes, followUps, last, tornTail, firstBreak } = walked
  const entries = [...unresolved.records.values()]
  const openIntents = entries.filter(({ unknownSince }) => unknownSince === null).map(toEntry)
  const inDoubt = entries.filter(({ unknownSince }) => unknownSince !== null).map(toEntry)
  const isUnderKeyInForce = records === 0 || keys.id === ring[0].id
  const counts = { records, intents, outcomes, followUps }
  return { ...counts, openIntents, inDoubt, last, isUnderKeyInForce, tornTail, firstBreak }
}

function toEntry({ intent: { id, seq, time } }: UnresolvedRecord): UnresolvedEntry {
  return { id, seq, time }
}

/** A verification in lines for people. The journal is in order exactly when `firstBreak` is null. */
export function describeVerification(result: JournalVerification): string[] {
  const { records, intents, outcomes, followUps, openIntents, inDoubt, last, tornTail, firstBreak } = result
  return [
    firstBreak === null ? 'The chain is in order.' : `Line ${firstBreak.line}: ${describeBreak(firstBreak)}.`,
    `${records} records${firstBreak === null ? '' : ' before it'}: ${intents} intents, ${outcomes} outcomes, ${followUps} follow-ups.`,
    ...openIntents.map(({ id, seq, time }) => `Intent ${id} (record ${seq}, ${time}) has no outcome.`),
    ...inDoubt.map(
      ({ id, seq, time }) =>
        `Intent ${id} (record ${seq}, ${time}) has the outcome UNKNOWN, and no follow-up yet.`,
    ),
    ...(tornTail === null
      ? []
      : [
          `Line ${tornTail.line}: unfinished, ${tornTail.bytes} bytes. A crash leaves this, and the next start cuts it off; so would cutting the file there.`,
        ]),
    `Last record in order: ${last.seq}, hash ${last.hash}.`,
    ...(result.isUnderKeyInForce
      ? []
      : ['It ends under a former key: whoever has that one could have written this end.']),
    'Whole records cut off at the end cannot be seen from the file: compare the last one with a copy elsewhere.',
  ]
}

export function describeBreak({ what }: JournalBreak): string {
  return BREAK_MEANINGS[what]
}
