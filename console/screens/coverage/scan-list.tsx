import { Button } from '../../parts/button.tsx'
import { StatusBadge } from '../../parts/status-badge.tsx'
import { Table } from '../../parts/table.tsx'
import { Time } from '../../parts/time.tsx'
import { useScreenTexts } from '../../texts/texts.ts'
import { toWords } from '../../texts/to-words.ts'
import { CancelScan } from './cancel-scan.tsx'
import { hasEnded, type Scan } from './coverage-types.ts'
import { useAddress } from './use-address.ts'
import { useNumbers } from './use-numbers.ts'

export interface ScanListProps {
  readonly scans: readonly Scan[]
  readonly shownId: string | null
  /** The scan whose progress is shown, and which is cancelled there. */
  readonly runningId: string | null
  /** Reads the scans again, as after a scan was cancelled. */
  readonly onLookAgain: () => void
}

/** The scans that there are. Each can be shown. */
export function ScanList({ scans, shownId, runningId, onLookAgain }: ScanListProps) {
  const { common, coverage } = useScreenTexts()
  const { toNumber } = useNumbers()
  const { hrefOfScan } = useAddress()
  const { columns } = coverage
  if (scans.length === 0) return null
  return (
    <section>
      <h2>{coverage.others}</h2>
      <Table
        caption={coverage.othersCaption}
        rows={scans}
        rowKey={({ id }) => id}
        columns={[
          { key: 'begun', title: columns.begun, cell: ({ createdAt }) => <Time at={createdAt} /> },
          { key: 'status', title: columns.status, cell: ({ status }) => toWords(coverage.statuses, status) },
          { key: 'depth', title: columns.depth, cell: ({ depth }) => toWords(coverage.depths, depth) },
          {
            key: 'whole',
            title: coverage.whole,
            cell: scan =>
              hasEnded(scan) === null ? (
                common.unknown
              ) : hasEnded(scan) ? (
                <StatusBadge tone={scan.isWhole ? 'good' : 'warning'}>
                  {scan.isWhole ? coverage.whole : coverage.notWhole}
                </StatusBadge>
              ) : (
                coverage.notYet
              ),
          },
          { key: 'users', title: columns.users, cell: ({ seen }) => toNumber(seen), isFigure: true },
          {
            key: 'actions',
            title: columns.actions,
            cell: scan => (
              <span class="buttons">
                {scan.id === shownId ? coverage.isShown : <a href={hrefOfScan(scan.id)}>{coverage.show}</a>}
                {hasEnded(scan) === null && <Button onClick={onLookAgain}>{common.lookAgain}</Button>}
                {hasEnded(scan) === false && scan.id !== runningId && (
                  <CancelScan scanId={scan.id} onDone={onLookAgain} />
                )}
              </span>
            ),
          },
        ]}
      />
    </section>
  )
}
