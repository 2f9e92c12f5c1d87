import type { MfaBindings } from './bindings.ts'
import type { StoredMfa } from './mfa-state.ts'
import { createSingleFlight, type SingleFlight } from './single-flight.ts'

/** What operations of one caller share while they overlap: reads of the same user, by the same identifier. */
export interface ReadsInFlight {
  readonly mfa: Pick<SingleFlight<StoredMfa>, 'join'>
  readonly bindings: Pick<SingleFlight<MfaBindings>, 'join'>
  /**
   * To be called when a write is about to be sent, and when it has ended: a read from before shows the state before.
   * All are closed, not only the user's own, since a user has many names.
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
