import { Redis } from 'ioredis'
import type { Logger } from 'pino'
import { createConnectionHealth, type SharingState } from './connection-health.ts'
import { toRedisAddress } from './redis-address.ts'
import { isOfThePeer, type RedisFault, toFault } from './redis-fault.ts'
import type { TlsFiles } from './tls-files.ts'

/** In the place of an answer that did not come. */
export const LOST = Symbol('Redis is lost')

/** The connection to Redis, and whether it can be relied on. */
export interface RedisConnection {
  readonly client: Redis
  readonly state: SharingState
  /** The answer, or `LOST`: immediately while Redis is lost, else after the time-out. Never throws. */
  ask<T>(question: () => Promise<T>): Promise<T | typeof LOST>
  /**
   * The same, and asked while Redis is lost, too: an answer ends that. For questions that write: a server that only
   * answers reads may be a replica that lags behind.
   */
  probe<T>(question: () => Promise<T>): Promise<T | typeof LOST>
  /** Told of each answer that came in time, before anybody has it. */
  onAnswer(listener: () => void): void
  /** Told after each change. */
  onChange(listener: (state: SharingState) => void): void
  close(): Promise<void>
}

export interface RedisConnectionOptions {
  /** `redis://` or `rediss://`, with or without a user, a password and the number of a database. */
  readonly url: string
  readonly tlsFiles: TlsFiles
  /** The longest wait for one answer. */
  readonly timeoutMs: number
  /** How many questions in a row may go without an answer before Redis counts as lost. */
  readonly lostAfterTimeouts: number
  readonly log: Logger
}

const CONNECT_TIMEOUT_MS = 2_000
/** A connection whose other end is gone without a word is given up after as long. */
const SILENCE_TIMEOUT_MS = 2_000
/** The longest wait before the next connection, and what each one that came to nothing adds to it. */
const MAX_RECONNECT_WAIT_MS = 1_000
const RECONNECT_WAIT_STEP_MS = 50

/**
 * Connects, and connects again for as long as it takes. Nothing is queued while there is no connection, and nothing
 * is sent twice. Errors are told by their code, never by their text, which may repeat an address or a command.
 *
 * A server that says of itself that it cannot serve loses the connection: after a failover the old primary keeps its
 * connections, and only a new one, to the address as it resolves by then, finds the server that is the primary now.
 */
export function createRedisConnection(options: RedisConnectionOptions): RedisConnection {
  const { url, tlsFiles, timeoutMs, lostAfterTimeouts, log } = options
  /** Connections since the last answer. A connection that is made proves nothing yet. */
  let fruitless = 0
  const client = new Redis({
    ...toRedisAddress(url, tlsFiles),
    connectTimeout: CONNECT_TIMEOUT_MS,
    socketTimeout: SILENCE_TIMEOUT_MS,
    retryStrategy: () => Math.min(MAX_RECONNECT_WAIT_MS, RECONNECT_WAIT_STEP_MS * ++fruitless),
    // Asked of every refusal, one that comes after the time-out included.
    reconnectOnError: isOfThePeer,
    enableOfflineQueue: false,
    // What is asked in one turn of the event loop is sent together.
    enableAutoPipelining: true,
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: 0,
    // These ask for rights (INFO, CLIENT) that the product does not need.
    enableReadyCheck: false,
    disableClientInfo: true,
  })
  const now = () => performance.now()
  const health = createConnectionHealth({ lostAfterTimeouts, log, now })
  const answerListeners: (() => void)[] = []
  let connectionFault: RedisFault | null = null
  client.on('error', error => {
    connectionFault = toFault(error)
  })
  client.on('ready', () => {
    connectionFault = null
  })

  async function put<T>(question: () => Promise<T>): Promise<T | typeof LOST> {
    const askedAtMs = now()
    const answering = question()
    // What fails after its time is over says more than that it was late.
    answering.catch(error => health.failed(connectionFault ?? toFault(error)))
    try {
      const answer = await inTime(answering, timeoutMs)
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

function inTime<T>(answer: Promise<T>, timeoutMs: number): Promise<T | typeof LATE> {
  return new Promise((resolve, reject) => {
    // An answer that came while the event loop was late is read before its time counts as over.
    const timer = setTimeout(() => setImmediate(() => resolve(LATE)), timeoutMs)
    answer.then(resolve, reject).finally(() => clearTimeout(timer))
  })
}
