import DataLoader from 'dataloader'
import type { MfaBindings } from './bindings.ts'
import type { CallContext, UpstreamFor } from './call-context.ts'
import type { CallerLimits } from './caller-limits.ts'
import type { CallerScope } from './caller-scope.ts'
import type { MfaFactorType } from './factor.ts'
import { fail, type Result, refusedInput, succeed } from './failure.ts'
import { findUsers, isGuess, isMiss, requireCertain, toCertainId } from './find-user-ids.ts'
import type { ReadGlobalFactors } from './global-factors.ts'
import type { StoredMfa } from './mfa-state.ts'
import type { ReadsInFlight } from './reads-in-flight.ts'
import {
  type EntityIdType,
  type FoundUser,
  findUserIdFault,
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
 * Makes the reads of one operation. They are remembered until it ends, and shared with the same caller's other
 * operations while they are in flight. An identifier with a fault is refused and never sent. A mutation reads only
 * after its one write, so no remembered read can be older than it.
 */
export function createUserReads(
  { upstreamFor, readGlobalFactors, readsInFlight, entityIdType }: ReadParts,
  context: CallContext,
  limits: CallerLimits,
  foundUsers: Map<string, FoundUser>,
): UserReads {
  const upstream = upstreamFor(context)
  const { deadline } = context
  const scope: CallerScope = { context, upstream, limits, foundUsers }
  const toName = (user: UserRef) => `${context.callerKey} ${toUserRefKey(user)}`
  const readMfa = (user: UserRef) =>
    readsInFlight.mfa.join(toName(user), deadline, () => upstream.readMfa(user))
  const readBindings = (user: UserRef) =>
    readsInFlight.bindings.join(toName(user), deadline, () => upstream.readBindings(user))
  const mfaOnce = once(user => (isGuess(user) ? guess(scope, readMfa, user) : readMfa(user)))
  let users: DataLoader<UserRef, Result<FoundUser>, string> | undefined
  const findOnce = once(async user => {
    const known = isGuess(user) ? undefined : foundUsers.get(user.userId)
    if (known !== undefined) return succeed(known)
    users ??= new DataLoader(wanted => findUsers(scope, wanted), { cache: false })
    return users.load(user)
  })

  const genauthId = once(async user =>
    isGuess(user) ? toCertainId(await findOnce(user)) : succeed(user.userId),
  )
  /** GenAuth takes no country code. So a user who is named with one is found first, and read by GenAuth's own id. */
  const byPerson =
    <T>(read: Read<T>): Read<T> =>
    async user => {
      if (toPhoneNumber(foldUserRef(user)) === null) return read(user)
      const found = await genauthId(user)
      return found.ok ? read({ userId: found.value, userIdType: 'USER_ID' }) : found
    }

  return {
    // Counted before it is joined with others of its kind, because each place that shows a user is work.
    mfa: byPerson(counted(limits, mfaOnce)),
    bindings: byPerson(once(counted(limits, readBindings))),
    // Only these are looked up for many users in one call. `findUsers` counts them.
    entityId: once(async user => {
      if (entityIdType === 'USER_ID' && !isGuess(user)) return succeed(user.userId)
      const found = requireCertain(await findOnce(user))
      return found.ok ? succeed(found.value.ids[entityIdType]) : found
    }),
    genauthId,
    account: async user => requireCertain(await findOnce(user)),
    globalFactors: () => readGlobalFactors(deadline),
  }
}

function counted<T>(limits: CallerLimits, read: Read<T>): Read<T> {
  return async user => {
    const allowed = await limits.countRead()
    return allowed.ok ? read(user) : allowed
  }
}

/** A read by anything but GenAuth's own id is a guess, too. */
async function guess<T>({ limits, context }: CallerScope, read: Read<T>, user: UserRef): Promise<Result<T>> {
  const reserved = await limits.reserveMisses(1, context.deadline)
  if (!reserved.ok) return reserved
  let misses = 1
  try {
    const found = await read(user)
    if (!isMiss(found)) misses = 0
    return found
  } finally {
    reserved.value.conclude(misses)
  }
}

type Read<T> = (user: UserRef) => Promise<Result<T>>

/**
 * Reads each user once, in any case of letters of GenAuth's id. It does not read a user whose identifier has a fault.
 */
function once<T>(read: Read<T>): Read<T> {
  const begun = new Map<string, Promise<Result<T>>>()

  async function readWellFormed(user: UserRef): Promise<Result<T>> {
    const fault = findUserIdFault(user)
    return fault === null ? read(user) : fail(refusedInput([{ path: ['userId'], message: fault }]))
  }

  return given => {
    const user = foldUserRef(given)
    const key = toUserRefKey(user)
    const reading = begun.get(key) ?? readWellFormed(user)
    begun.set(key, reading)
    return reading
  }
}
