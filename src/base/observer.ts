import type { Clock } from './clock.ts'
import type { Emitter } from './events.ts'
import type { Tracer } from './tracer.ts'

/** The means by which a part reports work that is timed and traced. */
export interface Observer<M> {
  readonly events: Emitter<M>
  /** `null` if there are no spans. */
  readonly tracer: Tracer | null
  readonly clock: Clock
}
