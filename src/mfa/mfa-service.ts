import type { CallerContext } from './call-context.ts'
import type { CallerLimits, LimitReading } from './caller-limits.ts'
import type { ChangeParts, ChangeScope } from './caller-scope.ts'
import type { Result } from './failure.ts'
import { createGlobalFactors, type ReadGlobalFactors } from './global-factors.ts'
import { createReadsInFlight } from './reads-in-flight.ts'
import { revertUserMfa } from './revert-user-mfa.ts'
import type { Revisions, ToRevision } from './revision.ts'
import { setUserMfaStatus } from './set-user-mfa-status.ts'
import { type SetUsersMfaStatus, setUsersMfaStatus } from './set-users-mfa-status.ts'
import type { RevertUserMfa, SelectedParts, SetUserMfaStatus, UserChange } from './user-change.ts'
import { createUserReads, type UserReads } from './user-reads.ts'
import type { EntityIdType, FoundUser } from './user-ref.ts'

/** Everything that one request of one caller may do with MFA. */
export interface MfaForCaller {
  /** @throws JournalUnavailableError before anything is sent */
  setUserMfaStatus(wanted: SetUserMfaStatus, selected: SelectedParts): Promise<Result<UserChange>>
  /** @throws JournalUnavailableError if nothing was changed */
  setUsersMfaStatus(wanted: SetUsersMfaStatus, selected: SelectedParts): Promise<Result<Result<UserChange>[]>>
  /**
   * Takes a change back.
   *
   * @throws JournalUnavailableError before anything is sent
   */
  revertUserMfa(wanted: RevertUserMfa, selected: SelectedParts): Promise<Result<UserChange>>
  readonly reads: UserReads
  /** Counts work of the caller that is refused before anything is read. It counts as a read. */
  countRead(): Promise<Result<void>>
  /** Returns what is left of each limit of the caller, and counts nothing. An operation looks once. */
  limits(): Promise<readonly DatedLimit[]>
  readonly toRevision: ToRevision
  /** The kind of id by which the supergraph knows users. */
  readonly entityIdType: EntityIdType
}

/** One limit of a caller, with the time at which all of it is left again. */
export interface DatedLimit extends Pick<LimitReading, 'kind' | 'limit' | 'windowS' | 'remaining'> {
  readonly resetsAt: Date
}

export interface MfaService {
  /** Binds the service to a request. */
  forCaller(context: CallerContext): MfaForCaller
  /** Reads the factors of the pool again when next asked, because this process has changed them. */
  forgetGlobalFactors(): void
}

export interface MfaServiceOptions
  extends Omit<ChangeParts, 'readsInFlight' | 'toRevision' | 'isRevisionOf' | 'isRecordedRevisionOf'> {
  readonly revisions: Pick<Revisions, 'toRevision' | 'isRevisionOf' | 'isRecordedRevisionOf'>
  readonly limitsOf: (callerKey: string) => CallerLimits
  readonly entityIdType: EntityIdType
}

interface Parts extends ChangeParts {
  readonly readGlobalFactors: ReadGlobalFactors
  readonly entityIdType: EntityIdType
}

/** Makes the parts that reads and changes share for as long as the process runs. */
export function createMfaService({ revisions, limitsOf, ...options }: MfaServiceOptions): MfaService {
  const globalFactors = createGlobalFactors(options.upstreamFor, options.clock)
  const parts: Parts = {
    ...options,
    toRevision: revisions.toRevision,
    isRevisionOf: revisions.isRevisionOf,
    isRecordedRevisionOf: revisions.isRecordedRevisionOf,
    readsInFlight: createReadsInFlight(),
    readGlobalFactors: globalFactors.read,
  }
  return {
    forCaller: context => new BoundMfa(parts, context, limitsOf(context.callerKey)),
    forgetGlobalFactors: globalFactors.forget,
  }
}

/** Binds reads and changes only when they are used, because most requests need one or the other. */
class BoundMfa implements MfaForCaller {
  readonly #parts: Parts
  readonly #context: CallerContext
  readonly #limits: CallerLimits
  readonly #foundUsers = new Map<string, FoundUser>()
  #reads: UserReads | null = null
  #dated: Promise<readonly DatedLimit[]> | null = null

  constructor(parts: Parts, context: CallerContext, limits: CallerLimits) {
    this.#parts = parts
    this.#context = context
    this.#limits = limits
  }

  setUserMfaStatus(wanted: SetUserMfaStatus, selected: SelectedParts) {
    return setUserMfaStatus(this.#toChangeScope(), wanted, selected)
  }

  setUsersMfaStatus(wanted: SetUsersMfaStatus, selected: SelectedParts) {
    return setUsersMfaStatus(this.#toChangeScope(), wanted, selected)
  }

  revertUserMfa(wanted: RevertUserMfa, selected: SelectedParts) {
    return revertUserMfa(this.#toChangeScope(), wanted, selected)
  }

  get reads(): UserReads {
    this.#reads ??= createUserReads(
      this.#parts,
      { ...this.#context, priority: 'READ' },
      this.#limits,
      this.#foundUsers,
    )
    return this.#reads
  }

  countRead() {
    return this.#limits.countRead()
  }

  limits() {
    this.#dated ??= this.#look()
    return this.#dated
  }

  get toRevision() {
    return this.#parts.toRevision
  }

  get entityIdType() {
    return this.#parts.entityIdType
  }

  async #look(): Promise<readonly DatedLimit[]> {
    const readings = await this.#limits.look()
    const nowMs = this.#parts.clock.now()
    return readings.map(({ resetsInMs, ...reading }) => ({
      ...reading,
      resetsAt: new Date(nowMs + resetsInMs),
    }))
  }

  /**
   * Returns the scope of a change. A change that has begun is finished for the sake of the journal, even if its
   * caller has left.
   */
  #toChangeScope(): ChangeScope {
    const parts = this.#parts
    const context = { ...this.#context, priority: 'WRITE', isWanted: () => true } as const
    return {
      parts,
      context,
      limits: this.#limits,
      upstream: parts.upstreamFor(context),
      foundUsers: this.#foundUsers,
    }
  }
}
