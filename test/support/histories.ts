import { systemClock } from '../../src/base/clock.ts'
import { createDeadline } from '../../src/base/deadline.ts'
import { Events } from '../../src/base/events.ts'
import type { Change } from '../../src/history/change.ts'
import type { Changes } from '../../src/history/changes.ts'
import type { History, WantedHistory } from '../../src/history/history.ts'
import type { HistoryEvents } from '../../src/history/history-events.ts'
import { createHistoryService } from '../../src/history/history-service.ts'
import type { HistoryUpstream } from '../../src/history/history-upstream.ts'
import type { UserEvent, UserEventKind } from '../../src/history/user-event.ts'
import type { CallerContext } from '../../src/mfa/call-context.ts'
import { type Result, succeed } from '../../src/mfa/failure.ts'

/** Returns an id in the form of those of changes. */
export function changeId(number: number): string {
  return `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`
}

/** Returns a change of Ada by the desk. */
export function change(atMs: number, number: number, facts: Partial<Change> = {}): Change {
  return {
    id: changeId(number),
    userId: 'ada',
    atMs,
    actor: { issuer: 'https://issuer.example', subject: 'desk', client: null },
    requestId: `request-${number}`,
    outcome: 'APPLIED',
    followUp: null,
    factorsBefore: [],
    factorsAfter: [],
    changedFields: [],
    effects: [],
    revisionBefore: 'r1',
    revisionIntended: 'r2',
    reason: { kind: 'NONE' },
    revertOf: null,
    ...facts,
  }
}

/** Returns an event that GenAuth has logged. */
export function userEvent(atMs: number, number: number, kind: UserEventKind = 'VERIFIED'): UserEvent {
  const id = `event-${kind}-${number}`.padEnd(22, '-').slice(0, 22)
  return { id, atMs, kind, applicationId: null, country: null, requestId: `request-${number}` }
}

/** Returns the changes of Ada, out of a list that may grow. */
export function changesOf(list: readonly Change[]): Pick<Changes, 'page'> {
  return {
    async page(_userId, first, before) {
      const behind = list
        .filter(
          ({ atMs, id }) => before === null || atMs < before.atMs || (atMs === before.atMs && id < before.id),
        )
        .toSorted((left, right) => right.atMs - left.atMs || (left.id < right.id ? 1 : -1))
      return { changes: behind.slice(0, first), hasMore: behind.length > first, isWhole: true }
    },
  }
}

export interface HistoryParts {
  readonly upstream: HistoryUpstream
  readonly changes: Pick<Changes, 'page'> | null
  readonly countRead?: () => Promise<Result<void>>
  readonly events?: Events<HistoryEvents>
}

/** Returns a way to read histories of users who are named by their ids. */
export function historyOf({
  upstream,
  changes,
  countRead = async () => succeed(undefined),
  events = new Events(),
}: HistoryParts): (wanted: WantedHistory, userId?: string) => Promise<Result<History>> {
  const context: CallerContext = {
    deadline: createDeadline(10_000, systemClock),
    callerKey: 'desk',
    isWanted: () => true,
    onWait: () => () => {},
    trace: null,
    requestId: 'request',
    caller: {
      issuer: 'https://issuer.example',
      subject: 'desk',
      client: null,
      genauthId: null,
      isClient: false,
      authTimeS: null,
      acr: null,
      amr: [],
    },
  }
  const service = createHistoryService({ upstreamFor: () => upstream, changes, events })
  const mfa = { reads: { genauthId: async ({ userId }: { userId: string }) => succeed(userId) }, countRead }
  return (wanted, userId = 'ada') =>
    service.forCaller(context, mfa).history({ userId, userIdType: 'USER_ID' }, wanted)
}
