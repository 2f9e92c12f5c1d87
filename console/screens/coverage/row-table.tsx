import { PersonName } from '../../parts/person-name.tsx'
import { PostureBadge } from '../../parts/posture-badge.tsx'
import { type Column, Table } from '../../parts/table.tsx'
import { Time } from '../../parts/time.tsx'
import { UserStatusBadge } from '../../parts/user-status-badge.tsx'
import { toHref } from '../../session/base.ts'
import { useScreenTexts } from '../../texts/texts.ts'
import { toWords } from '../../texts/to-words.ts'
import type { Row } from './coverage-types.ts'

export interface RowTableProps {
  readonly caption: string
  readonly rows: readonly Row[]
  /** `false` if the names could not be read at all. A user without one may then still be there. */
  readonly hasNames: boolean
  /** `null` if the person may not change anything. */
  readonly ticking: {
    readonly isTicked: (userId: string) => boolean
    readonly onTick: (userId: string, isTicked: boolean) => void
  } | null
}

/** The rows of one page. A row leads to its user. */
export function RowTable({ caption, rows, hasNames, ticking }: RowTableProps) {
  const { common, coverage } = useScreenTexts()
  const { columns: titles } = coverage
  const nameOf = ({ person }: Row) => person?.displayName ?? person?.username ?? null
  const columns: readonly Column<Row>[] = [
    {
      key: 'name',
      title: titles.name,
      cell: row => (
        <span class="row-name">
          {ticking !== null && (
            <input
              type="checkbox"
              aria-label={coverage.tick(nameOf(row) ?? row.userId)}
              checked={ticking.isTicked(row.userId)}
              onChange={event => ticking.onTick(row.userId, event.currentTarget.checked)}
            />
          )}
          <span>
            <a href={toHref(`users/${encodeURIComponent(row.userId)}`)}>
              <Name name={nameOf(row)} userId={row.userId} />
            </a>{' '}
            {hasNames && row.person === null && <span class="help">{coverage.gone}</span>}
          </span>
        </span>
      ),
    },
    { key: 'status', title: titles.status, cell: ({ status }) => <UserStatusBadge status={status} /> },
    {
      key: 'bound',
      title: titles.bound,
      cell: ({ boundFactors }) => {
        if (boundFactors === null) return common.unknown
        return boundFactors.length === 0
          ? common.none
          : boundFactors.map(factor => toWords(common.factors, factor)).join(common.between)
      },
    },
    ...(rows.some(({ posture }) => posture !== null)
      ? [
          {
            key: 'posture',
            title: titles.posture,
            cell: ({ posture }: Row) => <PostureBadge posture={posture} />,
          },
        ]
      : []),
    {
      key: 'lastMfa',
      title: titles.lastMfaAt,
      cell: ({ lastMfaAt }) => (lastMfaAt === null ? common.unknown : <Time at={lastMfaAt} />),
    },
    {
      key: 'lastSignIn',
      title: titles.lastSignInAt,
      cell: ({ lastSignInAt }) => (lastSignInAt === null ? common.unknown : <Time at={lastSignInAt} />),
    },
    {
      key: 'departments',
      title: titles.department,
      cell: ({ departmentIds }) =>
        departmentIds.length === 0
          ? common.none
          : departmentIds.map(id => <code key={id} class="department">{`${id} `}</code>),
    },
    { key: 'readAt', title: titles.readAt, cell: ({ readAt }) => <Time at={readAt} isAgeShown={false} /> },
  ]
  return <Table caption={caption} columns={columns} rows={rows} rowKey={({ userId }) => userId} />
}

function Name({ name, userId }: { name: string | null; userId: string }) {
  return name === null ? <code>{userId}</code> : <PersonName>{name}</PersonName>
}
