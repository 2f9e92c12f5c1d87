import { m001Store } from './m001-store.ts'
import type { Migrate } from './migration.ts'

/** Every step, by its name in the table of steps done. */
export const MIGRATIONS: Readonly<Record<string, Migrate>> = {
  '001-store': m001Store,
}
