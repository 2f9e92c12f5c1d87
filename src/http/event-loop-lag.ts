import { type Clock, every } from '../base/clock.ts'

/** The delay of this process: the time that everything waits for its place on the event loop. */
export interface EventLoopLag {
  /** The lag of about the last tenth of a second, or of this moment if that is worse. */
  readonly delayMs: number
  close(): void
}

const SAMPLE_EVERY_MS = 20
const SAMPLES = 5

/**
 * Returns the mean lateness of a timer over its last five runs, or its current lateness if that is more. While one
 * round of the event loop handles hundreds of requests, the last of them already see the lag. Node's own
 * `monitorEventLoopDelay` cannot tell that, and counts its resolution as delay.
 */
export function createEventLoopLag(clock: Clock): EventLoopLag {
  const now = clock.monotonic
  const samples: number[] = Array(SAMPLES).fill(0)
  let dueAtMs = now() + SAMPLE_EVERY_MS
  let mean = 0

  const timer = every(clock, SAMPLE_EVERY_MS, () => {
    samples.push(Math.max(0, now() - dueAtMs))
    samples.shift()
    mean = samples.reduce((sum, sample) => sum + sample, 0) / SAMPLES
    dueAtMs = now() + SAMPLE_EVERY_MS
  }).unref()

  return {
    get delayMs() {
      return Math.max(mean, now() - dueAtMs)
    },
    close: () => timer.cancel(),
  }
}
