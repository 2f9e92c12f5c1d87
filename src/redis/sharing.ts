import { randomUUID } from 'node:crypto'
import type { Logger } from 'pino'
import type { CreateCounter } from '../access/rate-limits.ts'
import type { Pace } from '../genauth/pace.ts'
import type { WithUserLock } from '../mfa/user-locks.ts'
import { createLeaseMemory } from './lease-memory.ts'
import { createRedisLink } from './link.ts'
import type { SharingState } from './link-health.ts'
import { createReplicaShare } from './replica-share.ts'
import { createSharedCounters } from './shared-counters.ts'
import { createSharedPace } from './shared-pace.ts'
import { createSharedUserLocks } from './shared-user-locks.ts'
import type { TlsFiles } from './tls-files.ts'
import { createTurnsBook } from './turns.ts'
import { createUserLeases } from './user-leases.ts'

export interface SharingOptions {
  readonly url: string
  /** Replicas with the same one share. */
  readonly keyPrefix: string
  /** How many replicas there are at least; null: unknown. */
  readonly replicas: number | null
  readonly maxRps: number
  readonly tlsFiles: TlsFiles
  /** The longest wait for one answer of Redis. */
  readonly timeoutMs: number
  /** How many questions in a row may go without an answer before Redis counts as lost. */
  readonly lostAfterTimeouts: number
  readonly sleep: (ms: number) => Promise<void>
  readonly log: Logger
}

/** What this replica shares with the others, by way of Redis. */
export interface Sharing {
  readonly pace: Pace
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
export async function startSharing(options: SharingOptions): Promise<Sharing> {
  const { url, keyPrefix, replicas, maxRps, tlsFiles, timeoutMs, lostAfterTimeouts, sleep, log } = options
  const replicaId = randomUUID()
  const link = createRedisLink({ url, tlsFiles, timeoutMs, lostAfterTimeouts, log })
  const share = createReplicaShare(replicas)
  const memory = createLeaseMemory()
  const turnsBook = createTurnsBook({
    link,
    keyPrefix,
    replicaId,
    maxRps,
    replicasBefore: () => share.lastSeen ?? 1,
    onClock: memory.noteClock,
  })
  const pace = createSharedPace({ maxRps, link, turnsBook, share, timeoutMs })
  const leases = createUserLeases({ link, keyPrefix, replicaId })

  let hasStarted = false
  link.client.on('ready', () => {
    if (!hasStarted) return
    memory.noteConnection()
    void pace.beat()
  })
  link.onAnswer(memory.noteReturn)

  const isDecided = new Promise(resolve => link.client.once('ready', resolve).once('close', resolve))
  await Promise.race([isDecided, sleep(START_WAIT_MS)])
  // The fastest of several answers tells Redis's clock best.
  for (let n = 0; n < FIRST_LOOKS; n++) await pace.beat()
  const beats = setInterval(() => void pace.beat(), BEAT_EVERY_MS)
  hasStarted = true

  return {
    pace,
    createCounter: createSharedCounters({ link, keyPrefix, share }),
    withUserLock: createSharedUserLocks({
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
