import type { Deadline } from '../base/deadline.ts'
import type { TraceContext } from '../base/trace-context.ts'
import type { CallerFacts } from './check-guard-rails.ts'
import type { ChangeRequest } from './journal-port.ts'
import type { MfaUpstream } from './upstream.ts'

/**
 * The order of work: a change, its reads included, goes before a mere read. Work for which no caller waits goes last,
 * except for a small part of all calls that it always has.
 */
export type Priority = 'WRITE' | 'READ' | 'BACKGROUND'

/** The circumstances on which the calls to GenAuth for one piece of work depend. */
export interface CallContext {
  readonly deadline: Deadline
  /** Names the caller whose share of GenAuth's requests is used. */
  readonly callerKey: string
  readonly priority: Priority
  /**
   * Returns `false` if the caller has left, or no longer has the right. Attempts that have not been sent yet are then
   * not sent.
   */
  readonly isWanted: () => boolean
  /** Called when a call has to wait for its permit. The function that it returns is called when the wait is over. */
  readonly onWait: () => () => void
  /** `null` if the work is part of no trace. */
  readonly trace: TraceContext | null
  /**
   * `true` lets reads in the background use the connections of other reads. It is for reads that decide nothing about a
   * write.
   */
  readonly sharesConnections?: true
}

/**
 * One request of a caller. The context is made when the request arrives, and passed on whole to everything that
 * serves it.
 */
export interface CallerContext extends Omit<CallContext, 'priority'>, ChangeRequest {
  readonly caller: ChangeRequest['caller'] & CallerFacts
}

/** Returns the upstream for one piece of work: until its deadline, within the share of its caller. */
export type UpstreamFor = (context: CallContext) => MfaUpstream

/** Returns the context of the process's own work, which has no caller. */
export function ownCallContext(deadline: Deadline, priority: Priority = 'WRITE'): CallContext {
  return { callerKey: '', priority, isWanted: () => true, onWait: () => () => {}, deadline, trace: null }
}
