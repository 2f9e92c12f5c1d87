import type { Clock } from './clock.ts'
import type { Emitter } from './events.ts'
import type { Tracer } from './tracer.ts'

/** Whom a part tells of work that is timed and traced. */
export interface Observer<M> {
  readonly events: Emitter<M>
  /** `null`: there are no spans. */
  readonly tracer: Tracer | null
  readonly clock: Clock
}
