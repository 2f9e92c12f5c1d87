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

/** A line of text above a bar, in pixels. The width of a bar is a share, so that the text keeps its size. */
const BAR_HEIGHT = 36

/** Shows figures as bars, and as a table behind them. The chart is for the eye alone. */
export function BarChart({ title, labelTitle, countTitle, bars, table }: BarChartProps) {
  const { common } = useTexts()
  const most = Math.max(1, ...bars.map(({ count }) => count))
  return (
    <figure class="chart">
      <figcaption>{title}</figcaption>
      <svg width="100%" height={bars.length * BAR_HEIGHT} aria-hidden="true">
        {bars.map(({ key, label, count }, index) => (
          <g key={key} transform={`translate(0 ${index * BAR_HEIGHT})`}>
            <rect y="20" width={`${(count / most) * 100}%`} height="8" />
            <text y="15">
              {label}
              {common.colon}
              {count}
            </text>
          </g>
        ))}
      </svg>
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
