import { type Caller, toCallerKey } from '../access/caller.ts'
import type { Clock } from '../base/clock.ts'
import { RequestRefused } from './request-refused.ts'

/**
 * Limits the requests of one caller that are refused in a minute because of their content. Above the limit all of the
 * caller's requests are refused.
 */
export interface RefusalLimit {
  /** @throws RequestRefused 429 `TOO_MANY_REFUSALS` */
  admit(caller: Caller): void
  /** Counts a refused request of this caller. Only this replica counts it. */
  count(caller: Caller): void
}

export interface RefusalLimitOptions {
  /** `null` for no limit. */
  readonly perMinute: number | null
  readonly clock: Clock
}

interface Window {
  readonly endsAtMs: number
  refused: number
}

const WINDOW_MS = 60_000
const NO_LIMIT: RefusalLimit = { admit() {}, count() {} }

/**
 * A body, a document or variables that are refused cost time that no other limit sees. The counts are in memory alone.
 * They hold no caller without a recent refusal, and such a caller costs one look at their size.
 */
export function createRefusalLimit({
  perMinute,
  clock: { monotonic: now },
}: RefusalLimitOptions): RefusalLimit {
  if (perMinute === null) return NO_LIMIT
  const windows = new Map<string, Window>()
  let sweptAtMs = now()

  /** Forgets callers who are gone, once in a window. */
  function sweep(): void {
    if (now() - sweptAtMs < WINDOW_MS) return
    sweptAtMs = now()
    for (const [key, { endsAtMs }] of windows) if (endsAtMs <= sweptAtMs) windows.delete(key)
  }

  return {
    admit(caller) {
      if (windows.size === 0) return
      const window = windows.get(toCallerKey(caller))
      if (window === undefined || window.refused < perMinute || window.endsAtMs <= now()) return
      const retryAfterS = Math.ceil((window.endsAtMs - now()) / 1_000)
      throw tooMany(retryAfterS)
    },
    count(caller) {
      const key = toCallerKey(caller)
      const known = windows.get(key)
      if (known !== undefined && known.endsAtMs > now()) {
        known.refused++
        return
      }
      sweep()
      windows.set(key, { endsAtMs: now() + WINDOW_MS, refused: 1 })
    },
  }
}

function tooMany(retryAfterS: number): RequestRefused {
  return new RequestRefused(
    429,
    'TOO_MANY_REFUSALS',
    'Too many requests of this caller were refused. Nothing was done; correct the client, then wait for retry-after.',
    { 'retry-after': String(retryAfterS) },
  )
}
