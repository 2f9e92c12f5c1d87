import { z } from 'zod'
import type { Clock } from '../base/clock.ts'
import type { RedisConnection } from '../redis/connection.ts'
import { createScript } from '../redis/script.ts'
import { MIN_FACTOR, RECOVERY_PER_MS, SLOW_DOWN_AGAIN_AFTER_MS, SLOW_DOWN_FACTOR } from './rate-limiter.ts'

interface PermitsRequest {
  /** How many attempts wait for a permit. */
  readonly wanted: number
  /** How many requests were sent without a permit of the schedule. */
  readonly spent: number
  /** The ids of this replica's permits that were not used. */
  readonly unused: readonly number[]
  /** The permits that were used after their time. */
  readonly late: readonly LatePermit[]
  /** `true` if GenAuth replied with a 429. */
  readonly isThrottled: boolean
}

/** Allows one request to be sent from a given time on. */
export interface ScheduledPermit {
  /** Identifies the permit when it is given back. */
  readonly id: number
  readonly atMs: number
}

export interface LatePermit {
  readonly id: number
  readonly lateByMs: number
}

/** The reply of the schedule. Its times are milliseconds of the clock of Redis, with fractions. */
interface ScheduledPermits {
  readonly nowMs: number
  /** There are fewer than wanted if other replicas have the rest, or if the rest is too far ahead. */
  readonly permits: readonly ScheduledPermit[]
  /** The time from which on another request for permits is useful. */
  readonly askAgainAtMs: number
  /** The number of replicas that sent a sign of life lately, this one included. */
  readonly replicas: number
  /** The part of the budget that the replicas aim at after a 429. */
  readonly factor: number
}

/** The list in Redis that holds the permits of all replicas, one after another. */
export interface PermitSchedule {
  ask(request: PermitsRequest): Promise<ScheduledPermits>
  /** Reports that this replica stops. The other replicas get its part from now on. */
  leave(): Promise<void>
}

interface PermitScheduleOptions {
  readonly connection: RedisConnection
  readonly keyPrefix: string
  readonly replicaId: string
  readonly maxRps: number
  /** Returns how many replicas there were before Redis lost its data. */
  readonly replicasBefore: () => number
  /** Called with the time of Redis in milliseconds, and the time of this process at which Redis was asked. */
  readonly onClock: (redisMs: number, askedAtMs: number) => void
  readonly clock: Clock
}

/**
 * No window of this length holds more than the budget, which leaves 97.5 % of it.
 *
 * If a request is a few milliseconds late, there are still no more requests than the budget in any 1,000 ms. The rest
 * covers clocks that are known only to a few milliseconds, and delays on the way.
 */
const BUDGET_WINDOW_MS = 1_025
/** Two permits may be closer than an even distribution puts them, to make up for permits that were not used. */
const CATCH_UP = 0.8
/** How far ahead permits are given. If a replica dies, its permits of this time are lost. */
const HORIZON_MS = 100
/** A replica counts for this long after its last heartbeat. Each replica sends one at least once a second. */
const ALIVE_FOR_MS = 3_000
/**
 * After an outage a replica that is not back yet still uses its own quota. The budget leaves that quota out for this
 * long.
 */
const SHARE_KEPT_MS = 5_000
const FORGOTTEN_AFTER_MS = 60_000

const US = 1_000

/**
 * Keeps the permits of all replicas in one list, in the order of their times:
 *
 * - The next permit comes a fixed distance after the latest. It also comes a whole window after the permit that is as
 *   many places before it as the budget allows.
 * - If a replica could not use a permit, the script removes it and gives its time again.
 * - If a permit was used late, the script moves it to the later time, long before a window has passed.
 *
 * All times are whole microseconds of the clock of Redis. If that clock is set back, it delays nothing for longer than
 * two seconds.
 */
const ASK = `
local id, wanted, spent, isThrottled, budget, before, unused =
  ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3]), ARGV[4] == '1', tonumber(ARGV[5]), tonumber(ARGV[6]), tonumber(ARGV[7])
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local function text(number) return string.format('%.0f', number) end

redis.call('ZADD', KEYS[2], text(now), id)
redis.call('ZREMRANGEBYSCORE', KEYS[2], '-inf', text(now - ${ALIVE_FOR_MS * US}))
redis.call('ZREMRANGEBYSCORE', KEYS[2], text(now + ${ALIVE_FOR_MS * US}), '+inf')
local alive = redis.call('ZCARD', KEYS[2])

local kept = redis.call('HMGET', KEYS[1], 'serial', 'factor', 'slowedAt', 'replicas', 'keptUntil')
local serial, factor, slowedAt = tonumber(kept[1] or 0), tonumber(kept[2] or 1000000), tonumber(kept[3] or 0)
local replicas, keptUntil = tonumber(kept[4] or before), tonumber(kept[5] or now + ${SHARE_KEPT_MS * US})

if alive >= replicas or now > keptUntil then
  replicas = alive
  keptUntil = now + ${SHARE_KEPT_MS * US}
end
keptUntil = math.min(keptUntil, now + ${SHARE_KEPT_MS * US})

slowedAt = math.min(slowedAt, now)
local share = math.min(1, factor / 1000000 + (now - slowedAt) * ${RECOVERY_PER_MS / US})
if isThrottled and now - slowedAt >= ${SLOW_DOWN_AGAIN_AFTER_MS * US} then
  share = math.max(${MIN_FACTOR}, share * ${SLOW_DOWN_FACTOR})
  factor = share * 1000000
  slowedAt = now
end

local function permit(at)
  serial = serial + 1
  redis.call('ZADD', KEYS[3], text(at), serial)
end
for i = 8, 7 + unused do redis.call('ZREM', KEYS[3], ARGV[i]) end
for i = 8 + unused, #ARGV, 2 do redis.call('ZADD', KEYS[3], 'XX', 'INCR', ARGV[i + 1], ARGV[i]) end
for _ = 1, spent do permit(now) end
redis.call('ZREMRANGEBYSCORE', KEYS[3], '-inf', text(now - ${BUDGET_WINDOW_MS * US}))
redis.call('ZREMRANGEBYSCORE', KEYS[3], text(now + 1000000), '+inf')

local rate = budget * share * alive / replicas
local limit = math.max(1, math.floor(rate))
local distance = ${BUDGET_WINDOW_MS * US * CATCH_UP} / rate
local times = {}
local stored = redis.call('ZRANGE', KEYS[3], -limit, -1, 'WITHSCORES')
for i = 2, #stored, 2 do times[i / 2] = tonumber(stored[i]) end

local function nextTime()
  local latest, first = times[#times], times[#times - limit + 1]
  local at = math.max(now, latest and latest + distance or 0, first and first + ${BUDGET_WINDOW_MS * US} or 0)
  return math.ceil(at)
end

local fair = math.max(1, math.ceil(${HORIZON_MS / BUDGET_WINDOW_MS} * rate / alive))
local answer = {text(now), alive, math.floor(share * 1000000), 0, serial + 1}
for _ = 1, math.min(wanted, fair) do
  local at = nextTime()
  if at > now + ${HORIZON_MS * US} then break end
  permit(at)
  times[#times + 1] = at
  answer[#answer + 1] = at - now
end
answer[4] = math.max(0, nextTime() - now - ${HORIZON_MS * US})

redis.call('HSET', KEYS[1], 'serial', serial, 'factor', text(factor), 'slowedAt', text(slowedAt),
  'replicas', replicas, 'keptUntil', text(keptUntil))
for _, key in ipairs(KEYS) do redis.call('PEXPIRE', key, ${FORGOTTEN_AFTER_MS}) end
return answer
`

const LEAVE = `
if redis.call('ZREM', KEYS[2], ARGV[1]) == 1 and tonumber(redis.call('HGET', KEYS[1], 'replicas') or 0) > 1 then
  redis.call('HINCRBY', KEYS[1], 'replicas', -1)
end
`

const answerSchema = z
  .tuple([z.coerce.number(), z.number().min(1), z.number().min(1), z.number(), z.number()])
  .rest(z.number())

export function createPermitSchedule(options: PermitScheduleOptions): PermitSchedule {
  const { connection, keyPrefix, replicaId, maxRps, replicasBefore, onClock, clock } = options
  const keys = [`${keyPrefix}:budget`, `${keyPrefix}:replicas`, `${keyPrefix}:departures`]
  const [ask, leave] = [createScript(connection.client, ASK), createScript(connection.client, LEAVE)]
  return {
    async ask({ wanted, spent, unused, late, isThrottled }) {
      const lateUs = late.flatMap(({ id, lateByMs }) => [id, Math.round(lateByMs * US)])
      const state = [replicaId, wanted, spent, isThrottled ? 1 : 0, maxRps, replicasBefore()]
      const args = [...state, unused.length, ...unused, ...lateUs]
      const askedAtMs = clock.monotonic()
      const answer = answerSchema.parse(await ask(keys, args))
      onClock(answer[0] / US, askedAtMs)
      const [nowUs, replicas, factorMillionths, againUs, firstId, ...inUs] = answer
      return {
        nowMs: nowUs / US,
        permits: inUs.map((us, index) => ({ id: firstId + index, atMs: (nowUs + us) / US })),
        askAgainAtMs: (nowUs + againUs) / US,
        replicas,
        factor: factorMillionths / 1_000_000,
      }
    },
    async leave() {
      await leave(keys, [replicaId])
    },
  }
}
