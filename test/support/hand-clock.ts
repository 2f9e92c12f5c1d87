import { setImmediate } from 'node:timers/promises'
import { type Clock, systemClock, type Timer } from '../../src/base/clock.ts'

/** Uses the timers of the process, but the time that a test sets. */
export function clockAt(now: () => number): Clock {
  return { ...systemClock, now, monotonic: now }
}

/**
 * Uses the clock of the process, but ends a wait of up to so many milliseconds immediately. Deadlines wait by it, too.
 * Those of a stop are a second.
 */
export function skipWaits(upToMs: number): Clock {
  return { ...systemClock, after: (ms, work) => systemClock.after(ms <= upToMs ? 0 : ms, work) }
}

/** As another clock, but ahead of it by as much as a test says: an app that many cases share forgets the case before. */
export function createClockAhead(clock: Clock): { readonly clock: Clock; forward(ms: number): void } {
  let aheadMs = 0
  return {
    clock: { ...clock, now: () => clock.now() + aheadMs, monotonic: () => clock.monotonic() + aheadMs },
    forward(ms) {
      aheadMs += ms
    },
  }
}

/** As `skipWaits`, but for waits of exactly `lapsingMs`: these end when the test says so. */
export function createLapsingClock(lapsingMs: number): { readonly clock: Clock; lapse(): void } {
  const clock = skipWaits(900)
  const waiting = new Set<() => void>()
  function untilLapse(work: () => void): Timer {
    waiting.add(work)
    const timer: Timer = { cancel: () => void waiting.delete(work), unref: () => timer }
    return timer
  }
  return {
    clock: { ...clock, after: (ms, work) => (ms === lapsingMs ? untilLapse(work) : clock.after(ms, work)) },
    lapse() {
      const ended = [...waiting]
      waiting.clear()
      for (const work of ended) work()
    },
  }
}

/** A clock that a test turns forward. A wait on it ends when its time has come. */
export interface HandClock extends Clock {
  /** Turns the clock forward by so many milliseconds, and stops at each moment at which something is due. */
  advance(ms: number): Promise<void>
  /** The number of running timers. */
  readonly scheduled: number
}

/** The work that follows a moment, over loopback and disk, is over after so many rounds of the event loop. */
const ROUNDS_PER_MOMENT = 20

export function createHandClock(startMs = Date.UTC(2030, 0)): HandClock {
  let nowMs = startMs
  const due = new Set<{ readonly atMs: number; readonly work: () => void }>()

  async function letPass(): Promise<void> {
    for (let round = 0; round < ROUNDS_PER_MOMENT; round++) await setImmediate()
  }

  const clock: HandClock = {
    now: () => nowMs,
    monotonic: () => nowMs - startMs,
    after(ms, work) {
      // Like Node's timers: whole milliseconds, and at least one.
      const one = { atMs: nowMs + (ms > 0 ? Math.max(1, Math.trunc(ms)) : 0), work }
      due.add(one)
      const timer = { cancel: () => void due.delete(one), unref: () => timer }
      return timer
    },
    async advance(ms) {
      const endMs = nowMs + ms
      for (;;) {
        await letPass()
        const [next] = [...due].filter(({ atMs }) => atMs <= endMs).toSorted((a, b) => a.atMs - b.atMs)
        if (next === undefined) break
        due.delete(next)
        nowMs = Math.max(nowMs, next.atMs)
        next.work()
      }
      nowMs = endMs
    },
    get scheduled() {
      return due.size
    },
  }
  return clock
}
