import type { Line } from '../verify/read-lines.ts'
import type { ChainStore } from './chain-store.ts'

/**
 * Reads the lines of a segment that are in the store when they are read.
 *
 * @param after the place of the last record that is left out
 * @throws StoreUnavailableError
 */
export async function* readSegment(
  chains: Pick<ChainStore, 'readLines'>,
  chainId: string,
  segment: number,
  after = 0,
): AsyncGenerator<Line> {
  for (let last = after; ; ) {
    const found = await chains.readLines(chainId, segment, last)
    for (const { seq, line } of found) {
      last = seq
      yield { bytes: Buffer.from(line), isWhole: true }
    }
    if (found.length === 0) return
  }
}
