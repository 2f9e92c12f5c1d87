import { isRequestCode } from '../../api/request-codes.ts'
import type { RequestFailure } from '../../api/request-failure.ts'
import { BASE } from '../../session/base.ts'
import type { Session } from '../../session/session.ts'
import type { CoverageFilter } from './coverage-types.ts'

export type ExportFormat = 'csv' | 'jsonl'

export interface WantedExport {
  readonly scanId: string
  /** The rows that fit it. An empty one is for all rows. */
  readonly filter: CoverageFilter
  readonly format: ExportFormat
}

/** The result of a download. `fileName` is the server's. */
export type Saved =
  | { readonly kind: 'SAVED'; readonly fileName: string }
  | { readonly kind: 'FAILED'; readonly failure: RequestFailure }

/** How long a browser may take to copy the file. */
const RELEASE_MS = 60_000

/**
 * Saves rows of a scan as a file. The token is in a header, and never in an address. A file that is cut off is not
 * saved, because it would look whole. It never rejects.
 */
export async function saveExport(session: Session, { scanId, filter, format }: WantedExport): Promise<Saved> {
  const authorization = session.authorization()
  if (authorization === null) {
    session.noteRefusal(false)
    return toFailed('UNAUTHENTICATED', null)
  }
  const path = `../exports/mfa-coverage/${encodeURIComponent(scanId)}.${format}`
  const url = new URL(path, new URL(BASE, location.href))
  for (const [name, value] of Object.entries(filter)) {
    for (const one of [value].flat()) url.searchParams.append(name, String(one))
  }
  try {
    const response = await fetch(url, { headers: { authorization }, credentials: 'omit' })
    if (!response.ok) {
      const code = await readCode(response)
      if (code === 'UNAUTHENTICATED') session.noteRefusal(false)
      return toFailed(code, response.headers.get('x-request-id'))
    }
    const fileName = readFileName(response) ?? `mfa-coverage.${format}`
    save(await response.blob(), fileName)
    return { kind: 'SAVED', fileName }
  } catch {
    return toFailed('NETWORK', null)
  }
}

/** A link to a blob is neither a script nor HTML, so the page's security policies allow it. */
function save(blob: Blob, fileName: string): void {
  const link = document.createElement('a')
  link.href = URL.createObjectURL(blob)
  link.download = fileName
  link.click()
  setTimeout(() => URL.revokeObjectURL(link.href), RELEASE_MS)
}

function readFileName(response: Response): string | null {
  const header = response.headers.get('content-disposition') ?? ''
  return /filename="([\w.-]{1,200})"/.exec(header)?.[1] ?? null
}

async function readCode(response: Response): Promise<RequestFailure['code']> {
  try {
    const code = readFirstCode(await response.json())
    return isRequestCode(code) ? code : 'OTHER'
  } catch {
    return 'NO_JSON'
  }
}

function readFirstCode(body: unknown): unknown {
  const errors = read(body, 'errors')
  return Array.isArray(errors) ? read(read(errors[0], 'extensions'), 'code') : undefined
}

function read(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined
}

function toFailed(code: RequestFailure['code'], requestId: string | null): Saved {
  return { kind: 'FAILED', failure: { code, isExecuted: 'NO', requestId, retryAfterMs: null } }
}
