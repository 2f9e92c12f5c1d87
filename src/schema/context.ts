import type { Scope } from '../access/caller.ts'
import type { Asker } from '../mfa/asker.ts'
import type { MfaServices } from '../mfa/services.ts'
import type { UserReads } from '../mfa/user-reads.ts'
import type { EntityIdType } from '../mfa/user-ref.ts'
import type { EntityPlaces } from './entity-places.ts'

/** What resolvers may use. One is made for each operation; `mfa` is shared by all of them. */
export interface GraphQLContext {
  readonly requestId: string
  readonly may: (scope: Scope) => boolean
  readonly asker: Asker
  /** Counts the request among those of its caller that were refused. */
  readonly countRefusal: () => void
  /** Sets `WWW-Authenticate` on the answer. */
  readonly challenge: (value: string) => void
  readonly mfa: MfaServices
  /** What kind of id `User.id` is. */
  readonly entityIdType: EntityIdType
  readonly reads: UserReads
  readonly entityPlaces: EntityPlaces
  /** Null: nobody wants to know. */
  readonly settled: ReportOutcome | null
}

/**
 * Is told what each root field of an operation came to: the type of its payload, `OK` where there is only one, or
 * the code of its error. Both are names of the schema, whatever the caller calls them.
 */
export type ReportOutcome = (field: string, outcome: string) => void
