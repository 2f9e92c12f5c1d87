import type { SetRequest } from '../mfa/journal.ts'
import type { MfaServices } from '../mfa/services.ts'
import type { UserReads } from '../mfa/user-reads.ts'

/** What resolvers may use. One is made for each operation; `mfa` is shared by all of them. */
export interface GraphQLContext {
  readonly requestId: string
  /** Who asks, as a write records it. */
  readonly request: SetRequest
  readonly mfa: MfaServices
  readonly reads: UserReads
}
