import type { Redis } from 'ioredis'

/** What both ends of the queue must agree upon. */
export interface QueueOptions {
  /** The keys in Redis begin with the prefix and this. */
  readonly name: string
  readonly prefix: string
  readonly connection: Redis
  readonly skipVersionCheck: boolean
}

export function toQueueOptions(connection: Redis, prefix: string): QueueOptions {
  // The check needs the right to INFO, and prints to the console.
  return { name: 'scans', prefix, connection, skipVersionCheck: true }
}
