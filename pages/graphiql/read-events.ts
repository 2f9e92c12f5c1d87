import type { ExecutionResult } from 'graphql'

/** A result as the server sends it in a stream: the event `next`, with its data in one line. */
const NEXT = /^event: next\ndata: (.*)$/

/**
 * Reads the results of a subscription from its response (`text/event-stream`). It ends with the stream, and the stream
 * ends when its reader wants no more.
 */
export async function* readEvents(body: ReadableStream<Uint8Array>): AsyncGenerator<ExecutionResult, void> {
  const reader = body.getReader()
  const decoder = new TextDecoder()
  let rest = ''
  try {
    for (;;) {
      const { done, value } = await reader.read()
      if (done) return
      const blocks = (rest + decoder.decode(value, { stream: true })).split('\n\n')
      rest = blocks.pop() ?? ''
      for (const block of blocks) {
        const json = NEXT.exec(block)?.[1]
        if (json !== undefined) yield JSON.parse(json)
      }
    }
  } finally {
    await reader.cancel()
  }
}
