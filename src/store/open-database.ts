import type { StoreDatabase } from './database.ts'
import type { StoreTarget } from './store-target.ts'

/**
 * Opens the database of a target, and loads only its driver.
 *
 * @param isAlone `true` if no other process may use the database. A file never has two
 */
export async function openDatabase(target: StoreTarget, isAlone: boolean): Promise<StoreDatabase> {
  switch (target.kind) {
    case 'file': {
      const { openSqlite } = await import('./sqlite/open-sqlite.ts')
      return openSqlite(target)
    }
    case 'postgres': {
      const { openPostgres } = await import('./postgres/open-postgres.ts')
      return openPostgres(target, isAlone)
    }
  }
}
