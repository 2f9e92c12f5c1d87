/** All scopes that the issuer grants, by the names that the server gives them by default. */
export const API_SCOPES = ['mfa:read', 'mfa:write', 'mfa:report', 'mfa:policy', 'mfa:audit'] as const

export type ApiScope = (typeof API_SCOPES)[number]

export const DEMO_PERSON_IDS = ['desk', 'lead', 'reader'] as const

export type DemoPersonId = (typeof DEMO_PERSON_IDS)[number]

/** A made-up person who signs in at the issuer. */
export interface DemoPerson {
  readonly id: DemoPersonId
  /** Names no user of the pool: otherwise the guard rail for a caller's own user would refuse changes of that user. */
  readonly subject: string
  readonly name: string
  readonly scopes: readonly ApiScope[]
}

export const DEMO_PEOPLE: readonly DemoPerson[] = [
  { id: 'desk', subject: 'sandbox-desk', name: 'Support desk', scopes: ['mfa:read', 'mfa:write'] },
  { id: 'lead', subject: 'sandbox-lead', name: 'Security lead', scopes: API_SCOPES },
  { id: 'reader', subject: 'sandbox-reader', name: 'Reader', scopes: ['mfa:read'] },
]
