import type { Clock } from '../base/clock.ts'

/** The callers for which calls show that GenAuth does not work. */
type FailingScope = 'NOBODY' | 'CALLER' | 'ALL'

interface Tally {
  calls: number
  bad: number
  /** Different users whose calls were bad, up to the number that a judgement needs. */
  readonly badUsers: Set<number>
}

interface Bucket {
  readonly startsAtMs: number
  readonly byCaller: Map<number, Tally>
}

const WINDOW_MS = 10_000
const BUCKET_MS = 1_000
/** Fewer calls prove too little: one connection reset at night must not open the circuit breaker. */
const MIN_CALLS = 30
/** The same for all callers except the one with the most bad calls. */
const MIN_CALLS_OF_OTHERS = 10
const MAX_BAD_SHARE = 0.5
/** A few records that GenAuth cannot read are no outage. */
const MIN_BAD_USERS = 3
/** The most callers that are counted apart in one second. All others are counted together as one caller. */
const MAX_CALLERS = 100
const FURTHER_CALLERS = -1

/**
 * Counts the calls of the last ten seconds by caller. Numbers stand for callers and for the users that calls are about.
 *
 * Calls show that GenAuth fails if half of at least 30 are bad, and the bad ones are about three different users. A
 * caller who asks for one user again and again proves nothing.
 *
 * The calls of one caller count for that caller alone. For all callers they count only if GenAuth also fails without
 * the caller who has the most bad calls. It is easy to find identifiers for which GenAuth has no reply. One such
 * caller must not open the circuit breaker for the others.
 */
export class CallTally {
  readonly #clock: Clock
  #buckets: Bucket[] = []

  constructor(clock: Clock) {
    this.#clock = clock
  }

  addGood(caller: number): void {
    this.#tallyOf(caller).calls++
  }

  addBad(caller: number, user: number): void {
    const tally = this.#tallyOf(caller)
    tally.calls++
    tally.bad++
    if (tally.badUsers.size < MIN_BAD_USERS) tally.badUsers.add(user)
  }

  /** Judges the calls so far, for this caller. */
  judge(caller: number): FailingScope {
    const sums = this.#sumUp()
    const [all, others, worst] = [createEmptyTally(), createEmptyTally(), findWorst(sums)]
    for (const [each, tally] of sums) {
      addTo(all, tally)
      if (each !== worst) addTo(others, tally)
    }
    if (isFailing(all, MIN_CALLS) && isFailing(others, MIN_CALLS_OF_OTHERS)) return 'ALL'
    const own = sums.get(caller)
    return own !== undefined && isFailing(own, MIN_CALLS) ? 'CALLER' : 'NOBODY'
  }

  /** Returns `true` if any other caller has had a good reply. */
  servesOthers(caller: number): boolean {
    for (const [each, { calls, bad }] of this.#sumUp()) if (each !== caller && calls > bad) return true
    return false
  }

  forget(caller: number): void {
    for (const { byCaller } of this.#buckets) byCaller.delete(caller)
  }

  clear(): void {
    this.#buckets = []
  }

  #currentBucket(): Bucket {
    const startsAtMs = Math.floor(this.#clock.monotonic() / BUCKET_MS) * BUCKET_MS
    const latest = this.#buckets.at(-1)
    if (latest?.startsAtMs === startsAtMs) return latest
    this.#buckets = this.#buckets.filter(old => old.startsAtMs > startsAtMs - WINDOW_MS)
    const bucket = { startsAtMs, byCaller: new Map<number, Tally>() }
    this.#buckets.push(bucket)
    return bucket
  }

  #tallyOf(caller: number): Tally {
    const { byCaller } = this.#currentBucket()
    const key = byCaller.has(caller) || byCaller.size < MAX_CALLERS ? caller : FURTHER_CALLERS
    const tally = byCaller.get(key) ?? createEmptyTally()
    byCaller.set(key, tally)
    return tally
  }

  /** Returns the sums of the whole window. */
  #sumUp(): Map<number, Tally> {
    this.#currentBucket()
    const sums = new Map<number, Tally>()
    for (const { byCaller } of this.#buckets) {
      for (const [caller, tally] of byCaller) {
        const sum = sums.get(caller) ?? createEmptyTally()
        addTo(sum, tally)
        sums.set(caller, sum)
      }
    }
    return sums
  }
}

function createEmptyTally(): Tally {
  return { calls: 0, bad: 0, badUsers: new Set() }
}

function addTo(sum: Tally, { calls, bad, badUsers }: Tally): void {
  sum.calls += calls
  sum.bad += bad
  for (const user of badUsers) sum.badUsers.add(user)
}

function findWorst(sums: ReadonlyMap<number, Tally>): number | null {
  let worst: number | null = null
  let mostBad = 0
  for (const [caller, { bad }] of sums) {
    if (bad > mostBad) [worst, mostBad] = [caller, bad]
  }
  return worst
}

function isFailing({ calls, bad, badUsers }: Tally, minCalls: number): boolean {
  return calls >= minCalls && bad >= calls * MAX_BAD_SHARE && badUsers.size >= MIN_BAD_USERS
}
