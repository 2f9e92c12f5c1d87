import type { CoverageOrder } from '../../../coverage/coverage-order.ts'
import type { ScanRowsTable } from '../../tables.ts'
import { toOrderKey } from './order-key.ts'

/** What orders need of the rows of a scan. A column takes a tenth of the memory of objects. */
export class RowColumns {
  readonly #kinds: Uint16Array
  readonly #signIns: Float64Array
  readonly #mfas: Float64Array
  #added = 0

  /** @param rows their places go from 1 to this number */
  constructor(rows: number) {
    this.#kinds = new Uint16Array(rows)
    this.#signIns = new Float64Array(rows)
    this.#mfas = new Float64Array(rows)
  }

  add(row: Pick<ScanRowsTable, 'place' | 'kind_no' | 'last_sign_in_at' | 'last_mfa_at'>): void {
    this.#kinds[row.place - 1] = row.kind_no
    this.#signIns[row.place - 1] = toOrderKey('LAST_SIGN_IN_DESC', row)
    this.#mfas[row.place - 1] = toOrderKey('LAST_MFA_ASC', row)
    this.#added++
  }

  /** `true` if no place is without a row. */
  get isComplete(): boolean {
    return this.#added === this.#kinds.length
  }

  get places(): number[] {
    return Array.from(this.#kinds, (_, n) => n + 1)
  }

  kindOf(place: number): number {
    return this.#kinds[place - 1] ?? 0
  }

  /** Returns what `toOrderKey` says of the row. */
  keyOf(order: CoverageOrder, place: number): number {
    switch (order) {
      case 'SCANNED':
        return place
      case 'LAST_SIGN_IN_DESC':
        return this.#signIns[place - 1] ?? 0
      case 'LAST_MFA_ASC':
        return this.#mfas[place - 1] ?? 0
    }
  }
}
