import type { UserPage } from '../scan-upstream.ts'
import type { Called } from './scan-calls.ts'

/** A list of users that GenAuth shows page by page, the oldest user first if it `hasWindows`. */
export interface UserList {
  /** Whether the list can begin with a time of sign-up. */
  readonly hasWindows: boolean
  /**
   * @param page counts from 1
   * @param fromMs the earliest time of sign-up, which belongs to it. `null` for the whole list
   */
  read(page: number, fromMs: number | null): Promise<Called<UserPage>>
}
