import type { MfaBindings } from './bindings.ts'
import type { StoredMfa } from './mfa-state.ts'
import { createSingleFlight, type SingleFlight } from './single-flight.ts'

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
