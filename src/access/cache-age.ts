/** Headers that say how long an answer is fresh (RFC 9111, sections 4.2.1, 5.1 and 5.2). */
export interface CacheHeaders {
  readonly 'cache-control'?: string | string[] | undefined
  readonly age?: string | string[] | undefined
}

const SECONDS = /^"?(\d{1,10})"?$/

/**
 * How long an answer is fresh, in seconds, by its own headers; null if it does not say. What is not to be stored, and
 * what is said in a way that nobody understands, is fresh for no time. The smallest of several ages counts.
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

/** How long the answer had been in a cache on its way. */
function toAgeS(age: CacheHeaders['age']): number {
  return Number(SECONDS.exec([age ?? ''].flat()[0] ?? '')?.[1] ?? 0)
}
