import { toCanonicalJson } from '../chain.ts'
import type { SegmentFile } from '../files/find-segments.ts'
import type { JournalBreak, JournalWalk } from './walk-journal.ts'

/** A file of a journal after the walk through it. */
export interface WalkedSegment {
  readonly number: SegmentFile['number']
  readonly walk: JournalWalk
}

/**
 * Finds the break in a segment, or between it and the one before.
 *
 * @param before the segment before by name. `null` if this is the first one here
 */
export function findBreak(
  { number, walk }: WalkedSegment,
  before: WalkedSegment | null,
): JournalBreak | null {
  const { head, records, firstBreak, tornTail } = walk
  const atHead = (what: JournalBreak['what']): JournalBreak => ({ line: 1, what })
  if (firstBreak?.line === 1) return firstBreak
  if (number !== null && records === 0) return atHead('NOT_A_RECORD')
  if (number !== null && head.number !== number) return atHead('OTHER_SEGMENT')
  if (before !== null) {
    if (head.number !== (before.number ?? before.walk.head.number) + 1) return atHead('MISSING_SEGMENT')
    const what = findGap(walk, before.walk)
    if (what !== null) return atHead(what)
  }
  if (firstBreak !== null) return firstBreak
  // A crash leaves an unfinished record only in the open file.
  return number !== null && tornTail !== null ? { line: tornTail.line, what: 'NOT_A_RECORD' } : null
}

/** If the segment before breaks or is another one, its end is unknown, and the break is reported there. */
function findGap({ head }: JournalWalk, before: JournalWalk): JournalBreak['what'] | null {
  const { last, unresolved, firstBreak, tornTail } = before
  if (firstBreak !== null || tornTail !== null || before.head.number !== head.number - 1) return null
  if (head.before.seq > last.seq) return 'MISSING_BEFORE'
  if (head.before.seq < last.seq) return 'REPEATED'
  if (head.before.hash !== last.hash) return 'OTHER_CHAIN'
  const left = [[...unresolved.records.values()], [...unresolved.policies.values()]]
  const carried = [head.carried, head.carriedPolicies]
  return toCanonicalJson(carried) === toCanonicalJson(left) ? null : 'OTHER_UNRESOLVED'
}
