/** When the issuer is asked for its keys. */
export interface JwksTiming {
  /** From one good load to the next, at most; the issuer's `cache-control` may ask for less. */
  readonly reloadMs: number
  /** The least that `cache-control` can bring that down to. */
  readonly minReloadMs: number
  /** From a failed load to the next. */
  readonly retryMs: number
  /** How long keys are used after the last good load began, while the issuer cannot be asked. */
  readonly staleAfterMs: number
  /** From one load that a token caused, by a key that is not known, to the next one. */
  readonly cooldownMs: number
  /** The longest wait for one load. */
  readonly timeoutMs: number
}

export const JWKS_TIMING: JwksTiming = {
  reloadMs: 5 * 60_000,
  minReloadMs: 30_000,
  retryMs: 5_000,
  staleAfterMs: 12 * 60 * 60_000,
  cooldownMs: 5_000,
  timeoutMs: 5_000,
}

/** From a good load to the next. `freshForS`: what the issuer says of it; `null` if it says nothing. */
export function toReloadMs(
  { reloadMs, minReloadMs }: Pick<JwksTiming, 'reloadMs' | 'minReloadMs'>,
  freshForS: number | null,
): number {
  return freshForS === null ? reloadMs : Math.min(reloadMs, Math.max(minReloadMs, freshForS * 1_000))
}

/** Headers that say how long a response is fresh (RFC 9111, sections 4.2.1, 5.1 and 5.2). */
export interface CacheHeaders {
  readonly 'cache-control'?: string | string[] | undefined
  readonly age?: string | string[] | undefined
}

const SECONDS = /^"?(\d{1,10})"?$/

/**
 * How long a response is fresh, in seconds, by its own headers; `null` if it does not say. A response that is not to be
 * stored, or that says it in an unknown way, is fresh for no time. The smallest of several ages counts.
 */
export function toFreshForS(headers: CacheHeaders): number | null {
  const directives = [headers['cache-control'] ?? []]
    .flat()
    .join(',')
    .toLowerCase()
    .split(',')
    .map(directive => directive.trim())
  if (directives.includes('no-store') || directives.some(name => /^no-cache\b/.test(name))) return 0
  const ages = directives.flatMap(directive => /^max-age\s*=\s*(.*)$/.exec(directive)?.[1] ?? [])
  if (ages.length === 0) return null
  const freshForS = Math.min(...ages.map(age => Number(SECONDS.exec(age)?.[1] ?? 0)))
  return Math.max(0, freshForS - toAgeS(headers.age))
}

/** How long the response had been in a cache on its way. */
function toAgeS(age: CacheHeaders['age']): number {
  return Number(SECONDS.exec([age ?? ''].flat()[0] ?? '')?.[1] ?? 0)
}
