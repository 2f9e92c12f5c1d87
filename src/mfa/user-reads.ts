import DataLoader from 'dataloader'
import type { MfaBindings } from './bindings.ts'
import type { CallContext, UpstreamFor } from './call-context.ts'
import type { CallerLimits } from './caller-limits.ts'
import type { CallerScope } from './caller-scope.ts'
import type { MfaFactorType } from './factor.ts'
import { type Result, succeed } from './failure.ts'
import { findUsers, isGuess, isMiss, requireCertain, toCertainId } from './find-user-ids.ts'
import type { ReadGlobalFactors } from './global-factors.ts'
import type { StoredMfa } from './mfa-state.ts'
import { ReadOnce } from './read-once.ts'
import type { ReadsInFlight } from './reads-in-flight.ts'
import {
  type EntityIdType,
  type FoundUser,
  foldUserRef,
  toPhoneNumber,
  toUserRefKey,
  type UserRef,
} from './user-ref.ts'

/** The parts of the process that reads use. */
export interface ReadParts {
  readonly upstreamFor: UpstreamFor
  readonly readGlobalFactors: ReadGlobalFactors
  readonly readsInFlight: ReadsInFlight
  /** The kind of id by which the supergraph knows users. */
  readonly entityIdType: EntityIdType
}

/** The reads of one operation so far. The same user by the same identifier is read once. */
export interface UserReads {
  mfa(user: UserRef): Promise<Result<StoredMfa>>
  bindings(user: UserRef): Promise<Result<MfaBindings>>
  /**
   * Returns the id by which the supergraph knows the user, or `null` if the user has none. GenAuth's own id costs
   * nothing if the user is named by it. Every other id costs a read, because only GenAuth knows how it spells it. It
   * fails with `AMBIGUOUS_USER` if the identifier may name another user.
   */
  entityId(user: UserRef): Promise<Result<string | null>>
  /** Returns GenAuth's own id, at the same cost. It fails likewise. */
  genauthId(user: UserRef): Promise<Result<string>>
  /**
   * Returns the ids of the user, and the facts by which a person recognises the user. It costs a read, unless the request
   * has found the user already. It fails likewise.
   */
  account(user: UserRef): Promise<Result<FoundUser>>
  /** Returns the factors that the user pool allows. They may be up to a minute old. */
  globalFactors(): Promise<Result<readonly MfaFactorType[]>>
}

/**
 * Creates the reads of one operation. They are remembered until it ends, and shared with the same caller's other
 * operations while they are in flight. An identifier with a fault is refused and never sent. A mutation reads only
 * after its one write, so no remembered read can be older than it.
 */
export function createUserReads(
  parts: ReadParts,
  context: CallContext,
  limits: CallerLimits,
  foundUsers: Map<string, FoundUser>,
): UserReads {
  return new OperationReads(parts, { context, upstream: parts.upstreamFor(context), limits, foundUsers })
}

class OperationReads implements UserReads {
  readonly #parts: ReadParts
  readonly #scope: CallerScope
  readonly #states = new ReadOnce<StoredMfa>()
  readonly #bindings = new ReadOnce<MfaBindings>()
  readonly #entityIds = new ReadOnce<string | null>()
  readonly #genauthIds = new ReadOnce<string>()
  readonly #users = new ReadOnce<FoundUser>()
  #loader: DataLoader<UserRef, Result<FoundUser>, string> | null = null

  constructor(parts: ReadParts, scope: CallerScope) {
    this.#parts = parts
    this.#scope = scope
  }

  // Counted before it is joined with others of its kind, because each place that shows a user is work.
  async mfa(given: UserRef): Promise<Result<StoredMfa>> {
    const user = hasCountryCode(given) ? await this.#findPerson(given) : succeed(given)
    if (!user.ok) return user
    const allowed = await this.#scope.limits.countRead()
    return allowed.ok ? this.#states.read(user.value, named => this.#readState(named)) : allowed
  }

  async bindings(given: UserRef): Promise<Result<MfaBindings>> {
    const user = hasCountryCode(given) ? await this.#findPerson(given) : succeed(given)
    return user.ok ? this.#bindings.read(user.value, named => this.#readBindings(named)) : user
  }

  // Only the three that follow are looked up for many users in one call. `findUsers` counts them.
  entityId(given: UserRef): Promise<Result<string | null>> {
    const { entityIdType } = this.#parts
    return this.#entityIds.read(given, async user => {
      if (entityIdType === 'USER_ID' && !isGuess(user)) return succeed(user.userId)
      const found = requireCertain(await this.#find(user))
      return found.ok ? succeed(found.value.ids[entityIdType]) : found
    })
  }

  genauthId(given: UserRef): Promise<Result<string>> {
    return this.#genauthIds.read(given, async user =>
      isGuess(user) ? toCertainId(await this.#find(user)) : succeed(user.userId),
    )
  }

  async account(user: UserRef): Promise<Result<FoundUser>> {
    return requireCertain(await this.#find(user))
  }

  globalFactors() {
    return this.#parts.readGlobalFactors(this.#scope.context.deadline)
  }

  /** GenAuth takes no country code. So a user who is named with one is found first, and read by GenAuth's own id. */
  async #findPerson(given: UserRef): Promise<Result<UserRef>> {
    const found = await this.genauthId(given)
    return found.ok ? succeed({ userId: found.value, userIdType: 'USER_ID' }) : found
  }

  /** A read by anything but GenAuth's own id is a guess, too. */
  async #readState(user: UserRef): Promise<Result<StoredMfa>> {
    const { upstream, limits, context } = this.#scope
    const { mfa } = this.#parts.readsInFlight
    const join = () => mfa.join(this.#toName(user), context.deadline, () => upstream.readMfa(user))
    if (!isGuess(user)) return join()
    const reserved = await limits.reserveMisses(1, context.deadline)
    if (!reserved.ok) return reserved
    let misses = 1
    try {
      const found = await join()
      if (!isMiss(found)) misses = 0
      return found
    } finally {
      reserved.value.conclude(misses)
    }
  }

  async #readBindings(user: UserRef): Promise<Result<MfaBindings>> {
    const { upstream, limits, context } = this.#scope
    const { bindings } = this.#parts.readsInFlight
    const allowed = await limits.countRead()
    return allowed.ok
      ? bindings.join(this.#toName(user), context.deadline, () => upstream.readBindings(user))
      : allowed
  }

  #find(given: UserRef): Promise<Result<FoundUser>> {
    const scope = this.#scope
    return this.#users.read(given, async user => {
      const known = isGuess(user) ? undefined : scope.foundUsers.get(user.userId)
      if (known !== undefined) return succeed(known)
      this.#loader ??= new DataLoader(wanted => findUsers(scope, wanted), { cache: false })
      return this.#loader.load(user)
    })
  }

  #toName(user: UserRef): string {
    return `${this.#scope.context.callerKey} ${toUserRefKey(user)}`
  }
}

function hasCountryCode(user: UserRef): boolean {
  return user.userIdType === 'PHONE' && toPhoneNumber(foldUserRef(user)) !== null
}
