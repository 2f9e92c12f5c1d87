import type { Clock } from './clock.ts'
import { sleepUnlessAborted } from './sleep-unless-aborted.ts'

/** A shorter timer is not worth its cost. */
const MIN_REST_MS = 5
/** Work that takes longer than this at a time was that of others, for which nobody has to rest. */
const MAX_REST_MS = 50

/**
 * Returns a function that work in the background awaits now and then, to give way to requests. It rests as long as the
 * work since the last rest asks for.
 *
 * @param share the part of one core that the work may use, up to 1
 * @returns a function that throws the reason of its signal
 */
export function createRest(clock: Clock, share: number): (signal: AbortSignal) => Promise<void> {
  let resumedAtMs = clock.monotonic()
  return async signal => {
    const askedMs = (clock.monotonic() - resumedAtMs) * (1 / share - 1)
    const restMs = Math.min(askedMs, MAX_REST_MS)
    if (restMs >= MIN_REST_MS) {
      await sleepUnlessAborted(clock, restMs, signal)
      resumedAtMs = clock.monotonic()
    }
    signal.throwIfAborted()
  }
}
