import type { Client } from 'pg'
import { UnfitStoreError } from '../store-fault.ts'

/** "mfas". The same in each version, so that they exclude each other. */
const LOCK = 0x6d_66_61_73

export interface ProcessLock {
  isHeld(): boolean
  free(): Promise<void>
}

/**
 * Takes the database for this process alone. PostgreSQL keeps the lock as long as the connection lives, and frees it when
 * the process ends, however it ends.
 *
 * @throws UnfitStoreError `LOCKED` if another process has it, and the errors of the database
 */
export async function takeProcessLock(client: Client): Promise<ProcessLock> {
  let isHeld = false
  const lose = () => {
    isHeld = false
  }
  client.on('error', lose)
  client.on('end', lose)
  try {
    await client.connect()
    const { rows } = await client.query({
      text: 'select pg_try_advisory_lock($1)',
      values: [LOCK],
      rowMode: 'array',
    })
    if (rows[0]?.[0] !== true) throw new UnfitStoreError('LOCKED')
  } catch (error) {
    await client.end().catch(() => {})
    throw error
  }
  isHeld = true
  return { isHeld: () => isHeld, free: () => client.end().catch(() => {}) }
}
