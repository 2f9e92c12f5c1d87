import type { MfaFailure } from '../mfa/failure.ts'
import type { GraphQLContext } from './context.ts'

/** Counts an input that this server refuses, before it calls GenAuth, as a refused request. */
export function countRefusedInput(failure: MfaFailure, { countRefusal }: GraphQLContext): void {
  if (failure.kind === 'INVALID_INPUT' && failure.upstream === null) countRefusal()
}
