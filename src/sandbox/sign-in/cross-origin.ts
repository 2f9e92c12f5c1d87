import type { IncomingMessage } from 'node:http'
import type { IssuedResponse } from './issued-response.ts'

const LOOPBACK_ORIGIN = /^https?:\/\/(?:127\.0\.0\.1|localhost|\[::1\])(?::\d+)?$/

/** Lets pages of this machine read a response, without cookies. The examples of docs/clients.md run in such pages. */
export function allowLoopbackPage(
  { headers: { origin } }: IncomingMessage,
  response: IssuedResponse,
): IssuedResponse {
  const isAllowed = origin !== undefined && LOOPBACK_ORIGIN.test(origin)
  return {
    ...response,
    headers: {
      ...response.headers,
      vary: 'origin',
      ...(isAllowed ? { 'access-control-allow-origin': origin } : {}),
    },
  }
}

/** Returns the response to a browser that asks before it sends a request. */
export function toPreflight(message: IncomingMessage, method: 'GET' | 'POST'): IssuedResponse {
  const headers = {
    'access-control-allow-methods': method,
    'access-control-allow-headers': 'accept, content-type',
    'access-control-max-age': '600',
  }
  return allowLoopbackPage(message, { status: 204, headers, body: '' })
}
