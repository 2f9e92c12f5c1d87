import { Redis } from 'ioredis'
import type { Logger } from 'pino'
import { isOfThePeer, toReason } from './redis-fault.ts'

/** `SHARED`: Redis answers. `LOCAL`: it is slow or lost, and each replica goes on with its own share. */
export type SharingState = 'SHARED' | 'LOCAL'

/** In the place of an answer that did not come. */
export const LOST = Symbol('Redis is lost')

/** The connection to Redis, and whether it can be relied on. */
export interface RedisLink {
  readonly client: Redis
  readonly state: SharingState
  /** The answer, or `LOST`: immediately while Redis is lost, else after the time-out. Never throws. */
  ask<T>(question: () => Promise<T>): Promise<T | typeof LOST>
  /**
   * The same, and asked while Redis is lost, too: an answer ends that. For questions that write: a server that only
   * answers reads may be a replica that lags behind.
   */
  probe<T>(question: () => Promise<T>): Promise<T | typeof LOST>
  /** Told after each change. */
  onChange(listener: (state: SharingState) => void): void
  close(): Promise<void>
}

export interface RedisLinkOptions {
  /** `redis://` or `rediss://`, with or without a user, a password and the number of a database. */
  readonly url: string
  readonly log: Logger
}

/** A healthy Redis answers in one or two: whoever waits for this long had better go on alone. */
const ANSWER_TIMEOUT_MS = 100
const CONNECT_TIMEOUT_MS = 2_000
/** A connection whose other end is gone without a word is given up after as long. */
const SILENCE_TIMEOUT_MS = 2_000
/** The longest wait before the next connection, and what each one that came to nothing adds to it. */
const MAX_RECONNECT_WAIT_MS = 1_000
const RECONNECT_WAIT_STEP_MS = 50
const DEFAULT_PORT = 6_379

/**
 * Connects, and connects again for as long as it takes. Nothing is queued while there is no connection, and nothing
 * is sent twice. Errors are told by their code, never by their text, which may repeat an address or a command.
 *
 * A server that says of itself that it cannot serve loses the connection: after a failover the old primary keeps its
 * connections, and only a new one, to the address as it resolves by then, finds the server that is the primary now.
 */
export function createRedisLink({ url, log }: RedisLinkOptions): RedisLink {
  /** Connections since the last answer. A connection that is made proves nothing yet. */
  let fruitless = 0
  const client = new Redis({
    ...toAddress(url),
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
  const listeners: ((state: SharingState) => void)[] = []
  let state: SharingState | null = null
  let connectionFault: string | null = null
  client.on('error', error => {
    connectionFault = toReason(error)
  })
  client.on('ready', () => {
    connectionFault = null
  })

  function change(to: SharingState, reason?: string): void {
    if (state === to) return
    state = to
    if (to === 'SHARED') log.info({ redis: to }, 'redis: budget, limits and locks are shared')
    else log.warn({ redis: to, reason }, 'redis is slow or lost: going on with a local share')
    for (const listener of listeners) listener(to)
  }

  async function put<T>(question: () => Promise<T>): Promise<T | typeof LOST> {
    try {
      return await inTime(question())
    } catch (error) {
      change('LOCAL', connectionFault ?? toReason(error))
      return LOST
    }
  }

  async function probe<T>(question: () => Promise<T>): Promise<T | typeof LOST> {
    const answer = await put(question)
    if (answer !== LOST) {
      fruitless = 0
      change('SHARED')
    }
    return answer
  }

  return {
    client,
    get state() {
      return state ?? 'LOCAL'
    },
    ask: async question => (state === 'SHARED' ? put(question) : LOST),
    probe,
    onChange(listener) {
      listeners.push(listener)
    },
    async close() {
      listeners.length = 0
      client.disconnect()
    },
  }
}

function toAddress(url: string) {
  const { protocol, hostname, port, username, password, pathname } = new URL(url)
  return {
    // An IPv6 address without its brackets.
    host: hostname.replace(/^\[(.*)\]$/, '$1'),
    port: port === '' ? DEFAULT_PORT : Number(port),
    db: Number(pathname.slice(1)),
    ...(username === '' ? {} : { username: decodeURIComponent(username) }),
    ...(password === '' ? {} : { password: decodeURIComponent(password) }),
    ...(protocol === 'rediss:' ? { tls: {} } : {}),
  }
}

function inTime<T>(answer: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    // An answer that came while the event loop was late is read before its time counts as over.
    const timer = setTimeout(() => setImmediate(() => reject(new TimedOutError())), ANSWER_TIMEOUT_MS)
    answer.then(resolve, reject).finally(() => clearTimeout(timer))
  })
}

class TimedOutError extends Error {
  readonly code = 'TIMED_OUT'
}
