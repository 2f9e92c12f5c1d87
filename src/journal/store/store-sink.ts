import type { Clock } from '../../base/clock.ts'
import { StoreUnavailableError } from '../../base/store-unavailable-error.ts'
import type { Segments, Sink } from '../sink.ts'
import { ChainLostError } from './chain-lost-error.ts'
import type { ChainClaim, ChainLoss, ChainStore } from './chain-store.ts'

export interface StoreSinkOptions {
  readonly chains: Pick<ChainStore, 'append' | 'release'>
  readonly claim: ChainClaim
  readonly leaseMs: number
  /** The place of the last record. */
  readonly lastSeq: number
  /** The number of the segment, from 1 on. */
  readonly number: number
  /** `true` if it has nothing but its head. */
  readonly isEmpty: boolean
  /** A segment that holds this many bytes more than its head is full. */
  readonly segmentBytes: number
  /** The bytes that it holds already, without its head. */
  readonly bytes: number
  /** Returns `true` if each write of the chain is resolved. */
  readonly isResolved: () => boolean
  /** Called once, when nothing can be appended any more. */
  readonly onLost: (why: ChainLoss) => void
  readonly clock: Clock
}

const FIRST_RETRY_MS = 50
const MAX_RETRY_MS = 1_000

/**
 * Appends to a chain in the store. While the store cannot be used, an append waits for it, as for a disk that hangs. It
 * does not fail, because nobody knows then whether the last group is stored. The group is given again until the store
 * says that it is stored, or that the chain is lost.
 */
export class StoreSink implements Sink, Segments {
  readonly segments = this
  readonly #options: StoreSinkOptions
  #lastSeq: number
  #number: number
  #isEmpty: boolean
  #bytes: number
  #commits = 0
  #isLost = false
  #isAway = false
  #isClosed = false
  /** `true` if the last group may be stored although nobody was told so. */
  #isInDoubt = false

  constructor(options: StoreSinkOptions) {
    this.#options = options
    this.#lastSeq = options.lastSeq
    this.#number = options.number
    this.#isEmpty = options.isEmpty
    this.#bytes = options.bytes
  }

  get number(): number {
    return this.#number
  }

  get isEmpty(): boolean {
    return this.#isEmpty
  }

  get isFull(): boolean {
    return this.#bytes >= this.#options.segmentBytes
  }

  async append(lines: string): Promise<void> {
    await this.#store(lines, this.#number)
    this.#bytes += Buffer.byteLength(lines)
    this.#isEmpty = false
  }

  async begin(head: string): Promise<void> {
    await this.#store(head, this.#number + 1)
    this.#number++
    this.#isEmpty = true
    this.#bytes = 0
  }

  isBroken(): boolean {
    return this.#isLost || this.#isAway
  }

  isLost(): boolean {
    return this.#isLost
  }

  /** Says whether the store answered when it was last asked for the lease. */
  noteAway(isAway: boolean): void {
    this.#isAway = isAway
  }

  async look(): Promise<void> {}

  syncCount(): number {
    return this.#commits
  }

  /** Says that nothing can be appended any more, because the chain belongs to another process or was changed. */
  lose(why: ChainLoss): void {
    if (this.#isLost) return
    this.#isLost = true
    this.#options.onLost(why)
  }

  giveUp(): void {
    this.#isClosed = true
  }

  async close(): Promise<void> {
    this.giveUp()
    if (this.#isLost) return
    const { chains, claim, isResolved } = this.#options
    // Without it the lease ends by itself.
    await chains.release(claim, isResolved() && !this.#isInDoubt).catch(() => {})
  }

  async #store(text: string, segment: number): Promise<void> {
    const { chains, claim, leaseMs } = this.#options
    const group = { after: this.#lastSeq, segment, lines: text.split('\n').slice(0, -1) }
    for (let waitMs = FIRST_RETRY_MS; ; waitMs = Math.min(2 * waitMs, MAX_RETRY_MS)) {
      if (this.#isLost) throw new ChainLostError()
      try {
        const appended = await chains.append(claim, group, leaseMs)
        if (appended === 'STORED') break
        this.lose(appended)
      } catch (error) {
        this.#isInDoubt = true
        if (!(error instanceof StoreUnavailableError) || this.#isClosed) throw error
        await this.#sleep(waitMs)
      }
    }
    this.#isInDoubt = false
    this.#isAway = false
    this.#commits++
    this.#lastSeq += group.lines.length
  }

  /** It keeps no process alive that has stopped. */
  #sleep(ms: number): Promise<void> {
    return new Promise(resolve => void this.#options.clock.after(ms, resolve).unref())
  }
}
