import { z } from 'zod'
import type { RedisConnection } from '../redis/connection.ts'
import { hashKey } from '../redis/hash-key.ts'
import { createScript } from '../redis/script.ts'

/** The lease of one replica on one user, as Redis keeps it. */
export interface LeaseTerms {
  readonly genauthId: string
  /** Each lease has its own token. Only the holder knows it, so nobody else can prolong or end the lease. */
  readonly token: string
}

/** The record of who holds which user. */
export interface RedisLeases {
  /**
   * Takes a lease, and returns when Redis gave it, by Redis's own clock. Returns `null` if somebody else holds the
   * user.
   */
  take(terms: LeaseTerms): Promise<{ readonly nowMs: number } | null>
  /** Prolongs a lease. Returns `false` if it is over, because others may have held the user since. */
  renew(terms: LeaseTerms): Promise<boolean>
  /** Ends a lease. Returns `false` if it was over before, because others may have held the user since. */
  end(terms: LeaseTerms): Promise<boolean>
}

export interface RedisLeasesOptions {
  readonly connection: Pick<RedisConnection, 'client'>
  readonly keyPrefix: string
  readonly replicaId: string
}

/** After so long a user is free again if the holder died. */
export const LEASE_MS = 5_000
/** While others wait, one replica holds a user for no longer than this before the next one gets the lease. */
const MAX_TENURE_MS = 100
/** A waiting replica asks more often than this. */
const WAITING_FOR_MS = 200
/**
 * Longer than any operation may take. While a former holder may still come back, Redis knows that others came after it.
 */
const REMEMBERED_FOR_MS = 900_000

const READ_LOCK = `
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local function text(number) return string.format('%.0f', number) end
local replica, token = ARGV[1], ARGV[2]
local kept = redis.call('HMGET', KEYS[1], 'token', 'last', 'until', 'since', 'waiter', 'waitsUntil')
local holder, last, waiter = kept[1], kept[2], kept[5]
`

/**
 * If a lease ends later than a new one would, the clock was set back since. It then ends one lease's length from now.
 */
const TAKE = `${READ_LOCK}
local untilTime, since = tonumber(kept[3] or 0), tonumber(kept[4] or 0)
local isFree = not holder or untilTime <= now
if not isFree and untilTime > now + ${LEASE_MS} then
  redis.call('HSET', KEYS[1], 'until', text(now + ${LEASE_MS}))
end
local mustYield = last == replica and waiter and waiter ~= replica and tonumber(kept[6] or 0) > now
  and now - since > ${MAX_TENURE_MS}
if not isFree or mustYield then
  if last ~= replica then
    redis.call('HSET', KEYS[1], 'waiter', replica, 'waitsUntil', text(now + ${WAITING_FOR_MS}))
  end
  return false
end
if last ~= replica then since = now end
redis.call('HSET', KEYS[1], 'token', token, 'until', text(now + ${LEASE_MS}), 'last', replica, 'since', text(since))
if waiter == replica then redis.call('HDEL', KEYS[1], 'waiter') end
redis.call('PEXPIRE', KEYS[1], ${REMEMBERED_FOR_MS})
return text(now)
`

/**
 * An expired lease goes on if Redis gave no other one since, because its token is still there. It also goes on if Redis
 * lost its memory and knows no other holder.
 */
const RENEW = `${READ_LOCK}
if holder ~= token and last then return 0 end
redis.call('HSET', KEYS[1], 'token', token, 'until', text(now + ${LEASE_MS}), 'last', replica)
redis.call('PEXPIRE', KEYS[1], ${REMEMBERED_FOR_MS})
return 1
`

const END = `
if redis.call('HGET', KEYS[1], 'token') ~= ARGV[2] then return 0 end
redis.call('HDEL', KEYS[1], 'token', 'until')
return 1
`

const nowSchema = z.coerce.number()

export function createRedisLeases({ connection, keyPrefix, replicaId }: RedisLeasesOptions): RedisLeases {
  function createStep(lua: string) {
    const script = createScript(connection.client, lua)
    return ({ genauthId, token }: LeaseTerms) =>
      script([`${keyPrefix}:user:${hashKey(genauthId)}`], [replicaId, token])
  }
  const [take, renew, end] = [createStep(TAKE), createStep(RENEW), createStep(END)]
  return {
    async take(terms) {
      const now = await take(terms)
      return now === null ? null : { nowMs: nowSchema.parse(now) }
    },
    renew: async terms => (await renew(terms)) === 1,
    end: async terms => (await end(terms)) === 1,
  }
}
