import { randomUUID } from 'node:crypto'
import type { Logger } from 'pino'
import type { CreateCounter } from './access/rate-limits.ts'
import { createRedisCounters } from './access/redis-counters.ts'
import { createLeaseMemory } from './locks/lease-memory.ts'
import { createRedisLeases } from './locks/redis-leases.ts'
import { createRedisUserLocks } from './locks/redis-user-locks.ts'
import type { WithUserLock } from './mfa/user-lock.ts'
import { createRedisConnection, type RedisConnectionOptions } from './redis/connection.ts'
import type { SharingState } from './redis/connection-health.ts'
import { createFallbackQuota } from './redis/fallback-quota.ts'
import type { RateLimiter } from './throttle/rate-limiter.ts'
import { createPermitSchedule } from './throttle/redis-permit-schedule.ts'
import { createRedisRateLimiter } from './throttle/redis-rate-limiter.ts'

/** What a deployment chooses of sharing. */
export interface ReplicaSettings extends Omit<RedisConnectionOptions, 'log'> {
  /** Replicas with the same one share. */
  readonly keyPrefix: string
  /** How many replicas there are at least. `null`: unknown. */
  readonly replicas: number | null
}

export interface ReplicaSharingOptions extends ReplicaSettings {
  readonly maxRps: number
  readonly sleep: (ms: number) => Promise<void>
  readonly log: Logger
}

/** What this replica shares with the others, by way of Redis. */
export interface ReplicaSharing {
  readonly rateLimiter: RateLimiter
  readonly createCounter: CreateCounter
  readonly withUserLock: WithUserLock
  readonly state: SharingState
  /** Replicas that were alive when Redis last said so, this one included; null: it never did. */
  readonly replicas: number | null
  close(): Promise<void>
}

const BEAT_EVERY_MS = 500
const FIRST_LOOKS = 5
/** A Redis that takes longer to be reached is lost, for now: the start does not wait for it. */
const START_WAIT_MS = 1_000
/** For the last word to the others. */
const LEAVE_WAIT_MS = 200

/** Connects to Redis. Where that is not possible it starts all the same, with a local share, and goes on trying. */
export async function shareWithReplicas(options: ReplicaSharingOptions): Promise<ReplicaSharing> {
  const { url, keyPrefix, replicas, maxRps, tlsFiles, timeoutMs, lostAfterTimeouts, sleep, log } = options
  const replicaId = randomUUID()
  const link = createRedisConnection({ url, tlsFiles, timeoutMs, lostAfterTimeouts, log })
  const share = createFallbackQuota(replicas)
  const memory = createLeaseMemory()
  const turnsBook = createPermitSchedule({
    link,
    keyPrefix,
    replicaId,
    maxRps,
    replicasBefore: () => share.lastSeen ?? 1,
    onClock: memory.noteClock,
  })
  const rateLimiter = createRedisRateLimiter({ maxRps, link, turnsBook, share, timeoutMs })
  const leases = createRedisLeases({ link, keyPrefix, replicaId })

  let hasStarted = false
  link.client.on('ready', () => {
    if (!hasStarted) return
    memory.noteConnection()
    void rateLimiter.beat()
  })
  link.onAnswer(memory.noteReturn)

  const isDecided = new Promise(resolve => link.client.once('ready', resolve).once('close', resolve))
  await Promise.race([isDecided, sleep(START_WAIT_MS)])
  // The fastest of several answers tells Redis's clock best.
  for (let n = 0; n < FIRST_LOOKS; n++) await rateLimiter.beat()
  const beats = setInterval(() => void rateLimiter.beat(), BEAT_EVERY_MS)
  hasStarted = true

  return {
    rateLimiter,
    createCounter: createRedisCounters({ link, keyPrefix, share }),
    withUserLock: createRedisUserLocks({
      link,
      leases,
      memory,
      sleep,
    }),
    get state() {
      return link.state
    },
    get replicas() {
      return share.lastSeen
    },
    async close() {
      clearInterval(beats)
      if (link.state === 'SHARED')
        await Promise.race([turnsBook.leave().catch(() => {}), sleep(LEAVE_WAIT_MS)])
      await link.close()
    },
  }
}
