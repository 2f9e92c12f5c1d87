import { type Deadline, within } from '../base/deadline.ts'
import type { MfaBindings } from './bindings.ts'
import { fail, notSent, type Result } from './failure.ts'
import type { StoredMfa } from './mfa-state.ts'

/** The reads that overlapping operations of one caller share: those of the same user by the same identifier. */
export interface ReadsInFlight {
  readonly mfa: Pick<SingleFlight<StoredMfa>, 'join'>
  readonly bindings: Pick<SingleFlight<MfaBindings>, 'join'>
  /**
   * Must be called when a write is about to be sent, and when it has ended, because a read from before shows the
   * state before. It closes all reads, not only those of the user, because a user has many names.
   */
  close(): void
}

export function createReadsInFlight(): ReadsInFlight {
  const [mfa, bindings] = [createSingleFlight<StoredMfa>(), createSingleFlight<MfaBindings>()]
  return {
    mfa,
    bindings,
    close() {
      mfa.close()
      bindings.close()
    },
  }
}

/** Reads of one kind in flight. */
interface SingleFlight<T> {
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
function createSingleFlight<T>(): SingleFlight<T> {
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
