import { findBindingEvents, type UserAction } from './action-logs.ts'
import { FurtherUser, type UserChange } from './further-user.ts'
import { createSeeds } from './seeds.ts'
import type { SandboxUser, StoredMfa, UserStatus } from './user.ts'
import { MAX_USER_COUNT, SEEDED_USER_COUNT } from './user-count.ts'
import { toPlace, toUserId } from './user-id.ts'

export interface UsersOptions {
  /** Called when something changes that users are listed by. */
  onListed?: () => void
  /** Called when a user did something that is logged. */
  onAction?: (action: UserAction) => void
}

/**
 * The users of one sandbox, by their place, which counts from 1. They are the seeds, then further ones. A further user
 * is made when asked for, and not kept. Only what was written is kept, so many users cost neither memory nor time at the
 * start.
 */
export class Users {
  readonly #seeds = createSeeds()
  readonly #changes = new Map<number, UserChange>()
  readonly #removed = new Set<number>()
  readonly #onListed: () => void
  readonly #onAction: (action: UserAction) => void
  #lastPlace: number

  /** Throws a RangeError for a count out of range. */
  constructor(count: number, { onListed = () => {}, onAction = () => {} }: UsersOptions = {}) {
    if (!Number.isInteger(count) || count < SEEDED_USER_COUNT || count > MAX_USER_COUNT) {
      throw new RangeError(`userCount must be a whole number from ${SEEDED_USER_COUNT} to ${MAX_USER_COUNT}`)
    }
    this.#lastPlace = count
    this.#onListed = onListed
    this.#onAction = onAction
  }

  /** Returns the user at a place as they are now, to be read alone, or `undefined` if nobody has the place. */
  at(place: number): SandboxUser | undefined {
    if (!Number.isInteger(place) || place < 1 || place > this.#lastPlace) return undefined
    if (this.#removed.has(place)) return undefined
    const seed = this.#seeds[place - 1]
    const change = this.#changes.get(place)
    return seed === undefined ? new FurtherUser(place, change) : { ...seed, ...change }
  }

  /** Returns the user with an ID, as `at` does. */
  find(userId: string): SandboxUser | undefined {
    return this.at(toPlace(userId) ?? 0)
  }

  /** Calls back with each user, upwards. */
  forEach(callback: (user: SandboxUser, place: number) => void): void {
    for (let place = 1; place <= this.#lastPlace; place += 1) {
      const user = this.at(place)
      if (user !== undefined) callback(user, place)
    }
  }

  /** Returns the users that a new sandbox begins with, to be read alone. */
  get seeds(): readonly SandboxUser[] {
    return this.#seeds
  }

  /** Stores the state of a user, and logs what it binds and unbinds. */
  setMfa(userId: string, mfa: StoredMfa): void {
    const before = this.find(userId)?.mfa
    this.#change(userId, { mfa })
    for (const eventType of findBindingEvents(before, mfa)) {
      this.#onAction({ userId, eventType, isSuccess: true, appId: '' })
    }
  }

  /** Logs that a user entered a good or a bad code at the sign-in to an application. */
  verifyMfa(userId: string, isSuccess: boolean, appId: string): void {
    this.#getPlace(userId)
    this.#onAction({ userId, eventType: 'verifyMfa', isSuccess, appId })
  }

  setStatus(userId: string, status: UserStatus): void {
    this.#change(userId, { status })
    this.#onListed()
  }

  setDepartments(userId: string, departmentIds: string[]): void {
    this.#change(userId, { departmentIds })
    this.#onListed()
  }

  /** Notes a sign-in, in ISO 8601. `null` is a user who never signed in. */
  setLastLogin(userId: string, lastLogin: string | null): void {
    this.#change(userId, { lastLogin })
    this.#onListed()
  }

  /** Adds the next further user, and returns their ID. */
  add(): string {
    this.#lastPlace += 1
    this.#onListed()
    return toUserId(this.#lastPlace)
  }

  /** Removes a user. No later user gets their place. */
  remove(userId: string): void {
    this.#removed.add(this.#getPlace(userId))
    this.#onListed()
  }

  #change(userId: string, change: UserChange): void {
    const place = this.#getPlace(userId)
    this.#changes.set(place, { ...this.#changes.get(place), ...change })
  }

  #getPlace(userId: string): number {
    const place = toPlace(userId)
    if (place === undefined || this.at(place) === undefined) throw new RangeError('there is no such user')
    return place
  }
}
