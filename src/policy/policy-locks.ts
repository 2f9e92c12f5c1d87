/** The lock of the user pool. It has blanks, so it cannot be the id of a user. */
export const POOL_LOCK = 'the user pool'

/** Returns the lock of an application. */
export function toApplicationLock(applicationId: string): string {
  return `the application ${applicationId}`
}
