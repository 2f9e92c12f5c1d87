import type { MfaFailure } from '../mfa/failure.ts'
import type { GraphQLContext } from './context.ts'

/**
 * Counts an input that this server refuses, before it calls GenAuth, as a refused request. So does an id of a change that
 * is not known: it costs time, and no other limit sees it.
 */
export function countRefusedInput(failure: MfaFailure, { countRefusal }: GraphQLContext): void {
  const isRefusedInput = failure.kind === 'INVALID_INPUT' && failure.upstream === null
  if (isRefusedInput || failure.kind === 'CHANGE_NOT_FOUND') countRefusal()
}
