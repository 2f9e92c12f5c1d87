import type { Priority } from '../mfa/call-context.ts'
import type { Waiting } from './rate-limiter.ts'

/** A call that waits for a permit. */
export interface QueuedCall {
  readonly callerKey: string
  readonly priority: Priority
}

/** Holds the calls that wait, and decides which one is next. */
interface FairQueue<C extends QueuedCall> {
  readonly length: number
  readonly waiting: Waiting
  /** `true` if background work waits and has been passed by so often that it is next. */
  readonly isBackgroundDue: boolean
  /**
   * Adds a call. Returns `null` if there was room. If the queue was full, returns the call that lost its place, which
   * may be the added call itself.
   */
  add(call: C): C | null
  remove(call: C): void
  next(): C | null
  /** Estimates how many calls are served before a new call of this caller and priority. */
  callsBefore(call: QueuedCall): number
}

/** At 300 requests a second, a queue of this length takes 3.3 s of a call's deadline. */
const MAX_LENGTH = 1_000
/** Writes go first, but reads get at least one of ten permits. */
const READ_EVERY = 10

/**
 * Writes go before reads, and reads go before background work. Within each priority the order is round robin by caller,
 * so that a heavy caller only delays itself. Background work goes last, because no caller waits for it. Still it is next
 * once so many permits in a row have passed it by, so that under load it is late but not forgotten.
 *
 * When the queue is full, a new call replaces the newest call of the caller who has most in it. Background work is
 * replaced first, then reads.
 *
 * @param passes how many permits in a row may pass background work by
 */
export function createFairQueue<C extends QueuedCall>(passes: () => number): FairQueue<C> {
  const classes = {
    WRITE: createRoundRobin<C>(),
    READ: createRoundRobin<C>(),
    BACKGROUND: createRoundRobin<C>(),
  }
  const { WRITE: writes, READ: reads, BACKGROUND: background } = classes
  let served = 0
  let passedBy = 0

  function makeRoomFor({ callerKey, priority }: C): C | null {
    if (priority !== 'BACKGROUND' && background.length > 0) return background.removeNewestOfLongest()
    if (priority === 'WRITE' && reads.length > 0) return reads.removeNewestOfLongest()
    const own = classes[priority]
    return own.lengthOf(callerKey) < own.longest() ? own.removeNewestOfLongest() : null
  }

  function nextOfPeople(): C | null {
    served++
    const isForReads = served % READ_EVERY === 0
    return isForReads ? (reads.next() ?? writes.next()) : (writes.next() ?? reads.next())
  }

  return {
    get length() {
      return writes.length + reads.length + background.length
    },
    get waiting() {
      return { people: writes.length + reads.length, background: background.length }
    },
    get isBackgroundDue() {
      return background.length > 0 && passedBy >= passes()
    },
    add(call) {
      const loser = this.length < MAX_LENGTH ? null : (makeRoomFor(call) ?? call)
      if (loser !== call) classes[call.priority].add(call)
      return loser
    },
    remove(call) {
      classes[call.priority].remove(call)
    },
    next() {
      const people = this.isBackgroundDue ? null : nextOfPeople()
      passedBy = people === null ? 0 : passedBy + 1
      return people ?? background.next()
    },
    callsBefore({ callerKey, priority }) {
      const same = classes[priority]
      const own = Math.min(same.length, (same.lengthOf(callerKey) + 1) * same.callers)
      switch (priority) {
        case 'WRITE':
          return own
        case 'READ':
          return writes.length + own
        case 'BACKGROUND':
          return Math.min(writes.length + reads.length + own, (own + 1) * (passes() + 1))
      }
    },
  }
}

/** Holds the calls of one priority. It alternates between callers, and keeps each caller's own calls in order. */
function createRoundRobin<C extends QueuedCall>() {
  const byCaller = new Map<string, Set<C>>()
  let length = 0

  function remove(call: C): void {
    const own = byCaller.get(call.callerKey)
    if (own?.delete(call) !== true) return
    length--
    if (own.size === 0) byCaller.delete(call.callerKey)
  }

  function findLongest(): Set<C> | undefined {
    let longest: Set<C> | undefined
    for (const calls of byCaller.values()) if (calls.size > (longest?.size ?? 0)) longest = calls
    return longest
  }

  return {
    get length() {
      return length
    },
    get callers() {
      return byCaller.size
    },
    lengthOf: (callerKey: string) => byCaller.get(callerKey)?.size ?? 0,
    longest: () => findLongest()?.size ?? 0,
    add(call: C): void {
      const own = byCaller.get(call.callerKey) ?? new Set()
      byCaller.set(call.callerKey, own.add(call))
      length++
    },
    remove,
    next(): C | null {
      for (const [callerKey, calls] of byCaller) {
        for (const call of calls) {
          remove(call)
          if (calls.size > 0) {
            byCaller.delete(callerKey)
            byCaller.set(callerKey, calls)
          }
          return call
        }
      }
      return null
    },
    removeNewestOfLongest(): C | null {
      const newest = [...(findLongest() ?? [])].at(-1) ?? null
      if (newest !== null) remove(newest)
      return newest
    },
  }
}
