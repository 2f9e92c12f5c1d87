/** What a call came to, as far as it says whether the other side works. `NEITHER` is as if it had not been made. */
export type CallHealth = 'GOOD' | 'BAD' | 'NEITHER'

/** Keeps calls away from a service that does not work, so that nobody waits for it in vain. */
export interface Breaker {
  /** Null: not now. Else a call may be made, and must report once what came of it. */
  enter(): ((health: CallHealth) => void) | null
  /** `OPEN`, too, while the one probe is under way. */
  readonly state: 'CLOSED' | 'OPEN' | 'HALF_OPEN'
}

const WINDOW_MS = 10_000
const BUCKET_MS = 1_000
/** Fewer calls say too little: one reset at night must not shut the door. */
const MIN_CALLS = 30
const MAX_BAD_SHARE = 0.5
/** After this long open, one call finds out. */
const OPEN_MS = 5_000

export interface BreakerOptions {
  readonly now?: () => number
  readonly onChange?: (state: 'CLOSED' | 'OPEN') => void
}

interface Bucket {
  readonly startsAtMs: number
  calls: number
  bad: number
}

/**
 * Opens when at least half of at least 30 calls of the last ten seconds were bad. Open, it refuses all for five
 * seconds, then lets a single probe through: a good one closes it, a bad one opens it for five more. Probes are
 * not queued behind, the others are refused meanwhile. What callers can bring about (a refusal, their own
 * impatience) must be reported as `GOOD` or `NEITHER`, or else they could shut the door on everybody.
 */
export function createBreaker({ now = () => performance.now(), onChange }: BreakerOptions = {}): Breaker {
  let buckets: Bucket[] = []
  let openedAtMs: number | null = null
  let isProbing = false

  function count(health: CallHealth): void {
    if (health === 'NEITHER') return
    const startsAtMs = Math.floor(now() / BUCKET_MS) * BUCKET_MS
    let bucket = buckets.at(-1)
    if (bucket === undefined || bucket.startsAtMs !== startsAtMs) {
      buckets = buckets.filter(old => old.startsAtMs > startsAtMs - WINDOW_MS)
      bucket = { startsAtMs, calls: 0, bad: 0 }
      buckets.push(bucket)
    }
    bucket.calls++
    if (health === 'BAD') bucket.bad++
    const calls = buckets.reduce((sum, each) => sum + each.calls, 0)
    const bad = buckets.reduce((sum, each) => sum + each.bad, 0)
    if (calls >= MIN_CALLS && bad >= calls * MAX_BAD_SHARE) open()
  }

  function open(): void {
    openedAtMs = now()
    buckets = []
    onChange?.('OPEN')
  }

  function settleProbe(health: CallHealth): void {
    isProbing = false
    if (health === 'BAD') open()
    if (health === 'GOOD') {
      openedAtMs = null
      onChange?.('CLOSED')
    }
  }

  return {
    enter() {
      if (openedAtMs === null) return health => (openedAtMs === null ? count(health) : undefined)
      if (isProbing || now() - openedAtMs < OPEN_MS) return null
      isProbing = true
      return settleProbe
    },
    get state() {
      if (openedAtMs === null) return 'CLOSED'
      return isProbing || now() - openedAtMs < OPEN_MS ? 'OPEN' : 'HALF_OPEN'
    },
  }
}
