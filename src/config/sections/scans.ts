import { type CronSchedule, parseCron } from '../../jobs/cron.ts'
import type { Environment } from '../environment.ts'
import { parsed } from '../value-schemas.ts'
import { variable } from '../variable.ts'

export const SCAN_VARIABLES = {
  MFA_SCAN_CRON: variable(
    'When a scan of all activated users starts by itself, in UTC: 0 2 * * * is every night at two. Unset: none does.',
    null,
    parsed(parseCron, 'must be a cron expression: minute, hour, day, month and day of the week'),
  ),
}

/** The scans that nobody asks for. */
export interface ScanSettings {
  /** `null` if no scan starts by itself. */
  readonly nightly: CronSchedule | null
}

/** @param hasStore `false` if nothing is kept */
export function readScans(env: Environment, hasStore: boolean): ScanSettings {
  const { MFA_SCAN_CRON: nightly } = env.read(SCAN_VARIABLES)
  if (nightly !== null && !hasStore && !env.isGiven('STORE_URL')) {
    env.refuse('STORE_URL', 'required with MFA_SCAN_CRON')
  }
  return { nightly }
}
