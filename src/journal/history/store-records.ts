import type { ChainMark, ChangeIndex } from '../../history/change-index.ts'
import type { ChangeReader } from '../../history/change-reader.ts'
import type { AuditKeyring } from '../audit-key.ts'
import type { ChainStore } from '../store/chain-store.ts'
import { readSegment } from '../store/read-segment.ts'
import { findBreak, type WalkedSegment } from '../verify/find-break.ts'
import { walkLines } from '../verify/walk-journal.ts'
import { ChainReading } from './chain-reading.ts'

export interface StoreRecordsOptions {
  readonly chains: Pick<ChainStore, 'list' | 'readLines'>
  readonly chainId: string
  readonly ring: () => AuditKeyring
  /** Gives way to other work. It is made anew for each reading. */
  readonly createRest: () => (signal: AbortSignal) => Promise<void>
}

/** Reads the changes in one chain of the store. Each record there is durable. */
export function createStoreRecords({ chains, chainId, ring, createRest }: StoreRecordsOptions): ChangeReader {
  return {
    async readBehind(marks, take, signal) {
      const rest = createRest()
      const mark = marks.find(({ chain }) => chain === chainId) ?? null
      const reading = new ChainReading(ring()[0], mark, Number.POSITIVE_INFINITY, take, chainId)
      const segments = (await chains.list()).find(chain => chain.chainId === chainId)?.segment ?? 0
      let before: WalkedSegment | null = null
      for (let number = await findSegment(chains, chainId, segments, mark); number <= segments; number++) {
        const walk = await walkLines(readSegment(chains, chainId, number), ring(), async record => {
          await rest(signal)
          await reading.note(record)
        })
        const isLast = number === segments
        const walked: WalkedSegment = { number: isLast ? null : number, walk }
        if (findBreak(walked, before) !== null) reading.noteGap()
        before = walked
      }
      return reading.end()
    },
  }
}

/** Returns the number of the first segment that has a record behind the mark. */
async function findSegment(
  chains: Pick<ChainStore, 'readLines'>,
  chainId: string,
  segments: number,
  mark: ChainMark | null,
): Promise<number> {
  if (mark === null) return 1
  for (let number = 1; number <= segments; number++) {
    const [first] = await chains.readLines(chainId, number, mark.seq)
    if (first !== undefined) return number
  }
  return segments + 1
}

/** Returns the chains whose last record is behind their mark. */
export async function findLaggingChains(
  chains: Pick<ChainStore, 'list'>,
  index: Pick<ChangeIndex, 'marks'>,
): Promise<string[]> {
  const marks = new Map((await index.marks()).map(({ chain, seq }) => [chain, seq]))
  const all = await chains.list()
  return all
    .filter(({ chainId, lastSeq }) => lastSeq > (marks.get(chainId) ?? 0))
    .map(({ chainId }) => chainId)
}
