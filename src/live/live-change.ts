/** What may have changed, by the names of the schema. */
export const MFA_CHANGE_HINTS = ['SET_BY_THIS_SERVICE', 'POOL_POLICY', 'APPLICATION_POLICY'] as const

export type MfaChangeHint = (typeof MFA_CHANGE_HINTS)[number]

/** A hint that something may have changed. It is not the new state. */
export interface LiveChange {
  readonly hint: MfaChangeHint
  /** GenAuth's own id of the user. `null` for a policy. */
  readonly genauthId: string | null
  /** When the outcome was known, in milliseconds since 1970. */
  readonly atMs: number
  /** The revision of the state that a change of a user made. `null` for a policy, and if the outcome is in doubt. */
  readonly revision: string | null
  /** `null` unless the change is one of an application's policy. */
  readonly applicationId: string | null
}
