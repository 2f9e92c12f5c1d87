import type { ChangeEntry } from '../../history/change-entry.ts'
import type { ChainMark } from '../../history/change-index.ts'
import type { ChangeReader, ReadChain } from '../../history/change-reader.ts'
import type { AuditKeys } from '../audit-key.ts'
import type { ChainPosition } from '../chain.ts'
import type { JournalRecord } from '../records/journal-record.ts'
import { toChangeEntry } from './to-change-entry.ts'

/** So many are written in one transaction. More would block the event loop for longer. */
const ENTRIES_TOGETHER = 200

/** Collects what the records of a chain tell, and hands it over in batches. */
export class ChainReading {
  readonly #keys: AuditKeys
  readonly #afterSeq: number
  readonly #untilSeq: number
  readonly #take: Parameters<ChangeReader['readBehind']>[1]
  #chain: string | null
  #last: ChainPosition | null = null
  #entries: ChangeEntry[] = []
  #isWhole = true

  /**
   * @param after records up to this one are left out
   * @param untilSeq records behind this place are left out
   * @param name the name of the chain. By default it is that of the mark, otherwise the hash of the first record
   */
  constructor(
    keys: AuditKeys,
    after: ChainMark | null,
    untilSeq: number,
    take: Parameters<ChangeReader['readBehind']>[1],
    name: string | null = null,
  ) {
    this.#keys = keys
    this.#afterSeq = after?.seq ?? 0
    this.#untilSeq = untilSeq
    this.#take = take
    this.#chain = name ?? after?.chain ?? null
  }

  /** Takes the next record in order. The first one gives its hash to a chain without a mark, as its name. */
  async note(record: JournalRecord): Promise<void> {
    const { seq, hash } = record
    this.#chain ??= hash
    if (seq <= this.#afterSeq || seq > this.#untilSeq) return
    this.#last = { seq, hash }
    const entry = toChangeEntry(this.#keys, record)
    if (entry === null) return
    this.#entries.push(entry)
    if (this.#entries.length >= ENTRIES_TOGETHER) await this.#handOver()
  }

  /** Says that records are missing here. From then on no mark is set, so that they are looked for again. */
  noteGap(): void {
    this.#isWhole = false
  }

  async end(): Promise<ReadChain> {
    if (this.#last !== null) await this.#handOver()
    return { chain: this.#chain, isWhole: this.#isWhole }
  }

  async #handOver(): Promise<void> {
    const entries = this.#entries
    this.#entries = []
    const [chain, last] = [this.#chain, this.#last]
    const mark = this.#isWhole && chain !== null && last !== null ? { chain, ...last } : null
    await this.#take({ entries, mark })
  }
}
