import { EVERY_ROW } from '../coverage-filter.ts'
import type { CoverageForCaller } from '../coverage-service.ts'
import type { Scan } from '../scan.ts'
import type { ExportedRow, LookedUpPerson } from './exported-row.ts'

/** Looks up users together, at most as many as a page of people has. */
export type LookUpPeople = (userIds: readonly string[]) => Promise<readonly LookedUpPerson[]>

export interface ExportRowsOptions {
  readonly scan: Scan
  readonly rows: CoverageForCaller['rows']
  /** `null` if nobody asked for the people. */
  readonly lookUpPeople: LookUpPeople | null
}

/** The rows of one page. A longer page would block the event loop for more than a few milliseconds. */
const ROWS_A_PAGE = 200
/** GenAuth takes as many users in one call. */
const PEOPLE_A_PAGE = 50

/** The scan lost rows while it was written out. */
export class ExportCutShortError extends Error {
  override readonly name = 'ExportCutShortError'
}

/**
 * Reads the rows that a scan had when it was found, page by page, each page when the one before it was taken.
 *
 * @throws ExportCutShortError if rows are missing, because the scan was removed
 * @throws StoreUnavailableError
 */
export async function* exportRows(options: ExportRowsOptions): AsyncGenerator<ExportedRow[], void> {
  const { scan, rows, lookUpPeople } = options
  let left = scan.seen
  let after = 0
  while (left > 0) {
    const first = Math.min(left, lookUpPeople === null ? ROWS_A_PAGE : PEOPLE_A_PAGE)
    const page = (await rows(scan.id, { filter: EVERY_ROW, order: 'SCANNED', after, first })).rows
    const last = page.at(-1)
    if (last === undefined) throw new ExportCutShortError('The scan has fewer rows than it had')
    const people = await lookUpPeople?.(page.map(({ row }) => row.userId))
    yield page.map(({ row }, n) => ({ row, person: people?.[n] ?? null }))
    left -= page.length
    after = last.place
  }
}
