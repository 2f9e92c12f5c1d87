import type { MfaServices } from '../mfa/services.ts'
import type { UserReads } from '../mfa/user-reads.ts'

/** What resolvers may use. One is made for each operation; `mfa` is shared by all of them. */
export interface GraphQLContext {
  readonly requestId: string
  readonly mfa: MfaServices
  readonly reads: UserReads
}
