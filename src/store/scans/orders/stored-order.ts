import type { CoverageOrder } from '../../../coverage/coverage-order.ts'
import type { StoreTables } from '../../tables.ts'
import type { ScanNumbers } from '../scan-numbers.ts'
import { ENTRIES_A_CHUNK, readPlaces, toWantedKinds } from './order-entries.ts'
import { hasPlaces } from './order-key.ts'
import type { TimeWindow } from './time-window.ts'

/** Where a chunk of an order begins. */
interface ChunkStart {
  readonly chunk_no: number
  readonly first_key: number
  readonly first_place: number
}

/** A row, and what decides first about its place in the order. */
export interface OrderPosition {
  readonly key: number
  readonly place: number
}

/** The rows that are wanted of an order. */
export interface WantedPlaces {
  readonly kindNos: readonly number[]
  /** The row behind which they begin. `null` for the first. */
  readonly after: OrderPosition | null
  /** The chunks that are looked at, by their numbers, the last one left out. */
  readonly from: number
  readonly until: number
}

/** The first reading takes one chunk, because most pages end in it. Each further one takes four times as many. */
const GROWTH = 4

/** An order that was written down at the end of the scan. */
export class StoredOrder {
  readonly #db: StoreTables
  readonly #scanNo: number
  readonly #order: CoverageOrder
  readonly #starts: readonly ChunkStart[]

  private constructor(db: StoreTables, scanNo: number, order: CoverageOrder, starts: readonly ChunkStart[]) {
    this.#db = db
    this.#scanNo = scanNo
    this.#order = order
    this.#starts = starts
  }

  /** @returns `null` if it was not written down, or not as a whole */
  static async find(db: StoreTables, scan: ScanNumbers, order: CoverageOrder): Promise<StoredOrder | null> {
    const starts = await db
      .selectFrom('mfa_scan_orders')
      .select(['chunk_no', 'first_key', 'first_place'])
      .where('scan_no', '=', scan.no)
      .where('order_by', '=', order)
      .orderBy('chunk_no')
      .execute()
    const chunks = Math.ceil((scan.nextPlace - 1) / ENTRIES_A_CHUNK)
    return chunks > 0 && starts.length === chunks ? new StoredOrder(db, scan.no, order, starts) : null
  }

  /** Returns the places of the rows that are wanted, in this order, part by part. */
  async *places({ kindNos, after, from, until }: WantedPlaces): AsyncGenerator<number[]> {
    const kinds = toWantedKinds(kindNos)
    const chunkOfAfter = after === null ? -1 : this.#findChunk(after)
    let next = Math.max(from, chunkOfAfter)
    let behind = after !== null && chunkOfAfter === next ? after.place : null
    const end = Math.min(until, this.#starts.length)
    for (let size = 1; next < end; size *= GROWTH) {
      const chunks = await this.#db
        .selectFrom('mfa_scan_orders')
        .select(['first_place', 'entries'])
        .where('scan_no', '=', this.#scanNo)
        .where('order_by', '=', this.#order)
        .where('chunk_no', '>=', next)
        .where('chunk_no', '<', Math.min(next + size, end))
        .orderBy('chunk_no')
        .execute()
      for (const { first_place, entries } of chunks) {
        const firstPlace = hasPlaces(this.#order) ? null : first_place
        yield readPlaces(entries, { kinds, behind, firstPlace })
        behind = null
      }
      next += size
    }
  }

  /** Returns the chunks that rows of a window may be in. The order must be the one of the window. */
  chunksOf({ fromMs, beforeMs }: TimeWindow): Pick<WantedPlaces, 'from' | 'until'> {
    const isAhead: (key: number) => boolean = this.#isDescending
      ? key => key >= beforeMs
      : key => key < fromMs
    const isNotBehind: (key: number) => boolean = this.#isDescending
      ? key => key >= fromMs
      : key => key < beforeMs
    const last = (fits: (key: number) => boolean) =>
      this.#starts.findLastIndex(start => fits(start.first_key))
    return { from: Math.max(0, last(isAhead)), until: last(isNotBehind) + 1 }
  }

  get #isDescending(): boolean {
    return this.#order === 'LAST_SIGN_IN_DESC'
  }

  /** Returns the last chunk that does not begin behind the row. */
  #findChunk({ key, place }: OrderPosition): number {
    const sign = this.#isDescending ? -1 : 1
    const isBehind = ({ first_key, first_place }: ChunkStart) =>
      sign * (first_key - key || first_place - place) > 0
    return Math.max(
      0,
      this.#starts.findLastIndex(start => !isBehind(start)),
    )
  }
}
