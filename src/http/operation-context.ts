import type { Scope } from '../access/caller.ts'
import type { CoverageForCaller, CoverageService } from '../coverage/coverage-service.ts'
import type { FindPeople } from '../coverage/find-people.ts'
import type { OperationRequest } from '../execution/operation-request.ts'
import type { Changes } from '../history/changes.ts'
import type { HistoryForCaller } from '../history/history.ts'
import type { HistoryService } from '../history/history-service.ts'
import type { Live } from '../live/live.ts'
import type { MfaForCaller, MfaService } from '../mfa/mfa-service.ts'
import type { ForecastService, ForecastsForCaller } from '../policy/forecast-service.ts'
import type { PolicyService } from '../policy/policy-service.ts'
import type { GraphQLContext, ReportOutcome } from '../schema/context.ts'
import { createEntityPlaces, type EntityPlaces } from '../schema/entity-places.ts'
import { createFewUsers, type FewUsers } from '../schema/few-users.ts'

/** The parts that resolvers reach through their context. */
export interface ContextParts {
  readonly mfa: MfaService
  readonly policy: PolicyService
  readonly findPeople: FindPeople
  /** The changes of this server. `null` if there is no store. */
  readonly changes: Changes | null
  /** `null` if there is no store. */
  readonly coverage: CoverageService | null
  readonly forecasts: ForecastService
  readonly histories: HistoryService
  readonly live: Live
}

/** The context of one operation. A part is bound to the request when it is first used, because most use only one. */
export class OperationContext implements GraphQLContext {
  readonly requestId: string
  readonly viewer: GraphQLContext['viewer']
  readonly mfa: MfaForCaller
  readonly may: (scope: Scope) => boolean
  readonly challenge: (value: string) => void
  readonly countRefusal: () => void
  readonly settled: ReportOutcome | null
  readonly #parts: ContextParts
  readonly #request: OperationRequest
  #coverage: CoverageForCaller | null = null
  #entityPlaces: EntityPlaces | undefined
  #forecasts: ForecastsForCaller | undefined
  #forecastUsers: FewUsers | undefined
  #histories: HistoryForCaller | undefined
  #historyUsers: FewUsers | undefined

  constructor(parts: ContextParts, request: OperationRequest) {
    const { scopes } = request.caller
    this.requestId = request.requestId
    this.viewer = request.caller
    this.mfa = parts.mfa.forCaller(request)
    this.may = scope => scopes.has(scope)
    this.challenge = request.challenge
    this.countRefusal = request.countRefusal
    this.settled = request.settled
    this.#parts = parts
    this.#request = request
  }

  get policy() {
    return this.#parts.policy.forCaller(this.#request)
  }

  get changes() {
    return this.#parts.changes
  }

  get coverage() {
    this.#coverage ??= this.#parts.coverage?.forCaller(this.#request) ?? null
    return this.#coverage
  }

  get live() {
    return this.#parts.live
  }

  get findPeople(): GraphQLContext['findPeople'] {
    return (search, first) => this.#parts.findPeople(this.#request, search, first)
  }

  get entityPlaces() {
    this.#entityPlaces ??= createEntityPlaces()
    return this.#entityPlaces
  }

  get forecasts() {
    this.#forecasts ??= this.#parts.forecasts.forCaller(this.#request, this.mfa)
    return this.#forecasts
  }

  get forecastUsers() {
    this.#forecastUsers ??= createFewUsers()
    return this.#forecastUsers
  }

  get histories() {
    this.#histories ??= this.#parts.histories.forCaller(this.#request, this.mfa)
    return this.#histories
  }

  get historyUsers() {
    this.#historyUsers ??= createFewUsers()
    return this.#historyUsers
  }
}
