import { type Job, Queue, WaitingError, type Worker } from 'bullmq'
import type { Redis } from 'ioredis'
import type { Logger } from 'pino'
import { type Clock, every, type Timer } from '../../base/clock.ts'
import { createDeadline, within } from '../../base/deadline.ts'
import { MAX_KEPT_SCANS } from '../../coverage/scan.ts'
import type { ScanStore } from '../../coverage/scan-store.ts'
import type { Dispatcher, Nightly } from '../dispatcher.ts'
import { pickScan } from '../pick-scan.ts'
import type { RunToEnd } from '../run-to-end.ts'
import { NIGHTLY, NightlyJobs } from './nightly-jobs.ts'
import { createQueueConnection, type QueueAddress } from './queue-connection.ts'
import { QueueFaults } from './queue-faults.ts'
import { toQueueOptions } from './queue-options.ts'
import { createScanWorker } from './scan-worker.ts'

export interface QueueDispatcherOptions {
  readonly address: QueueAddress
  readonly runToEnd: RunToEnd
  readonly scans: Pick<ScanStore, 'due' | 'removeAllBut'>
  /** `null` if no scan starts by itself. */
  readonly nightly: Nightly | null
  readonly clock: Clock
  readonly log: Logger
}

const SCAN = 'scan'
/** Nobody reads the events that BullMQ writes. */
const MAX_EVENTS = 100
/** Others may write to Redis. PostgreSQL would take some texts for a fault of its own. */
const JOB_ID = /^[!-~]{1,64}$/
/** How often a replica adds to the queue what the store says is due, in case Redis has forgotten it. */
const LOOK_EVERY_MS = 30_000
const RETRY_MS = 5_000
/** A command waits this long for Redis, and then for the next look. */
const REDIS_WAIT_MS = 5_000
const CLOSE_WAIT_MS = 2_000
/** What is left of BullMQ without its connection does nothing more. */
const LEFT_WAIT_MS = 200
/** A run that is told to stop, and does not, is left alone after this. */
const STOP_WAIT_MS = 1_000

/** What stopped a scan here. */
type Stop = 'CANCELLED' | 'LOCK_LOST' | 'CLOSING'

/**
 * Runs the scans of a store that replicas share, by a queue of BullMQ in Redis. The queue has one job: the scan that is
 * next. Its lock says which replica runs it, and another one goes on if that one dies or hangs.
 *
 * Redis holds no truth. What there is to do is read from the store, and the epoch of a scan's claim keeps a replica that
 * has lost the lock from storing anything.
 */
export class QueueDispatcher implements Dispatcher {
  readonly #options: QueueDispatcherOptions
  readonly #faults: QueueFaults
  readonly #connection: Redis
  readonly #queue: Queue
  readonly #nightly: NightlyJobs | null
  readonly #worker: Worker
  readonly #looks: Timer
  readonly #running = new Map<string, AbortController>()
  #looking: Promise<void> | null = null
  #hasToLookAgain = false
  #retry: Timer | null = null
  #closing: Promise<void> | null = null
  #isClosed = false

  constructor(options: QueueDispatcherOptions) {
    const { address, nightly, clock, log } = options
    this.#options = options
    this.#faults = new QueueFaults(log)
    this.#connection = createQueueConnection(address)
    const { name, ...shared } = toQueueOptions(this.#connection, address.keyPrefix)
    this.#queue = new Queue(name, { ...shared, streams: { events: { maxLen: MAX_EVENTS } } })
    this.#nightly = nightly && new NightlyJobs(this.#queue, nightly, clock)
    this.#worker = createScanWorker({ name, ...shared }, (job, token) => this.#process(job, token))
    this.#queue.on('error', error => this.#faults.note(error))
    this.#worker.on('error', error => this.#faults.note(error))
    this.#worker.on('completed', () => this.#look())
    this.#worker.on('lockRenewalFailed', ids => {
      for (const id of ids) this.#running.get(id)?.abort('LOCK_LOST' satisfies Stop)
    })
    this.#looks = every(clock, LOOK_EVERY_MS, () => this.#look()).unref()
    this.#look()
  }

  noteCreated(): void {
    this.#look()
  }

  noteCancelled(scanId: string): void {
    this.#running.get(scanId)?.abort('CANCELLED' satisfies Stop)
  }

  close(): Promise<void> {
    this.#closing ??= this.#close()
    return this.#closing
  }

  async #close(): Promise<void> {
    const { clock } = this.#options
    this.#isClosed = true
    this.#looks.cancel()
    this.#retry?.cancel()
    // It takes no job from here on.
    const closing = this.#worker.close()
    for (const stop of this.#running.values()) stop.abort('CLOSING' satisfies Stop)
    // BullMQ waits for a Redis that was never there until it comes.
    if (this.#connection.status === 'ready' || this.#running.size > 0) {
      await within(createDeadline(CLOSE_WAIT_MS, clock), closing, () => {})
    }
    this.#connection.disconnect()
    const closed = Promise.allSettled([closing, this.#queue.close()])
    await within(createDeadline(LEFT_WAIT_MS, clock), closed, () => {})
  }

  /** Adds to the queue what is due. A job that is there already is not added again. */
  #look(): void {
    if (this.#isClosed) return
    this.#hasToLookAgain = this.#looking !== null
    if (this.#hasToLookAgain) return
    this.#looking = this.#addDue().then(isDone => {
      this.#looking = null
      if (this.#hasToLookAgain) this.#look()
      else if (!isDone && !this.#isClosed) this.#retryLater()
    })
  }

  #retryLater(): void {
    this.#retry?.cancel()
    this.#retry = this.#options.clock.after(RETRY_MS, () => this.#look()).unref()
  }

  /** @returns `false` if the store or Redis cannot be used. It never rejects */
  async #addDue(): Promise<boolean> {
    const { scans, clock } = this.#options
    const due = await scans.due().catch(() => null)
    if (due === null) return false
    const next = pickScan(due)
    const adding = Promise.all([this.#nightly?.addNext(), next === null ? null : this.#addScan(next.id)])
    // A command that Redis does not answer is sent again when it is back.
    const added = await within(
      createDeadline(REDIS_WAIT_MS, clock),
      adding.then(
        () => 'ADDED' as const,
        error => {
          this.#faults.note(error)
          return 'REFUSED' as const
        },
      ),
      () => 'LATE' as const,
    )
    if (added === 'ADDED') this.#faults.noteSuccess()
    return added === 'ADDED'
  }

  async #addScan(scanId: string): Promise<void> {
    await this.#queue.add(SCAN, {}, { jobId: scanId, removeOnComplete: true, removeOnFail: true })
  }

  async #process(job: Job, token: string | undefined): Promise<void> {
    if (job.id === undefined || !JOB_ID.test(job.id)) return
    if (job.name === NIGHTLY) await this.#nightly?.run(job.id)
    else await this.#runScan(job, job.id, token)
  }

  async #runScan(job: Job, scanId: string, token: string | undefined): Promise<void> {
    const stop = new AbortController()
    if (this.#isClosed) stop.abort('CLOSING' satisfies Stop)
    this.#running.set(scanId, stop)
    const { runToEnd, clock } = this.#options
    const end = await Promise.race([
      runToEnd(scanId, stop.signal),
      stoppedFor(STOP_WAIT_MS, stop.signal, clock),
    ])
    this.#running.delete(scanId)
    if (end === 'STOPPED' && stop.signal.reason === 'CLOSING') {
      await job.moveToWait(token)
      throw new WaitingError()
    }
    if (end === 'STOPPED' && stop.signal.reason === 'LOCK_LOST') this.#look()
    await this.#options.scans.removeAllBut(MAX_KEPT_SCANS).catch(() => {})
  }
}

/** Resolves so many milliseconds after the signal is aborted. */
function stoppedFor(ms: number, stop: AbortSignal, clock: Clock): Promise<'STOPPED'> {
  return new Promise(resolve => {
    const wait = () => void clock.after(ms, () => resolve('STOPPED'))
    if (stop.aborted) wait()
    else stop.addEventListener('abort', wait)
  })
}
