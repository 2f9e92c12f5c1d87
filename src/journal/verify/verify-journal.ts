import { basename } from 'node:path'
import type { AuditKeyring } from '../audit-key.ts'
import type { ChainPosition } from '../chain.ts'
import { findSegments, type SegmentFile } from '../files/find-segments.ts'
import type { IntentFacts, UnresolvedRecord } from '../resolve/unresolved.ts'
import { findBreak, type WalkedSegment } from './find-break.ts'
import { type JournalBreak, type JournalWalk, walkJournal } from './walk-journal.ts'

/** An intent in a list for people. */
export type UnresolvedEntry = Pick<IntentFacts, 'id' | 'seq' | 'time'>

/** A break, and the file that it is in. */
export interface SegmentBreak extends JournalBreak {
  /** The name of the file, without the folder. */
  readonly file: string
}

/** The result of verifying a journal. The counts of each file end at its first break. */
export interface JournalVerification {
  readonly records: number
  readonly intents: number
  readonly outcomes: number
  readonly followUps: number
  /** The files, in order. */
  readonly files: readonly { readonly name: string; readonly records: number }[]
  /** The number of the first file. It is above 1 if earlier segments are kept elsewhere. */
  readonly firstSegment: number
  /** `true` if the open file is among them, so that the end of the journal is here. */
  readonly hasOpenFile: boolean
  /** Intents without an outcome. Their write is in flight, or the next start will look into them. */
  readonly openIntents: readonly UnresolvedEntry[]
  /** Intents whose outcome is `UNKNOWN` and whose follow-up the server has not finished. */
  readonly inDoubt: readonly UnresolvedEntry[]
  /** The last record in order, for comparison with a copy from elsewhere. */
  readonly last: ChainPosition
  /** `true` if the journal ends under the current key. */
  readonly isUnderKeyInForce: boolean
  readonly tornTail: JournalWalk['tornTail']
  readonly firstBreak: JournalBreak | null
  /** At most one break in each file, because a file itself says what came before it. */
  readonly breaks: readonly SegmentBreak[]
}

/**
 * Verifies a journal with the keys that it was written with: the current one and former ones. It reads each file once
 * and keeps none of it.
 *
 * The files alone do not show whole lines that were cut off at the end. Only a copy from elsewhere, or `last` of an
 * earlier verification, shows that.
 *
 * @param target a folder, an open file, or a sealed segment alone
 * @throws NoJournalError, and the errors of reading the files, for example `ENOENT`
 */
export async function verifyJournal(target: string, ring: AuditKeyring): Promise<JournalVerification> {
  const files = await findSegments(target)
  return verifySegments(
    files.map(file => ({
      name: basename(file.path),
      number: file.number,
      walk: () => walkFile(file, ring),
    })),
    ring,
  )
}

/** A segment of a journal that is being verified, wherever it is kept. */
export interface SegmentToVerify {
  readonly name: string
  /** `null` for the last one, which is continued. */
  readonly number: number | null
  readonly walk: () => Promise<JournalWalk>
}

/** Verifies the segments of one chain, in order. There must be one at least. */
export async function verifySegments(
  segments: readonly SegmentToVerify[],
  ring: AuditKeyring,
): Promise<JournalVerification> {
  const counts = { records: 0, intents: 0, outcomes: 0, followUps: 0 }
  const read: { readonly name: string; readonly records: number }[] = []
  const breaks: SegmentBreak[] = []
  let before: WalkedSegment | null = null
  let firstSegment = 1
  for (const { name, number, walk: walkSegment } of segments) {
    const walk = await walkSegment()
    firstSegment = before === null ? walk.head.number : firstSegment
    const walked = { number, walk }
    const found = findBreak(walked, before)
    if (found !== null) breaks.push({ ...found, file: name })
    counts.records += walk.records
    counts.intents += walk.intents
    counts.outcomes += walk.outcomes
    counts.followUps += walk.followUps
    read.push({ name, records: walk.records })
    before = walked
  }
  if (before === null) throw new Error('A journal has a file at least')
  const { last, keys, unresolved, tornTail } = before.walk
  const [first] = breaks
  const entries = [...unresolved.records.values()]
  return {
    ...counts,
    files: read,
    firstSegment,
    hasOpenFile: segments.at(-1)?.number === null,
    openIntents: [
      ...entries.filter(({ unknownSince }) => unknownSince === null).map(toEntry),
      ...[...unresolved.policies.values()].map(({ id, seq, time }) => ({ id, seq, time })),
    ].toSorted((a, b) => a.seq - b.seq),
    inDoubt: entries.filter(({ unknownSince }) => unknownSince !== null).map(toEntry),
    last,
    isUnderKeyInForce: counts.records === 0 || keys.id === ring[0].id,
    tornTail,
    firstBreak: first === undefined ? null : { line: first.line, what: first.what },
    breaks,
  }
}

async function walkFile({ open }: SegmentFile, ring: AuditKeyring): Promise<JournalWalk> {
  await using file = await open()
  return await walkJournal(file, ring)
}

function toEntry({ intent: { id, seq, time } }: UnresolvedRecord): UnresolvedEntry {
  return { id, seq, time }
}
