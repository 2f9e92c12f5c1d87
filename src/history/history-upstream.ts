import type { CallContext } from '../mfa/call-context.ts'
import type { UpstreamResult } from '../mfa/failure.ts'
import type { UserEvent, UserEventType } from './user-event.ts'

/** GenAuth's own limit for a page of the log. */
export const MAX_PAGE_EVENTS = 50

export interface UserEventQuery {
  /** GenAuth's own id. */
  readonly userId: string
  readonly type: UserEventType
  /** The newest time that is wanted, in milliseconds since 1970. `null` begins at the newest. */
  readonly untilMs: number | null
  /** Counts from 1. */
  readonly page: number
}

/** A row of the log whose time is known. */
export interface LoggedRow {
  readonly atMs: number
  /** `null` if nothing came of it, such as an attempt to bind that failed. */
  readonly event: UserEvent | null
}

/** One page of the log, in GenAuth's order. */
export interface UserEventPage {
  readonly rows: readonly LoggedRow[]
  /** Rows of the page that cannot be read, or are of another user or event. */
  readonly unreadable: number
  /** The rows of all pages, as GenAuth counts them. */
  readonly totalCount: number
}

/** The call that histories make to GenAuth. It costs one request. It never throws: it returns a failure instead. */
export interface HistoryUpstream {
  listUserEvents(query: UserEventQuery): Promise<UpstreamResult<UserEventPage>>
}

/** Returns the upstream for one piece of work. */
export type HistoryUpstreamFor = (context: CallContext) => HistoryUpstream
