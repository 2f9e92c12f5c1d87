import { m001Store } from './m001-store.ts'
import { m002Scans } from './m002-scans.ts'
import { m003Changes } from './m003-changes.ts'
import { m004Journal } from './m004-journal.ts'
import type { Migrate } from './migration.ts'

/** Every step, by its name in the table of steps done. */
export const MIGRATIONS: Readonly<Record<string, Migrate>> = {
  '001-store': m001Store,
  '002-scans': m002Scans,
  '003-changes': m003Changes,
  '004-journal': m004Journal,
}
