import type { ComponentChildren } from 'preact'
import { useTexts } from '../texts/texts.ts'
import { Table } from './table.tsx'

export interface Bar {
  readonly key: string
  readonly label: string
  readonly count: number
}

export interface BarChartProps {
  readonly title: string
  readonly labelTitle: string
  readonly countTitle: string
  readonly bars: readonly Bar[]
  /** Stands behind the chart in place of a table of the bars, if there is more to say. */
  readonly table?: ComponentChildren
}

/** Shows figures as bars, and as a table behind them. The chart is for the eye alone. */
export function BarChart({ title, labelTitle, countTitle, bars, table }: BarChartProps) {
  const { common } = useTexts()
  const most = Math.max(1, ...bars.map(({ count }) => count))
  return (
    <figure class="chart">
      <figcaption>{title}</figcaption>
      <div aria-hidden="true">
        {bars.map(({ key, label, count }) => (
          <p key={key}>
            {label}
            {common.colon}
            {count}
            {/* The width is an attribute, because the policy of the page allows no style of an element. */}
            <svg aria-hidden="true">
              <rect width={`${(count / most) * 100}%`} height="100%" />
            </svg>
          </p>
        ))}
      </div>
      <details>
        <summary>{common.table}</summary>
        {table ?? (
          <Table
            caption={title}
            isCaptionHidden
            columns={[
              { key: 'label', title: labelTitle, cell: bar => bar.label },
              { key: 'count', title: countTitle, cell: bar => bar.count, isFigure: true },
            ]}
            rows={bars}
            rowKey={bar => bar.key}
          />
        )}
      </details>
    </figure>
  )
}
