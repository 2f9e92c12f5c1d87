import { RequestRefused } from './request-refused.ts'

/** The target of a request, in the one spelling that routes are compared with. */
export interface RequestTarget {
  /** The path without a slash at its end. */
  readonly path: string
  /** `true` if the path was sent with a slash at its end. Relative references on a page are resolved against it. */
  readonly hasTrailingSlash: boolean
  /** The URL, for its query. */
  readonly url: URL
}

export interface Route<T> {
  /** The methods that the route serves. `HEAD` is included with `GET`. `null` if the route judges the method itself. */
  readonly methods: readonly string[] | null
  readonly handle: T
}

/** The route of a request, or the refusal if there is none. */
export type Routed<T> =
  | { readonly kind: 'ROUTE'; readonly handle: T; readonly target: RequestTarget }
  | { readonly kind: 'REFUSED'; readonly refused: RequestRefused }

/**
 * Finds the route of a method and a request target. Every server of this program uses a router, so that all of them
 * accept the same spellings of a path.
 *
 * @param routes by path. A path that ends in `/*` stands for each name directly below it, and one that ends in `/**` for
 * everything below it. A path that is named more closely comes first
 */
export function createRouter<T>(routes: Readonly<Record<string, Route<T>>>) {
  const routeOf = new Map(Object.entries(routes))
  const paths = [...routeOf.keys()].filter(path => !path.endsWith('*') && path !== '/')
  const subtrees = [...routeOf].flatMap(([path, route]) =>
    path.endsWith('/**') ? [{ beginning: path.slice(0, -'**'.length), route }] : [],
  )
  const notFound = new RequestRefused(
    404,
    'NOT_FOUND',
    `There is nothing at this path. This port answers at ${paths.join(', ')}.`,
  )

  function find(path: string): Route<T> | undefined {
    return (
      routeOf.get(path) ??
      routeOf.get(path.replace(/[^/]*$/, '*')) ??
      subtrees.find(({ beginning }) => path.startsWith(beginning))?.route
    )
  }

  return (method: string | undefined, target: string | undefined): Routed<T> => {
    const parsed = parseRequestTarget(target ?? '')
    if (parsed === null) return { kind: 'REFUSED', refused: notFound }
    const route = find(parsed.path)
    if (route === undefined) return { kind: 'REFUSED', refused: notFound }
    if (route.methods === null || isAmong(route.methods, method)) {
      return { kind: 'ROUTE', handle: route.handle, target: parsed }
    }
    return { kind: 'REFUSED', refused: toWrongMethod(route.methods) }
  }
}

function isAmong(methods: readonly string[], method: string | undefined): boolean {
  return methods.some(allowed => allowed === method || (allowed === 'GET' && method === 'HEAD'))
}

function toWrongMethod(methods: readonly string[]): RequestRefused {
  const allow = methods.flatMap(method => (method === 'GET' ? ['GET', 'HEAD'] : method)).join(', ')
  return new RequestRefused(405, 'METHOD_NOT_ALLOWED', `Send one of ${allow}.`, { allow })
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
