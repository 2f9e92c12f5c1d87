import type { FileHandle } from 'node:fs/promises'
import type { ChainMark } from '../../history/change-index.ts'
import type { ChangeReader } from '../../history/change-reader.ts'
import type { AuditKeyring } from '../audit-key.ts'
import type { ChainPosition } from '../chain.ts'
import { findSegments, type SegmentFile } from '../files/find-segments.ts'
import { toJournalPlace } from '../files/journal-place.ts'
import { findBreak, type WalkedSegment } from '../verify/find-break.ts'
import { walkJournal } from '../verify/walk-journal.ts'
import { ChainReading } from './chain-reading.ts'
import { findMark } from './find-mark.ts'

export interface FileRecordsOptions {
  /** The open file. */
  readonly path: string
  readonly ring: () => AuditKeyring
  /** The last durable record. Later ones may vanish. `null` for a journal that nobody writes. */
  readonly end: () => ChainPosition | null
  /** Gives way to other work. It is made anew for each reading. */
  readonly createRest: () => (signal: AbortSignal) => Promise<void>
}

/** Reads the changes in the files of a journal, which may be written at the same time. */
export function createFileRecords({ path, ring, end, createRest }: FileRecordsOptions): ChangeReader {
  return {
    async readBehind(marks, take, signal) {
      const until = end()?.seq ?? Number.POSITIVE_INFINITY
      const rest = createRest()
      const restOrStop = () => rest(signal)
      const files = await findSegments((await toJournalPlace(path)).path)
      // It may be sealed in the meantime, and is then at another path.
      await using openFile = (await files.find(({ number }) => number === null)?.open()) ?? null
      const read: ReadFile = async ({ number, open }, work) => {
        if (number === null && openFile !== null) return work(openFile)
        await using file = await open()
        return await work(file)
      }
      const start = await findStart(files, marks, file =>
        read(file, found => findMark(found, marks, restOrStop)),
      )
      const reading = new ChainReading(ring()[0], start.mark, until, take)
      let before: WalkedSegment | null = null
      for (const file of files.slice(start.file)) {
        const walk = await read(file, found =>
          walkJournal(found, ring(), restOrStop, record => reading.note(record)),
        )
        const walked = { number: file.number, walk }
        // Records behind the last durable one may vanish while they are read.
        if (findBreak(walked, before) !== null && walk.last.seq < until) reading.noteGap()
        before = walked
      }
      return reading.end()
    },
  }
}

type ReadFile = <T>(file: SegmentFile, work: (file: Pick<FileHandle, 'read'>) => Promise<T>) => Promise<T>

/** Finds the file from which on records are not in the index. */
async function findStart(
  files: readonly SegmentFile[],
  marks: readonly ChainMark[],
  findIn: (file: SegmentFile) => Promise<ChainMark | null>,
): Promise<{ readonly file: number; readonly mark: ChainMark | null }> {
  if (marks.length === 0) return { file: 0, mark: null }
  for (const [fromEnd, file] of files.toReversed().entries()) {
    const mark = await findIn(file)
    if (mark !== null) return { file: files.length - 1 - fromEnd, mark }
  }
  return { file: 0, mark: null }
}
