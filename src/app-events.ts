import type { AccessEvents } from './access/rate-limits.ts'
import type { UpstreamEvents } from './genauth/upstream-observer.ts'
import type { HistoryEvents } from './history/history-events.ts'
import type { HttpEvents } from './http/request-observer.ts'
import type { JournalEvents } from './journal/journal-events.ts'
import type { MfaEvents } from './mfa/mfa-events.ts'
import type { SpanEvents } from './telemetry/span-events.ts'

/** All events of the parts. Each part knows its own events alone. */
export interface AppEvents
  extends AccessEvents,
    HistoryEvents,
    HttpEvents,
    JournalEvents,
    MfaEvents,
    SpanEvents,
    UpstreamEvents {}
