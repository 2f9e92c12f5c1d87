import type { Clock } from '../base/clock.ts'
import { EVERY_ROW } from './coverage-filter.ts'
import type { Population } from './population.ts'
import { MAX_SCANS, type Scan } from './scan.ts'
import type { ScanStore } from './scan-store.ts'

const DAY_MS = 24 * 60 * 60 * 1_000
/** An older scan no longer says how many users there are. */
const MAX_AGE_OF_COUNT_MS = 7 * DAY_MS

export interface CountUnboundUsersOptions {
  readonly store: Pick<ScanStore, 'newest' | 'count'>
  readonly clock: Pick<Clock, 'now'>
}

/**
 * Returns the function that counts the activated users of the pool without a bound factor. It asks the store alone. The
 * newest scan decides that read all of them with their bindings, is whole, and ended in the last seven days. If there is
 * none, the function returns `null`.
 *
 * The function throws a `StoreUnavailableError` if the store cannot be used.
 */
export function createCountUnboundUsers({ store, clock }: CountUnboundUsersOptions) {
  return async (): Promise<{ readonly users: number; readonly countedAtMs: number } | null> => {
    const newest = await store.newest(MAX_SCANS)
    const atMs = clock.now()
    for (const scan of newest) {
      const { finishedAtMs } = scan
      if (finishedAtMs === null || atMs - finishedAtMs > MAX_AGE_OF_COUNT_MS || !readsAllBindings(scan))
        continue
      const users = await store.count(scan.id, {
        ...EVERY_ROW,
        statuses: ['ACTIVATED'],
        withoutBoundFactor: true,
      })
      if (users !== null) return { users, countedAtMs: finishedAtMs }
    }
    return null
  }
}

function readsAllBindings({ isWhole, depth, population }: Scan): boolean {
  return isWhole && depth !== 'ACTIVITY' && holdsAllActivated(population)
}

function holdsAllActivated(population: Population): boolean {
  const { departments, groups, statuses, signedInTo, exceptUserIds, exceptGroups } = population
  const conditions = [departments, groups, signedInTo, exceptUserIds, exceptGroups]
  return (
    conditions.every(({ length }) => length === 0) &&
    population.lastSignInAfterMs === null &&
    population.lastSignInBeforeMs === null &&
    (statuses.length === 0 || statuses.includes('ACTIVATED'))
  )
}
