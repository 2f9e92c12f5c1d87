import { Redis } from 'ioredis'
import { toRedisAddress } from '../../redis/redis-address.ts'
import { isOfThePeer } from '../../redis/redis-fault.ts'
import type { TlsFiles } from '../../redis/tls-files.ts'

/** Where the queue is. It shares Redis with the limits and locks of replicas, but no connection. */
export interface QueueAddress {
  /** `redis://` or `rediss://`, with or without a user, a password and the number of a database. */
  readonly url: string
  readonly tlsFiles: TlsFiles
  /** Replicas with the same prefix share the queue. */
  readonly keyPrefix: string
}

const CONNECT_TIMEOUT_MS = 2_000
/** BullMQ asks for the next job with a command that Redis answers after up to 10 s. */
const SILENCE_TIMEOUT_MS = 12_000
const MAX_RECONNECT_WAIT_MS = 1_000
const RECONNECT_WAIT_STEP_MS = 50

/**
 * Connects to Redis as BullMQ needs it: a command waits for the connection, and is sent again after a loss. BullMQ makes
 * a second connection with the same options.
 */
export function createQueueConnection({ url, tlsFiles }: QueueAddress): Redis {
  return new Redis({
    ...toRedisAddress(url, tlsFiles),
    connectTimeout: CONNECT_TIMEOUT_MS,
    socketTimeout: SILENCE_TIMEOUT_MS,
    retryStrategy: times => Math.min(MAX_RECONNECT_WAIT_MS, RECONNECT_WAIT_STEP_MS * times),
    reconnectOnError: isOfThePeer,
    maxRetriesPerRequest: null,
    // These checks need rights (INFO, CLIENT) that the product does not need.
    enableReadyCheck: false,
    disableClientInfo: true,
  })
}
