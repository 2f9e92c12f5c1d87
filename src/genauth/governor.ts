import type { Deadline } from '../mfa/deadline.ts'
import { type MfaFailure, notSent } from '../mfa/failure.ts'
import type { Operation } from '../mfa/operation.ts'
import type { Pace } from './pace.ts'
import { createWaitingLine, type Waiter } from './waiting-line.ts'

/** Lets calls leave at the pace that GenAuth allows, instead of letting them bounce off it. */
export interface Governor {
  /**
   * Waits for a turn. Null, at once or in the end: go, and say when it has left. Else the refusal: the call would not
   * have had its turn before the deadline.
   */
  turn(operation: Operation, deadline: Deadline): Promise<MfaFailure | null> | null
  /** A call that had its turn begins to be written now, or never will. Once for each. */
  depart(): void
  /** A request that waits for nobody, since all others wait for it, and counts all the same. */
  spend(): void
  /** GenAuth said 429. */
  slowDown(): void
  /** Calls that wait. */
  readonly waiting: number
  readonly requestsPerSecond: number
}

interface WaitingCall extends Waiter {
  readonly isWanted: () => boolean
  readonly settle: (refusal: MfaFailure | null) => void
}

/** One line for all calls to one user pool: GenAuth counts them together. */
export function createGovernor(pace: Pace): Governor {
  const line = createWaitingLine<WaitingCall>()
  let timer: NodeJS.Timeout | null = null

  function refuse(turnsBefore: number): MfaFailure {
    const retryAfterMs = Math.ceil((turnsBefore * 1_000) / pace.requestsPerSecond)
    return { kind: 'RATE_LIMITED', upstream: null, retryAfterMs, origin: 'LAYER' }
  }

  function letGo(): void {
    if (timer !== null) clearTimeout(timer)
    timer = null
    while (line.length > 0) {
      const waitMs = pace.waitMs(line.length)
      if (waitMs > 0) {
        timer = setTimeout(letGo, waitMs)
        return
      }
      const call = line.next()
      const isWanted = call?.isWanted() ?? false
      if (isWanted) pace.take()
      call?.settle(isWanted ? null : notSent())
    }
  }

  function wait({ callerKey, priority, isWanted, onWait }: Operation, deadline: Deadline) {
    const resume = onWait()
    return new Promise<MfaFailure | null>(resolve => {
      const call: WaitingCall = {
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

  pace.onSooner(letGo)

  return {
    turn(operation, deadline) {
      if (line.length === 0 && pace.waitMs(1) === 0) {
        pace.take()
        return null
      }
      const turnsBefore = line.turnsBefore(operation)
      const expectedMs = (turnsBefore * 1_000) / pace.requestsPerSecond
      return expectedMs > deadline.remainingMs()
        ? Promise.resolve(refuse(turnsBefore))
        : wait(operation, deadline)
    },
    depart: () => pace.depart(),
    spend() {
      pace.take()
      pace.depart()
    },
    slowDown: () => pace.slowDown(),
    get waiting() {
      return line.length
    },
    get requestsPerSecond() {
      return pace.requestsPerSecond
    },
  }
}
