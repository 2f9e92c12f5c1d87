import type { Bulkhead } from '../bulkhead.ts'
import type { ByKind } from '../call.ts'
import type { SignedRequest } from './sign.ts'
import { type Stage, skip } from './stage.ts'

/** Takes a place in the bulkhead of its kind for as long as the attempt lasts. */
export function createBulkheadStage(
  bulkheads: ByKind<Pick<Bulkhead, 'isFullFor' | 'enter'>>,
): Stage<SignedRequest> {
  return next => async (request, context) => {
    const bulkhead = bulkheads[request.call.kind]
    if (bulkhead.isFullFor(context)) return skip('NO_CONNECTION')
    const leave = bulkhead.enter(context.callerKey)
    try {
      return await next(request, context)
    } finally {
      leave()
    }
  }
}
