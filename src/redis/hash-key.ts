import { hash } from 'node:crypto'

/** Hashes the name of a caller or user, because others can read Redis. Each replica gets the same hash. */
export function hashKey(name: string): string {
  return hash('sha256', name, 'base64url').slice(0, 27)
}
