import type { Credentials } from '../credentials/credentials.ts'
import { type CallRequest, type Stage, skip } from './stage.ts'

/** Waits for a token, if there is none. */
export function createTokenStage(credentials: Pick<Credentials, 'prepare'>): Stage<CallRequest> {
  return next => async (request, context) => {
    const ready = await credentials.prepare(context.deadline)
    return ready.ok ? next(request, context) : skip('NO_TOKEN', ready.failure)
  }
}
