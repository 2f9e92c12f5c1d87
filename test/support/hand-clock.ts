import type { Schedule } from '../../src/base/schedule.ts'

/** A clock that a test turns forward. What is scheduled by it runs when its time has come. */
export interface HandClock {
  readonly now: () => number
  readonly schedule: Schedule
  /** Turns the clock forward by so many milliseconds, to each moment in between at which something is due. */
  advance(ms: number): Promise<void>
  /** How much is scheduled. */
  readonly scheduled: number
}

/** What follows from a moment, over loopback and disk, is over after so many turns of the event loop. */
const SETTLING_TURNS = 20

export function createHandClock(startMs = Date.UTC(2030, 0)): HandClock {
  let nowMs = startMs
  const due = new Set<{ readonly atMs: number; readonly work: () => void }>()

  async function settle(): Promise<void> {
    for (let turn = 0; turn < SETTLING_TURNS; turn++) await new Promise(resolve => setImmediate(resolve))
  }

  return {
    now: () => nowMs,
    schedule(afterMs, work) {
      const one = { atMs: nowMs + afterMs, work }
      due.add(one)
      return () => void due.delete(one)
    },
    async advance(ms) {
      const endMs = nowMs + ms
      for (;;) {
        await settle()
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
}
