import { type Deadline, within } from '../base/deadline.ts'
import { fail, notSent, type Result } from './failure.ts'

/** Reads in flight, which others who want the same can wait for. */
export interface SingleFlight<T> {
  /** Waits for the read in flight of this name, or begins one. */
  join(name: string, deadline: Deadline, begin: () => Promise<Result<T>>): Promise<Result<T>>
  /** From now on no one joins the reads in flight. */
  close(): void
}

/**
 * A read in flight. It is emptied when it ends, because V8 keeps the former contents of a busy map until its next
 * full collection.
 */
interface PendingRead<T> {
  result: Promise<Result<T>> | null
}

/**
 * Creates a single flight, which keeps no result after the read ends. The caller that began a read may have had less
 * time, or may have left. If the failure may come from that, every other caller makes an attempt of its own.
 */
export function createSingleFlight<T>(): SingleFlight<T> {
  const pending = new Map<string, PendingRead<T>>()

  function start(name: string, begin: () => Promise<Result<T>>): Promise<Result<T>> {
    const result = begin()
    const read: PendingRead<T> = { result }
    pending.set(name, read)
    const end = () => {
      if (pending.get(name) === read) pending.delete(name)
      read.result = null
    }
    result.then(end, end)
    return result
  }

  return {
    async join(name, deadline, begin) {
      const inFlight = pending.get(name)?.result ?? null
      if (inFlight === null) return start(name, begin)
      const result = await within(deadline, inFlight, () => fail(notSent()))
      const isOfItsCaller =
        !result.ok &&
        (result.failure.kind === 'UPSTREAM_UNAVAILABLE' || result.failure.kind === 'RATE_LIMITED')
      return isOfItsCaller ? begin() : result
    },
    close() {
      if (pending.size > 0) pending.clear()
    },
  }
}
