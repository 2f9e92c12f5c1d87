import type { Result } from '../mfa/failure.ts'
import type { SeenMfa } from '../mfa/failure-details.ts'
import { builder } from './builder.ts'

/** One user's state, and the identifier by which more can be read about that user. */
export type UserMfaSource = SeenMfa

/** A user of the supergraph, by the id that it knows the user by. */
export interface UserSource {
  readonly id: string
  /** The read that found the user, which was counted. `null` if there was none. */
  readonly mfa: Result<UserMfaSource> | null
}

export const UserType = builder.objectRef<UserSource>('User')
