import type { MfaState } from './mfa-state.ts'

/** The state after a write, and whether it was read in GenAuth. */
export interface WrittenState {
  readonly state: MfaState
  readonly verified: boolean
}
