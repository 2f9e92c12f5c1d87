import { randomUUID } from 'node:crypto'
import type { Logger } from 'pino'
import type { CreateCounter } from './access/rate-limits.ts'
import { createRedisCounters } from './access/redis-counters.ts'
import { type Clock, every, sleep } from './base/clock.ts'
import { createLeaseMemory } from './locks/lease-memory.ts'
import { createRedisLeases } from './locks/redis-leases.ts'
import { createRedisUserLocks } from './locks/redis-user-locks.ts'
import type { WithUserLock } from './mfa/user-lock.ts'
import { createRedisConnection, type RedisConnectionOptions } from './redis/connection.ts'
import type { SharingState } from './redis/connection-health.ts'
import { createFallbackQuota } from './redis/fallback-quota.ts'
import type { RateLimiter } from './throttle/rate-limiter.ts'
import { createPermitSchedule } from './throttle/redis-permit-schedule.ts'
import { RedisRateLimiter } from './throttle/redis-rate-limiter.ts'

/** The settings of a deployment with several replicas. */
export interface ReplicaSettings extends Omit<RedisConnectionOptions, 'clock' | 'log'> {
  /** Replicas with the same prefix share their limits and locks. */
  readonly keyPrefix: string
  /** The least number of replicas. `null` if it is unknown. */
  readonly replicas: number | null
}

export interface ReplicaSharingOptions extends ReplicaSettings {
  readonly maxRps: number
  readonly clock: Clock
  readonly log: Logger
}

/** Everything that this replica shares with the others through Redis. */
export interface ReplicaSharing {
  readonly rateLimiter: RateLimiter
  readonly createCounter: CreateCounter
  readonly withUserLock: WithUserLock
  readonly state: SharingState
  /** The replicas that were alive by Redis's last count, this one included. `null` if Redis never counted them. */
  readonly replicas: number | null
  close(): Promise<void>
}

const HEARTBEAT_EVERY_MS = 500
const FIRST_HEARTBEATS = 5
/** If Redis takes longer to be reached, it counts as lost for now. The start does not wait for it. */
const START_WAIT_MS = 1_000
/** The time for the last message to the others. */
const LEAVE_WAIT_MS = 200

/** Connects to Redis. If Redis cannot be reached, the replica starts with a local share and keeps trying. */
export async function shareWithReplicas(options: ReplicaSharingOptions): Promise<ReplicaSharing> {
  const { url, keyPrefix, replicas, maxRps, tlsFiles, timeoutMs, lostAfterTimeouts, clock, log } = options
  const replicaId = randomUUID()
  const connection = createRedisConnection({ url, tlsFiles, timeoutMs, lostAfterTimeouts, clock, log })
  const quota = createFallbackQuota(replicas)
  const memory = createLeaseMemory(clock)
  const schedule = createPermitSchedule({
    connection,
    keyPrefix,
    replicaId,
    maxRps,
    replicasBefore: () => quota.lastSeen ?? 1,
    onClock: memory.noteClock,
    clock,
  })
  const rateLimiter = new RedisRateLimiter({
    maxRps,
    connection,
    schedule,
    quota,
    timeoutMs,
    clock,
  })
  const leases = createRedisLeases({ connection, keyPrefix, replicaId })

  let hasStarted = false
  connection.client.on('ready', () => {
    if (!hasStarted) return
    memory.noteConnection()
    void rateLimiter.heartbeat()
  })
  connection.onAnswer(memory.noteReturn)

  const isDecided = new Promise(resolve => connection.client.once('ready', resolve).once('close', resolve))
  await Promise.race([isDecided, sleep(clock, START_WAIT_MS)])
  // The fastest of several replies tells the time of Redis's clock best.
  for (let n = 0; n < FIRST_HEARTBEATS; n++) await rateLimiter.heartbeat()
  const heartbeats = every(clock, HEARTBEAT_EVERY_MS, () => void rateLimiter.heartbeat())
  hasStarted = true

  return {
    rateLimiter,
    createCounter: createRedisCounters({ connection, keyPrefix, quota, clock }),
    withUserLock: createRedisUserLocks({
      connection,
      leases,
      memory,
      clock,
    }),
    get state() {
      return connection.state
    },
    get replicas() {
      return quota.lastSeen
    },
    async close() {
      heartbeats.cancel()
      if (connection.state === 'SHARED')
        await Promise.race([schedule.leave().catch(() => {}), sleep(clock, LEAVE_WAIT_MS)])
      await connection.close()
    },
  }
}
