/**
 * The rights of a caller. `WRITE` includes `READ` because the result of a write shows the state. `REPORT`, for what
 * concerns many users together, includes none and is included in none. So does `POLICY`, for changes of what the user
 * pool and its applications demand of everybody. So does `AUDIT`, for the histories of users.
 */
export type Scope = 'READ' | 'WRITE' | 'REPORT' | 'POLICY' | 'AUDIT'

/** The issuer's names of the scopes. */
export interface ScopeNames {
  readonly read: string
  readonly write: string
  readonly report: string
  readonly policy: string
  readonly audit: string
}

/** The caller, as a verified token names it. */
export interface Caller {
  /** The token's `iss`. A subject means something only together with it. */
  readonly issuer: string
  /** The token's `sub`. */
  readonly subject: string
  /** The calling application: `client_id` (RFC 9068), or `azp` (OpenID Connect) if there is none. */
  readonly client: string | null
  readonly scopes: ReadonlySet<Scope>
  /** The scopes of the token that this server knows, by the issuer's names: to read, write, report, set policies, audit. */
  readonly scopeNames: readonly string[]
  /** The caller's own GenAuth ID, from the configured claim. `null` if that claim holds no valid ID. */
  readonly genauthId: string | null
  /** `true` if the token belongs to a client and not to a person, by the configured marks. */
  readonly isClient: boolean
  /** When the caller last signed in, in seconds since 1970: the token's `auth_time`. */
  readonly authTimeS: number | null
  /** When the token ends, in milliseconds since 1970: its `exp`. */
  readonly expiresAtMs: number
  /** The way in which the caller signed in, in the issuer's own words: the token's `acr` and `amr`. */
  readonly acr: string | null
  readonly amr: readonly string[]
}

type Identity = Pick<Caller, 'issuer' | 'subject'>

/** A caller is the same object for as long as its token is remembered. */
const keys = new WeakMap<Identity, string>()

/**
 * Returns a key that all tokens of one caller share and no other caller has. Issuer and subject cannot run into each
 * other.
 */
export function toCallerKey(caller: Identity): string {
  const known = keys.get(caller)
  if (known !== undefined) return known
  const key = JSON.stringify([caller.issuer, caller.subject])
  keys.set(caller, key)
  return key
}
