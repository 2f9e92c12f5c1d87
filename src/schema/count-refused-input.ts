import type { MfaFailure } from '../mfa/failure.ts'
import type { GraphQLContext } from './context.ts'

/** An input that is refused here, before GenAuth is asked, is a refused request like any other. */
export function countRefusedInput(failure: MfaFailure, { countRefusal }: GraphQLContext): void {
  if (failure.kind === 'INVALID_INPUT' && failure.upstream === null) countRefusal()
}
