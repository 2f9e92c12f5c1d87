import { createDeadline, type Deadline, within } from '../base/deadline.ts'

/** How many users have no factor to be asked for, as a scan has counted them. */
export interface UnboundUsers {
  /** Activated users of whom GenAuth says of each factor that it is not bound. */
  readonly users: number
  /** When the scan ended. Milliseconds since 1970. */
  readonly countedAtMs: number
}

/**
 * Returns what the newest scan says that read all activated users, missed nobody and is not too old.
 *
 * @returns `null` if there is none
 * @throws if what keeps the scans cannot be used
 */
export type CountUnboundUsers = () => Promise<UnboundUsers | null>

/** A warning is not worth a longer wait. */
const MAX_COUNTING_MS = 250

/**
 * Counts until the deadline, and for a quarter of a second at most. It never rejects: the change that the warning is about
 * has been made by then, and its result must not be lost. What keeps the scans logs its own faults.
 *
 * @returns `null` if nothing says it by then
 */
export async function countInTime(
  count: CountUnboundUsers,
  { remainingMs, clock }: Deadline,
): Promise<UnboundUsers | null> {
  const deadline = createDeadline(Math.min(MAX_COUNTING_MS, remainingMs()), clock)
  try {
    return await within(deadline, count(), () => null)
  } catch {
    return null
  }
}
