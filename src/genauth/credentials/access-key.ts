import type { Clock } from '../../base/clock.ts'

/** The key by which GenAuth identifies this server. */
export interface AccessKey {
  readonly accessKeyId: string
  readonly accessKeySecret: string
}

/** Reads the key again from its source. Returns `null` if there is nothing new. */
export type RereadKey = () => AccessKey | null

/** The shortest time between two reads of the key's files. */
const REREAD_PAUSE_MS = 2_000

export function isSameKey(a: AccessKey, b: AccessKey): boolean {
  return a.accessKeyId === b.accessKeyId && a.accessKeySecret === b.accessKeySecret
}

/**
 * Limits reading the key to once in two seconds. If GenAuth does not accept the key, each request would read it again.
 */
export function pauseBetween(reread: RereadKey, clock: Clock): RereadKey {
  let readAtMs = Number.NEGATIVE_INFINITY
  return () => {
    const elapsedMs = clock.now() - readAtMs
    // A clock that was set back delays nothing.
    if (elapsedMs >= 0 && elapsedMs < REREAD_PAUSE_MS) return null
    readAtMs = clock.now()
    return reread()
  }
}
