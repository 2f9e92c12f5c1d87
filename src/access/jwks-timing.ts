/** Says when the issuer is asked for its keys. */
export interface JwksTiming {
  /** The longest time from one good load to the next. The issuer's `cache-control` may shorten it. */
  readonly reloadMs: number
  /** The shortest time that `cache-control` can set. */
  readonly minReloadMs: number
  /** The time from a failed load to the next. */
  readonly retryMs: number
  /** How long keys are used after the last good load began, while the issuer cannot be asked. */
  readonly staleAfterMs: number
  /** The time between two loads that tokens with an unknown key cause. */
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

/**
 * Returns the time from a good load to the next.
 *
 * @param freshForS the issuer's own limit, or `null` if it names none
 */
export function toReloadMs(
  { reloadMs, minReloadMs }: Pick<JwksTiming, 'reloadMs' | 'minReloadMs'>,
  freshForS: number | null,
): number {
  return freshForS === null ? reloadMs : Math.min(reloadMs, Math.max(minReloadMs, freshForS * 1_000))
}

/** The headers that say how long a response is fresh (RFC 9111, sections 4.2.1, 5.1 and 5.2). */
export interface CacheHeaders {
  readonly 'cache-control'?: string | string[] | undefined
  readonly age?: string | string[] | undefined
}

const SECONDS = /^"?(\d{1,10})"?$/

/**
 * Returns how many seconds a response is fresh by its own headers. Returns `null` if it does not say. If the response
 * must not be stored, or if a value is unreadable, the time is zero. The smallest of several ages counts.
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

/** Returns how long the response was in a cache on its way. */
function toAgeS(age: CacheHeaders['age']): number {
  return Number(SECONDS.exec([age ?? ''].flat()[0] ?? '')?.[1] ?? 0)
}
