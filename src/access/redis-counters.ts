import { z } from 'zod'
import type { Clock } from '../base/clock.ts'
import { LOST, type RedisConnection } from '../redis/connection.ts'
import type { FallbackQuota } from '../redis/fallback-quota.ts'
import { hashKey } from '../redis/hash-key.ts'
import { createScript } from '../redis/script.ts'
import { type Counter, createOwnCounter, type Left, type Taken } from './own-counter.ts'
import type { CreateCounter } from './rate-limits.ts'
import { Windows } from './windows.ts'

export interface RedisCountersOptions {
  readonly connection: Pick<RedisConnection, 'client' | 'ask' | 'state'>
  readonly keyPrefix: string
  readonly quota: FallbackQuota
  readonly clock: Clock
}

/**
 * Returns how many are granted, when the window ends by Redis's clock, in how many milliseconds that is, and how many
 * are used by then.
 */
const TAKE = `
local wanted, limit, window = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local used = tonumber(redis.call('GET', KEYS[1]) or 0)
local granted = math.max(0, math.min(wanted, limit - used))
redis.call('SET', KEYS[1], 0, 'PX', window, 'NX')
if granted > 0 then redis.call('INCRBY', KEYS[1], granted) end
return {granted, redis.call('PEXPIRETIME', KEYS[1]), redis.call('PTTL', KEYS[1]), used + granted}
`

/** Changes only the window in which it was counted. The next window begins from zero. */
const GIVE_BACK = `
if redis.call('PEXPIRETIME', KEYS[1]) ~= tonumber(ARGV[2]) then return 0 end
local used = tonumber(redis.call('GET', KEYS[1]) or 0)
return redis.call('INCRBY', KEYS[1], -math.min(used, tonumber(ARGV[1])))
`

/** Returns the last three of the numbers that `TAKE` returns. The times are negative if no window runs. */
const LOOK = `
local used = tonumber(redis.call('GET', KEYS[1]) or 0)
return {redis.call('PEXPIRETIME', KEYS[1]), redis.call('PTTL', KEYS[1]), used}
`

const takenSchema = z.tuple([z.number(), z.number(), z.number(), z.number()])
const lookSchema = z.tuple([z.number(), z.number(), z.number()])

/** A window of Redis, as its last reply described it. */
interface HeardWindow {
  readonly endsAtMs: number
  /** When the window ends by Redis's clock, which names the window. */
  readonly endsAtRedisMs: number
  used: number
}

/**
 * Creates counters that all replicas share. While Redis is lost, each replica counts for itself, up to its share and
 * from zero. A caller may then have both limits in one window. A count made in Redis is given back only there, and not
 * at all while Redis is lost.
 *
 * `lastKnown` is what Redis last said to this replica, or the replica's own count while Redis is lost. The counts of
 * other replicas since then are missing in it.
 */
export function createRedisCounters({
  connection,
  keyPrefix,
  quota,
  clock,
}: RedisCountersOptions): CreateCounter {
  const now = clock.monotonic
  const take = createScript(connection.client, TAKE)
  const giveBack = createScript(connection.client, GIVE_BACK)
  const look = createScript(connection.client, LOOK)

  return (kind, limit, windowMs): Counter => {
    const own = createOwnCounter({ limit: () => quota.of(limit), windowMs, clock })
    const heard = new Windows<HeardWindow>(windowMs, clock)
    const toKey = (name: string) => `${keyPrefix}:${kind}:${hashKey(name)}`

    function hear(name: string, endsAtRedisMs: number, resetsInMs: number, used: number): void {
      if (resetsInMs > 0) heard.begin(name, { endsAtMs: now() + resetsInMs, endsAtRedisMs, used })
      else heard.forget(name)
    }

    function toLeft(name: string): Left {
      const window = heard.find(name)
      return window === null
        ? { remaining: limit, resetsInMs: windowMs }
        : { remaining: Math.max(0, limit - window.used), resetsInMs: window.endsAtMs - now() }
    }

    return {
      async take(name, wanted): Promise<Taken> {
        const key = toKey(name)
        const answer = await connection.ask(async () =>
          takenSchema.parse(await take([key], [wanted, limit, windowMs])),
        )
        if (answer === LOST) return own.take(name, wanted)
        const [granted, endsAtRedisMs, resetsInMs, used] = answer
        hear(name, endsAtRedisMs, resetsInMs, used)
        return {
          granted,
          resetsInMs,
          giveBack(count) {
            const window = heard.find(name)
            if (window?.endsAtRedisMs === endsAtRedisMs) window.used = Math.max(0, window.used - count)
            void connection.ask(() => giveBack([key], [count, endsAtRedisMs]))
          },
        }
      },
      async look(name) {
        const answer = await connection.ask(async () => lookSchema.parse(await look([toKey(name)], [])))
        if (answer === LOST) return own.look(name)
        hear(name, ...answer)
        return toLeft(name)
      },
      lastKnown: name => (connection.state === 'SHARED' ? toLeft(name) : own.lastKnown(name)),
    }
  }
}
