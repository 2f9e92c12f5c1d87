import { RequestRefused } from './request-refused.ts'
import { parseRequestTarget, type RequestTarget } from './request-target.ts'

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
 * @param routes by path. A path that ends in `/*` stands for each name directly below it
 */
export function createRouter<T>(routes: Readonly<Record<string, Route<T>>>) {
  const routeOf = new Map(Object.entries(routes))
  const paths = [...routeOf.keys()].filter(path => !path.endsWith('*') && path !== '/')
  const notFound = new RequestRefused(
    404,
    'NOT_FOUND',
    `There is nothing at this path. This port answers at ${paths.join(', ')}.`,
  )

  return (method: string | undefined, target: string | undefined): Routed<T> => {
    const parsed = parseRequestTarget(target ?? '')
    if (parsed === null) return { kind: 'REFUSED', refused: notFound }
    const route = routeOf.get(parsed.path) ?? routeOf.get(parsed.path.replace(/[^/]*$/, '*'))
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
