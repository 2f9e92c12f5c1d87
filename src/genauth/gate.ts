import type { Clock } from '../base/clock.ts'
import type { CallHealth } from './classify.ts'

/** A gate of a circuit breaker. It is shut until a good probe opens it. */
export interface Gate {
  /** Returns `PROBE` if this call is the probe. Call `endProbe` once with its health when it has ended. */
  enter(caller: number): 'PROBE' | 'REFUSED'
  /** Returns `true` if the probe was good, which opens the gate. */
  endProbe(caller: number, health: CallHealth): boolean
  /** Returns `true` if a call of this caller would be a probe. `null` stands for a new caller. */
  isAjarFor(caller: number | null): boolean
  /** `true` if no call has probed for a long time. */
  readonly isForgotten: boolean
}

/** After this long, one call is the probe. */
const SHUT_MS = 5_000
/** After a bad probe of one caller, any other may try sooner. An identifier of that caller may have been the cause. */
const SHUT_FOR_OTHERS_MS = 1_000
const FORGOTTEN_AFTER_MS = 60_000

/** Creates a gate that is shut from now on. It allows one probe at a time. A bad one shuts it again. */
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
    endProbe(caller, health) {
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
