import type { Clock } from '../base/clock.ts'

/**
 * Remembers when leases may have been lost before their time, by this process's monotonic clock. For the length of a lease
 * after that, another replica may act on a lease that Redis no longer knows.
 */
export interface LeaseMemory {
  /** The last time that leases may have been lost. Minus infinity if never while this process has run. */
  readonly lostAtMs: number
  /** Notes a new connection. It may lead to a server that was emptied, or to one that took over from another. */
  noteConnection(): void
  /** Notes that Redis replies. */
  noteReturn(): void
  /**
   * Notes the time of Redis's clock in a reply. Leases end by that clock, so they end early if somebody sets it.
   *
   * @param askedAtMs when the question was asked, by this process's monotonic clock
   */
  noteClock(redisMs: number, askedAtMs: number): void
}

/** A replica renews a lease long before only this much of it is left. */
const MAX_JUMP_MS = 1_000

export function createLeaseMemory({ monotonic: now }: Pick<Clock, 'monotonic'>): LeaseMemory {
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
      // A proxy may accept a connection long before it has a server for it.
      if (hasNewConnection) lostAtMs = now()
      hasNewConnection = false
    },
    noteClock(redisMs, askedAtMs) {
      if (last !== null) {
        // The last reply is not older than its question, and this one is not younger than now. No stall then
        // counts as a jump.
        const atMostMs = now() - last.askedAtMs
        if (redisMs - last.redisMs > atMostMs + MAX_JUMP_MS) lostAtMs = now()
      }
      last = { redisMs, askedAtMs }
    },
  }
}
