import type { Clock } from '../base/clock.ts'

/** How many of the connections of one kind each caller holds. */
export interface CallerShares {
  /** Counts one more connection. Returns a function that gives it back. Call that function once. */
  take(callerKey: string): () => void
  /** Returns `true` if this caller holds so many of all connections that the rest is for other callers. */
  isSpent(callerKey: string, connections: number): boolean
}

/** While other callers are active, one caller holds no more of the connections. */
const MAX_SHARE = 0.75
/** A caller who has called within this time is active. */
const ACTIVE_MS = 60_000
/** The caller key of the process's own work. */
const NOBODY = ''

/**
 * Prevents a caller whose identifiers make GenAuth hang from holding every connection. A caller who is alone may hold
 * all of them. The two callers seen last are remembered, which is enough to know whether there is another one.
 */
export function createCallerShares(clock: Clock): CallerShares {
  const held = new Map<string, number>()
  let latest = { callerKey: NOBODY, atMs: Number.NEGATIVE_INFINITY }
  let another = latest

  function see(callerKey: string): void {
    if (callerKey !== latest.callerKey) another = latest
    latest = { callerKey, atMs: clock.monotonic() }
  }

  function isAlone(callerKey: string): boolean {
    const other = latest.callerKey === callerKey ? another : latest
    return other.callerKey === NOBODY || clock.monotonic() - other.atMs >= ACTIVE_MS
  }

  return {
    take(callerKey) {
      if (callerKey === NOBODY) return () => {}
      see(callerKey)
      held.set(callerKey, (held.get(callerKey) ?? 0) + 1)
      return () => {
        const left = (held.get(callerKey) ?? 0) - 1
        if (left > 0) held.set(callerKey, left)
        else held.delete(callerKey)
      }
    },
    isSpent(callerKey, connections) {
      const holds = held.get(callerKey) ?? 0
      return holds >= connections * MAX_SHARE && !isAlone(callerKey)
    },
  }
}
