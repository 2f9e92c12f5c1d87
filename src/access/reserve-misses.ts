import type { Deadline } from '../base/deadline.ts'
import type { ReservedMisses } from '../mfa/caller-limits.ts'
import { fail, type Result, succeed } from '../mfa/failure.ts'
import type { Counter, Taken } from './own-counter.ts'
import { toRefusal } from './to-refusal.ts'

/** Reserves guesses of one caller. See `CallerLimits`. */
export type ReserveMisses = (
  key: string,
  wanted: number,
  deadline: Deadline,
  least?: number,
) => Promise<Result<ReservedMisses>>

/** The reservations of one caller, and the calls that wait for some of them to be given back. */
interface Line {
  inFlight: number
  asking: number
  /** How many times something was given back. */
  returns: number
  readonly waiting: Set<() => void>
}

/** For a caller whose guesses are all reserved, because some may be given back at any moment. */
const RETRY_AFTER_MS = 1_000

/**
 * Counts guesses before they are made, so that guesses made together never exceed the limit. Two lists of existing
 * people do not refuse each other. If everything is reserved, the second list waits until the first gives some back. No
 * list waits while it holds a reservation, so two lists cannot wait for each other.
 */
export function createReserveMisses(counter: Pick<Counter, 'take'>): ReserveMisses {
  const lines = new Map<string, Line>()

  function lineOf(key: string): Line {
    const line = lines.get(key) ?? { inFlight: 0, asking: 0, returns: 0, waiting: new Set() }
    lines.set(key, line)
    return line
  }

  function forgetIfIdle(key: string, { inFlight, asking, waiting }: Line): void {
    if (inFlight + asking + waiting.size === 0) lines.delete(key)
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
    line.inFlight++
    return {
      count: granted,
      conclude(misses) {
        const hits = granted - misses
        line.inFlight--
        if (hits > 0) {
          line.returns++
          giveBack(hits)
        }
        // One waiting call goes on for each guess that was given back. If nothing more can come back, all of
        // them go on.
        wake(line, hits === 0 && line.inFlight === 0 ? line.waiting.size : hits)
        forgetIfIdle(key, line)
      },
    }
  }

  return async (key, wanted, deadline, least = 1) => {
    for (;;) {
      const line = lineOf(key)
      const returnsBefore = line.returns
      const taken = await ask(key, line, wanted)
      if (taken.granted >= least) return succeed(begin(key, line, taken))
      if (taken.granted > 0) taken.giveBack(taken.granted)
      // Something was given back while the counter was asked, and the counter may not have seen it.
      if (line.returns !== returnsBefore) continue
      if (line.inFlight === 0) {
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

function waitIn({ waiting }: Line, deadline: Deadline): Promise<'WOKEN' | 'LATE'> {
  return new Promise(resolve => {
    const resume = () => {
      timer.cancel()
      resolve('WOKEN')
    }
    const timer = deadline.clock.after(Math.max(0, deadline.remainingMs()), () => {
      waiting.delete(resume)
      resolve('LATE')
    })
    waiting.add(resume)
  })
}
