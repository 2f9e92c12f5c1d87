import { randomUUID } from 'node:crypto'
import { Redis } from 'ioredis'
import type { Logger } from 'pino'
import { type Clock, every } from '../base/clock.ts'
import { toRedisAddress } from '../redis/redis-address.ts'
import { isOfThePeer, type RedisFault, toFault } from '../redis/redis-fault.ts'
import type { TlsFiles } from '../redis/tls-files.ts'
import type { ChangeFeed } from './change-feed.ts'
import type { ChangeSeal } from './change-seal.ts'
import { parseSharedMessage, type SharedMessage } from './shared-message.ts'

export interface ShareChangesOptions {
  readonly url: string
  readonly keyPrefix: string
  readonly tlsFiles: TlsFiles
  readonly feed: Pick<ChangeFeed, 'onPublished' | 'receive'>
  readonly seal: Pick<ChangeSeal, 'seal' | 'open'>
  readonly clock: Clock
  readonly log: Logger
}

/** The sharing of changes with other replicas. */
export interface SharedChanges {
  /** `SHARED` if what this replica publishes comes back to it. */
  readonly state: 'SHARED' | 'LOCAL'
  close(): void
}

/** A replica listens to itself: a message that does not come back before the next one reached nobody. */
const HEARTBEAT_MS = 5_000
/** A connection that stays silent this long is closed, because its other end may be gone. */
const SILENCE_TIMEOUT_MS = 12_000
const CONNECT_TIMEOUT_MS = 2_000
const MAX_RECONNECT_WAIT_MS = 1_000
const RECONNECT_WAIT_STEP_MS = 100
/** The fault of a connection that ends without a word. */
const NOT_CONNECTED: RedisFault = { reason: 'NOT_CONNECTED', command: null }
/** Far longer than any message of a replica. */
const MAX_MESSAGE_CHARACTERS = 8_192

/**
 * Tells the other replicas of this one's changes, and the feed of theirs, through Redis. A message comes at most once.
 * What is published while Redis is away is lost for the others. The connections are its own: a connection that
 * subscribes can do nothing else, and a right that is missing here must not end the sharing of limits and locks. Each
 * loss is logged once.
 */
export function shareChanges({
  url,
  keyPrefix,
  tlsFiles,
  feed,
  seal,
  clock,
  log,
}: ShareChangesOptions): SharedChanges {
  const channel = `${keyPrefix}:changes`
  const replicaId = randomUUID()
  let state: 'SHARED' | 'LOCAL' = 'LOCAL'
  let isLogged = false
  let isUnreadableLogged = false
  let isAwaited = false
  let isClosed = false
  let fault: RedisFault | null = null

  function connect(): Redis {
    const client = new Redis({
      ...toRedisAddress(url, tlsFiles),
      connectTimeout: CONNECT_TIMEOUT_MS,
      socketTimeout: SILENCE_TIMEOUT_MS,
      retryStrategy: times => Math.min(MAX_RECONNECT_WAIT_MS, RECONNECT_WAIT_STEP_MS * times),
      reconnectOnError: isOfThePeer,
      enableOfflineQueue: false,
      autoResubscribe: false,
      autoResendUnfulfilledCommands: false,
      maxRetriesPerRequest: 0,
      // These checks need rights (INFO, CLIENT) that the product does not need.
      enableReadyCheck: false,
      disableClientInfo: true,
    })
    return client.on('error', noteFault).on('close', () => {
      fault ??= NOT_CONNECTED
      lose()
    })
  }

  function noteFault(error: unknown): void {
    fault = toFault(error)
  }

  function lose(): void {
    state = 'LOCAL'
    if (isLogged || isClosed) return
    isLogged = true
    const { reason, command } = fault ?? { reason: 'TIMED_OUT', command: null }
    const named = command === null ? {} : { command }
    const text = 'changes reach only the subscriptions of the same replica: Redis does not pass them on'
    log.warn({ changes: 'LOCAL', reason, ...named }, text)
  }

  function regain(): void {
    fault = null
    isAwaited = false
    state = 'SHARED'
    if (!isLogged) return
    isLogged = false
    log.info({ changes: 'SHARED' }, 'changes reach the subscriptions of every replica again')
  }

  function send(message: SharedMessage): void {
    publisher.publish(channel, seal.seal(JSON.stringify(message))).catch(noteFault)
  }

  /** Sends a message that only this replica waits for. */
  function ping(): void {
    isAwaited = true
    send({ from: replicaId, change: null })
  }

  function beat(): void {
    if (isAwaited) lose()
    ping()
  }

  function take(sealed: string): void {
    const text = sealed.length > MAX_MESSAGE_CHARACTERS ? null : seal.open(sealed)
    if (text === null) {
      if (!isUnreadableLogged)
        log.warn('changes of another replica cannot be read: give all the same AUDIT_KEY')
      isUnreadableLogged = true
      return
    }
    const message = parseSharedMessage(text)
    if (message === null) return
    if (message.from === replicaId) regain()
    else if (message.change !== null) feed.receive(message.change)
  }

  const publisher = connect()
  const subscriber = connect()
  publisher.on('ready', ping)
  subscriber.on('ready', () => void subscriber.subscribe(channel).then(ping, noteFault))
  subscriber.on('message', (_channel, sealed) => take(sealed))
  feed.onPublished(change => send({ from: replicaId, change }))
  const heartbeat = every(clock, HEARTBEAT_MS, beat).unref()

  return {
    get state() {
      return state
    },
    close() {
      isClosed = true
      heartbeat.cancel()
      publisher.disconnect()
      subscriber.disconnect()
    },
  }
}
