import { limitConcurrency } from '../../base/limit-concurrency.ts'
import type { CoverageRow } from '../coverage-row.ts'
import type { ScanFailure } from '../scan.ts'
import type { ListedUser, UserListFilter } from '../scan-upstream.ts'
import { type ReadUserParts, readUser, type UserReading } from './read-user.ts'

/** What became of the users of a page. */
export type ReadUsers =
  | {
      readonly kind: 'READ'
      readonly rows: readonly CoverageRow[]
      /** Users of the rows about whom GenAuth did not answer, although it answers about others. */
      readonly unreadable: number
      /** Users whom GenAuth no longer knows. They have no row. */
      readonly gone: number
    }
  | { readonly kind: 'FAILED'; readonly failure: ScanFailure }
  /** GenAuth does not work at the moment. It says nothing about the users. */
  | { readonly kind: 'UNANSWERED' }

const READS_AT_ONCE = 8
/** So many users in a row without an answer are no matter of single users. */
const MAX_UNANSWERED = 8
const ANYBODY: UserListFilter = {
  departments: [],
  statuses: [],
  signedInTo: [],
  lastSignInAfterMs: null,
  lastSignInBeforeMs: null,
  signedUpFromMs: null,
}

/** Reads users, and tells users who cannot be read from a GenAuth that does not work. */
export class UserReader {
  readonly #parts: ReadUserParts
  /** The last user about whom GenAuth answered. */
  #witness: ListedUser | null = null

  constructor(parts: ReadUserParts) {
    this.#parts = parts
  }

  async read(users: readonly ListedUser[]): Promise<ReadUsers> {
    const readings = new Map<ListedUser, UserReading>()
    for (let left = users; left.length > 0; left = left.filter(user => !readings.has(user))) {
      // Each round reads one user at least.
      const round = await this.#readUntilDoubt(left, MAX_UNANSWERED)
      const suspects = left.filter(user => round.get(user)?.kind === 'UNANSWERED')
      if (suspects.length > 0) {
        if (hasUnsent(round) || !(await this.#answersAboutOthers(suspects))) return { kind: 'UNANSWERED' }
        const again = await this.#readUntilDoubt(suspects, Number.POSITIVE_INFINITY)
        if (hasUnsent(again)) return { kind: 'UNANSWERED' }
        for (const [user, reading] of again) round.set(user, reading)
      }
      for (const [user, reading] of round) readings.set(user, reading)
    }
    return toReadUsers(users.flatMap(user => readings.get(user) ?? []))
  }

  /** Begins with no other user after `maxUnanswered` in a row without an answer. */
  async #readUntilDoubt(
    users: readonly ListedUser[],
    maxUnanswered: number,
  ): Promise<Map<ListedUser, UserReading>> {
    const limited = limitConcurrency(READS_AT_ONCE)
    const readings = new Map<ListedUser, UserReading>()
    let unanswered = 0
    const read = async (user: ListedUser) => {
      if (unanswered >= maxUnanswered) return
      const reading = await readUser(this.#parts, user)
      readings.set(user, reading)
      if (reading.kind !== 'UNANSWERED') {
        unanswered = 0
        this.#witness = user
      } else unanswered += reading.isSent ? 1 : maxUnanswered
    }
    await Promise.all(users.map(user => limited(() => read(user))))
    return readings
  }

  /** Asks about a user about whom GenAuth answered before, or about some of the user pool. */
  async #answersAboutOthers(suspects: readonly ListedUser[]): Promise<boolean> {
    const ids = new Set(suspects.map(user => user.ids.USER_ID))
    for (const other of this.#witness === null ? await this.#listOthers() : [this.#witness]) {
      if (ids.has(other.ids.USER_ID)) continue
      const { kind } = await readUser(this.#parts, other)
      if (kind !== 'UNANSWERED') return true
    }
    return false
  }

  async #listOthers(): Promise<readonly ListedUser[]> {
    const listed = await this.#parts.calls.make(upstream => upstream.listUsers(ANYBODY, 1))
    return listed.kind === 'ANSWERED' ? listed.value.users.slice(0, 2 * READS_AT_ONCE) : []
  }
}

function hasUnsent(readings: ReadonlyMap<ListedUser, UserReading>): boolean {
  return [...readings.values()].some(reading => reading.kind === 'UNANSWERED' && !reading.isSent)
}

/** If GenAuth refuses all users alike, the scan fails, and no user counts as unreadable. */
function toReadUsers(readings: readonly UserReading[]): ReadUsers {
  const lasting = readings.map(reading => (reading.kind === 'UNREADABLE' ? reading.lasting : null))
  const [failure] = lasting
  if (failure != null && lasting.every(each => each === failure)) return { kind: 'FAILED', failure }
  return {
    kind: 'READ',
    rows: readings.flatMap(reading => (reading.kind === 'GONE' ? [] : [reading.row])),
    unreadable: readings.filter(({ kind }) => kind === 'UNREADABLE' || kind === 'UNANSWERED').length,
    gone: readings.filter(({ kind }) => kind === 'GONE').length,
  }
}
