import { codedError, toFailureError } from './coded-error.ts'
import type { GraphQLContext } from './context.ts'

/** Refuses a request that names no readable user. It costs work all the same, so it counts as a read. */
export async function refuseCounted({ mfa }: GraphQLContext, message: string): Promise<never> {
  const counted = await mfa.countRead()
  throw counted.ok ? codedError('BAD_USER_INPUT', message) : toFailureError(counted.failure)
}
