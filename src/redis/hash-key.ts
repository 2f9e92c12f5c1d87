import { createHash } from 'node:crypto'

/** The same for every replica, and not what callers and users are called: Redis is read by others. */
export function hashKey(name: string): string {
  return createHash('sha256').update(name).digest('base64url').slice(0, 27)
}
