import { type Clock, every } from '../base/clock.ts'

/** How late this process comes to what is due: the time that everything waits for its turn on the event loop. */
export interface EventLoopLag {
  /** Of the last tenth of a second or so, or of this moment if that is worse. */
  readonly delayMs: number
  close(): void
}

const SAMPLE_EVERY_MS = 20
const SAMPLES = 5

/**
 * The mean lateness of a timer over its last five turns, or how overdue it is at this moment if that is more:
 * while one turn of the loop works through hundreds of requests, the last of them already know. Node's own
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
