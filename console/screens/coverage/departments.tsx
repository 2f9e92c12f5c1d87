import { BarChart } from '../../parts/bar-chart.tsx'
import { type Column, Table } from '../../parts/table.tsx'
import { useScreenTexts } from '../../texts/texts.ts'
import type { Summary } from './coverage-types.ts'
import { NO_FILTERS } from './filters.ts'
import { useAddress } from './use-address.ts'
import { useNumbers } from './use-numbers.ts'

type Department = Summary['byDepartment'][number]

/** More bars are hard to read. The table has all departments. */
const MAX_BARS = 8

/** The departments with the most people who have no bound factor. An id leads to the rows of its department. */
export function Departments({ summary: { byDepartment, withoutBoundFactor } }: { summary: Summary }) {
  const { common, coverage } = useScreenTexts()
  const { toNumber, toShare } = useNumbers()
  const { hrefOf } = useAddress()
  const { columns } = coverage
  if (byDepartment.length === 0) return null
  const isKnown = withoutBoundFactor !== null
  const countOf = ({ users, withoutBoundFactor: without }: Department) => without ?? users
  const sorted = byDepartment.toSorted((one, other) => countOf(other) - countOf(one))
  const title = isKnown ? coverage.byDepartment : coverage.byDepartmentUsers
  const without: readonly Column<Department>[] = [
    {
      key: 'without',
      title: columns.without,
      cell: department => toNumber(countOf(department)),
      isFigure: true,
    },
    {
      key: 'share',
      title: columns.share,
      cell: department => toShare(countOf(department), department.users),
      isFigure: true,
    },
  ]
  return (
    <BarChart
      title={title}
      labelTitle={columns.department}
      countTitle={isKnown ? columns.without : columns.users}
      bars={sorted.slice(0, MAX_BARS).map(department => ({
        key: department.departmentId,
        label: department.departmentId,
        count: countOf(department),
      }))}
      table={
        <>
          <p class="help">
            {coverage.departmentNote}
            {common.gap}
            {sorted.length > MAX_BARS && coverage.largest(MAX_BARS)}
          </p>
          <Table
            caption={title}
            isCaptionHidden
            rows={sorted}
            rowKey={({ departmentId }) => departmentId}
            columns={[
              {
                key: 'department',
                title: columns.department,
                cell: ({ departmentId }) => (
                  <a href={hrefOf({ ...NO_FILTERS, department: departmentId })}>
                    <code>{departmentId}</code>
                  </a>
                ),
              },
              { key: 'users', title: columns.users, cell: ({ users }) => toNumber(users), isFigure: true },
              ...(isKnown ? without : []),
            ]}
          />
        </>
      }
    />
  )
}
