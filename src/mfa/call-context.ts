import type { Deadline } from '../base/deadline.ts'
import type { TraceContext } from '../base/trace-context.ts'
import type { CallerFacts } from './guard-rails.ts'
import type { SetRequest } from './journal-port.ts'
import type { MfaUpstream } from './upstream.ts'

/**
 * A change, its reads included, goes before what is only looked at. Work that nobody waits for goes last, but for a
 * small part of all calls that it always has.
 */
export type Priority = 'WRITE' | 'READ' | 'BACKGROUND'

/** What the calls to GenAuth for one piece of work depend on, beside what they ask. */
export interface CallContext {
  readonly deadline: Deadline
  /** Names the caller whose share of GenAuth's requests is used. */
  readonly callerKey: string
  readonly priority: Priority
  /** Returns `false` if the caller has left, or may do it no longer. What has not been sent yet is then not sent. */
  readonly isWanted: () => boolean
  /** Called when a call has to wait for its permit. The function that it returns is called when the wait is over. */
  readonly onWait: () => () => void
  /** `null` if the work is part of no trace. */
  readonly trace: TraceContext | null
}

/** One request of a caller. It is made where the request arrives, and handed on whole to everything behind. */
export interface CallerContext extends Omit<CallContext, 'priority'>, SetRequest {
  readonly caller: SetRequest['caller'] & CallerFacts
}

/** The upstream as one piece of work may use it: until its deadline, in its caller's share. */
export type UpstreamFor = (context: CallContext) => MfaUpstream

/** Work of the process's own, for no caller. */
export function ownCallContext(deadline: Deadline, priority: Priority = 'WRITE'): CallContext {
  return { callerKey: '', priority, isWanted: () => true, onWait: () => () => {}, deadline, trace: null }
}
