import { useMemo } from 'preact/hooks'
import { useLocation } from 'preact-iso'
import { toHref } from '../../session/base.ts'
import { type Filters, NO_FILTERS, readFilters, toQuery } from './filters.ts'

/** The scan, the filters and the page that the address names. */
export interface CoverageAddress {
  /** The scan that is shown. It is `null` for the newest whole one. */
  readonly scanId: string | null
  readonly filters: Filters
  /** The end of the page before. `null` on the first page. */
  readonly after: string | null
  /** Counted from 1. */
  readonly page: number
  /** Returns the address of other filters, from the first page. */
  hrefOf(filters: Filters): string
  hrefOfPage(after: string, page: number): string
  /** Returns the address of a scan without filters. */
  hrefOfScan(scanId: string | null): string
  go(href: string): void
}

/** Returns what the address says. The ways back and forward lead through it. */
export function useAddress(): CoverageAddress {
  const { url, query, route } = useLocation()
  return useMemo(() => {
    const scanId = query['scan'] || null
    const after = query['after'] || null
    const filters = readFilters(query)
    const page = after !== null && /^[1-9]\d{0,5}$/.test(query['page'] ?? '') ? Number(query['page']) : 1
    const to = (more: Record<string, string | null>) => toHref('coverage', more)
    return {
      scanId,
      filters,
      after,
      page,
      hrefOf: next => to({ scan: scanId, ...toQuery(next) }),
      hrefOfPage: (next, number) =>
        to({ scan: scanId, ...toQuery(filters), after: next, page: String(number) }),
      hrefOfScan: id => to({ scan: id, ...toQuery(NO_FILTERS) }),
      go: href => route(href),
    }
  }, [url])
}
