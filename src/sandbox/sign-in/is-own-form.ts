import type { IncomingMessage } from 'node:http'

/**
 * Returns `true` if a form comes from a page of the issuer. Other servers of this machine are of the same site, so the
 * cookie's `SameSite` keeps none of them away.
 */
export function isOwnForm({ headers: { origin, host = '' } }: IncomingMessage): boolean {
  return origin === `http://${host.toLowerCase()}`
}
