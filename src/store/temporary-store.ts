import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { toErrorCode } from '../base/system-error-code.ts'
import { createStore, type Store, type StoreOptions } from './create-store.ts'

/**
 * Opens a store in a new folder for temporary files, and removes the folder when the store is closed.
 *
 * @returns `null` if the system lets nothing be written there
 */
export async function createTemporaryStore(options: Omit<StoreOptions, 'target'>): Promise<Store | null> {
  const folder = await mkdtemp(join(tmpdir(), 'genauth-graphql-')).catch((error: unknown) => {
    const reason = toErrorCode(error)
    options.log.warn({ reason }, 'no folder for temporary files: what needs a store is off')
    return null
  })
  if (folder === null) return null
  const store = await createStore({ ...options, target: { kind: 'file', path: join(folder, 'store.db') } })
  return {
    scans: store.scans,
    chains: store.chains,
    changes: store.changes,
    get fault() {
      return store.fault
    },
    async close() {
      await store.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}
