import { describeBreak } from './describe-break.ts'
import type { JournalVerification, SegmentBreak } from './verify-journal.ts'

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
