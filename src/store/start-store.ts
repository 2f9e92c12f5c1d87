import type { Store, StoreOptions } from './create-store.ts'
import type { StoreTarget } from './store-target.ts'

/**
 * Opens the store. If a deployment has none, none of its code is loaded.
 *
 * @returns `null` if there is none
 */
export async function startStore({
  target,
  ...options
}: Omit<StoreOptions, 'target'> & { readonly target: StoreTarget | null }): Promise<Store | null> {
  if (target === null) return null
  const { createStore } = await import('./create-store.ts')
  return createStore({ ...options, target })
}
