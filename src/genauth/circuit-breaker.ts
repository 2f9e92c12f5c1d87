import type { Clock } from '../base/clock.ts'
import { CallTally } from './call-tally.ts'
import type { CallHealth } from './classify.ts'
import { createGate, type Gate } from './gate.ts'
import { hashText } from './hash-text.ts'

/** The two sides of a call. */
interface CallParty {
  readonly callerKey: string
  /** Names the user whom the call is about: the same text for the same identifier. Empty: no user. */
  readonly subject: string
}

/** For whom the calls are kept away. */
export type BreakerScope = 'ALL' | 'CALLER'

interface CircuitBreakerOptions {
  readonly clock: Clock
  readonly onChange?: (state: 'CLOSED' | 'OPEN', scope: BreakerScope) => void
}

/** Callers for whom alone it is open. With one more, the first of them gets another chance. */
const MAX_CALLER_GATES = 100

/**
 * Keeps calls away from a service that does not work, so that nobody waits for it.
 *
 * It opens when calls of the last ten seconds show that GenAuth does not work (see `CallTally`): for one caller, or for
 * all. Open, it refuses for five seconds, then lets a single probe through: a good one closes it, a bad one opens it for
 * five more, or for one if another caller has the next probe. While a probe is made, all other calls are refused. What
 * callers can bring about by themselves (a refusal, their own impatience) must be reported as `GOOD` or `NEITHER`.
 */
export class CircuitBreaker {
  readonly #clock: Clock
  readonly #onChange: (state: 'CLOSED' | 'OPEN', scope: BreakerScope) => void
  readonly #tally: CallTally
  readonly #callerGates = new Map<number, Gate>()
  /** `null`: it is closed, but for the callers who have a gate of their own. */
  #gate: Gate | null = null

  constructor({ clock, onChange = () => {} }: CircuitBreakerOptions) {
    this.#clock = clock
    this.#onChange = onChange
    this.#tally = new CallTally(clock)
  }

  /** Returns how to report what came of the call, which is to be done once. `null`: the call is refused. */
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

  /** Whether a call of this caller would be refused. */
  isOpenFor(callerKey: string): boolean {
    // What is nearly always so costs nothing.
    if (this.#gate === null && this.#callerGates.size === 0) return false
    const caller = hashText(callerKey)
    const shut = this.#gate ?? this.#ownGateOf(caller)
    return shut !== null && !shut.isAjarFor(caller)
  }

  /**
   * The state as all callers see it: a gate for one caller alone counts only while nobody else is served. `OPEN`, too,
   * while the one probe is made.
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

  /** The gate that is shut for this caller alone. */
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
      if (!shut.settle(caller, health)) return
      onGood()
      this.#onChange('CLOSED', scope)
    }
  }

  #findDecisiveGate(caller: number): Gate | null {
    const own = this.#ownGateOf(caller)
    return own === null || this.#tally.servesOthers(caller) ? null : own
  }
}
