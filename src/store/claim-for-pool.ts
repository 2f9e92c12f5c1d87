import { UnfitStoreError } from './store-fault.ts'
import type { StoreTables } from './tables.ts'

/**
 * Makes the store that of a user pool. A store that has one already keeps it.
 *
 * @throws UnfitStoreError `OTHER_POOL`
 */
export async function claimForPool(db: StoreTables, userPoolId: string): Promise<void> {
  await db
    .updateTable('mfa_store')
    .set({ user_pool_id: userPoolId })
    .where('user_pool_id', 'is', null)
    .execute()
  const { user_pool_id } = await db.selectFrom('mfa_store').select('user_pool_id').executeTakeFirstOrThrow()
  if (user_pool_id !== userPoolId) throw new UnfitStoreError('OTHER_POOL')
}
