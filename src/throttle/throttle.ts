import type { Deadline } from '../base/deadline.ts'
import type { CallContext } from '../mfa/call-context.ts'
import { type MfaFailure, notSent } from '../mfa/failure.ts'
import { createFairQueue, type QueuedCall } from './fair-queue.ts'
import type { RateLimiter } from './rate-limiter.ts'

/** Lets calls leave at the pace that GenAuth allows, instead of letting them bounce off it. */
export interface Throttle {
  /**
   * Waits for a turn. Null, at once or in the end: go, and say when it has left. Else the refusal: the call would not
   * have had its turn before the deadline.
   */
  turn(operation: CallContext, deadline: Deadline): Promise<MfaFailure | null> | null
  /** A call that had its turn begins to be written now, or never will. Once for each. */
  depart(): void
  /** A request that waits for nobody, since all others wait for it, and counts all the same. */
  spend(): void
  /** GenAuth said 429. */
  adaptiveRate(): void
  /** Calls that wait. */
  readonly waiting: number
  readonly requestsPerSecond: number
}

interface QueuedAttempt extends QueuedCall {
  readonly isWanted: () => boolean
  readonly settle: (refusal: MfaFailure | null) => void
}

/** One line for all calls to one user pool: GenAuth counts them together. */
export function createThrottle(rateLimiter: RateLimiter): Throttle {
  const line = createFairQueue<QueuedAttempt>()
  let timer: NodeJS.Timeout | null = null

  function refuse(turnsBefore: number): MfaFailure {
    const retryAfterMs = Math.ceil((turnsBefore * 1_000) / rateLimiter.requestsPerSecond)
    return { kind: 'RATE_LIMITED', upstream: null, retryAfterMs, origin: 'LAYER' }
  }

  function letGo(): void {
    if (timer !== null) clearTimeout(timer)
    timer = null
    while (line.length > 0) {
      const waitMs = rateLimiter.waitMs(line.length)
      if (waitMs > 0) {
        timer = setTimeout(letGo, waitMs)
        return
      }
      const call = line.next()
      const isWanted = call?.isWanted() ?? false
      if (isWanted) rateLimiter.take()
      call?.settle(isWanted ? null : notSent())
    }
  }

  function wait({ callerKey, priority, isWanted, onWait }: CallContext, deadline: Deadline) {
    const resume = onWait()
    return new Promise<MfaFailure | null>(resolve => {
      const call: QueuedAttempt = {
        callerKey,
        priority,
        isWanted,
        settle(refusal) {
          clearTimeout(late)
          resume()
          resolve(refusal)
        },
      }
      const late = setTimeout(() => {
        line.remove(call)
        call.settle(refuse(line.length))
      }, deadline.remainingMs())
      line.add(call)?.settle(refuse(line.length))
      if (timer === null) letGo()
    })
  }

  rateLimiter.onSooner(letGo)

  return {
    turn(operation, deadline) {
      if (line.length === 0 && rateLimiter.waitMs(1) === 0) {
        rateLimiter.take()
        return null
      }
      const turnsBefore = line.turnsBefore(operation)
      const expectedMs = (turnsBefore * 1_000) / rateLimiter.requestsPerSecond
      return expectedMs > deadline.remainingMs()
        ? Promise.resolve(refuse(turnsBefore))
        : wait(operation, deadline)
    },
    depart: () => rateLimiter.depart(),
    spend() {
      rateLimiter.take()
      rateLimiter.depart()
    },
    adaptiveRate: () => rateLimiter.adaptiveRate(),
    get waiting() {
      return line.length
    },
    get requestsPerSecond() {
      return rateLimiter.requestsPerSecond
    },
  }
}
