import type { Priority } from '../mfa/call-context.ts'

/** A call that waits for its turn. */
export interface QueuedCall {
  readonly callerKey: string
  readonly priority: Priority
}

/** Who waits, and who is next. */
export interface FairQueue<W extends QueuedCall> {
  readonly length: number
  /** Takes a waiter in. What is returned has lost its place for it, or never got one: the waiter itself. */
  add(waiter: W): W | null
  remove(waiter: W): void
  next(): W | null
  /** Roughly how many turns pass before a new one of this kind would have its own. */
  turnsBefore(waiter: QueuedCall): number
}

/** As long as this, a line at 300 a second is worth 3.3 s of anybody's deadline. */
const MAX_LENGTH = 1_000
/** Writes go first, but not for ever: of ten turns, readers get at least one. */
const READ_TURN_EVERY = 10
/**
 * What nobody waits for goes last; a trickle of it goes on, so that it is late under load and not forgotten. The
 * number has no factor in common with the readers' one, so that it seldom takes their turn.
 */
const BACKGROUND_TURN_EVERY = 51

/**
 * Writes before reads, reads before background work; within each, one caller after another, so that a caller who asks
 * for much waits behind itself. When the line is full, a newcomer takes the place of the newest call of the caller who
 * has most in it, background work first, then reads.
 */
export function createFairQueue<W extends QueuedCall>(): FairQueue<W> {
  const classes = { WRITE: createRounds<W>(), READ: createRounds<W>(), BACKGROUND: createRounds<W>() }
  const { WRITE: writes, READ: reads, BACKGROUND: background } = classes
  let turns = 0

  function makeRoomFor({ callerKey, priority }: W): W | null {
    if (priority !== 'BACKGROUND' && background.length > 0) return background.removeNewestOfLongest()
    if (priority === 'WRITE' && reads.length > 0) return reads.removeNewestOfLongest()
    const rounds = classes[priority]
    return rounds.lengthOf(callerKey) < rounds.longest() ? rounds.removeNewestOfLongest() : null
  }

  return {
    get length() {
      return writes.length + reads.length + background.length
    },
    add(waiter) {
      const loser = this.length < MAX_LENGTH ? null : (makeRoomFor(waiter) ?? waiter)
      if (loser !== waiter) classes[waiter.priority].add(waiter)
      return loser
    },
    remove(waiter) {
      classes[waiter.priority].remove(waiter)
    },
    next() {
      turns++
      if (turns % BACKGROUND_TURN_EVERY === 0 && background.length > 0) return background.next()
      const readersTurn = turns % READ_TURN_EVERY === 0
      const people = readersTurn ? (reads.next() ?? writes.next()) : (writes.next() ?? reads.next())
      return people ?? background.next()
    },
    turnsBefore({ callerKey, priority }) {
      const rounds = classes[priority]
      const own = Math.min(rounds.length, (rounds.lengthOf(callerKey) + 1) * rounds.callers)
      switch (priority) {
        case 'WRITE':
          return own
        case 'READ':
          return writes.length + own
        case 'BACKGROUND':
          return Math.min(writes.length + reads.length + own, (own + 1) * BACKGROUND_TURN_EVERY)
      }
    },
  }
}

/** One class of waiters: callers take turns, each one's own calls stay in order. */
function createRounds<W extends QueuedCall>() {
  const lines = new Map<string, Set<W>>()
  let length = 0

  function remove(waiter: W): void {
    const line = lines.get(waiter.callerKey)
    if (line?.delete(waiter) !== true) return
    length--
    if (line.size === 0) lines.delete(waiter.callerKey)
  }

  function findLongest(): Set<W> | undefined {
    let longest: Set<W> | undefined
    for (const line of lines.values()) if (line.size > (longest?.size ?? 0)) longest = line
    return longest
  }

  return {
    get length() {
      return length
    },
    get callers() {
      return lines.size
    },
    lengthOf: (callerKey: string) => lines.get(callerKey)?.size ?? 0,
    longest: () => findLongest()?.size ?? 0,
    add(waiter: W): void {
      const line = lines.get(waiter.callerKey) ?? new Set()
      lines.set(waiter.callerKey, line.add(waiter))
      length++
    },
    remove,
    next(): W | null {
      for (const [callerKey, line] of lines) {
        for (const waiter of line) {
          remove(waiter)
          if (line.size > 0) {
            lines.delete(callerKey)
            lines.set(callerKey, line)
          }
          return waiter
        }
      }
      return null
    },
    removeNewestOfLongest(): W | null {
      const newest = [...(findLongest() ?? [])].at(-1) ?? null
      if (newest !== null) remove(newest)
      return newest
    },
  }
}
