/** What a caller may do. `WRITE` includes `READ`: what a write answers shows the state. */
export type Scope = 'READ' | 'WRITE'

/** Who is asking, as a verified token says. */
export interface Caller {
  /** The token's `iss`: a subject means something only together with it. */
  readonly issuer: string
  /** The token's `sub`. */
  readonly subject: string
  /** The application that asks: `client_id` (RFC 9068), or else `azp` (OpenID Connect). */
  readonly client: string | null
  readonly scopes: ReadonlySet<Scope>
  /** The caller's own id in GenAuth, from the claim that is configured for it. `null` if that claim names nobody. */
  readonly genauthId: string | null
  /** No person stands behind the token: it is one of a client, by the marks that are configured. */
  readonly isClient: boolean
  /** When the caller last signed in, in seconds since 1970: the token's `auth_time`. */
  readonly authTimeS: number | null
  /** How the caller signed in, in the issuer's own words: the token's `acr` and `amr`. */
  readonly acr: string | null
  readonly amr: readonly string[]
}

/** The same for every token of one caller and no other; issuer and subject cannot run into each other. */
export function toCallerKey({ issuer, subject }: Pick<Caller, 'issuer' | 'subject'>): string {
  return JSON.stringify([issuer, subject])
}
