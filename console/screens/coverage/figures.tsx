import { BarChart } from '../../parts/bar-chart.tsx'
import { PostureBadge } from '../../parts/posture-badge.tsx'
import { Table } from '../../parts/table.tsx'
import { Time } from '../../parts/time.tsx'
import { useScreenTexts } from '../../texts/texts.ts'
import { toWords } from '../../texts/to-words.ts'
import type { Scan, Summary } from './coverage-types.ts'
import { Departments } from './departments.tsx'
import { NO_FILTERS } from './filters.ts'
import { useAddress } from './use-address.ts'
import { useNumbers } from './use-numbers.ts'

/** The counts of all rows of a scan, whatever the filters are. */
export function Figures({ scan, summary }: { scan: Scan; summary: Summary }) {
  const { common, coverage } = useScreenTexts()
  const { toNumber, toShare } = useNumbers()
  const { hrefOf } = useAddress()
  const { users, withoutBoundFactor, neverVerified } = summary
  return (
    <>
      <section class="main-figure">
        {withoutBoundFactor === null ? (
          <p>{coverage.withoutUnknown}</p>
        ) : (
          <p>
            <a href={hrefOf({ ...NO_FILTERS, factor: 'none' })}>
              <strong>{toNumber(withoutBoundFactor)}</strong> {coverage.without(withoutBoundFactor)}
            </a>{' '}
            <span>{coverage.share(toShare(withoutBoundFactor, users), toNumber(users))}</span>
          </p>
        )}
        <p class="help">
          {coverage.neverVerified(toNumber(neverVerified)) + common.gap + coverage.asOf}{' '}
          <Time at={scan.finishedAt ?? scan.startedAt ?? scan.createdAt} />
        </p>
      </section>
      <div class="charts">
        <Factors summary={summary} />
        <Postures summary={summary} />
        <Departments summary={summary} />
      </div>
    </>
  )
}

/** The factors that the pool has on, beside those that its users have bound. */
function Factors({ summary: { users, byFactor, poolFactors } }: { summary: Summary }) {
  const { changes, common, coverage } = useScreenTexts()
  const { toNumber, toShare } = useNumbers()
  const { columns } = coverage
  if (byFactor === null) return null
  const isInPool = (type: (typeof byFactor)[number]['type']) => poolFactors?.includes(type) ?? null
  return (
    <BarChart
      title={coverage.byFactor}
      labelTitle={columns.factor}
      countTitle={columns.bound}
      bars={byFactor.map(({ type, bound }) => ({
        key: type,
        label: toWords(common.factors, type) + common.inBrackets(coverage.inPool[`${isInPool(type)}`]),
        count: bound,
      }))}
      table={
        <Table
          caption={coverage.byFactor}
          isCaptionHidden
          rows={byFactor}
          rowKey={({ type }) => type}
          columns={[
            { key: 'factor', title: columns.factor, cell: ({ type }) => toWords(common.factors, type) },
            {
              key: 'pool',
              title: columns.pool,
              cell: ({ type }) => {
                const isOn = isInPool(type)
                return isOn === null ? common.unknown : isOn ? changes.on : changes.off
              },
            },
            { key: 'bound', title: columns.bound, cell: ({ bound }) => toNumber(bound), isFigure: true },
            {
              key: 'share',
              title: columns.share,
              cell: ({ bound }) => toShare(bound, users),
              isFigure: true,
            },
            ...(byFactor.some(({ enabled }) => enabled !== null)
              ? [
                  {
                    key: 'enabled',
                    title: columns.enabled,
                    cell: ({ enabled }: (typeof byFactor)[number]) => enabled !== null && toNumber(enabled),
                    isFigure: true,
                  },
                ]
              : []),
          ]}
        />
      }
    />
  )
}

function Postures({ summary: { users, byPosture } }: { summary: Summary }) {
  const { common, coverage } = useScreenTexts()
  const { toNumber, toShare } = useNumbers()
  const { columns } = coverage
  if (byPosture === null) return null
  return (
    <BarChart
      title={coverage.byPosture}
      labelTitle={columns.posture}
      countTitle={columns.users}
      bars={byPosture.map(({ posture, count }) => ({
        key: posture,
        label: toWords(common.postures, posture),
        count,
      }))}
      table={
        <Table
          caption={coverage.byPosture}
          isCaptionHidden
          rows={byPosture}
          rowKey={({ posture }) => posture}
          columns={[
            {
              key: 'posture',
              title: columns.posture,
              cell: ({ posture }) => <PostureBadge posture={posture} />,
            },
            { key: 'users', title: columns.users, cell: ({ count }) => toNumber(count), isFigure: true },
            {
              key: 'share',
              title: columns.share,
              cell: ({ count }) => toShare(count, users),
              isFigure: true,
            },
          ]}
        />
      }
    />
  )
}
