import type { ChainMark, ChangeBatch } from './change-index.ts'

/** The end of a chain that was read. */
export interface ReadChain {
  /** Names the chain in the index. `null` if it has no record. */
  readonly chain: string | null
  /** `false` if a part could not be read, so that changes may be missing. */
  readonly isWhole: boolean
}

/** Reads the records of one chain again. */
export interface ChangeReader {
  /**
   * Reads what follows the last of these marks that is on the chain, or all of the chain if none is. It ends with the
   * record that is the last durable one when it is called. While something was not whole, its batches have no mark.
   *
   * @param take is waited for with each batch
   * @throws the errors of reading, of `take`, and the reason of the signal
   */
  readBehind(
    marks: readonly ChainMark[],
    take: (batch: ChangeBatch) => Promise<void>,
    signal: AbortSignal,
  ): Promise<ReadChain>
}
