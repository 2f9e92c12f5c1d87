import type { Clock } from '../base/clock.ts'
import type { CallHealth } from './classify.ts'

/** A door that is shut, and what it takes to open it again. */
export interface Gate {
  /** `PROBE`: this call finds out, and `settle` must be told once what came of it. */
  enter(caller: number): 'PROBE' | 'REFUSED'
  /** True: it was a good one, and the door is open again. */
  settle(caller: number, health: CallHealth): boolean
  /** Whether a call of this caller would be a probe; null: of somebody new. */
  isAjarFor(caller: number | null): boolean
  /** Nobody has wanted to know for a long time. */
  readonly isForgotten: boolean
}

/** After this long, one call finds out. */
const SHUT_MS = 5_000
/** After a bad probe of one caller, anybody else may try sooner: it may have been for an identifier of that kind. */
const SHUT_FOR_OTHERS_MS = 1_000
const FORGOTTEN_AFTER_MS = 60_000

/** Shut from now on. One probe is under way at a time; a bad one shuts the door again. */
export function createGate(clock: Clock): Gate {
  let shutAtMs = clock.monotonic()
  let isProbing = false
  let lastProber: number | null = null

  function isAjarFor(caller: number | null): boolean {
    const waitMs = lastProber === null || lastProber === caller ? SHUT_MS : SHUT_FOR_OTHERS_MS
    return !isProbing && clock.monotonic() - shutAtMs >= waitMs
  }

  return {
    enter(caller) {
      if (!isAjarFor(caller)) return 'REFUSED'
      isProbing = true
      return 'PROBE'
    },
    settle(caller, health) {
      isProbing = false
      if (health === 'BAD') [shutAtMs, lastProber] = [clock.monotonic(), caller]
      return health === 'GOOD'
    },
    isAjarFor,
    get isForgotten() {
      return !isProbing && clock.monotonic() - shutAtMs >= FORGOTTEN_AFTER_MS
    },
  }
}
