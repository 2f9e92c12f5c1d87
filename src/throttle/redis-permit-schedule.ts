import { z } from 'zod'
import type { Clock } from '../base/clock.ts'
import type { RedisConnection } from '../redis/connection.ts'
import { createScript } from '../redis/script.ts'
import {
  BACKGROUND_CATCH_UP_MS,
  BACKGROUND_DEBT_MS,
  BACKGROUND_SHARE,
  LEAST_PASSES,
  MIN_FACTOR,
  MOST_PASSES,
  RECOVERY_PER_MS,
  SLOW_DOWN_AGAIN_AFTER_MS,
  SLOW_DOWN_FACTOR,
  type Waiting,
} from './rate-limiter.ts'

interface PermitsRequest {
  /** The attempts that need a permit. */
  readonly wanted: Waiting
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
  /** `true` if it was given for background work. */
  readonly isOfBackground: boolean
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
  /** The same for permits of background work. */
  readonly askAgainForBackgroundAtMs: number
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
/** The same for background work. A caller at another replica hardly waits for permits that are given so late. */
const BACKGROUND_HORIZON_MS = 25
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
 * - A permit of a caller goes before permits of background work that are given already. So background work has none
 *   unless a part of the window is free, or so many permits in a row have passed it by.
 * - If a replica could not use a permit, the script removes it and gives its time again.
 * - If a permit was used late, the script moves it to the later time, long before a window has passed.
 *
 * All times are whole microseconds of the clock of Redis. If that clock is set back, it delays nothing for longer than
 * two seconds.
 */
const ASK = `
local id, wanted, wantedOfBackground, spent, isThrottled, budget, before, unused =
  ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4]), ARGV[5] == '1', tonumber(ARGV[6]), tonumber(ARGV[7]),
  tonumber(ARGV[8])
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local function text(number) return string.format('%.0f', number) end

redis.call('ZADD', KEYS[2], text(now), id)
redis.call('ZREMRANGEBYSCORE', KEYS[2], '-inf', text(now - ${ALIVE_FOR_MS * US}))
redis.call('ZREMRANGEBYSCORE', KEYS[2], text(now + ${ALIVE_FOR_MS * US}), '+inf')
local alive = redis.call('ZCARD', KEYS[2])

local kept = redis.call('HMGET', KEYS[1], 'serial', 'factor', 'slowedAt', 'replicas', 'keptUntil', 'latest',
  'backgroundSerial', 'evenAt')
local serial, factor, slowedAt = tonumber(kept[1] or 0), tonumber(kept[2] or 1000000), tonumber(kept[3] or 0)
local replicas, keptUntil = tonumber(kept[4] or before), tonumber(kept[5] or now + ${SHARE_KEPT_MS * US})
-- The latest permit of a caller, how many permits there were when background work had its last one, and the time from
-- which on the even rate of background work has no debt.
local latest = math.min(tonumber(kept[6] or 0), now + 1000000)
local backgroundSerial = math.min(tonumber(kept[7] or serial), serial)
local evenAt = math.min(tonumber(kept[8] or 0), now + 1000000)

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

local rate = budget * share * alive / replicas
local price = ${BUDGET_WINDOW_MS * US} / (rate * ${BACKGROUND_SHARE})
local function permit(at)
  serial = serial + 1
  redis.call('ZADD', KEYS[3], text(at), serial)
  evenAt = math.ceil(math.min(math.max(evenAt, at) + price, at + math.max(${BACKGROUND_DEBT_MS * US}, price)))
end
for i = 9, 8 + unused do redis.call('ZREM', KEYS[3], ARGV[i]) end
for i = 9 + unused, #ARGV, 2 do redis.call('ZADD', KEYS[3], 'XX', 'INCR', ARGV[i + 1], ARGV[i]) end
for _ = 1, spent do permit(now) end
if spent > 0 then latest = math.max(latest, now) end
redis.call('ZREMRANGEBYSCORE', KEYS[3], '-inf', text(now - ${BUDGET_WINDOW_MS * US}))
redis.call('ZREMRANGEBYSCORE', KEYS[3], text(now + 1000000), '+inf')

local limit = math.max(1, math.floor(rate))
local backgroundLimit = math.max(1, math.floor(rate * ${BACKGROUND_SHARE}))
local passes = math.max(${LEAST_PASSES}, math.min(${MOST_PASSES}, math.floor(rate)))
local distance = ${BUDGET_WINDOW_MS * US * CATCH_UP} / rate
local times = {}
local stored = redis.call('ZRANGE', KEYS[3], -limit, -1, 'WITHSCORES')
for i = 2, #stored, 2 do times[i / 2] = tonumber(stored[i]) end

-- No window may hold more than so many permits, those that are given for later included.
local function untilRoom(most)
  local first = times[#times - most + 1]
  return first and first + ${BUDGET_WINDOW_MS * US} or 0
end
local function nextTime() return math.ceil(math.max(now, latest + distance, untilRoom(limit))) end
local function nextTimeOfBackground()
  local last = times[#times]
  local spaced, even = last and last + distance or 0, evenAt - ${BACKGROUND_CATCH_UP_MS * US}
  return math.ceil(math.max(now, latest + distance, spaced, even, untilRoom(backgroundLimit)))
end

local answer = {text(now), alive, math.floor(share * 1000000), 0, 0, serial + 1, 0}
local function give(at)
  permit(at)
  local place = #times
  while place > 0 and times[place] > at do
    times[place + 1] = times[place]
    place = place - 1
  end
  times[place + 1] = at
  answer[#answer + 1] = at - now
end

local fair = math.max(1, math.ceil(${HORIZON_MS / BUDGET_WINDOW_MS} * rate / alive))
for _ = 1, math.min(wanted, fair) do
  local at = nextTime()
  if at > now + ${HORIZON_MS * US} then break end
  latest = at
  give(at)
  answer[7] = answer[7] + 1
end
for _ = 1, wantedOfBackground do
  local at = nextTimeOfBackground()
  if at > now + ${BACKGROUND_HORIZON_MS * US} then
    if serial - backgroundSerial < passes then break end
    at = nextTime()
    latest = at
  end
  give(at)
  backgroundSerial = serial
end
answer[4] = math.max(0, nextTime() - now - ${HORIZON_MS * US})
answer[5] = math.max(0, nextTimeOfBackground() - now - ${BACKGROUND_HORIZON_MS * US})

redis.call('HSET', KEYS[1], 'serial', serial, 'factor', text(factor), 'slowedAt', text(slowedAt),
  'replicas', replicas, 'keptUntil', text(keptUntil), 'latest', text(latest), 'backgroundSerial', backgroundSerial,
  'evenAt', text(evenAt))
for _, key in ipairs(KEYS) do redis.call('PEXPIRE', key, ${FORGOTTEN_AFTER_MS}) end
return answer
`

const LEAVE = `
if redis.call('ZREM', KEYS[2], ARGV[1]) == 1 and tonumber(redis.call('HGET', KEYS[1], 'replicas') or 0) > 1 then
  redis.call('HINCRBY', KEYS[1], 'replicas', -1)
end
`

const answerSchema = z
  .tuple([
    z.coerce.number(),
    z.number().min(1),
    z.number().min(1),
    z.number(),
    z.number(),
    z.number(),
    z.number(),
  ])
  .rest(z.number())

export function createPermitSchedule(options: PermitScheduleOptions): PermitSchedule {
  const { connection, keyPrefix, replicaId, maxRps, replicasBefore, onClock, clock } = options
  const keys = [`${keyPrefix}:budget`, `${keyPrefix}:replicas`, `${keyPrefix}:departures`]
  const [ask, leave] = [createScript(connection.client, ASK), createScript(connection.client, LEAVE)]
  return {
    async ask({ wanted, spent, unused, late, isThrottled }) {
      const lateUs = late.flatMap(({ id, lateByMs }) => [id, Math.round(lateByMs * US)])
      const state = [
        replicaId,
        wanted.people,
        wanted.background,
        spent,
        isThrottled ? 1 : 0,
        maxRps,
        replicasBefore(),
      ]
      const args = [...state, unused.length, ...unused, ...lateUs]
      const askedAtMs = clock.monotonic()
      const answer = answerSchema.parse(await ask(keys, args))
      onClock(answer[0] / US, askedAtMs)
      const [nowUs, replicas, factorMillionths, againUs, backgroundAgainUs, firstId, ofPeople, ...inUs] =
        answer
      return {
        nowMs: nowUs / US,
        permits: inUs.map((us, index) => ({
          id: firstId + index,
          atMs: (nowUs + us) / US,
          isOfBackground: index >= ofPeople,
        })),
        askAgainAtMs: (nowUs + againUs) / US,
        askAgainForBackgroundAtMs: (nowUs + backgroundAgainUs) / US,
        replicas,
        factor: factorMillionths / 1_000_000,
      }
    },
    async leave() {
      await leave(keys, [replicaId])
    },
  }
}
