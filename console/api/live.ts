import type { createClient } from 'graphql-sse'
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
 * Subscribes, and tells each event. The client of streams is loaded for the first of them. A stream ends with the
 * token. The screen then works on without hints.
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
  let stop = () => {}
  const end = (reason: StreamEnd) => {
    if (!isOver) onEnd(reason)
    isOver = true
  }
  void import('graphql-sse').then(
    sse => {
      if (!isOver) stop = open(sse.createClient)
    },
    () => end('FAILED'),
  )

  function open(create: typeof createClient): () => void {
    const client = create({
      url: session.config.graphql,
      credentials: 'omit',
      retryAttempts: RETRIES,
      headers: () => ({ authorization: session.authorization() ?? '' }),
    })
    // The package's type knows documents by their text alone.
    const request = { query: '', variables: Object.fromEntries(Object.entries(variables)) }
    return client.subscribe<Data>(toRequest(request, document.documentId), {
      next({ data }) {
        if (data != null && !isOver) onEvent(data)
      },
      error: () => end(session.authorization() === null ? 'SIGNED_OUT' : 'FAILED'),
      complete: () => end(session.authorization() === null ? 'SIGNED_OUT' : 'COMPLETE'),
    })
  }

  return () => {
    isOver = true
    stop()
  }
}

/** The client sends a request as it is, so the id takes the place of the text. */
function toRequest<R extends { query: string }>(request: R, documentId: string): R {
  return Object.assign(request, { query: undefined, documentId })
}
