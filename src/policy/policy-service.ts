import type { CallerContext } from '../mfa/call-context.ts'
import type { CallerLimits } from '../mfa/caller-limits.ts'
import { fail, type Result, succeed } from '../mfa/failure.ts'
import { type MfaPoolPolicy, toPoolPolicy } from '../mfa/pool-policy.ts'
import type { PolicyParts, PolicyScope } from './policy-scope.ts'
import { type PoolChange, type SetPoolPolicy, setPoolPolicy } from './set-pool-policy.ts'
import {
  type ApplicationChange,
  type SwitchApplicationFactors,
  switchApplicationFactors,
} from './switch-application-factors.ts'
import { toPoolReadFailure } from './to-policy-failure.ts'
import { type CountUnboundUsers, countInTime, type UnboundUsers } from './unbound-users.ts'

/** What one request of one caller may do with the policies of the pool and of its applications. */
export interface PolicyForCaller {
  /** Reads the pool. It costs one call, and counts as a read of the caller. */
  readPoolPolicy(): Promise<Result<MfaPoolPolicy>>
  /** @throws JournalUnavailableError before anything is sent */
  setPoolPolicy(wanted: SetPoolPolicy): Promise<Result<PoolChange>>
  /** @throws JournalUnavailableError before anything is sent */
  switchApplicationFactors(wanted: SwitchApplicationFactors): Promise<Result<ApplicationChange>>
  /**
   * Returns how many users have no bound factor. It costs no call to GenAuth, waits for a quarter of a second at most, and
   * never rejects.
   *
   * @returns `null` if no scan says it, or it could not be read in that time
   */
  countUnboundUsers(): Promise<UnboundUsers | null>
}

export interface PolicyService {
  /** Binds the service to a request. */
  forCaller(context: CallerContext): PolicyForCaller
}

export interface PolicyServiceOptions extends PolicyParts {
  readonly limitsOf: (callerKey: string) => CallerLimits
  readonly countUnboundUsers: CountUnboundUsers
}

export function createPolicyService({
  limitsOf,
  countUnboundUsers,
  ...parts
}: PolicyServiceOptions): PolicyService {
  return {
    forCaller(caller) {
      const limits = limitsOf(caller.callerKey)
      /** A change that has begun is finished for the sake of the journal, even if its caller has left. */
      function toChangeScope(): PolicyScope {
        const context = { ...caller, priority: 'WRITE', isWanted: () => true } as const
        return { parts, context, limits, upstream: parts.upstreamFor(context) }
      }
      return {
        async readPoolPolicy() {
          const counted = await limits.countRead()
          if (!counted.ok) return counted
          const read = await parts.upstreamFor({ ...caller, priority: 'READ' }).readPoolFactors()
          return read.ok ? succeed(toPoolPolicy(read.value)) : fail(toPoolReadFailure(read.failure))
        },
        setPoolPolicy: wanted => setPoolPolicy(toChangeScope(), wanted),
        switchApplicationFactors: wanted => switchApplicationFactors(toChangeScope(), wanted),
        countUnboundUsers: () => countInTime(countUnboundUsers, caller.deadline),
      }
    },
  }
}
