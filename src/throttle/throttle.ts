import type { Clock, Timer } from '../base/clock.ts'
import type { CallContext } from '../mfa/call-context.ts'
import { fail, notSent, type UpstreamFailure, type UpstreamResult } from '../mfa/failure.ts'
import { createFairQueue, type QueuedCall } from './fair-queue.ts'
import { ONE_CALLER_WAITS, ONE_IN_BACKGROUND_WAITS, type RateLimiter, toPasses } from './rate-limiter.ts'

/**
 * Allows one request to be sent. A permit ends once: when the request begins to be written, or when its holder releases
 * it. After that both methods do nothing, so that every holder can release it in any case.
 */
export interface Permit {
  /** Reports that the request begins to be written. */
  sent(): void
  /** Ends the permit if its request was not written. An unused permit counts like a request that is sent now. */
  release(): void
}

interface QueuedAttempt extends QueuedCall {
  readonly isWanted: () => boolean
  readonly finish: (result: UpstreamResult<Permit>) => void
}

/**
 * Gives out permits for attempts at the rate that GenAuth allows, so that GenAuth refuses none of them with a 429. All
 * calls to one user pool share one queue, because GenAuth counts them together. Background work takes permits that
 * callers leave, but for a part of them that is kept free, so that the next caller finds one.
 */
export class Throttle {
  readonly #rateLimiter: RateLimiter
  readonly #clock: Clock
  readonly #queue = createFairQueue<QueuedAttempt>(() => toPasses(this.#rateLimiter.requestsPerSecond))
  #timer: Timer | null = null
  /** `true` if the timer is that of background work, for which no caller waits. */
  #isTimerOfBackground = false

  constructor(rateLimiter: RateLimiter, clock: Clock) {
    this.#rateLimiter = rateLimiter
    this.#clock = clock
    rateLimiter.onSooner(() => this.#serve())
  }

  /**
   * Waits for a permit and returns it. Fails immediately if none can be expected before the deadline. Also fails if the
   * deadline passes, the attempt loses its place in the queue, or the caller has left.
   */
  async acquire(context: CallContext): Promise<UpstreamResult<Permit>> {
    if (this.#queue.length === 0 && this.#waitMsAlone(context) === 0) return { ok: true, value: this.#take() }
    const callsBefore = this.#queue.callsBefore(context)
    const expectedMs = (callsBefore * 1_000) / this.#rateLimiter.requestsPerSecond
    return expectedMs > context.deadline.remainingMs() ? this.#refuse(callsBefore) : this.#wait(context)
  }

  /** Counts a request that waits for no permit, because all other requests wait for it. */
  spend(): void {
    this.#take().sent()
  }

  /** Lowers the rate after a 429 from GenAuth. */
  slowDown(): void {
    this.#rateLimiter.slowDown()
  }

  /** The number of attempts that wait for a permit. */
  get waiting(): number {
    return this.#queue.length
  }

  /** The number of those for which no caller waits. */
  get waitingInBackground(): number {
    return this.#queue.waiting.background
  }

  get requestsPerSecond(): number {
    return this.#rateLimiter.requestsPerSecond
  }

  /** Returns the wait of an attempt that is the only one. */
  #waitMsAlone({ priority }: CallContext): number {
    return priority === 'BACKGROUND'
      ? this.#rateLimiter.backgroundWaitMs(ONE_IN_BACKGROUND_WAITS)
      : this.#rateLimiter.waitMs(ONE_CALLER_WAITS)
  }

  #take(): Permit {
    this.#rateLimiter.take()
    return createPermit(this.#rateLimiter)
  }

  #wait({ callerKey, priority, isWanted, onWait, deadline }: CallContext): Promise<UpstreamResult<Permit>> {
    const resume = onWait()
    return new Promise(resolve => {
      const queued: QueuedAttempt = {
        callerKey,
        priority,
        isWanted,
        finish(result) {
          tooLate.cancel()
          resume()
          resolve(result)
        },
      }
      const tooLate = this.#clock.after(deadline.remainingMs(), () => {
        this.#queue.remove(queued)
        queued.finish(this.#refuse(this.#queue.length))
      })
      this.#queue.add(queued)?.finish(this.#refuse(this.#queue.length))
      const isBackground = priority === 'BACKGROUND'
      if (this.#timer === null || (this.#isTimerOfBackground && !isBackground)) this.#serve()
    })
  }

  /** Gives out the permits that are available now, and runs again when the next one is. */
  #serve(): void {
    this.#timer?.cancel()
    this.#timer = null
    while (this.#queue.length > 0) {
      const { waiting } = this.#queue
      const isForBackground = waiting.people === 0 && !this.#queue.isBackgroundDue
      const waitMs = isForBackground
        ? this.#rateLimiter.backgroundWaitMs(waiting)
        : this.#rateLimiter.waitMs(waiting)
      if (waitMs > 0) {
        this.#isTimerOfBackground = waiting.people === 0
        this.#timer = this.#clock.after(waitMs, () => this.#serve())
        return
      }
      const next = this.#queue.next()
      next?.finish(next.isWanted() ? { ok: true, value: this.#take() } : fail(notSent()))
    }
  }

  #refuse(callsBefore: number): UpstreamResult<never> {
    const retryAfterMs = Math.ceil((callsBefore * 1_000) / this.#rateLimiter.requestsPerSecond)
    const failure: UpstreamFailure = { kind: 'RATE_LIMITED', upstream: null, retryAfterMs, origin: 'LAYER' }
    return fail(failure)
  }
}

/** Creates a permit of a rate limiter that has given it out. */
export function createPermit(rateLimiter: Pick<RateLimiter, 'end'>): Permit {
  let hasEnded = false
  const end = () => {
    if (hasEnded) return
    hasEnded = true
    rateLimiter.end()
  }
  return { sent: end, release: end }
}
