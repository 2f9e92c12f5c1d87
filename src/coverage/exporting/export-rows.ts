import type { CoverageForCaller } from '../coverage-service.ts'
import type { ExportedRow, ExportedScan, LookedUpPerson } from './exported-row.ts'

/** Looks up users together, at most as many as a page of people has. */
export type LookUpPeople = (userIds: readonly string[]) => Promise<readonly LookedUpPerson[]>

export interface ExportRowsOptions {
  readonly exported: ExportedScan
  readonly readRows: CoverageForCaller['rows']
  /** `null` if nobody asked for the people. */
  readonly lookUpPeople: LookUpPeople | null
}

/** The rows of one page. A longer page would block the event loop for more than a few milliseconds. */
const ROWS_A_PAGE = 200
/** GenAuth takes as many users in one call. */
const PEOPLE_A_PAGE = 50

/** The scan lost rows while it was written out. */
class ExportCutShortError extends Error {
  override readonly name = 'ExportCutShortError'
}

/**
 * Reads the rows of a scan that fitted the filter when they were counted, page by page, each page when the one before
 * it was taken. A row never changes, and new ones come behind all others.
 *
 * @throws ExportCutShortError if rows are missing, because the scan was removed
 * @throws StoreUnavailableError
 */
export async function* exportRows(options: ExportRowsOptions): AsyncGenerator<ExportedRow[], void> {
  const { exported, readRows, lookUpPeople } = options
  const { scan, filter } = exported
  let left = exported.rows
  let after = 0
  while (left > 0) {
    const first = Math.min(left, lookUpPeople === null ? ROWS_A_PAGE : PEOPLE_A_PAGE)
    const page = (await readRows(scan.id, { filter, order: 'SCANNED', after, first })).rows
    const last = page.at(-1)
    if (last === undefined) throw new ExportCutShortError('The scan has fewer rows than it had')
    const people = await lookUpPeople?.(page.map(({ row }) => row.userId))
    yield page.map(({ row }, n) => ({ row, person: people?.[n] ?? null }))
    left -= page.length
    after = last.place
  }
}
