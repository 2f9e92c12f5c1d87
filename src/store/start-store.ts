import type { Store, StoreOptions } from './create-store.ts'
import type { StoreTarget, TemporaryStoreTarget } from './store-target.ts'

/**
 * Opens the store. If a deployment has none, none of its code is loaded.
 *
 * @returns `null` if there is none, or if no temporary file can be made
 */
export async function startStore({
  target,
  ...options
}: Omit<StoreOptions, 'target'> & {
  readonly target: StoreTarget | TemporaryStoreTarget | null
}): Promise<Store | null> {
  if (target === null) return null
  const { createStore } = await import('./create-store.ts')
  if (target.kind === 'temporary') {
    const { createTemporaryStore } = await import('./temporary-store.ts')
    return createTemporaryStore(options)
  }
  return createStore({ ...options, target })
}
