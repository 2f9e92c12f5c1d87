import type { Clock, Timer } from '../base/clock.ts'
import type { CronSchedule } from './cron.ts'

/** Somebody may set the clock, and Node's timers end at 24 days. */
const LONGEST_WAIT_MS = 60_000

/** Does the work at each moment of a schedule. Moments that a suspended machine has missed count as one. */
export class CronTimer {
  readonly #schedule: CronSchedule
  readonly #clock: Clock
  readonly #work: () => void
  #nextAtMs: number
  #timer: Timer

  constructor(schedule: CronSchedule, clock: Clock, work: () => void) {
    this.#schedule = schedule
    this.#clock = clock
    this.#work = work
    this.#nextAtMs = schedule.nextAfter(clock.now())
    this.#timer = this.#wait()
  }

  close(): void {
    this.#timer.cancel()
  }

  #wait(): Timer {
    const waitMs = Math.max(1, Math.min(LONGEST_WAIT_MS, this.#nextAtMs - this.#clock.now()))
    return this.#clock.after(waitMs, () => this.#look()).unref()
  }

  #look(): void {
    const nowMs = this.#clock.now()
    const isTime = nowMs >= this.#nextAtMs
    // Anew each time, because the clock may have been set back.
    this.#nextAtMs = this.#schedule.nextAfter(nowMs)
    if (isTime) this.#work()
    this.#timer = this.#wait()
  }
}
