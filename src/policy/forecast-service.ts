import type { Clock } from '../base/clock.ts'
import { createDeadline, type Deadline } from '../base/deadline.ts'
import type { CallerContext } from '../mfa/call-context.ts'
import { fail, type MfaFailure, type Result, refusedInput, succeed, toReadFailure } from '../mfa/failure.ts'
import { createKeptRead, type KeptRead } from '../mfa/kept-read.ts'
import type { MfaForCaller } from '../mfa/mfa-service.ts'
import { toUserRefKey, type UserRef } from '../mfa/user-ref.ts'
import type { PolicyApplication } from './application.ts'
import { type ApplicationList, listApplications, type WantedApplications } from './application-list.ts'
import { createExemptions, type Exemptions, findExemption } from './exemptions.ts'
import { findListFaults } from './find-list-faults.ts'
import type { SignInForecast } from './forecast.ts'
import { needsAccount } from './forecast-facts.ts'
import type { ForecastUpstream, ForecastUpstreamFor } from './forecast-upstream.ts'
import { toForecast } from './to-forecast.ts'

/** Forecasts and lists of applications for one operation of a caller. */
export interface ForecastsForCaller {
  /**
   * Returns what a user will meet at the sign-in to an application. It counts as three reads of the caller, and as one
   * more if the account is needed. If GenAuth knows no such application, the failure is `APPLICATION_NOT_FOUND`.
   *
   * @param applicationId without a fault
   */
  forecast(user: UserRef, applicationId: string): Promise<Result<SignInForecast>>
  /** Counts as one read of the caller, unless the input is refused. Paths of faults are those of the arguments. */
  applications(wanted: WantedApplications): Promise<Result<ApplicationList>>
}

export interface ForecastService {
  /** Binds the service to a request. */
  forCaller(context: CallerContext, mfa: Pick<MfaForCaller, 'reads' | 'countRead'>): ForecastsForCaller
}

export interface ForecastServiceOptions {
  readonly upstreamFor: ForecastUpstreamFor
  readonly clock: Clock
}

/** The reads that concern everybody. */
interface Parts {
  readonly upstreamFor: ForecastUpstreamFor
  readonly exemptions: KeptRead<Exemptions>
  readonly pipelineFunction: KeptRead<boolean>
}

/** A forecast can do without the facts that concern everybody. It waits no longer for them, and leaves time to answer. */
const WAIT_FOR_EVERYBODY_MS = 3_000
const TIME_FOR_ANSWER_MS = 500

/** Makes the parts that forecasts share for as long as the process runs. */
export function createForecastService({ upstreamFor, clock }: ForecastServiceOptions): ForecastService {
  const parts: Parts = {
    upstreamFor,
    exemptions: createExemptions(upstreamFor, clock),
    pipelineFunction: createKeptRead(context => upstreamFor(context).hasPipelineFunction(), clock),
  }
  return { forCaller: (context, mfa) => new BoundForecasts(parts, context, mfa) }
}

class BoundForecasts implements ForecastsForCaller {
  readonly #parts: Parts
  readonly #context: CallerContext
  readonly #mfa: Pick<MfaForCaller, 'reads' | 'countRead'>
  readonly #forecasts = new Map<string, Promise<Result<SignInForecast>>>()
  readonly #applications = new Map<string, Promise<Result<PolicyApplication>>>()
  #upstream: ForecastUpstream | null = null

  constructor(parts: Parts, context: CallerContext, mfa: Pick<MfaForCaller, 'reads' | 'countRead'>) {
    this.#parts = parts
    this.#context = context
    this.#mfa = mfa
  }

  async forecast(user: UserRef, applicationId: string) {
    const found = await this.#mfa.reads.genauthId(user)
    if (!found.ok) return found
    // The third read, of the bindings, counts itself.
    for (let reads = 0; reads < 2; reads++) {
      const counted = await this.#mfa.countRead()
      if (!counted.ok) return counted
    }
    const named: UserRef = { userId: found.value, userIdType: 'USER_ID' }
    return remembered(this.#forecasts, `${toUserRefKey(named)} ${applicationId}`, () =>
      this.#forecast(named, applicationId),
    )
  }

  async applications(given: WantedApplications) {
    const wanted = { ...given, search: given.search?.trim() ?? null }
    const faults = findListFaults(wanted)
    if (faults.length > 0) return fail(refusedInput(faults))
    const counted = await this.#mfa.countRead()
    return counted.ok ? listApplications(this.#upstreamHere, wanted) : counted
  }

  get #upstreamHere(): ForecastUpstream {
    this.#upstream ??= this.#parts.upstreamFor({ ...this.#context, priority: 'READ' })
    return this.#upstream
  }

  async #forecast(user: UserRef, applicationId: string): Promise<Result<SignInForecast>> {
    const { reads } = this.#mfa
    const forEverybody = toShortDeadline(this.#context.deadline)
    const [application, triggerData, bindings, exemptions, pipeline] = await Promise.all([
      remembered(this.#applications, applicationId, () => this.#readApplication(applicationId)),
      this.#upstreamHere.readTriggerData(applicationId, user),
      reads.bindings(user),
      this.#parts.exemptions.read(forEverybody),
      this.#parts.pipelineFunction.read(forEverybody),
    ])
    if (!application.ok) return application
    if (!triggerData.ok) return fail(ofApplication(triggerData.failure))
    if (!bindings.ok) return bindings
    const offered = { triggerData: triggerData.value, bindings: bindings.value }
    const account = needsAccount(offered) ? await reads.account(user) : succeed(null)
    if (!account.ok) return account
    return succeed(
      toForecast({
        ...offered,
        application: application.value,
        account: account.value?.account ?? null,
        exemption: findExemption(user.userId, exemptions),
        hasPipelineFunction: pipeline.ok ? pipeline.value : null,
      }),
    )
  }

  async #readApplication(id: string): Promise<Result<PolicyApplication>> {
    const found = await this.#upstreamHere.readApplication(id)
    if (found.ok) return found
    const { kind, upstream } = found.failure
    if (kind !== 'USER_NOT_FOUND') return fail(ofApplication(found.failure))
    return fail({ kind: 'APPLICATION_NOT_FOUND', upstream })
  }
}

function toShortDeadline({ remainingMs, clock }: Deadline): Deadline {
  return createDeadline(Math.min(WAIT_FOR_EVERYBODY_MS, remainingMs() - TIME_FOR_ANSWER_MS), clock)
}

/** The user is named by GenAuth's own id, so only the id of the application can be malformed. */
function ofApplication(failure: MfaFailure): MfaFailure {
  if (failure.kind !== 'INVALID_INPUT') return toReadFailure(failure)
  const fieldErrors = failure.fieldErrors.map(({ message }) => ({ path: ['applicationId'], message }))
  return { ...failure, fieldErrors }
}

/** Begins work of one name once. */
function remembered<T>(begun: Map<string, Promise<T>>, name: string, begin: () => Promise<T>): Promise<T> {
  const work = begun.get(name) ?? begin()
  begun.set(name, work)
  return work
}
