/**
 * When leases may have been lost before their time, the last time, by this process's own clock. For a lease's time
 * after that another replica may act on a lease of which Redis knows nothing.
 */
export interface LeaseMemory {
  /** Minus infinity: never while this process has run. */
  readonly lostAtMs: number
  /** A connection was made: it may lead to a server that was emptied, or to one that took over from another. */
  noteConnection(): void
  /** Redis answers. */
  noteReturn(): void
  /**
   * An answer came that says what time it was in Redis. Leases end by that clock: where somebody sets it, they end
   * early.
   *
   * @param askedAtMs when it was asked, by this process's own clock
   */
  noteClock(redisMs: number, askedAtMs: number): void
}

/** A replica renews a lease long before this much of it is left. */
const MAX_JUMP_MS = 1_000

/** @param now milliseconds of a clock that nobody sets */
export function createLeaseMemory(now: () => number = () => performance.now()): LeaseMemory {
  let lostAtMs = Number.NEGATIVE_INFINITY
  let hasNewConnection = false
  let last: { readonly redisMs: number; readonly askedAtMs: number } | null = null
  return {
    get lostAtMs() {
      return lostAtMs
    },
    noteConnection() {
      lostAtMs = now()
      hasNewConnection = true
    },
    noteReturn() {
      // A proxy may take a connection long before it has a server for it.
      if (hasNewConnection) lostAtMs = now()
      hasNewConnection = false
    },
    noteClock(redisMs, askedAtMs) {
      if (last !== null) {
        // The other answer cannot be older than its question, nor this one younger than now: no stall counts as a jump.
        const atMostMs = now() - last.askedAtMs
        if (redisMs - last.redisMs > atMostMs + MAX_JUMP_MS) lostAtMs = now()
      }
      last = { redisMs, askedAtMs }
    },
  }
}
