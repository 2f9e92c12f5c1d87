import { earlier } from '../base/deadline.ts'
import type { Emitter } from '../base/events.ts'
import type { CallerContext } from '../mfa/call-context.ts'
import { fail, type Result, refusedInput, succeed } from '../mfa/failure.ts'
import type { UserReads } from '../mfa/user-reads.ts'
import type { UserRef } from '../mfa/user-ref.ts'
import type { Changes } from './changes.ts'
import { type History, type HistoryForCaller, MAX_FIRST, type WantedHistory } from './history.ts'
import { parseHistoryCursor, toHistoryCursor } from './history-cursor.ts'
import { HISTORY_SOURCES, type HistoryPlace, toPlace } from './history-entry.ts'
import type { HistoryEvents } from './history-events.ts'
import type { HistoryUpstreamFor } from './history-upstream.ts'
import { type HistoryPart, mergeHistory } from './merge-history.ts'
import { type ReadOwnChanges, readOwnChanges } from './read-own-changes.ts'
import { type ReadUserEvents, readUserEvents } from './read-user-events.ts'
import { USER_EVENT_TYPES } from './user-event.ts'

interface ReadsOfCaller {
  readonly reads: Pick<UserReads, 'genauthId'>
  countRead(): Promise<Result<void>>
}

export interface HistoryService {
  /** Binds the service to a request. */
  forCaller(context: CallerContext, mfa: ReadsOfCaller): HistoryForCaller
}

export interface HistoryServiceOptions {
  readonly upstreamFor: HistoryUpstreamFor
  /** `null` if there is no store. */
  readonly changes: Pick<Changes, 'page'> | null
  readonly events: Emitter<HistoryEvents>
}

/** A history can do without GenAuth's log. It waits no longer for it, and leaves time to answer. */
const TIME_FOR_ANSWER_MS = 500

/** Makes the parts that histories share for as long as the process runs. */
export function createHistoryService(options: HistoryServiceOptions): HistoryService {
  return { forCaller: (context, mfa) => new BoundHistory(options, context, mfa) }
}

class BoundHistory implements HistoryForCaller {
  readonly #options: HistoryServiceOptions
  readonly #context: CallerContext
  readonly #mfa: ReadsOfCaller
  readonly #pages = new Map<string, Promise<Result<History>>>()

  constructor(options: HistoryServiceOptions, context: CallerContext, mfa: ReadsOfCaller) {
    this.#options = options
    this.#context = context
    this.#mfa = mfa
  }

  async history(user: UserRef, { first, after }: WantedHistory): Promise<Result<History>> {
    if (first < 1 || first > MAX_FIRST) return refuse('first', `first must be from 1 to ${MAX_FIRST}.`)
    const found = await this.#mfa.reads.genauthId(user)
    if (!found.ok) return found
    const userId = found.value
    const behind = after === null ? null : parseHistoryCursor(userId, after)
    if (after !== null && behind === null) {
      return refuse('after', "after is no cursor of this user's history. Leave it out to begin again.")
    }
    // A gateway may send a user once for each place in its result.
    const name = JSON.stringify([userId, first, after])
    const page = this.#pages.get(name) ?? this.#readPage(userId, first, behind)
    this.#pages.set(name, page)
    return page
  }

  async #readPage(userId: string, first: number, behind: HistoryPlace | null): Promise<Result<History>> {
    const [own, logged] = await Promise.all([
      readOwnChanges(this.#options.changes, userId, first, behind),
      this.#readLog(userId, first, behind),
    ])
    return logged.ok ? succeed(toHistory(userId, own, logged.value, first, behind)) : logged
  }

  async #readLog(
    userId: string,
    first: number,
    behind: HistoryPlace | null,
  ): Promise<Result<readonly ReadUserEvents[]>> {
    const { upstreamFor, events } = this.#options
    const deadline = earlier(this.#context.deadline, TIME_FOR_ANSWER_MS)
    const upstream = upstreamFor({ ...this.#context, deadline, priority: 'READ' })
    const countRead = () => this.#mfa.countRead()
    const read = await Promise.all(
      USER_EVENT_TYPES.map(type => readUserEvents(upstream, { userId, type, behind, first }, countRead)),
    )
    const parts: ReadUserEvents[] = []
    for (const part of read) {
      if (!part.ok) return part
      parts.push(part.value)
    }
    const skipped = parts.reduce((sum, { unreadable }) => sum + unreadable, 0)
    if (skipped > 0) events.emit('historyRowsSkipped', { rows: skipped })
    return succeed(parts)
  }
}

function toHistory(
  userId: string,
  own: ReadOwnChanges,
  logged: readonly ReadUserEvents[],
  first: number,
  behind: HistoryPlace | null,
): History {
  const parts: readonly HistoryPart[] = [own, ...logged]
  const { entries, hasMore } = mergeHistory(parts, first, behind)
  const isWhole = { THIS_SERVICE: own.isWhole, GENAUTH: logged.every(part => part.isWhole) }
  return {
    edges: entries.map(entry => ({ cursor: toHistoryCursor(userId, toPlace(entry)), entry })),
    hasPreviousPage: behind !== null,
    hasNextPage: hasMore,
    missing: HISTORY_SOURCES.filter(source => !isWhole[source]),
  }
}

function refuse(argument: string, message: string): Result<never> {
  return fail(refusedInput([{ path: [argument], message }]))
}
