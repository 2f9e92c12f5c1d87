import type { Environment } from '../environment.ts'
import { wholeNumber } from '../value-schemas.ts'
import { variable } from '../variable.ts'

export const HISTORY_VARIABLES = {
  HISTORY_DAYS: variable(
    'Days for which the store keeps what this service changed, for the history of a user. The journal has a life of its own.',
    '400',
    wholeNumber(1, 36_500),
  ),
}

/** The changes of this service in the store. */
export interface HistorySettings {
  /** Changes are kept for this many days. */
  readonly days: number
}

export function readHistory(env: Environment): HistorySettings {
  return { days: env.read(HISTORY_VARIABLES).HISTORY_DAYS }
}
