import type { Timer } from '../base/clock.ts'
import { ChainIndexer, type ChainIndexerOptions, type DurableChanges } from './chain-indexer.ts'
import type { ChangeReader } from './change-reader.ts'

/** Names a chain in the store. `null` for the one journal in a file or on stdout. */
export type ChainId = string | null

/** One writer of a chain. */
export interface ChainSource {
  readonly chainId: ChainId
  /** Names the writer. */
  readonly source: symbol
}

export interface ChainIndexersOptions extends ChainIndexerOptions {
  /** Returns `null` for a journal that cannot be read again. */
  readonly readerOf: (chain: ChainId) => ChangeReader | null
  /** Returns the chains that may have records which are not in the index. */
  readonly findLagging: () => Promise<readonly ChainId[]>
}

const RETRY_MS = 2_000

/**
 * The chains that this process brings into the index: its own, and those that nobody else does. Each writer of a chain
 * has an indexer, which first reads the chain behind its mark: others may have written there before.
 */
export class ChainIndexers {
  readonly #options: ChainIndexersOptions
  readonly #indexers = new Map<symbol | null, { readonly chain: ChainId; readonly indexer: ChainIndexer }>()
  #isStarted = false
  /** `true` when all chains that lag are known. */
  #areAllKnown = false
  #retry: Timer | null = null
  #isClosed = false

  constructor(options: ChainIndexersOptions) {
    this.#options = options
  }

  /** Takes records as soon as they are durable. */
  take({ chainId, source }: ChainSource, changes: DurableChanges): void {
    this.#of(chainId === null ? null : source, chainId).take(changes)
  }

  /** Begins to write, when the journal is open. What earlier processes left out comes first. */
  start(): void {
    this.#isStarted = true
    for (const { chain, indexer } of this.#indexers.values()) indexer.start(this.#options.readerOf(chain))
    void this.#catchUp()
  }

  /** See `ChainIndexer.isBehind`. */
  isBehind(): boolean {
    return !this.#areAllKnown || this.#all().some(indexer => indexer.isBehind())
  }

  /** See `ChainIndexer.waitingForMs`. */
  waitingForMs(): number {
    return Math.max(0, ...this.#all().map(indexer => indexer.waitingForMs()))
  }

  /** See `ChainIndexer.settle`. */
  async settle(): Promise<boolean> {
    const settled = await Promise.all(this.#all().map(indexer => indexer.settle()))
    return this.#areAllKnown && settled.every(isSettled => isSettled)
  }

  async close(): Promise<void> {
    this.#isClosed = true
    this.#retry?.cancel()
    await Promise.all(this.#all().map(indexer => indexer.close()))
  }

  #all(): ChainIndexer[] {
    return Array.from(this.#indexers.values(), ({ indexer }) => indexer)
  }

  async #catchUp(): Promise<void> {
    const { findLagging, clock } = this.#options
    try {
      for (const chain of await findLagging()) this.#of(chain === null ? null : Symbol('lagging'), chain)
      this.#areAllKnown = true
    } catch {
      // The log says already why the store cannot be used.
      if (!this.#isClosed) this.#retry = clock.after(RETRY_MS, () => void this.#catchUp()).unref()
    }
  }

  #of(source: symbol | null, chain: ChainId): ChainIndexer {
    const known = this.#indexers.get(source)
    if (known !== undefined) return known.indexer
    const indexer = new ChainIndexer(this.#options)
    this.#indexers.set(source, { chain, indexer })
    if (this.#isStarted && !this.#isClosed) indexer.start(this.#options.readerOf(chain))
    return indexer
  }
}
