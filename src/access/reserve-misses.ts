import type { Deadline } from '../base/deadline.ts'
import type { ReservedMisses } from '../mfa/caller-limits.ts'
import { fail, type Result, succeed } from '../mfa/failure.ts'
import type { Counter, Taken } from './counter.ts'
import { toRefusal } from './to-refusal.ts'

/** Reserves guesses of one caller; see `CallerLimits`. */
export type ReserveMisses = (
  key: string,
  wanted: number,
  deadline: Deadline,
) => Promise<Result<ReservedMisses>>

/** The reservations of one caller, and those who wait for some of them to be given back. */
interface Line {
  underWay: number
  asking: number
  /** How often something was given back. */
  returns: number
  readonly waiting: Set<() => void>
}

/** For a caller whose guesses are all under way: some may be given back any moment. */
const RETRY_AFTER_MS = 1_000

/**
 * Counts guesses before they are made, so that no number of guesses made together exceeds the limit. Two lists of
 * people who exist do not refuse each other: where everything is reserved, the second waits for what the first gives
 * back. Nobody waits while holding a reservation, so that two cannot wait for each other.
 */
export function createReserveMisses(counter: Counter): ReserveMisses {
  const lines = new Map<string, Line>()

  function lineOf(key: string): Line {
    const line = lines.get(key) ?? { underWay: 0, asking: 0, returns: 0, waiting: new Set() }
    lines.set(key, line)
    return line
  }

  function forgetIfIdle(key: string, { underWay, asking, waiting }: Line): void {
    if (underWay + asking + waiting.size === 0) lines.delete(key)
  }

  async function ask(key: string, line: Line, wanted: number): Promise<Taken> {
    line.asking++
    try {
      return await counter.take(key, wanted)
    } finally {
      line.asking--
    }
  }

  function begin(key: string, line: Line, { granted, giveBack }: Taken): ReservedMisses {
    line.underWay++
    return {
      count: granted,
      conclude(misses) {
        const hits = granted - misses
        line.underWay--
        if (hits > 0) {
          line.returns++
          giveBack(hits)
        }
        // One can go on for each that was given back. Where nobody is left to wait for, all must be told.
        wake(line, hits === 0 && line.underWay === 0 ? line.waiting.size : hits)
        forgetIfIdle(key, line)
      },
    }
  }

  return async (key, wanted, deadline) => {
    for (;;) {
      const line = lineOf(key)
      const returnsBefore = line.returns
      const taken = await ask(key, line, wanted)
      if (taken.granted > 0) return succeed(begin(key, line, taken))
      // Given back while the counter was asked: it may not have known yet.
      if (line.returns !== returnsBefore) continue
      if (line.underWay === 0) {
        wake(line, line.waiting.size)
        forgetIfIdle(key, line)
        return fail(toRefusal(taken.resetsInMs))
      }
      if ((await waitIn(line, deadline)) === 'LATE') {
        forgetIfIdle(key, line)
        return fail(toRefusal(Math.min(taken.resetsInMs, RETRY_AFTER_MS)))
      }
    }
  }
}

function wake({ waiting }: Line, count: number): void {
  let left = count
  for (const resume of waiting) {
    if (left-- <= 0) return
    waiting.delete(resume)
    resume()
  }
}

function waitIn({ waiting }: Line, deadline: Deadline): Promise<'TURN' | 'LATE'> {
  return new Promise(resolve => {
    const resume = () => {
      clearTimeout(timer)
      resolve('TURN')
    }
    const timer = setTimeout(
      () => {
        waiting.delete(resume)
        resolve('LATE')
      },
      Math.max(0, deadline.remainingMs()),
    )
    waiting.add(resume)
  })
}
