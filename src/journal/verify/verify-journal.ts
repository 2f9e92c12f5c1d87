import { basename } from 'node:path'
import type { AuditKeyring } from '../audit-key.ts'
import type { ChainPosition } from '../chain.ts'
import { findSegments, type SegmentFile } from '../files/find-segments.ts'
import type { IntentFacts, UnresolvedRecord } from '../resolve/unresolved.ts'
import { describeBreak } from './describe-break.ts'
import { findBreak, type WalkedSegment } from './find-break.ts'
import { type JournalBreak, type JournalWalk, walkJournal } from './walk-journal.ts'

/** An intent in a list for people. */
type UnresolvedEntry = Pick<IntentFacts, 'id' | 'seq' | 'time'>

/** A break, and the file that it is in. */
interface SegmentBreak extends JournalBreak {
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
  const counts = { records: 0, intents: 0, outcomes: 0, followUps: 0 }
  const read: { readonly name: string; readonly records: number }[] = []
  const breaks: SegmentBreak[] = []
  let before: WalkedSegment | null = null
  let firstSegment = 1
  for (const file of files) {
    const walk = await walkFile(file, ring)
    firstSegment = before === null ? walk.head.number : firstSegment
    const walked = { number: file.number, walk }
    const found = findBreak(walked, before)
    if (found !== null) breaks.push({ ...found, file: basename(file.path) })
    counts.records += walk.records
    counts.intents += walk.intents
    counts.outcomes += walk.outcomes
    counts.followUps += walk.followUps
    read.push({ name: basename(file.path), records: walk.records })
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
    hasOpenFile: files.at(-1)?.number === null,
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

/** Describes a verification in lines for people. The journal is in order exactly if `firstBreak` is `null`. */
export function describeVerification(result: JournalVerification): string[] {
  const { records, intents, outcomes, followUps, files, breaks, openIntents, inDoubt, last, tornTail } =
    result
  const isOneFile = files.length === 1
  return [
    ...(breaks.length === 0 ? ['The chain is in order.'] : breaks.map(found => toLine(found, isOneFile))),
    ...(isOneFile ? [] : [toRange(result)]),
    ...(result.firstSegment === 1
      ? []
      : [`It begins with segment ${result.firstSegment}: those before it are not here.`]),
    ...(result.hasOpenFile ? [] : ['Its open file is not here.']),
    `${records} records${breaks.length === 0 ? '' : isOneFile ? ' before it' : ' in order'}: ${intents} intents, ${outcomes} outcomes, ${followUps} follow-ups.`,
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
      : ['It ends under a former key: everybody with that key could have written this end.']),
    'Whole records cut off at the end cannot be seen from the file: compare the last one with a copy elsewhere.',
  ]
}

function toLine(found: SegmentBreak, isOneFile: boolean): string {
  const { file, line } = found
  return isOneFile
    ? `Line ${line}: ${describeBreak(found)}.`
    : `${file}, line ${line}: ${describeBreak(found)}.`
}

function toRange({ files }: JournalVerification): string {
  return `${files.length} files, from ${files[0]?.name} to ${files.at(-1)?.name}.`
}
