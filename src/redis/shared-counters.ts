import { RateLimiterMemory, RateLimiterRedis, RateLimiterRes } from 'rate-limiter-flexible'
import type { CreateCounter } from '../access/rate-limits.ts'
import { LOST, type RedisLink } from './link.ts'
import { toPseudonym } from './pseudonym.ts'
import type { ReplicaShare } from './replica-share.ts'

export interface SharedCountersOptions {
  readonly link: Pick<RedisLink, 'client' | 'ask'>
  readonly keyPrefix: string
  readonly share: ReplicaShare
}

/**
 * Counters of calls that all replicas share. While Redis is lost each one counts for itself, up to its share, from
 * nothing: a caller may then have both in one window.
 */
export function createSharedCounters({ link, keyPrefix, share }: SharedCountersOptions): CreateCounter {
  return (kind, points, duration) => {
    const shared = new RateLimiterRedis({
      storeClient: link.client,
      keyPrefix: `${keyPrefix}:${kind}`,
      points,
      duration,
    })
    const own = new RateLimiterMemory({ points, duration })
    const toOwn = () => {
      own.points = share.of(points)
      return own
    }
    return {
      async consume(key) {
        const answer = await link.ask(() =>
          shared.consume(toPseudonym(String(key))).then(toAllowed, toRefused),
        )
        if (answer === LOST) return toOwn().consume(key)
        if (answer.isRefused) throw answer.used
        return answer.used
      },
      async get(key) {
        const used = await link.ask(() => shared.get(toPseudonym(String(key))))
        return used === LOST ? toOwn().get(key) : used
      },
    }
  }
}

function toAllowed(used: RateLimiterRes) {
  return { used, isRefused: false }
}

/** A refusal is an answer of Redis; anything else is not. */
function toRefused(reason: unknown) {
  if (reason instanceof RateLimiterRes) return { used: reason, isRefused: true }
  throw reason
}
