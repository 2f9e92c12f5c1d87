import type { IncomingMessage } from 'node:http'

/** A response of the issuer. The sandbox adds its name and the date. */
export interface IssuedResponse {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

export type AnswerIssued = (request: IncomingMessage) => Promise<IssuedResponse>

/** The header of a response that holds tokens. */
export const NO_STORE: Readonly<Record<string, string>> = { 'cache-control': 'no-store' }

/** Returns a JSON response. */
export function toJsonResponse(
  status: number,
  body: Readonly<Record<string, unknown>>,
  headers: Readonly<Record<string, string>> = {},
): IssuedResponse {
  return {
    status,
    headers: {
      'content-type': 'application/json; charset=utf-8',
      'x-content-type-options': 'nosniff',
      ...headers,
    },
    body: JSON.stringify(body),
  }
}

/**
 * Returns a redirect that the browser follows with GET. The next page learns nothing from the `referer`.
 *
 * @param parameters are added to the query. `undefined` leaves one out
 */
export function toRedirect(
  uri: string,
  parameters: Readonly<Record<string, string | undefined>>,
  headers: Readonly<Record<string, string>> = {},
): IssuedResponse {
  const url = new URL(uri)
  for (const [name, value] of Object.entries(parameters)) {
    if (value !== undefined) url.searchParams.append(name, value)
  }
  return {
    status: 303,
    headers: {
      location: url.href,
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
      ...headers,
    },
    body: '',
  }
}
