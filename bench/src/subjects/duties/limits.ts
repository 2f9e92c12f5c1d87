import { GraphQLError } from 'graphql'
import { RateLimiterMemory } from 'rate-limiter-flexible'
import { settings } from './settings.ts'
import type { Caller } from './tokens.ts'

const { reads, writes, weakenings } = settings.RATE_LIMITS
const limiters = {
  reads: createLimiter('reads', reads),
  writes: createLimiter('writes', writes),
  weakenings: createLimiter('weakenings', weakenings),
}

function createLimiter(keyPrefix: string, points: number): RateLimiterMemory {
  return new RateLimiterMemory({ keyPrefix, points, duration: 60 })
}

/**
 * Counts one piece of work of a caller.
 *
 * @throws GraphQLError `RATE_LIMITED` if the caller has none left in this minute
 */
export async function countWork(kind: keyof typeof limiters, { subject }: Caller): Promise<void> {
  try {
    await limiters[kind].consume(subject)
  } catch {
    throw new GraphQLError('Too many requests.', { extensions: { code: 'RATE_LIMITED' } })
  }
}
