import type { Clock } from '../base/clock.ts'
import { CallTally } from './call-tally.ts'
import type { CallHealth } from './classify.ts'
import { createGate, type Gate } from './gate.ts'

/** The caller of a call, and the user that it is about. */
interface CallParty {
  readonly callerKey: string
  /** Names the user that the call is about, by the same text for the same identifier. It is empty without a user. */
  readonly subject: string
}

/** The callers whose calls are refused. */
export type BreakerScope = 'ALL' | 'CALLER'

interface CircuitBreakerOptions {
  readonly clock: Clock
  readonly onChange?: (state: 'CLOSED' | 'OPEN', scope: BreakerScope) => void
}

/** The most callers for which alone it is open. With one more, the first of them gets another chance. */
const MAX_CALLER_GATES = 100

/**
 * Keeps calls away from a service that does not work, so that no caller waits for it.
 *
 * - It opens when calls of the last ten seconds show that GenAuth does not work (see `CallTally`). It opens for one
 *   caller, or for all.
 * - For five seconds it refuses all calls. Then it lets a single probe through, and refuses all others until the probe
 *   ends.
 * - A good probe closes it. A bad one keeps it open for five more seconds, or for one if another caller makes the next
 *   probe.
 *
 * An effect that callers can cause by themselves, such as a refusal or a timeout of their own, must be reported as
 * `GOOD` or `NEITHER`.
 */
export class CircuitBreaker {
  readonly #clock: Clock
  readonly #onChange: (state: 'CLOSED' | 'OPEN', scope: BreakerScope) => void
  readonly #tally: CallTally
  readonly #callerGates = new Map<number, Gate>()
  /** It is `null` while the breaker is closed, except for the callers who have a gate of their own. */
  #gate: Gate | null = null

  constructor({ clock, onChange = () => {} }: CircuitBreakerOptions) {
    this.#clock = clock
    this.#onChange = onChange
    this.#tally = new CallTally(clock)
  }

  /**
   * Returns a function that reports the health of the call. Call that function once. Returns `null` if the call is
   * refused.
   */
  enter({ callerKey, subject }: CallParty): ((health: CallHealth) => void) | null {
    const caller = hashText(callerKey)
    if (this.#gate !== null) {
      return this.#probe(this.#gate, caller, 'ALL', () => {
        this.#gate = null
      })
    }
    const own = this.#ownGateOf(caller)
    if (own === null) return health => this.#count(caller, subject, health)
    return this.#probe(own, caller, 'CALLER', () => {
      if (this.#callerGates.get(caller) === own) this.#callerGates.delete(caller)
      this.#tally.forget(caller)
    })
  }

  /** Returns `true` if a call of this caller would be refused. */
  isOpenFor(callerKey: string): boolean {
    // This is nearly always so, and costs nothing.
    if (this.#gate === null && this.#callerGates.size === 0) return false
    const caller = hashText(callerKey)
    const shut = this.#gate ?? this.#ownGateOf(caller)
    return shut !== null && !shut.isAjarFor(caller)
  }

  /**
   * The state for all callers. A gate for one caller alone counts only while no other caller is served. The state is
   * also `OPEN` while the one probe is made.
   */
  get state(): 'CLOSED' | 'OPEN' | 'HALF_OPEN' {
    const callers = [...this.#callerGates.keys()]
    const shut = this.#gate ?? callers.map(each => this.#findDecisiveGate(each)).find(each => each !== null)
    if (shut == null) return 'CLOSED'
    return shut.isAjarFor(null) ? 'HALF_OPEN' : 'OPEN'
  }

  #count(caller: number, subject: string, health: CallHealth): void {
    if (health === 'NEITHER' || this.#gate !== null || this.#callerGates.has(caller)) return
    if (health === 'GOOD') {
      this.#tally.addGood(caller)
      return
    }
    this.#tally.addBad(caller, hashText(subject))
    const failing = this.#tally.judge(caller)
    if (failing === 'ALL') this.#shutForAll()
    if (failing === 'CALLER') this.#shutFor(caller)
  }

  #shutForAll(): void {
    this.#gate = createGate(this.#clock)
    this.#callerGates.clear()
    this.#tally.clear()
    this.#onChange('OPEN', 'ALL')
  }

  #shutFor(caller: number): void {
    for (const first of this.#callerGates.keys()) {
      if (this.#callerGates.size < MAX_CALLER_GATES) break
      this.#callerGates.delete(first)
    }
    this.#callerGates.set(caller, createGate(this.#clock))
    this.#onChange('OPEN', 'CALLER')
  }

  /** Returns the gate that is shut for this caller alone. */
  #ownGateOf(caller: number): Gate | null {
    const own = this.#callerGates.get(caller)
    if (own === undefined) return null
    if (!own.isForgotten) return own
    this.#callerGates.delete(caller)
    return null
  }

  #probe(shut: Gate, caller: number, scope: BreakerScope, onGood: () => void) {
    if (shut.enter(caller) === 'REFUSED') return null
    return (health: CallHealth) => {
      if (!shut.endProbe(caller, health)) return
      onGood()
      this.#onChange('CLOSED', scope)
    }
  }

  #findDecisiveGate(caller: number): Gate | null {
    const own = this.#ownGateOf(caller)
    return own === null || this.#tally.servesOthers(caller) ? null : own
  }
}

const FNV_OFFSET = 0x811c9dc5
const FNV_PRIME = 0x01000193

/**
 * Returns a number for a text, so that the text itself need not be kept (FNV-1a, 32 bits). Two texts may have the same
 * number. Do not use it where texts must never be confused.
 */
function hashText(text: string): number {
  let hash = FNV_OFFSET
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), FNV_PRIME)
  return hash >>> 0
}
