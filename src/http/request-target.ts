/** The target of a request, in the one spelling that routes are compared with. */
export interface RequestTarget {
  /** The path without a slash at its end. */
  readonly path: string
  /** `true` if the path was sent with a slash at its end. Relative references on a page are resolved against it. */
  readonly hasTrailingSlash: boolean
  /** The URL, for its query. */
  readonly url: URL
}

const BASE = 'http://localhost'

/** The target of most requests, which needs no URL to be parsed. */
const GRAPHQL: RequestTarget = {
  path: '/graphql',
  hasTrailingSlash: false,
  url: new URL('/graphql', BASE),
}

/** The letters, digits and marks that mean the same with and without an escape (RFC 3986, section 2.3). */
const ESCAPED_UNRESERVED = /%(?:[46][1-9a-f]|[57][\da]|3\d|2[de]|5f|7e)/gi

/**
 * Reads a request target in its origin form or its absolute form (RFC 9112, section 3.2). It ignores the host of an
 * absolute target, just as the `Host` header is ignored.
 *
 * Targets that mean the same have one path. An unreserved character may be escaped (RFC 3986, section 6.2.2.2), and one
 * slash may stand at the end. Case counts.
 *
 * @returns `null` for a text that is not a target, and for a target whose path changes when `..` and the like are
 * resolved. Not every reader resolves them
 */
export function parseRequestTarget(target: string): RequestTarget | null {
  if (target === GRAPHQL.path) return GRAPHQL
  if (target.includes('#') || !URL.canParse(target, BASE)) return null
  const url = new URL(target, BASE)
  const [, origin, sent = ''] = /^(https?:\/\/[^/?@]+)?([^?]*)/i.exec(target) ?? []
  const path = origin !== undefined && sent === '' ? '/' : sent
  if (path !== url.pathname) return null
  const hasTrailingSlash = path.length > 1 && path.endsWith('/')
  const decoded = path.replace(ESCAPED_UNRESERVED, decodeURIComponent)
  return { path: hasTrailingSlash ? decoded.slice(0, -1) : decoded, hasTrailingSlash, url }
}
