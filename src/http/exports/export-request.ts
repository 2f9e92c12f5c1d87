import { RequestRefused } from '../request-refused.ts'
import type { RequestTarget } from '../router.ts'
import { type ExportParameters, readExportParameters } from './export-parameters.ts'

/** The path below which the files of scans are. */
export const EXPORTS_PATH = '/exports/mfa-coverage/'

/** A scan as a file, as its URL asks for it. */
export interface ExportRequest extends ExportParameters {
  readonly scanId: string
  readonly format: 'csv' | 'jsonl'
}

/**
 * Reads `/exports/mfa-coverage/{scanId}.csv`, or `.jsonl`, with an optional query.
 *
 * @throws RequestRefused 404 for another ending, 400 for a query with a fault
 */
export function readExportRequest({ path, url, hasTrailingSlash }: RequestTarget): ExportRequest {
  const [, scanId, format] = /^(.+)\.(csv|jsonl)$/.exec(path.slice(EXPORTS_PATH.length)) ?? []
  if (scanId === undefined || hasTrailingSlash) {
    throw new RequestRefused(404, 'NOT_FOUND', 'A scan is a file here: its id, then .csv or .jsonl.')
  }
  return { scanId, format: format === 'csv' ? 'csv' : 'jsonl', ...readExportParameters(url.searchParams) }
}
