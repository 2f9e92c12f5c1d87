import type { UserRef } from '../mfa/user-ref.ts'
import type { Population } from './population.ts'
import type { ScanRequest } from './scan.ts'

/** A population as a caller names it. */
export interface WantedPopulation extends Omit<Population, 'exceptUserIds'> {
  readonly exceptUsers: readonly UserRef[]
}

/** A scan as a caller asks for it. */
export interface WantedScan extends Omit<ScanRequest, 'population'> {
  readonly population: WantedPopulation
}
