import { Table } from '../../parts/table.tsx'
import { Time } from '../../parts/time.tsx'
import type { Viewer } from '../../session/viewer.tsx'
import { useScreenTexts } from '../../texts/texts.ts'
import { toWords } from '../../texts/to-words.ts'

/** Shows the rest of each limit, and the time when all of it is left again. */
export function LimitsTable({ limits }: Pick<Viewer, 'limits'>) {
  const { rights } = useScreenTexts()
  if (limits.length === 0) {
    return (
      <>
        <h2>{rights.limits}</h2>
        <p>{rights.noLimits}</p>
      </>
    )
  }
  return (
    <>
      <h2>{rights.limits}</h2>
      <Table
        caption={rights.limits}
        isCaptionHidden
        columns={[
          { key: 'kind', title: rights.limit, cell: ({ kind }) => toWords(rights.limitKinds, kind) },
          {
            key: 'left',
            title: rights.left,
            cell: ({ remaining, limit }) => rights.leftOf(remaining, limit),
            isFigure: true,
          },
          {
            key: 'window',
            title: rights.window,
            cell: ({ windowS }) => rights.windowOf(windowS),
            isFigure: true,
          },
          {
            key: 'resets',
            title: rights.resetsAt,
            cell: ({ remaining, limit, resetsAt }) =>
              remaining === limit ? rights.nothingUsed : <Time at={resetsAt} isAgeShown={false} />,
          },
        ]}
        rows={limits}
        rowKey={({ kind }) => kind}
      />
      <p class="help">{rights.limitsHelp}</p>
    </>
  )
}
