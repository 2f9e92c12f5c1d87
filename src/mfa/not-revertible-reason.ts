/** The reasons for which a change cannot be taken back. */
export const NOT_REVERTIBLE_REASONS = [
  'NOT_APPLIED',
  'OUTCOME_UNKNOWN',
  'STATE_BEFORE_UNKNOWN',
  'CONTACTS_CHANGED',
  'NO_MFA_TOKEN',
] as const

export type NotRevertibleReason = (typeof NOT_REVERTIBLE_REASONS)[number]
