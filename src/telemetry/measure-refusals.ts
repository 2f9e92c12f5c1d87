import type { AppEvents } from '../app-events.ts'
import type { Events } from '../base/events.ts'
import { GUARD_RAILS } from '../mfa/guard-rail.ts'
import { UNSHARED_LOCK_OUTCOMES } from '../mfa/user-lock.ts'
import type { Metrics } from './metrics.ts'

const LIMITS = ['reads', 'writes', 'weakenings', 'misses', 'policy']

/** Counts refusals by limit and guard rail, never by caller. */
export function measureRefusals(metrics: Metrics, events: Events<AppEvents>): void {
  const limited = metrics.counterOf(
    'limited_total',
    'Users refused by the limits for each caller, by the limit.',
    'limit',
    LIMITS,
  )
  const guardRails = metrics.counterOf(
    'guard_rail_refusals_total',
    'Changes that a guard rail refused, by the guard rail.',
    'guard_rail',
    GUARD_RAILS,
  )
  const unsharedLocks = metrics.counterOf(
    'unshared_locks_total',
    'Changes whose lock replicas did not share: made in spite of it, or refused.',
    'outcome',
    UNSHARED_LOCK_OUTCOMES,
  )
  events.on('limited', ({ limit, users }) => limited.inc({ limit }, users))
  events.on('guardRailRefused', ({ guardRail }) => guardRails.inc({ guard_rail: guardRail }))
  events.on('unsharedLock', ({ outcome }) => unsharedLocks.inc({ outcome }))
}
