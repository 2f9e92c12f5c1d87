import { StatusBadge } from '../../parts/status-badge.tsx'
import { Table } from '../../parts/table.tsx'
import type { Viewer } from '../../session/viewer.tsx'
import { useScreenTexts } from '../../texts/texts.ts'

const KINDS = ['mayRead', 'mayWrite', 'mayReport', 'maySetPolicy', 'maySeeHistory'] as const

/** Every right in words, and whether the person has it. */
export function RightsTable({ viewer }: { viewer: Viewer }) {
  const { rights, common } = useScreenTexts()
  return (
    <>
      <h2>{rights.rights}</h2>
      <Table
        caption={rights.rights}
        isCaptionHidden
        columns={[
          { key: 'right', title: rights.right, cell: kind => rights.kinds[kind] },
          {
            key: 'allowed',
            title: rights.allowed,
            cell: kind => (
              <StatusBadge tone={viewer[kind] ? 'good' : 'neutral'}>
                {viewer[kind] ? common.yes : common.no}
              </StatusBadge>
            ),
          },
        ]}
        rows={KINDS}
        rowKey={kind => kind}
      />
      {KINDS.some(kind => !viewer[kind]) && <p class="help">{rights.howToGet}</p>}
    </>
  )
}
