import type { StoreTables } from '../tables.ts'

/** A scan, and the place behind its last row. */
export interface ScanNumbers {
  readonly no: number
  readonly nextPlace: number
}

/** @returns `null` if there is no such scan */
export async function findNumbers(db: StoreTables, id: string): Promise<ScanNumbers | null> {
  const wanted = db.selectFrom('mfa_scans').select(['no', 'next_place as nextPlace']).where('id', '=', id)
  return (await wanted.executeTakeFirst()) ?? null
}
