import type { ResultOf } from '../../api/document.ts'
import type { FindUserDocument, userMfaFields } from '../../generated/documents.ts'

/** The second factors of one person, as GenAuth said at `atMs`. */
export type UserState = ResultOf<typeof userMfaFields>
export type Factor = UserState['factors'][number]
export type FactorType = NonNullable<Factor['type']>

type Payload = ResultOf<typeof FindUserDocument>['userMfa']
export type Account = Extract<Payload, { __typename: 'UserMfa' }>['account']

/** A state, and when it was read. */
export interface KnownState {
  readonly state: UserState
  /** Milliseconds since 1970. */
  readonly atMs: number
}

/** Returns the state that was read last. */
export function newest(a: KnownState | null, b: KnownState | null): KnownState | null {
  if (a === null || b === null) return a ?? b
  return b.atMs >= a.atMs ? b : a
}
