import type { CoverageOrder } from '../../../coverage/coverage-order.ts'
import type { ScanRowsTable } from '../../tables.ts'

/** `null` is the least of all times. */
const NO_TIME = -1

/** Returns `false` for the order in which each place is one more than the one before it. */
export function hasPlaces(order: CoverageOrder): boolean {
  return order !== 'SCANNED'
}

/** Returns what decides first about the place of a row in an order. */
export function toOrderKey(
  order: CoverageOrder,
  row: Pick<ScanRowsTable, 'place' | 'last_sign_in_at' | 'last_mfa_at'>,
): number {
  switch (order) {
    case 'SCANNED':
      return row.place
    case 'LAST_SIGN_IN_DESC':
      return row.last_sign_in_at ?? NO_TIME
    case 'LAST_MFA_ASC':
      return row.last_mfa_at ?? NO_TIME
  }
}
