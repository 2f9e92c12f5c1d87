import DataLoader from 'dataloader'
import type { MfaBindings } from './bindings.ts'
import { fail, type Result, refusedInput } from './failure.ts'
import type { StoredMfa } from './mfa-state.ts'
import type { MfaUpstream } from './upstream.ts'
import { findUserIdFault, toUserRefKey, type UserRef } from './user-ref.ts'

/** What one operation has read so far: the same user by the same identifier is asked for once. */
export interface UserReads {
  mfa(user: UserRef): Promise<Result<StoredMfa>>
  bindings(user: UserRef): Promise<Result<MfaBindings>>
  /** GenAuth's own id; costs nothing when the user is already named by it. */
  genauthId(user: UserRef): Promise<Result<string>>
  /** Forgets what was read of any user's MFA, because a write has made it old. */
  forgetMfa(): void
}

/** Reads for one operation, joined and remembered until it ends. A faulty identifier is refused, never sent. */
export function createUserReads(upstream: MfaUpstream): UserReads {
  const mfa = createLoader(users => Promise.all(users.map(user => upstream.readMfa(user))))
  const bindings = createLoader(users => Promise.all(users.map(user => upstream.readBindings(user))))
  const genauthIds = createLoader(users => upstream.findUserIds(users))

  return {
    mfa: user => loadWellFormed(mfa, user),
    bindings: user => loadWellFormed(bindings, user),
    genauthId: user => loadWellFormed(genauthIds, user),
    forgetMfa() {
      mfa.clearAll()
      bindings.clearAll()
    },
  }
}

type Loader<T> = DataLoader<UserRef, Result<T>, string>

function createLoader<T>(load: (users: readonly UserRef[]) => Promise<Result<T>[]>): Loader<T> {
  return new DataLoader(load, { cacheKeyFn: toUserRefKey })
}

async function loadWellFormed<T>(loader: Loader<T>, user: UserRef): Promise<Result<T>> {
  const fault = findUserIdFault(user)
  return fault === null ? loader.load(user) : fail(refusedInput([{ path: ['userId'], message: fault }]))
}
