import { Failure } from './failure.ts'

/** How far into a list pages may reach, and what a page beyond gets. */
export interface ListWindow {
  /** Elasticsearch, which is behind GenAuth's lists, shows 10,000 unless told otherwise. */
  rows: number
  statusCode: 400 | 500
}

/**
 * Throws if a page reaches beyond the window. `null` lets every page pass.
 *
 * Reading: nobody has written what GenAuth does beyond row 10,000. So the sandbox can do all three: it shows the rows, or
 * refuses with 400, or with 500. A page that ends at the last row is shown, and `totalCount` counts every row.
 */
export function assertListed(
  window: ListWindow | null,
  { page, limit }: { page: number; limit: number },
): void {
  if (window === null || page * limit <= window.rows) return
  throw window.statusCode === 400
    ? new Failure({ statusCode: 400, message: 'malformedParameter', subject: 'options.pagination.page' })
    : new Failure({ statusCode: 500, message: 'serverError' })
}
