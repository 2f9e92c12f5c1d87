import { type Caller, toCallerKey } from '../access/caller.ts'
import type { Clock } from '../base/clock.ts'
import { RequestRefused } from './request-refused.ts'

/** How many requests of one caller may be refused in a minute, for what they are, before all of them are. */
export interface RefusalLimit {
  /** @throws RequestRefused 429 `TOO_MANY_REFUSALS` */
  admit(caller: Caller): void
  /** A request of this caller was refused. Counted by this replica alone. */
  count(caller: Caller): void
}

export interface RefusalLimitOptions {
  /** Null: no limit. */
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
 * A body, a document or variables that are refused cost time that no other limit sees. In memory alone: callers who
 * have had nothing refused lately are not in it, and cost one look at its size.
 */
export function createRefusalLimit({
  perMinute,
  clock: { monotonic: now },
}: RefusalLimitOptions): RefusalLimit {
  if (perMinute === null) return NO_LIMIT
  const windows = new Map<string, Window>()
  let sweptAtMs = now()

  /** Once in a window: a caller who is gone is forgotten. */
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
