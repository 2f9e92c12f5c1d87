import { z } from 'zod'
import type { Clock } from '../base/clock.ts'
import type { RedisConnection } from '../redis/connection.ts'
import { createScript } from '../redis/script.ts'
import { MIN_FACTOR, RECOVERY_PER_MS, SLOW_DOWN_AGAIN_AFTER_MS, SLOW_DOWN_FACTOR } from './adaptive-rate.ts'

interface PermitsRequest {
  /** How many calls would be sent if they could. */
  readonly wanted: number
  /** How many were sent without asking. */
  readonly spent: number
  /** The permits of this replica that were not used. */
  readonly unused: readonly number[]
  /** The permits that were used later than at their time. */
  readonly late: readonly LatePermit[]
  /** GenAuth said 429. */
  readonly isThrottled: boolean
}

/** Leave to send one request at a time. */
export interface ScheduledPermit {
  /** The name by which it can be given back. */
  readonly id: number
  readonly atMs: number
}

export interface LatePermit {
  readonly id: number
  readonly lateByMs: number
}

/** Times by Redis's clock are in milliseconds, with fractions. */
interface ScheduledPermits {
  readonly nowMs: number
  /** Fewer than wanted: others have the rest, or it is too far ahead. */
  readonly permits: readonly ScheduledPermit[]
  /** When it is worth asking again. */
  readonly askAgainAtMs: number
  /** Replicas that were heard of lately, this one included. */
  readonly replicas: number
  /** How much of the budget is aimed at, after a 429. */
  readonly factor: number
}

/** Where the permits of all replicas are written down, one after another. */
export interface PermitSchedule {
  ask(request: PermitsRequest): Promise<ScheduledPermits>
  /** This replica stops: the others have its part from now on. */
  leave(): Promise<void>
}

interface PermitScheduleOptions {
  readonly connection: RedisConnection
  readonly keyPrefix: string
  readonly replicaId: string
  readonly maxRps: number
  /** How many replicas there were before Redis lost its memory. */
  readonly replicasBefore: () => number
  /** Told what Redis's clock said, in milliseconds, and when it was asked by this process's own. */
  readonly onClock: (redisMs: number, askedAtMs: number) => void
  readonly clock: Clock
}

/**
 * No window of this length holds more than the budget: a request that is late by a few milliseconds still meets no more
 * than that in any 1,000 ms, with the rest to spare for clocks that are known to a few milliseconds and for what
 * happens on the way. It leaves 97.5 % of the budget.
 */
const BUDGET_WINDOW_MS = 1_025
/** Two permits may stand closer than the budget's even distance, to make up for permits that were not used. */
const CATCH_UP = 0.8
/** How far ahead permits are given: as much is lost when a replica dies. */
const HORIZON_MS = 100
/** Each replica says at least once a second that it lives. */
const ALIVE_FOR_MS = 3_000
/** A replica that has not come back yet after an outage still uses its own quota; that is kept out of the budget. */
const SHARE_KEPT_MS = 5_000
const FORGOTTEN_AFTER_MS = 60_000

const US = 1_000

/**
 * The permits of all replicas in one list, in order of their times: the next one is a distance after the latest, and a
 * window after the one that is the budget's number before it. A permit that a replica could not use is struck out, and
 * given again; one that was used late is written down anew, long before a window has passed.
 * All times are whole microseconds of Redis's own clock; one that was set back holds nothing up for longer than two
 * seconds.
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
