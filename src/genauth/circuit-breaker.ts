import type { Clock } from '../base/clock.ts'
import { createCallTally } from './call-tally.ts'
import type { CallHealth } from './classify.ts'
import { createGate, type Gate } from './gate.ts'
import { hashText } from './hash-text.ts'

/** Who makes a call, and whom it is about. */
interface CallParty {
  readonly callerKey: string
  /** The same text for the same user by the same identifier; empty: it is about nobody. */
  readonly subject: string
}

/** For whom the calls are kept away. */
export type BreakerScope = 'ALL' | 'CALLER'

/** Keeps calls away from a service that does not work, so that nobody waits for it in vain. */
export interface Breaker {
  /** Null: not now. Else a call may be made, and must report once what came of it. */
  enter(party: CallParty): ((health: CallHealth) => void) | null
  /** Whether a call of this caller would be refused. */
  isOpenFor(callerKey: string): boolean
  /**
   * As all callers see it: one for whom alone it is open counts only while nobody else is served. `OPEN`, too, while
   * the one probe is under way.
   */
  readonly state: 'CLOSED' | 'OPEN' | 'HALF_OPEN'
}

export interface BreakerOptions {
  readonly clock: Clock
  readonly onChange?: (state: 'CLOSED' | 'OPEN', scope: BreakerScope) => void
}

/** Callers for whom alone it is open. One more, and the first of them gets another chance. */
const MAX_CALLER_GATES = 100

/**
 * Opens when calls of the last ten seconds show that GenAuth does not work (see `createCallTally`): for one caller,
 * or for all. Open, it refuses for five seconds, then lets a single probe through: a good one closes it, a bad one
 * opens it for five more, or for one where somebody else has the next probe. Probes are not queued behind, the others
 * are refused meanwhile. What callers can bring about by themselves (a refusal, their own impatience) must be
 * reported as `GOOD` or `NEITHER`.
 */
export function createBreaker({ clock, onChange }: BreakerOptions): Breaker {
  const tally = createCallTally(clock)
  const callerGates = new Map<number, Gate>()
  let gate: Gate | null = null

  function count(caller: number, subject: string, health: CallHealth): void {
    if (health === 'NEITHER' || gate !== null || callerGates.has(caller)) return
    if (health === 'GOOD') {
      tally.addGood(caller)
      return
    }
    tally.addBad(caller, hashText(subject))
    const failing = tally.judge(caller)
    if (failing === 'ALL') shutForAll()
    if (failing === 'CALLER') shutFor(caller)
  }

  function shutForAll(): void {
    gate = createGate(clock)
    callerGates.clear()
    tally.clear()
    onChange?.('OPEN', 'ALL')
  }

  function shutFor(caller: number): void {
    for (const first of callerGates.keys()) {
      if (callerGates.size < MAX_CALLER_GATES) break
      callerGates.delete(first)
    }
    callerGates.set(caller, createGate(clock))
    onChange?.('OPEN', 'CALLER')
  }

  /** The door that is shut for this caller alone. */
  function ownGateOf(caller: number): Gate | null {
    const own = callerGates.get(caller)
    if (own === undefined) return null
    if (!own.isForgotten) return own
    callerGates.delete(caller)
    return null
  }

  function probe(shut: Gate, caller: number, scope: BreakerScope, onGood: () => void) {
    if (shut.enter(caller) === 'REFUSED') return null
    return (health: CallHealth) => {
      if (!shut.settle(caller, health)) return
      onGood()
      onChange?.('CLOSED', scope)
    }
  }

  function findDecisiveGate(caller: number): Gate | null {
    const own = ownGateOf(caller)
    return own === null || tally.servesOthers(caller) ? null : own
  }

  return {
    enter({ callerKey, subject }) {
      const caller = hashText(callerKey)
      if (gate !== null) {
        return probe(gate, caller, 'ALL', () => {
          gate = null
        })
      }
      const own = ownGateOf(caller)
      if (own === null) return health => count(caller, subject, health)
      return probe(own, caller, 'CALLER', () => {
        if (callerGates.get(caller) === own) callerGates.delete(caller)
        tally.forget(caller)
      })
    },
    isOpenFor(callerKey) {
      // What is nearly always so costs nothing.
      if (gate === null && callerGates.size === 0) return false
      const caller = hashText(callerKey)
      const shut = gate ?? ownGateOf(caller)
      return shut !== null && !shut.isAjarFor(caller)
    },
    get state() {
      const shut = gate ?? [...callerGates.keys()].map(findDecisiveGate).find(each => each !== null)
      if (shut == null) return 'CLOSED'
      return shut.isAjarFor(null) ? 'HALF_OPEN' : 'OPEN'
    },
  }
}
