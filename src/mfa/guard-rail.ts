/** The guard rails that refuse a change finally. The demand for a fresh sign-in has an error of its own. */
const MFA_POLICY_RULES = [
  'PROTECTED_USER',
  'CALLER_UNKNOWN',
  'OWN_USER',
  'NO_FACTOR',
  'REASON_REQUIRED',
] as const

export type MfaPolicyRule = (typeof MFA_POLICY_RULES)[number]

/** Every guard rail, including the one that only demands a fresh sign-in. */
export const GUARD_RAILS = [...MFA_POLICY_RULES, 'STEP_UP'] as const

export type GuardRail = (typeof GUARD_RAILS)[number]
