import type { Logger } from 'pino'
import type { Clock } from '../base/clock.ts'
import type { RedisFault } from './redis-fault.ts'

/** `SHARED` means that Redis replies. `LOCAL` means that it is slow or lost, and each replica uses its own share. */
export type SharingState = 'SHARED' | 'LOCAL'

/** Judges by the results of commands whether Redis can be relied on. */
export interface ConnectionHealth {
  readonly state: SharingState
  /** Notes a reply in time. */
  answered(): void
  /** Notes a reply in time to a command that writes. It ends `LOCAL`. */
  wrote(): void
  /**
   * Notes a command without a reply in time.
   *
   * @param askedAtMs when the command was sent, by the monotonic clock
   */
  timedOut(askedAtMs: number): void
  /** Notes a refused command or a lost connection. One of these is enough for `LOCAL`. */
  failed(fault: RedisFault): void
  /** Calls `listener` after each change. */
  onChange(listener: (state: SharingState) => void): void
  /** From now on nothing is judged or reported. */
  close(): void
}

export interface ConnectionHealthOptions {
  /** Redis counts as lost after this many timeouts in a row. */
  readonly lostAfterTimeouts: number
  readonly clock: Clock
  readonly log: Logger
}

/**
 * One stall fails all commands that are in flight. A timeout therefore counts only if its command was sent after the
 * timeout before it. The number of callers then makes no difference.
 *
 * Each change is logged once. While Redis is lost, each new refusal is logged once, too, for example after it returned
 * with other rights.
 */
export function createConnectionHealth({
  lostAfterTimeouts,
  clock,
  log,
}: ConnectionHealthOptions): ConnectionHealth {
  const listeners: ((state: SharingState) => void)[] = []
  /** `null` if no command was sent so far. */
  let state: SharingState | null = null
  let isClosed = false
  let timeouts = 0
  let lastTimeoutAtMs = Number.NEGATIVE_INFINITY
  /** The refusals that were logged since Redis last worked. */
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
      lastTimeoutAtMs = clock.monotonic()
      timeouts++
      // Until Redis has worked once, the first timeout is enough.
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
