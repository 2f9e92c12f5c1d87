import type { MfaUpstream } from '../mfa/upstream.ts'
import type { UserReads } from '../mfa/user-reads.ts'

/** What resolvers may use. One is made for each operation. */
export interface GraphQLContext {
  readonly requestId: string
  readonly upstream: MfaUpstream
  readonly reads: UserReads
}
