import type { Clock } from '../../base/clock.ts'

/** What GenAuth knows us by. */
export interface AccessKey {
  readonly accessKeyId: string
  readonly accessKeySecret: string
}

/** Looks where the key came from once more. Null: there is nothing new to be had. */
export type RereadKey = () => AccessKey | null

/** However often a key is refused, its files are read no more often than this. */
const REREAD_PAUSE_MS = 2_000

export function isSameKey(a: AccessKey, b: AccessKey): boolean {
  return a.accessKeyId === b.accessKeyId && a.accessKeySecret === b.accessKeySecret
}

/**
 * Reads at most once in two seconds: a key that is refused for good is refused for every request.
 */
export function pauseBetween(reread: RereadKey, clock: Clock): RereadKey {
  let readAtMs = Number.NEGATIVE_INFINITY
  return () => {
    const elapsedMs = clock.now() - readAtMs
    // A clock that was set back holds nothing up.
    if (elapsedMs >= 0 && elapsedMs < REREAD_PAUSE_MS) return null
    readAtMs = clock.now()
    return reread()
  }
}
