import { Redis } from 'ioredis'
import type { Logger } from 'pino'
import type { Clock } from '../base/clock.ts'
import { createConnectionHealth, type SharingState } from './connection-health.ts'
import { toRedisAddress } from './redis-address.ts'
import { isOfThePeer, type RedisFault, toFault } from './redis-fault.ts'
import type { TlsFiles } from './tls-files.ts'

/** Stands for a reply that did not come. */
export const LOST = Symbol('Redis is lost')

/** The connection to Redis, which knows whether Redis can be relied on. */
export interface RedisConnection {
  readonly client: Redis
  readonly state: SharingState
  /**
   * Sends a command and returns its reply. Returns `LOST` after the timeout, and immediately while Redis is lost. It
   * never throws.
   */
  ask<T>(question: () => Promise<T>): Promise<T | typeof LOST>
  /**
   * Does the same, but sends the command while Redis is lost, too. A reply ends that state. Use it for commands that
   * write: a server that only answers reads may be a replica that lags behind.
   */
  probe<T>(question: () => Promise<T>): Promise<T | typeof LOST>
  /** Calls `listener` after each reply in time, before the reply is returned. */
  onAnswer(listener: () => void): void
  /** Calls `listener` after each change. */
  onChange(listener: (state: SharingState) => void): void
  close(): Promise<void>
}

export interface RedisConnectionOptions {
  /** `redis://` or `rediss://`, with or without a user, a password and the number of a database. */
  readonly url: string
  readonly tlsFiles: TlsFiles
  /** The longest wait for one reply. */
  readonly timeoutMs: number
  /** Redis counts as lost after this many timeouts in a row. */
  readonly lostAfterTimeouts: number
  readonly clock: Clock
  readonly log: Logger
}

const CONNECT_TIMEOUT_MS = 2_000
/** A connection that stays silent this long is closed, because its other end may be gone. */
const SILENCE_TIMEOUT_MS = 2_000
/** The longest wait before the next connection, and the step that each failed connection adds to the wait. */
const MAX_RECONNECT_WAIT_MS = 1_000
const RECONNECT_WAIT_STEP_MS = 50

/**
 * Connects to Redis, and reconnects as often as necessary. It queues nothing while there is no connection, and sends
 * nothing twice. It reports errors by their code, because their text may repeat an address or a command.
 *
 * If a server replies that it cannot serve, the connection is closed. After a failover the old primary keeps its
 * connections. Only a new connection, to a newly resolved address, finds the new primary.
 */
export function createRedisConnection(options: RedisConnectionOptions): RedisConnection {
  const { url, tlsFiles, timeoutMs, lostAfterTimeouts, clock, log } = options
  /** Connections since the last reply. A new connection proves nothing yet. */
  let fruitless = 0
  const client = new Redis({
    ...toRedisAddress(url, tlsFiles),
    connectTimeout: CONNECT_TIMEOUT_MS,
    socketTimeout: SILENCE_TIMEOUT_MS,
    retryStrategy: () => Math.min(MAX_RECONNECT_WAIT_MS, RECONNECT_WAIT_STEP_MS * ++fruitless),
    // The client calls this for every refusal, even for one that comes after the timeout.
    reconnectOnError: isOfThePeer,
    enableOfflineQueue: false,
    // Sends the commands of one round of the event loop together.
    enableAutoPipelining: true,
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: 0,
    // These checks need rights (INFO, CLIENT) that the product does not need.
    enableReadyCheck: false,
    disableClientInfo: true,
  })
  const health = createConnectionHealth({ lostAfterTimeouts, log, clock })
  const answerListeners: (() => void)[] = []
  let connectionFault: RedisFault | null = null
  client.on('error', error => {
    connectionFault = toFault(error)
  })
  client.on('ready', () => {
    connectionFault = null
  })

  async function put<T>(question: () => Promise<T>): Promise<T | typeof LOST> {
    const askedAtMs = clock.monotonic()
    const answering = question()
    // An error that comes after the timeout still says more than the timeout did.
    answering.catch(error => health.failed(connectionFault ?? toFault(error)))
    try {
      const answer = await inTime(clock, answering, timeoutMs)
      if (answer === LATE) {
        health.timedOut(askedAtMs)
        return LOST
      }
      health.answered()
      for (const listener of answerListeners) listener()
      return answer
    } catch {
      return LOST
    }
  }

  async function probe<T>(question: () => Promise<T>): Promise<T | typeof LOST> {
    const answer = await put(question)
    if (answer !== LOST) {
      fruitless = 0
      health.wrote()
    }
    return answer
  }

  return {
    client,
    get state() {
      return health.state
    },
    ask: async question => (health.state === 'SHARED' ? put(question) : LOST),
    probe,
    onAnswer(listener) {
      answerListeners.push(listener)
    },
    onChange: health.onChange,
    async close() {
      health.close()
      client.disconnect()
    },
  }
}

const LATE = Symbol('The time is over')

function inTime<T>(clock: Clock, answer: Promise<T>, timeoutMs: number): Promise<T | typeof LATE> {
  return new Promise((resolve, reject) => {
    // If the event loop was late, a reply that has arrived is read before the timeout counts.
    const timer = clock.after(timeoutMs, () => setImmediate(() => resolve(LATE)))
    answer.then(resolve, reject).finally(() => timer.cancel())
  })
}
