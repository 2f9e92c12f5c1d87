import { badRequest, RequestRefused } from '../request-refused.ts'
import type { RequestTarget } from '../router.ts'

/** The path below which the files of scans are. */
export const EXPORTS_PATH = '/exports/mfa-coverage/'

/** A scan as a file, as its URL asks for it. */
export interface ExportRequest {
  readonly scanId: string
  readonly format: 'csv' | 'jsonl'
  readonly hasPeople: boolean
}

/**
 * Reads `/exports/mfa-coverage/{scanId}.csv`, or `.jsonl`, with an optional `?people=1`.
 *
 * @throws RequestRefused 404 for another ending, 400 for another query
 */
export function readExportRequest({ path, url, hasTrailingSlash }: RequestTarget): ExportRequest {
  const [, scanId, format] = /^(.+)\.(csv|jsonl)$/.exec(path.slice(EXPORTS_PATH.length)) ?? []
  if (scanId === undefined || hasTrailingSlash) {
    throw new RequestRefused(404, 'NOT_FOUND', 'A scan is a file here: its id, then .csv or .jsonl.')
  }
  const parameters = [...url.searchParams]
  const isPlain = parameters.length === 0
  if (!isPlain && (parameters.length > 1 || url.search !== '?people=1')) {
    throw badRequest('The query of an export is people=1, or there is none.')
  }
  return { scanId, format: format === 'csv' ? 'csv' : 'jsonl', hasPeople: !isPlain }
}
