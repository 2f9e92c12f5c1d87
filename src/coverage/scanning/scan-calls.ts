import type { Clock } from '../../base/clock.ts'
import { createDeadline } from '../../base/deadline.ts'
import { ownCallContext } from '../../mfa/call-context.ts'
import type { UpstreamFailure, UpstreamResult } from '../../mfa/failure.ts'
import type { ScanUpstream, ScanUpstreamFor } from '../scan-upstream.ts'
import { createPacer, type Pacer } from './pacer.ts'
import { Waits } from './waits.ts'

/** The outcome of a call, after repetitions. */
export type Called<T> =
  | { readonly kind: 'ANSWERED'; readonly value: T }
  /** GenAuth answered, and would answer so again. */
  | { readonly kind: 'REFUSED'; readonly failure: UpstreamFailure }
  /** `isSent` is `false` if the last attempt was not even sent, because no call can be at the moment. */
  | { readonly kind: 'UNANSWERED'; readonly isSent: boolean }

export interface ScanCallsOptions {
  readonly upstreamFor: ScanUpstreamFor
  /** The calls that may be made in a second. */
  readonly perSecond: number
  readonly stop: AbortSignal
  readonly clock: Clock
}

/** A scan is a caller of its own, so that the other work of the process has its own turns. */
const CALLER_KEY = 'coverage scan'
/** While people work, a call of a scan may wait long for its permit. */
const CALL_DEADLINE_MS = 60_000
/** The waits before a call without an answer is made again. */
const UNANSWERED_WAITS_MS = [250, 1_000]
/** After so many attempts in a row without an answer, no call is made again. GenAuth does not work then. */
const MAX_UNANSWERED_IN_A_ROW = 8
/** A call that found no place in the queue is made again so often. */
const MAX_CROWDED = 20
const CROWDED_WAIT_MS = 1_000
const MAX_CROWDED_WAIT_MS = 10_000

/** Makes the calls of a scan: at its pace, behind everybody else, and again where that may help. It counts them. */
export class ScanCalls {
  readonly #options: ScanCallsOptions
  readonly #waits: Waits
  readonly #pacer: Pacer
  #made = 0
  #unansweredInARow = 0

  constructor(options: ScanCallsOptions) {
    const { perSecond, stop, clock } = options
    this.#options = options
    this.#waits = new Waits(clock, stop)
    this.#pacer = createPacer(perSecond, clock, this.#waits)
  }

  /** Makes a call. It never throws. After the signal to stop, the call is `UNANSWERED`. */
  async make<T>(send: (upstream: ScanUpstream) => Promise<UpstreamResult<T>>): Promise<Called<T>> {
    const { stop } = this.#options
    let crowded = 0
    let unanswered = 0
    for (;;) {
      await this.#pacer.turn()
      if (stop.aborted) return { kind: 'UNANSWERED', isSent: false }
      this.#made++
      const result = await send(this.#upstream())
      const isUnanswered = !result.ok && isNoAnswer(result.failure)
      this.#unansweredInARow = isUnanswered ? this.#unansweredInARow + 1 : 0
      if (result.ok) return { kind: 'ANSWERED', value: result.value }
      const { failure } = result
      let waitMs: number | undefined
      if (failure.kind === 'RATE_LIMITED' && ++crowded <= MAX_CROWDED) {
        waitMs = Math.min(failure.retryAfterMs ?? CROWDED_WAIT_MS, MAX_CROWDED_WAIT_MS)
      } else if (isUnanswered && this.#unansweredInARow < MAX_UNANSWERED_IN_A_ROW) {
        waitMs = UNANSWERED_WAITS_MS[unanswered++]
      }
      if (waitMs === undefined) return toCalled(failure)
      await this.#waits.sleep(waitMs)
    }
  }

  /** Returns the number of calls since it was asked last. */
  takeCount(): number {
    const made = this.#made
    this.#made = 0
    return made
  }

  /** Forgets the signal to stop, when no more calls are made. */
  close(): void {
    this.#waits.close()
  }

  #upstream(): ScanUpstream {
    const { upstreamFor, stop, clock } = this.#options
    const context = ownCallContext(createDeadline(CALL_DEADLINE_MS, clock), 'BACKGROUND')
    return upstreamFor({
      ...context,
      callerKey: CALLER_KEY,
      isWanted: () => !stop.aborted,
      sharesConnections: true,
    })
  }
}

function isNoAnswer(failure: UpstreamFailure): boolean {
  return failure.kind === 'UPSTREAM_UNAVAILABLE' && failure.reason !== 'UNSUPPORTED'
}

function toCalled(failure: UpstreamFailure): Called<never> {
  switch (failure.kind) {
    case 'RATE_LIMITED':
      return { kind: 'UNANSWERED', isSent: false }
    case 'UPSTREAM_UNAVAILABLE': {
      const { reason } = failure
      if (reason === 'UNSUPPORTED') return { kind: 'REFUSED', failure }
      return { kind: 'UNANSWERED', isSent: reason !== 'NOT_SENT' && reason !== 'REFUSED_CREDENTIALS' }
    }
    default:
      return { kind: 'REFUSED', failure }
  }
}
