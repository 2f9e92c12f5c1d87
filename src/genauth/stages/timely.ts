import { type CallRequest, type Send, skip } from './stage.ts'

/** Skips an attempt whose time is over, or whose caller has left. */
export function timely<R extends CallRequest>(next: Send<R>): Send<R> {
  return async (request, context) => {
    if (context.deadline.remainingMs() < 1) return skip('NO_TIME')
    if (!context.isWanted()) return skip('NOT_WANTED')
    return next(request, context)
  }
}
