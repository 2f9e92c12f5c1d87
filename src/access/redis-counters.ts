import { z } from 'zod'
import type { Clock } from '../base/clock.ts'
import { LOST, type RedisConnection } from '../redis/connection.ts'
import type { FallbackQuota } from '../redis/fallback-quota.ts'
import { hashKey } from '../redis/hash-key.ts'
import { createScript } from '../redis/script.ts'
import { type Counter, createOwnCounter, type Taken } from './own-counter.ts'
import type { CreateCounter } from './rate-limits.ts'

export interface RedisCountersOptions {
  readonly connection: Pick<RedisConnection, 'client' | 'ask'>
  readonly keyPrefix: string
  readonly quota: FallbackQuota
  readonly clock: Clock
}

/** Returns how many are granted, when the window ends by Redis's clock, and in how many milliseconds that is. */
const TAKE = `
local wanted, limit, window = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local used = tonumber(redis.call('GET', KEYS[1]) or 0)
local granted = math.max(0, math.min(wanted, limit - used))
redis.call('SET', KEYS[1], 0, 'PX', window, 'NX')
if granted > 0 then redis.call('INCRBY', KEYS[1], granted) end
return {granted, redis.call('PEXPIRETIME', KEYS[1]), redis.call('PTTL', KEYS[1])}
`

/** Changes only the window in which it was counted. The next window begins from zero. */
const GIVE_BACK = `
if redis.call('PEXPIRETIME', KEYS[1]) ~= tonumber(ARGV[2]) then return 0 end
local used = tonumber(redis.call('GET', KEYS[1]) or 0)
return redis.call('INCRBY', KEYS[1], -math.min(used, tonumber(ARGV[1])))
`

const takenSchema = z.tuple([z.number(), z.number(), z.number()])

/**
 * Creates counters that all replicas share. While Redis is lost, each replica counts for itself, up to its share and
 * from zero. A caller may then have both limits in one window. A count made in Redis is given back only there, and not
 * at all while Redis is lost.
 */
export function createRedisCounters({
  connection,
  keyPrefix,
  quota,
  clock,
}: RedisCountersOptions): CreateCounter {
  const take = createScript(connection.client, TAKE)
  const giveBack = createScript(connection.client, GIVE_BACK)

  return (kind, limit, windowMs): Counter => {
    const own = createOwnCounter({ limit: () => quota.of(limit), windowMs, clock })
    return {
      async take(name, wanted): Promise<Taken> {
        const key = `${keyPrefix}:${kind}:${hashKey(name)}`
        const answer = await connection.ask(async () =>
          takenSchema.parse(await take([key], [wanted, limit, windowMs])),
        )
        if (answer === LOST) return own.take(name, wanted)
        const [granted, endsAtMs, resetsInMs] = answer
        return {
          granted,
          resetsInMs,
          giveBack: count => void connection.ask(() => giveBack([key], [count, endsAtMs])),
        }
      },
    }
  }
}
