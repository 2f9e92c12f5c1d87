import type { AccountStatus } from '../mfa/account.ts'
import type { MfaBindings, MfaPosture } from '../mfa/bindings.ts'

/** What a scan found about one user, at `readAtMs`. It holds no contact and no name. */
export interface CoverageRow {
  /** GenAuth's own id. */
  readonly userId: string
  /** `null` if GenAuth does not say. */
  readonly status: AccountStatus | null
  readonly departmentIds: readonly string[]
  /** `null` if the depth does not ask for them, or if GenAuth did not answer. */
  readonly bindings: MfaBindings | null
  /** Codes in GenAuth's spelling. `null` as for the bindings. */
  readonly enabledFactors: readonly string[] | null
  /** `null` as for the bindings. */
  readonly posture: MfaPosture | null
  /** `null` if GenAuth knows of none. */
  readonly lastMfaAtMs: number | null
  readonly lastSignInAtMs: number | null
  readonly readAtMs: number
}
