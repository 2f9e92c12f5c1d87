import { useCallback, useEffect, useRef, useState } from 'preact/hooks'
import { useApi } from '../../api/api-context.ts'
import type { Result } from '../../api/client.ts'
import type { ResultOf } from '../../api/document.ts'
import type { RequestFailure } from '../../api/request-failure.ts'
import { isMfaFailure, type MfaFailure } from '../../api/tell-failure.ts'
import { ShowHistoryDocument } from '../../generated/documents.ts'

type Data = ResultOf<typeof ShowHistoryDocument>
type Connection = NonNullable<Extract<Data['userMfa'], { __typename: 'UserMfa' }>['history']>
export type HistoryEntry = Connection['edges'][number]['node']
export type HistorySource = Connection['missing'][number]

/** Why a page of the history is not there. */
export type HistoryFailure =
  | { readonly kind: 'REQUEST'; readonly failure: RequestFailure }
  | { readonly kind: 'MFA'; readonly failure: MfaFailure }

/** The pages that have been read, as one list. */
export interface HistoryPages {
  readonly entries: readonly HistoryEntry[]
  /** The sources of which some page may lack entries. */
  readonly missing: readonly HistorySource[]
  /** The cursor of the next page. `null` if there is none. */
  readonly olderAfter: string | null
  /** The id of the first entry of a page that has been added. `null` for the first page. */
  readonly firstAdded: string | null
}

export interface HistoryRead {
  /** `null` until something was read. */
  readonly pages: HistoryPages | null
  /** Why the last page that was asked for is not there. `null` if it is. */
  readonly failure: HistoryFailure | null
  readonly isReading: boolean
  /** Reads the first page again. The entries of before stay until it is there. */
  again(): void
  /** Adds the next page. */
  older(): void
}

const NO_ANSWER: RequestFailure = {
  code: 'OTHER',
  isExecuted: 'NO',
  requestId: null,
  retryAfterMs: null,
}

/**
 * Reads the history of a user, page by page.
 *
 * @param isWanted `false` reads nothing
 * @param changedAtMs the first page is read again whenever it changes
 */
export function useHistory(userId: string, isWanted: boolean, changedAtMs: number | null): HistoryRead {
  const api = useApi()
  const [pages, setPages] = useState<HistoryPages | null>(null)
  const [failure, setFailure] = useState<HistoryFailure | null>(null)
  const [isReading, setReading] = useState(false)
  const [round, setRound] = useState(0)
  /** The reading whose result counts. */
  const current = useRef(0)

  const read = useCallback(
    async (after: string | null) => {
      current.current += 1
      const mine = current.current
      setReading(true)
      const result = await api.read(ShowHistoryDocument, { userId, ...(after !== null && { after }) })
      if (mine !== current.current) return
      setReading(false)
      const page = toPage(result)
      if (page.kind === 'PAGE') setPages(before => append(after === null ? null : before, page.connection))
      setFailure(page.kind === 'PAGE' ? null : page)
    },
    [api, userId],
  )
  // A new `changedAtMs` or `round` only reads again.
  useEffect(() => {
    if (isWanted) void read(null)
    return () => {
      current.current += 1
    }
  }, [read, isWanted, changedAtMs, round])

  return {
    pages,
    failure,
    isReading,
    again: useCallback(() => setRound(count => count + 1), []),
    older: () => {
      if (pages?.olderAfter != null && !isReading) void read(pages.olderAfter)
    },
  }
}

function toPage(result: Result<Data>): { kind: 'PAGE'; connection: Connection } | HistoryFailure {
  if (result.kind === 'FAILED') return { kind: 'REQUEST', failure: result.failure }
  const payload = result.data.userMfa
  if (payload.__typename === 'UserMfa' && payload.history !== null) {
    return { kind: 'PAGE', connection: payload.history }
  }
  if (isMfaFailure(payload)) return { kind: 'MFA', failure: payload }
  return { kind: 'REQUEST', failure: result.failures[0] ?? NO_ANSWER }
}

function append(before: HistoryPages | null, { edges, pageInfo, missing }: Connection): HistoryPages {
  const added = edges.map(({ node }) => node)
  return {
    entries: [...(before?.entries ?? []), ...added],
    missing: [...new Set([...(before?.missing ?? []), ...missing])],
    olderAfter: pageInfo.hasNextPage ? pageInfo.endCursor : null,
    firstAdded: before === null ? null : (added[0]?.id ?? null),
  }
}
