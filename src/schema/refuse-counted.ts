import { GraphQLError } from 'graphql'
import { toPublicMessage } from '../mfa/failure.ts'
import type { GraphQLContext } from './context.ts'

/** Refuses what names nobody that could be read. It is work all the same, so it counts as a read of the caller. */
export async function refuseCounted({ asker }: GraphQLContext, message: string): Promise<never> {
  const counted = await asker.limits.countRead()
  if (counted.ok) throw new GraphQLError(message, { extensions: { code: 'BAD_USER_INPUT' } })
  const { failure } = counted
  throw new GraphQLError(toPublicMessage(failure), { extensions: { code: failure.kind } })
}
