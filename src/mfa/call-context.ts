import type { Deadline } from '../base/deadline.ts'
import type { TraceContext } from '../base/trace-context.ts'
import type { MfaUpstream } from './upstream.ts'

/**
 * What a set needs, its reads included, goes before what is only looked at. What nobody waits for goes last, but for a
 * small part of all calls that it always has.
 */
export type Priority = 'WRITE' | 'READ' | 'BACKGROUND'

/** One piece of work for one caller, as far as the calls to GenAuth that it makes depend on it. */
export interface CallContext {
  readonly deadline: Deadline
  /** Whose share of GenAuth's requests it uses. */
  readonly callerKey: string
  readonly priority: Priority
  /** False: whoever asked has left, or may do it no longer. What has not been sent yet is not sent. */
  readonly isWanted: () => boolean
  /** Called when a call has to wait for its turn; what it returns is called when the wait is over. */
  readonly onWait: () => () => void
  /** Null: it is part of no trace. */
  readonly trace: TraceContext | null
}

/** The upstream as one operation may use it: until its deadline, in its caller's share. */
export type UpstreamFor = (operation: CallContext) => MfaUpstream

/** Work of the process's own, for no caller. */
export function ownCallContext(deadline: Deadline, priority: Priority = 'WRITE'): CallContext {
  return { callerKey: '', priority, isWanted: () => true, onWait: () => () => {}, deadline, trace: null }
}
