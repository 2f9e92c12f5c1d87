import type { CallContext } from './call-context.ts'
import type { CallerLimits } from './caller-limits.ts'
import type { CallerFacts } from './guard-rails.ts'
import type { SetRequest } from './journal-port.ts'

/** Everything about whoever asks that a set depends on. */
export interface Asker {
  readonly request: SetRequest
  readonly facts: CallerFacts
  readonly limits: CallerLimits
  readonly operation: CallContext
}
