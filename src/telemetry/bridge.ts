import type { AppEvents } from '../app-events.ts'
import { type Clock, startTimer } from '../base/clock.ts'
import type { Emitter } from '../base/events.ts'
import type { Tracer } from '../base/tracer.ts'
import type { UpstreamObserver } from '../genauth/upstream-observer.ts'

/** Makes events of what the client tells its observer. */
export function createUpstreamObserver(
  events: Emitter<AppEvents>,
  tracer: Tracer | null,
  clock: Clock,
): UpstreamObserver {
  return {
    attemptBegins(endpoint, trace) {
      const toSeconds = startTimer(clock)
      const span = tracer?.beginAttempt(endpoint, trace) ?? null
      return {
        headers: span?.headers ?? null,
        ended(outcome) {
          events.emit('attempt', {
            endpoint,
            outcome,
            seconds: toSeconds(),
            span,
          })
        },
      }
    },
    notSent: (endpoint, reason) => events.emit('notSent', { endpoint, reason }),
    breakerOpened: kind => events.emit('breakerOpened', { kind }),
  }
}
