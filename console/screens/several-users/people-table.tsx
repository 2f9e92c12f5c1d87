import type { ResultOf } from '../../api/document.ts'
import { isMfaFailure, tellMfaFailure } from '../../api/tell-failure.ts'
import type { FindUsersDocument } from '../../generated/documents.ts'
import { Button } from '../../parts/button.tsx'
import { PersonName } from '../../parts/person-name.tsx'
import { PostureBadge } from '../../parts/posture-badge.tsx'
import { type Column, Table } from '../../parts/table.tsx'
import { UserStatusBadge } from '../../parts/user-status-badge.tsx'
import { toHref } from '../../session/base.ts'
import { useScreenTexts } from '../../texts/texts.ts'
import type { Outcome, ToldState } from './outcome.ts'
import { OutcomeCell } from './outcome-cell.tsx'

type Payload = ResultOf<typeof FindUsersDocument>['usersMfa']
type Found = Extract<Payload, { __typename: 'UsersMfaSuccess' }>['results'][number]

export interface PeopleTableProps {
  readonly results: readonly Found[]
  /** When they were read. A state that came with a result is shown if it is newer. */
  readonly readAtMs: number
  readonly states: ReadonlyMap<string, ToldState>
  readonly outcomes: ReadonlyMap<string, Outcome>
  /** Takes a person out of the list. Without it the list is fixed. */
  readonly onLeaveOut?: (id: string) => void
}

/** People as rows: who, what is on now, and the result. */
export function PeopleTable({ results, readAtMs, states, outcomes, onLeaveOut }: PeopleTableProps) {
  const { several } = useScreenTexts()
  const { columns: titles } = several
  const columns: Column<Found>[] = [
    {
      key: 'name',
      title: titles.name,
      cell: found => (
        <>
          <a href={toHref(`users/${encodeURIComponent(found.ref.userId)}`)}>
            <PersonName>{toName(found)}</PersonName>
          </a>
          <Status found={found} />
        </>
      ),
    },
    {
      key: 'now',
      title: titles.now,
      cell: found => {
        const told = states.get(found.ref.userId)
        return <Now found={found} state={told !== undefined && told.atMs > readAtMs ? told : null} />
      },
    },
  ]
  if (outcomes.size > 0) {
    columns.push({
      key: 'result',
      title: titles.result,
      cell: ({ ref }) => <OutcomeCell outcome={outcomes.get(ref.userId) ?? null} />,
    })
  }
  if (onLeaveOut !== undefined) {
    columns.push({
      key: 'leave-out',
      title: titles.leaveOut,
      cell: found => (
        <Button
          kind="quiet"
          label={several.leaveOutOf(toName(found))}
          onClick={() => onLeaveOut(found.ref.userId)}
        >
          {several.leaveOut}
        </Button>
      ),
    })
  }
  return (
    <Table
      caption={several.people(results.length)}
      isCaptionHidden
      columns={columns}
      rows={results}
      rowKey={({ ref }) => ref.userId}
    />
  )
}

function toName({ ref, payload }: Found): string {
  return (payload.__typename === 'UserMfa' ? payload.account?.displayName : null) ?? ref.userId
}

/** An account that may not sign in is worth a look before its factors are. */
function Status({ found: { payload } }: { found: Found }) {
  const status = payload.__typename === 'UserMfa' ? (payload.account?.status ?? null) : null
  if (status === null || status === 'ACTIVATED') return null
  return (
    <>
      {' '}
      <UserStatusBadge status={status} />
    </>
  )
}

function Now({ found: { payload }, state }: { found: Found; state: ToldState | null }) {
  const { several, common, failures } = useScreenTexts()
  const shown = state ?? (payload.__typename === 'UserMfa' ? payload : null)
  if (shown === null) {
    return isMfaFailure(payload) ? tellMfaFailure(payload, failures).title : common.unknown
  }
  const names: Readonly<Record<string, string>> = common.factors
  const on = shown.factors.filter(({ enabled }) => enabled).map(({ code }) => names[code] ?? code)
  return (
    <div>
      <PostureBadge posture={shown.posture} />
      <div>{on.length === 0 ? several.noneOn : several.on(on.join(common.between))}</div>
    </div>
  )
}
