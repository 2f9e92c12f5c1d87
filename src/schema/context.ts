import type { Scope } from '../access/caller.ts'
import type { MfaForCaller } from '../mfa/mfa-service.ts'
import type { EntityPlaces } from './entity-places.ts'

/** What resolvers may use. One is made for each operation. */
export interface GraphQLContext {
  readonly requestId: string
  readonly may: (scope: Scope) => boolean
  /** Reads and changes, bound to the request and its caller. */
  readonly mfa: MfaForCaller
  /** Counts the request among those of its caller that were refused. */
  readonly countRefusal: () => void
  /** Sets `WWW-Authenticate` on the response. */
  readonly challenge: (value: string) => void
  readonly entityPlaces: EntityPlaces
  /** `null` if nobody wants to know. */
  readonly settled: ReportOutcome | null
}

/**
 * Is told what each root field of an operation came to: the type of its payload, `OK` where there is only one, or
 * the code of its error. Both are names of the schema, whatever the caller calls them.
 */
export type ReportOutcome = (field: string, outcome: string) => void
