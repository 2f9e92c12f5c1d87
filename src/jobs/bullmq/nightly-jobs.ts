import type { Queue } from 'bullmq'
import type { Clock } from '../../base/clock.ts'
import type { Nightly } from '../dispatcher.ts'

export const NIGHTLY = 'nightly'
const ID_START = 'nightly-'
/** A nightly scan begins this late at most. */
const LATE_MS = 3_600_000
/** For these seconds the queue remembers a start, in case the clocks of replicas differ. */
const KEPT_S = 3_600

/** The jobs that start the nightly scan. Each is named after its moment, so replicas that add it twice add it once. */
export class NightlyJobs {
  readonly #queue: Queue
  readonly #nightly: Nightly
  readonly #clock: Clock
  #addedAtMs: number

  constructor(queue: Queue, nightly: Nightly, clock: Clock) {
    this.#queue = queue
    this.#nightly = nightly
    this.#clock = clock
    this.#addedAtMs = clock.now()
  }

  /** Adds the first start since it was last called, so that none is missed if Redis has forgotten it. */
  async addNext(): Promise<void> {
    const nowMs = this.#clock.now()
    const atMs = this.#nightly.schedule.nextAfter(this.#addedAtMs)
    const kept = { age: KEPT_S }
    const times = { delay: Math.max(0, atMs - nowMs), removeOnComplete: kept, removeOnFail: kept }
    await this.#queue.add(NIGHTLY, {}, { jobId: `${ID_START}${atMs}`, ...times })
    this.#addedAtMs = nowMs
  }

  /** Redis may hold a moment of another schedule, or one at which no replica ran. Those are left out. */
  async run(jobId: string): Promise<void> {
    const atMs = Number(jobId.slice(ID_START.length))
    if (this.#nightly.schedule.nextAfter(atMs - 1) !== atMs) return
    if (this.#clock.now() - atMs <= LATE_MS) await this.#nightly.start()
  }
}
