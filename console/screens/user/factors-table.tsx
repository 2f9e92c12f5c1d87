import { EmptyState } from '../../parts/empty-state.tsx'
import { FactorName } from '../../parts/factor-changes.tsx'
import { type BadgeTone, StatusBadge } from '../../parts/status-badge.tsx'
import { type Column, Table } from '../../parts/table.tsx'
import { useScreenTexts } from '../../texts/texts.ts'
import type { Factor } from './user-state.ts'

export interface FactorsTableProps {
  readonly caption: string
  readonly isCaptionHidden?: boolean
  /** In the order of the sign-in. */
  readonly factors: readonly Pick<Factor, 'code' | 'type' | 'enabled' | 'bound'>[]
}

/** Shows what is switched on and what is bound, which are two things. */
export function FactorsTable({ factors, ...rest }: FactorsTableProps) {
  const { common, user } = useScreenTexts()
  if (factors.length === 0) {
    return (
      <EmptyState title={user.noFactors}>
        <p>{user.noFactorsHelp}</p>
      </EmptyState>
    )
  }
  const rows = factors.map((factor, index) => ({ ...factor, place: index + 1 }))
  const columns: readonly Column<(typeof rows)[number]>[] = [
    {
      key: 'factor',
      title: user.columns.factor,
      cell: ({ code, type }) => (
        <>
          <FactorName code={code} />
          {type === null && <span class="help">{common.inBrackets(user.keptAsItIs)}</span>}
        </>
      ),
    },
    { key: 'place', title: user.columns.place, cell: ({ place }) => place },
    {
      key: 'enabled',
      title: user.columns.enabled,
      cell: ({ enabled }) => (
        <StatusBadge tone={enabled ? 'good' : 'neutral'}>{enabled ? common.yes : common.no}</StatusBadge>
      ),
    },
    { key: 'bound', title: user.columns.bound, cell: ({ bound }) => <Bound bound={bound} /> },
  ]
  return <Table {...rest} columns={columns} rows={rows} rowKey={({ code }) => code} />
}

function Bound({ bound }: { bound: boolean | null }) {
  const { bound: words } = useScreenTexts().user
  const [tone, word]: [BadgeTone, string] =
    bound === null ? ['unknown', words.unknown] : bound ? ['good', words.yes] : ['warning', words.no]
  return <StatusBadge tone={tone}>{word}</StatusBadge>
}
