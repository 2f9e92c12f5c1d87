import {
  toApplications,
  toCreatedMs,
  toDepartmentIds,
  toLastLoginMs,
  toLastMfaMs,
  toMfa,
  toStatus,
} from './further-facts.ts'
import { FAMILY_NAMES, GIVEN_NAMES } from './names.ts'
import { pickByShare } from './pick-by-share.ts'
import { toShare } from './share.ts'
import type { SandboxIdentity, SandboxUser, StoredMfa, UserStatus } from './user.ts'
import { toUserId } from './user-id.ts'

/** Fields that were changed since the start. They stand in place of the made ones. */
export type UserChange = Partial<Pick<SandboxUser, 'departmentIds' | 'lastLogin' | 'mfa' | 'status'>>

/**
 * The user at a place beyond the seeds, the same one every time. Every identifier ends with the place, so that a look-up
 * finds the user without a search.
 *
 * A field is made when it is read. A walk over all users reads one or two fields of each, and so it is short.
 */
export class FurtherUser implements SandboxUser {
  readonly gender = 'U'
  readonly nickname = null
  readonly #place: number
  readonly #change: UserChange | undefined

  constructor(place: number, change?: UserChange) {
    this.#place = place
    this.#change = change
  }

  get userId(): string {
    return toUserId(this.#place)
  }

  get status(): UserStatus {
    return this.#change?.status ?? toStatus(this.#place)
  }

  get username(): string {
    return `${this.#givenName}.${this.#familyName}.${this.#place}`.toLowerCase()
  }

  get name(): string {
    return `${this.#givenName} ${this.#familyName}`
  }

  /** A number of China Mobile that looks like the seeds' numbers: 138 or 139, then eight digits. */
  get phone(): string | null {
    const share = toShare(this.#place, 'phone')
    if (share < 0.2) return null
    return `${share < 0.6 ? '138' : '139'}${String(this.#place).padStart(8, '0')}`
  }

  get phoneCountryCode(): string | null {
    return this.phone === null ? null : '+86'
  }

  get email(): string | null {
    return toShare(this.#place, 'email') < 0.9 ? `${this.username}@example.org` : null
  }

  get externalId(): string | null {
    return this.#place % 4 === 0 ? `emp-${String(this.#place).padStart(4, '0')}` : null
  }

  get identities(): SandboxIdentity[] {
    return []
  }

  get syncRelations(): SandboxIdentity[] {
    return []
  }

  get customData(): Record<string, string> {
    return { badge: `B-${String(this.#place).padStart(4, '0')}` }
  }

  get departmentIds(): string[] {
    return this.#change?.departmentIds ?? toDepartmentIds(this.#place)
  }

  get loggedInApps(): string[] {
    return toApplications(this.#place)
  }

  get createdAt(): string {
    return new Date(toCreatedMs(this.#place)).toISOString()
  }

  get updatedAt(): string {
    return this.createdAt
  }

  get lastLogin(): string | null {
    const changed = this.#change?.lastLogin
    // `null` is a change, too.
    return changed === undefined ? toTime(toLastLoginMs(this.#place)) : changed
  }

  get lastMfaTime(): string | null {
    return toTime(toLastMfaMs(this.#place, this.#madeMfa))
  }

  get mfa(): StoredMfa | undefined {
    return this.#change?.mfa ?? this.#madeMfa
  }

  get #givenName(): string {
    return pickByShare(GIVEN_NAMES, toShare(this.#place, 'given'))
  }

  get #familyName(): string {
    return pickByShare(FAMILY_NAMES, toShare(this.#place, 'family'))
  }

  get #madeMfa(): StoredMfa | undefined {
    return toMfa(this.#place, this.phone, this.email)
  }
}

function toTime(atMs: number | null): string | null {
  return atMs === null ? null : new Date(atMs).toISOString()
}
