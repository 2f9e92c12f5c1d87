import type { Kysely, Transaction } from 'kysely'
import type { CoverageOrder } from '../coverage/coverage-order.ts'
import type { ScanDepth, ScanFailure, ScanStatus } from '../coverage/scan.ts'
import type { ChangeOutcome, FollowUpFinding } from '../history/change.ts'

/**
 * The tables, alike in both databases. Times are milliseconds since 1970, and 0 and 1 stand for `false` and `true`,
 * because SQLite has neither type.
 */
export interface Tables {
  /** One row, which says whose store it is. Its lock puts changes of the list of scans in order. */
  readonly mfa_store: {
    readonly id: 1
    /** `null` until a process knows its user pool. */
    readonly user_pool_id: string | null
    readonly scans_made: number
  }
  readonly mfa_scans: {
    readonly no: number
    readonly id: string
    readonly depth: ScanDepth
    /** JSON of one form, so that equal populations are equal texts. */
    readonly population: string
    readonly budget_share: number
    readonly status: ScanStatus
    readonly created_at: number
    readonly started_at: number | null
    readonly finished_at: number | null
    readonly expected: number | null
    readonly seen: number
    readonly unreadable: number
    readonly upstream_calls: number
    readonly is_whole: 0 | 1
    readonly failure: ScanFailure | null
    /** A JSON list of factors. */
    readonly pool_factors: string | null
    readonly epoch: number
    readonly position: string | null
    readonly next_place: number
  }
  readonly mfa_scan_rows: {
    readonly scan_no: number
    /** The order of reading. */
    readonly place: number
    /** See `toIdBytes`. */
    readonly user_id: Uint8Array | ArrayBuffer
    readonly kind_no: number
    readonly enabled_factors_no: number | null
    /** Separated by commas. `null` if there are none. */
    readonly department_nos: string | null
    readonly last_mfa_at: number | null
    readonly last_sign_in_at: number | null
    readonly read_at: number
  }
  /** What rows of a scan have in common, so that a row need not repeat it, and how many users have it. */
  readonly mfa_scan_values: {
    readonly scan_no: number
    readonly no: number
    readonly what: ValueOf
    /** The JSON of a `RowKind`, a JSON list of codes, or the id of a department. */
    readonly value: string
    readonly users: number
    /** Those of them of whom GenAuth says of each factor that it is not bound. */
    readonly without_bound: number
  }
  /** The rows of each department, to find them quickly. */
  readonly mfa_scan_members: {
    readonly scan_no: number
    readonly department_no: number
    readonly kind_no: number
    readonly place: number
  }
  /** The orders of the rows of a scan that has ended, in chunks. */
  readonly mfa_scan_orders: {
    readonly scan_no: number
    readonly order_by: CoverageOrder
    readonly chunk_no: number
    /** The place of its first row, and what decides before the place. See `toOrderKey`. */
    readonly first_key: number
    readonly first_place: number
    /** See `toEntryBytes`. */
    readonly entries: Uint8Array | ArrayBuffer
  }
  /** The chains of the journal, one for each process that wrote here. */
  readonly mfa_journal_chains: {
    readonly chain_id: string
    readonly begun_at: number
    /** Raised by each takeover. */
    readonly epoch: number
    /** By the clock of the database. */
    readonly lease_until: number
    /** The segment that is continued. */
    readonly segment: number
    readonly last_seq: number
    readonly is_settled: 0 | 1
  }
  readonly mfa_journal_records: {
    readonly chain_id: string
    readonly segment: number
    readonly seq: number
    /** The record as a file would hold it, without the end of the line. */
    readonly line: string
  }
  /** The changes of this service, made of the journal. */
  readonly mfa_changes: {
    /** See `toUserKey`. */
    readonly user_key: Uint8Array | ArrayBuffer
    readonly begun_at: number
    /** The 16 bytes of a UUID. */
    readonly id: Uint8Array | ArrayBuffer
    /** The user's ID under the seal of the journal. `null` unless `user_key` is a hash. */
    readonly sealed_id: string | null
    /** JSON of the issuer, the subject, the client and the request. */
    readonly origin: string
    /** `null` while there is none. */
    readonly outcome: ChangeOutcome | null
    readonly follow_up: FollowUpFinding | null
    /** See `toFactorsText`. */
    readonly factors_before: string | null
    readonly factors_after: string
    /** A JSON list. `null` if there are none. */
    readonly changed_fields: string | null
    /** A JSON list. `null` if they are not known. */
    readonly effects: string | null
    readonly revision_before: string | null
    readonly revision_intended: string
    readonly sealed_reason: Uint8Array | ArrayBuffer | null
    readonly revert_of: Uint8Array | ArrayBuffer | null
  }
  /** How far each chain of a journal is in the index. */
  readonly mfa_change_chains: {
    readonly chain: string
    readonly seq: number
    readonly hash: string
  }
}

export type ValueOf = 'KIND' | 'ENABLED_FACTORS' | 'DEPARTMENT'
export type ChainsTable = Tables['mfa_journal_chains']
export type ScansTable = Tables['mfa_scans']
export type ScanRowsTable = Tables['mfa_scan_rows']
export type ChangesTable = Tables['mfa_changes']
export type StoreTables = Kysely<Tables>
export type StoreTransaction = Transaction<Tables>
