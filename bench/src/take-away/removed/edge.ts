import type { IncomingMessage, ServerResponse } from 'node:http'

interface Options {
  readonly clock: { monotonic(): number }
  readonly requestDeadlineMs: number
  readonly routes: Readonly<Record<string, { readonly handle: (context: object) => void | Promise<void> }>>
}

/** Hands requests to their routes: no ids, no common headers, no preflights, no line in the log, no refusals. */
export const createRequestHandler =
  () =>
  ({ clock, requestDeadlineMs, routes }: Options) =>
  async (request: IncomingMessage, response: ServerResponse) => {
    const arrivedAtMs = clock.monotonic()
    const endsAtMs = arrivedAtMs + requestDeadlineMs
    const path = request.url ?? ''
    try {
      await routes[path]?.handle({
        request,
        response,
        requestId: 'removed',
        arrivedAtMs,
        fields: {},
        target: { path, hasTrailingSlash: false, url: NO_QUERY },
        deadline: { clock, remainingMs: () => endsAtMs - clock.monotonic() },
      })
    } catch {
      response.writeHead(500).end()
    }
  }

const NO_QUERY = new URL('http://localhost/graphql')
