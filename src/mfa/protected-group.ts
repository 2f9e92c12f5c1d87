import type { Clock } from '../base/clock.ts'
import { createDeadline, type Deadline, within } from '../base/deadline.ts'
import { limitConcurrency } from '../base/limit-concurrency.ts'
import { type CallContext, ownCallContext } from './call-context.ts'
import type { UpstreamFailure, UpstreamResult } from './failure.ts'

/** The ids of the members of a group, or why nobody knows them. */
export type GroupRead =
  | { readonly kind: 'READ'; readonly userIds: ReadonlySet<string> }
  /** GenAuth did not give a page, or the members take longer than a read may. */
  | { readonly kind: 'FAILED'; readonly failure: UpstreamFailure }
  /** There are more than `MAX_PROTECTED_MEMBERS`. */
  | { readonly kind: 'TOO_LARGE' }
  /** The pages do not show as many members as GenAuth counts. */
  | { readonly kind: 'INCOMPLETE' }

/** One page of the members of a group. Each id has its one spelling. */
interface GroupPage {
  readonly users: readonly { readonly ids: { readonly USER_ID: string } }[]
  /** Members of the page whose record could not be read. */
  readonly unreadable: number
  readonly totalCount: number
}

/** The call that reads a group. A page counts from 1, and has up to `MEMBERS_PER_PAGE` members. */
interface GroupUpstream {
  listGroupMembers(code: string, page: number): Promise<UpstreamResult<GroupPage>>
}

export type GroupUpstreamFor = (context: CallContext) => GroupUpstream

interface ProtectedGroupOptions {
  readonly code: string
  readonly upstreamFor: GroupUpstreamFor
  readonly clock: Clock
  readonly onGroupRead: (read: GroupRead) => void
}

/** The members of a group, which are read again when they are asked for after a minute. */
export interface ProtectedGroup {
  read(deadline: Deadline): Promise<GroupRead | { readonly kind: 'LATE' }>
  prepare(): void
}

/** The greatest age of the members, from when their read began. */
const KEPT_MS = 60_000
/** One read serves every change that waits for it, so it does not use the deadline of a single one. */
const READ_DEADLINE_MS = 10_000
/** The size of a page of GenAuth's. */
const MEMBERS_PER_PAGE = 50
/** A hundred pages a minute. A rule for more people is another one. */
export const MAX_PROTECTED_MEMBERS = 5_000
const MAX_CONCURRENT_PAGES = 4
/** A member who comes or goes between two pages moves the others. */
const MAX_READINGS = 2

/** Reads the members of a group at most once a minute, for any number of changes. A failure is not kept. */
export function createProtectedGroup(options: ProtectedGroupOptions): ProtectedGroup {
  const { code, upstreamFor, clock, onGroupRead } = options
  let kept: { readonly untilMs: number; readonly read: Promise<GroupRead> } | null = null

  function readAtMostOnce(): Promise<GroupRead> {
    if (kept !== null && clock.monotonic() < kept.untilMs) return kept.read
    const upstream = upstreamFor(ownCallContext(createDeadline(READ_DEADLINE_MS, clock)))
    const asked = { untilMs: clock.monotonic() + KEPT_MS, read: readMembers(upstream, code) }
    kept = asked
    void asked.read.then(read => {
      if (read.kind !== 'READ' && kept === asked) kept = null
      onGroupRead(read)
    })
    return asked.read
  }

  return {
    read: deadline => within(deadline, readAtMostOnce(), () => ({ kind: 'LATE' as const })),
    prepare: () => void readAtMostOnce(),
  }
}

async function readMembers(upstream: GroupUpstream, code: string): Promise<GroupRead> {
  let read: GroupRead = { kind: 'INCOMPLETE' }
  for (let reading = 1; reading <= MAX_READINGS && read.kind === 'INCOMPLETE'; reading++) {
    read = await readMembersOnce(upstream, code)
  }
  return read
}

async function readMembersOnce(upstream: GroupUpstream, code: string): Promise<GroupRead> {
  const first = await upstream.listGroupMembers(code, 1)
  if (!first.ok) return { kind: 'FAILED', failure: first.failure }
  const { totalCount } = first.value
  if (totalCount > MAX_PROTECTED_MEMBERS) return { kind: 'TOO_LARGE' }
  const limited = limitConcurrency(MAX_CONCURRENT_PAGES)
  const numbers = Array.from(
    { length: Math.ceil(totalCount / MEMBERS_PER_PAGE) - 1 },
    (_, index) => index + 2,
  )
  let failure: UpstreamFailure | null = null
  const rest = await Promise.all(
    numbers.map(page =>
      limited(async () => {
        // After one page that GenAuth does not give, the others would be asked for without use.
        const reply = failure === null ? await upstream.listGroupMembers(code, page) : null
        if (reply?.ok === false) failure ??= reply.failure
        return reply?.ok ? [reply.value] : []
      }),
    ),
  )
  if (failure !== null) return { kind: 'FAILED', failure }
  const pages = [first.value, ...rest.flat()]
  const userIds = new Set(pages.flatMap(({ users }) => users.map(({ ids }) => ids.USER_ID)))
  const isWhole =
    userIds.size === totalCount &&
    pages.every(page => page.unreadable === 0 && page.totalCount === totalCount)
  return isWhole ? { kind: 'READ', userIds } : { kind: 'INCOMPLETE' }
}
