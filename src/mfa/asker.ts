import type { CallerLimits } from './caller-limits.ts'
import type { SetRequest } from './journal.ts'
import type { Operation } from './operation.ts'
import type { CallerFacts } from './policy.ts'

/** Everything about whoever asks that a set depends on. */
export interface Asker {
  readonly request: SetRequest
  readonly facts: CallerFacts
  readonly limits: CallerLimits
  readonly operation: Operation
}
