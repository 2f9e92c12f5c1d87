import type { Caller, Scope } from '../access/caller.ts'
import type { CoverageForCaller } from '../coverage/coverage-service.ts'
import type { FoundPeople } from '../coverage/find-people.ts'
import type { Changes } from '../history/changes.ts'
import type { HistoryForCaller } from '../history/history.ts'
import type { Live } from '../live/live.ts'
import type { Result } from '../mfa/failure.ts'
import type { MfaForCaller } from '../mfa/mfa-service.ts'
import type { ForecastsForCaller } from '../policy/forecast-service.ts'
import type { PolicyForCaller } from '../policy/policy-service.ts'
import type { EntityPlaces } from './entity-places.ts'
import type { FewUsers } from './few-users.ts'

/** The context of resolvers. Each operation has its own. */
export interface GraphQLContext {
  readonly requestId: string
  readonly may: (scope: Scope) => boolean
  /** The facts of the token that its caller is told. */
  readonly viewer: Pick<Caller, 'scopeNames' | 'authTimeS'>
  /** The reads and changes of MFA, bound to the request and its caller. */
  readonly mfa: MfaForCaller
  /** The changes of this server. `null` if there is no store. */
  readonly changes: Changes | null
  /** Scans of many users. `null` if there is no store. */
  readonly coverage: CoverageForCaller | null
  /** Searches people: see `FindPeople`. */
  readonly findPeople: (search: string, first: number) => Promise<Result<FoundPeople>>
  /** The reads and changes of what the pool and its applications demand, bound likewise. */
  readonly policy: PolicyForCaller
  /** Changes and scans, as they happen from now on. */
  readonly live: Live
  /** Counts the request among those of its caller that were refused. */
  readonly countRefusal: () => void
  /** Sets `WWW-Authenticate` on the response. */
  readonly challenge: (value: string) => void
  readonly entityPlaces: EntityPlaces
  /** Forecasts and lists of applications, bound in the same way. */
  readonly forecasts: ForecastsForCaller
  readonly forecastUsers: FewUsers
  /** The histories of users, bound in the same way. */
  readonly histories: HistoryForCaller
  readonly historyUsers: FewUsers
  /** `null` if no listener wants the outcomes. */
  readonly settled: ReportOutcome | null
}

/**
 * Receives the outcome of each root field of an operation. It is one of
 *
 * - the type of the payload,
 * - `OK` if the field has only one type,
 * - the code of the error.
 *
 * Field and outcome are names of the schema, never the caller's aliases.
 */
export type ReportOutcome = (field: string, outcome: string) => void
