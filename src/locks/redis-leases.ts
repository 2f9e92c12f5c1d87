import { z } from 'zod'
import type { RedisConnection } from '../redis/connection.ts'
import { hashKey } from '../redis/hash-key.ts'
import { createScript } from '../redis/script.ts'

/** One replica's hold on one user, as it is written down in Redis. */
export interface LeaseTerms {
  readonly genauthId: string
  /** Known to the holder alone: nobody else can prolong or end it. */
  readonly token: string
  readonly fence: number
}

/** A lease as it was given. */
export interface GivenLease {
  /** Higher than any before it for this user. */
  readonly fence: number
  /** Redis's own clock. */
  readonly nowMs: number
}

/** Where it is written down who holds which user. */
export interface RedisLeases {
  /** Null: somebody else holds the user. */
  take(genauthId: string, token: string): Promise<GivenLease | null>
  /** False: it is over, and others may have held the user since. */
  renew(terms: LeaseTerms): Promise<boolean>
  /** False: it was over, and others may have held the user since. */
  end(terms: Pick<LeaseTerms, 'genauthId' | 'token'>): Promise<boolean>
}

export interface RedisLeasesOptions {
  readonly link: Pick<RedisConnection, 'client'>
  readonly keyPrefix: string
  readonly replicaId: string
}

/** Until a user is free again whose holder died. */
export const LEASE_MS = 5_000
/** While others wait, one replica sets a user for no longer than this before it is their turn. */
const MAX_TENURE_MS = 100
/** A replica that waits asks more often than this. */
const WAITING_FOR_MS = 200
/** Longer than any operation may take, so that a fencing number is not given twice to people who still remember. */
const FENCE_KEPT_MS = 900_000

const READ_LOCK = `
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local function text(number) return string.format('%.0f', number) end
local kept = redis.call('HMGET', KEYS[1], 'fence', 'token', 'until', 'last', 'since', 'waiter', 'waitsUntil')
local fence, holder, last, waiter = tonumber(kept[1] or 0), kept[2], kept[4], kept[6]
local untilTime = tonumber(kept[3] or 0)
local isFree = not holder or untilTime <= now
`

/**
 * Numbers begin with the time, so that they go on rising where Redis lost its memory. A lease that ends later than
 * any lease may was given by a clock that was set back since: it ends a lease's time from now.
 */
const TAKE = `${READ_LOCK}
local replica, token = ARGV[1], ARGV[2]
local since = tonumber(kept[5] or 0)
if not isFree and untilTime > now + ${LEASE_MS} then
  redis.call('HSET', KEYS[1], 'until', text(now + ${LEASE_MS}))
end
local mustYield = last == replica and waiter and waiter ~= replica and tonumber(kept[7] or 0) > now
  and now - since > ${MAX_TENURE_MS}
if not isFree or mustYield then
  if last ~= replica then
    redis.call('HSET', KEYS[1], 'waiter', replica, 'waitsUntil', text(now + ${WAITING_FOR_MS}))
  end
  return false
end
fence = math.max(fence + 1, now)
if last ~= replica then since = now end
redis.call('HSET', KEYS[1], 'fence', text(fence), 'token', token, 'until', text(now + ${LEASE_MS}),
  'last', replica, 'since', text(since))
if waiter == replica then redis.call('HDEL', KEYS[1], 'waiter') end
redis.call('PEXPIRE', KEYS[1], ${FENCE_KEPT_MS})
return {text(fence), text(now)}
`

/** A lease that ran out is taken up again where no other was given since, or Redis lost its memory. */
const RENEW = `${READ_LOCK}
local token, own = ARGV[1], tonumber(ARGV[2])
if holder ~= token and not (isFree and (fence == own or fence == 0)) then return 0 end
redis.call('HSET', KEYS[1], 'token', token, 'until', text(now + ${LEASE_MS}), 'fence', text(own))
redis.call('PEXPIRE', KEYS[1], ${FENCE_KEPT_MS})
return 1
`

const END = `
if redis.call('HGET', KEYS[1], 'token') ~= ARGV[1] then return 0 end
redis.call('HDEL', KEYS[1], 'token', 'until')
return 1
`

const givenSchema = z.tuple([z.coerce.number(), z.coerce.number()]).nullable()

export function createRedisLeases({ link, keyPrefix, replicaId }: RedisLeasesOptions): RedisLeases {
  const create = (lua: string) => createScript(link.client, lua)
  const [take, renew, end] = [create(TAKE), create(RENEW), create(END)]
  const toKeys = (genauthId: string) => [`${keyPrefix}:user:${hashKey(genauthId)}`]
  return {
    async take(genauthId, token) {
      const given = givenSchema.parse(await take(toKeys(genauthId), [replicaId, token]))
      return given && { fence: given[0], nowMs: given[1] }
    },
    renew: async ({ genauthId, token, fence }) => (await renew(toKeys(genauthId), [token, fence])) === 1,
    end: async ({ genauthId, token }) => (await end(toKeys(genauthId), [token])) === 1,
  }
}
