import type { Logger } from 'pino'
import type { RedisFault } from './redis-fault.ts'

/** `SHARED`: Redis answers. `LOCAL`: it is slow or lost, and each replica goes on with its own share. */
export type SharingState = 'SHARED' | 'LOCAL'

/** Whether Redis can be relied on, judged by what became of the questions. */
export interface ConnectionHealth {
  readonly state: SharingState
  /** A question was answered in time. */
  answered(): void
  /** A question that writes was answered in time: that ends `LOCAL`. */
  wrote(): void
  /**
   * A question was not answered in time.
   *
   * @param askedAtMs when it was asked
   */
  timedOut(askedAtMs: number): void
  /** A question was refused, or its connection is lost: that needs no second one. */
  failed(fault: RedisFault): void
  /** Told after each change. */
  onChange(listener: (state: SharingState) => void): void
  /** From now on nothing is judged or said. */
  close(): void
}

export interface ConnectionHealthOptions {
  /** How many questions in a row may go without an answer before Redis counts as lost. */
  readonly lostAfterTimeouts: number
  readonly log: Logger
  /** Milliseconds of a clock that nobody sets. */
  readonly now: () => number
}

/**
 * One stall fails all questions that are under way, so only those count that were asked after the miss before them:
 * `lostAfterTimeouts` of them take as many time-outs, however many callers there are.
 *
 * Each change is logged once, and so is each refusal that was not the reason of it, as of a Redis that comes back with
 * other rights.
 */
export function createConnectionHealth({
  lostAfterTimeouts,
  log,
  now,
}: ConnectionHealthOptions): ConnectionHealth {
  const listeners: ((state: SharingState) => void)[] = []
  /** Null: nothing was asked so far. */
  let state: SharingState | null = null
  let isClosed = false
  let timeouts = 0
  let lastTimeoutAtMs = Number.NEGATIVE_INFINITY
  /** Refusals that were logged since Redis last answered. */
  const logged = new Set<string>()

  function change(to: SharingState): void {
    state = to
    timeouts = 0
    for (const listener of listeners) listener(to)
  }

  function fail(fault: RedisFault): void {
    const { reason, command } = fault
    const isNewRefusal = command !== null && !logged.has(`${reason} ${command}`)
    if (state !== 'LOCAL') {
      log.warn({ redis: 'LOCAL', ...toFields(fault) }, 'redis is slow or lost: going on with a local share')
    } else if (isNewRefusal) {
      log.warn({ redis: 'LOCAL', ...toFields(fault) }, 'redis refuses: still going on with a local share')
    }
    if (isNewRefusal) logged.add(`${reason} ${command}`)
    if (state !== 'LOCAL') change('LOCAL')
  }

  return {
    get state() {
      return state ?? 'LOCAL'
    },
    answered() {
      timeouts = 0
    },
    wrote() {
      if (isClosed) return
      timeouts = 0
      if (state === 'SHARED') return
      logged.clear()
      log.info({ redis: 'SHARED' }, 'redis: budget, limits and locks are shared')
      change('SHARED')
    },
    timedOut(askedAtMs) {
      if (isClosed || askedAtMs < lastTimeoutAtMs) return
      lastTimeoutAtMs = now()
      timeouts++
      // A Redis that has not answered yet is not given the credit of one that has.
      if (state !== 'SHARED' || timeouts >= lostAfterTimeouts) fail({ reason: 'TIMED_OUT', command: null })
    },
    failed(fault) {
      if (!isClosed) fail(fault)
    },
    onChange(listener) {
      listeners.push(listener)
    },
    close() {
      isClosed = true
    },
  }
}

function toFields({ reason, command }: RedisFault) {
  return command === null ? { reason } : { reason, command }
}
