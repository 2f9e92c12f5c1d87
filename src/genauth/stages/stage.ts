import type { CallContext } from '../../mfa/call-context.ts'
import { notSent, type UpstreamFailure } from '../../mfa/failure.ts'
import type { Call } from '../call.ts'
import type { ClassifiedReply } from '../classify.ts'
import type { SkipReason } from '../upstream-observer.ts'

/** The outcome of an attempt. `SKIPPED` means that it was not sent. */
export type Attempted =
  | { readonly kind: 'SKIPPED'; readonly reason: SkipReason; readonly failure: UpstreamFailure }
  | ({ readonly kind: 'REPLIED' } & ClassifiedReply)

/** Passes a call on towards GenAuth. Stages add what the later ones need. It never throws. */
export type Send<R extends CallRequest> = (request: R, context: CallContext) => Promise<Attempted>

export interface CallRequest {
  readonly call: Call<unknown>
}

/** One step of a call, around all later ones. It continues by calling `next`, or skips the attempt. */
export type Stage<Outer extends CallRequest, Inner extends CallRequest = Outer> = (
  next: Send<Inner>,
) => Send<Outer>

export function skip(reason: SkipReason, failure: UpstreamFailure = notSent()): Attempted {
  return { kind: 'SKIPPED', reason, failure }
}
