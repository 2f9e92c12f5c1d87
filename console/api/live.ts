import { createClient } from 'graphql-sse'
import type { Session } from '../session/session.ts'
import type { Document } from './document.ts'

/** Why a stream is over. */
export type StreamEnd = 'COMPLETE' | 'FAILED' | 'SIGNED_OUT'

export interface StreamOptions<Data> {
  readonly onEvent: (data: Data) => void
  readonly onEnd: (end: StreamEnd) => void
}

/** How often a broken stream is opened again. The waits between grow. */
const RETRIES = 5

/**
 * Subscribes, and tells each event. A stream ends with the token. The screen then works on without hints.
 *
 * @returns what ends it
 */
export function subscribe<Data, V extends object>(
  session: Session,
  document: Document<Data, V>,
  variables: V,
  { onEvent, onEnd }: StreamOptions<Data>,
): () => void {
  let isOver = false
  const end = (reason: StreamEnd) => {
    if (!isOver) onEnd(reason)
    isOver = true
  }
  const client = createClient({
    url: session.config.graphql,
    credentials: 'omit',
    retryAttempts: RETRIES,
    headers: () => ({ authorization: session.authorization() ?? '' }),
  })
  // The package's type knows documents by their text alone.
  const request = { query: '', variables: Object.fromEntries(Object.entries(variables)) }
  const stop = client.subscribe<Data>(toRequest(request, document.documentId), {
    next({ data }) {
      if (data != null && !isOver) onEvent(data)
    },
    error: () => end(session.authorization() === null ? 'SIGNED_OUT' : 'FAILED'),
    complete: () => end(session.authorization() === null ? 'SIGNED_OUT' : 'COMPLETE'),
  })

  return () => {
    isOver = true
    stop()
  }
}

/** The client sends a request as it is, so the id takes the place of the text. */
function toRequest<R extends { query: string }>(request: R, documentId: string): R {
  return Object.assign(request, { query: undefined, documentId })
}
