/** The effects of a change on the protection of an account. A change may have both, or none. */
export const MFA_CHANGE_EFFECTS = ['WEAKENING', 'REDIRECTING'] as const

export type MfaChangeEffect = (typeof MFA_CHANGE_EFFECTS)[number]

/** Returns the verb of a message: "weakens", "redirects" or "weakens and redirects". */
export function toEffectVerb(effects: readonly MfaChangeEffect[]): string {
  const verbs: Readonly<Record<MfaChangeEffect, string>> = { WEAKENING: 'weakens', REDIRECTING: 'redirects' }
  return effects.map(effect => verbs[effect]).join(' and ')
}
