import { useEffect, useState } from 'preact/hooks'
import type { RequestFailure } from '../../api/request-failure.ts'
import { tellRequestFailure } from '../../api/tell-failure.ts'
import { EmptyState } from '../../parts/empty-state.tsx'
import { announce } from '../../parts/live-region.tsx'
import { MissingRight } from '../../parts/missing-right.tsx'
import { useViewer } from '../../session/viewer.tsx'
import { useScreenTexts } from '../../texts/texts.ts'
import { type CoverageRead, PAGE_ROWS } from './coverage-types.ts'
import { isFiltered, NO_FILTERS } from './filters.ts'
import { RowTable } from './row-table.tsx'
import { Ticked } from './ticked.tsx'
import { useAddress } from './use-address.ts'
import { useNumbers } from './use-numbers.ts'
import { MAX_TICKED, type Ticks } from './use-ticks.ts'

export interface RowsProps {
  readonly read: CoverageRead
  /** Fields that could not be read, such as the names. */
  readonly failures: readonly RequestFailure[]
  readonly ticks: Ticks
}

/** The rows that fit the filters, by pages. */
export function Rows({ read: { rows }, failures, ticks }: RowsProps) {
  const { common, coverage, failures: failureTexts } = useScreenTexts()
  const { toNumber } = useNumbers()
  const { mayRead, mayWrite } = useViewer()
  const { filters, page, hrefOf, hrefOfPage } = useAddress()
  const [isFull, setFull] = useState(false)
  const count = rows?.totalCount ?? null
  useEffect(() => {
    if (count !== null) announce(coverage.fit(count, toNumber(count)))
  }, [count, filters, page, coverage, toNumber])

  if (rows === null || count === null) {
    return (
      <EmptyState title={coverage.rowsUnread}>
        <p>{coverage.rowsUnreadHelp}</p>
        <a href={hrefOf(filters)}>{coverage.firstPage}</a>
      </EmptyState>
    )
  }
  if (count === 0) {
    return isFiltered(filters) ? (
      <EmptyState title={coverage.nobodyTitle}>
        <p>{coverage.nobodyHelp}</p>
        <a href={hrefOf(NO_FILTERS)}>{coverage.clear}</a>
      </EmptyState>
    ) : (
      <EmptyState title={coverage.noUsersTitle}>{null}</EmptyState>
    )
  }
  const shown = rows.edges.map(({ node }) => node)
  const tick = (userIds: readonly string[], isTicked: boolean) => {
    const fits = ticks.tick(userIds, isTicked)
    setFull(!fits)
    if (!fits) announce(coverage.tooMany, 'assertive')
  }
  const [failure] = failures
  const { hasNextPage, endCursor } = rows.pageInfo
  const pages = Math.max(page, Math.ceil(count / PAGE_ROWS))
  return (
    <>
      <p class="more">{coverage.fit(count, toNumber(count))}</p>
      {!mayRead && <MissingRight scope="mfa:read" />}
      {mayRead && failure !== undefined && (
        <p class="note warning">
          {coverage.namesUnread}
          {common.gap}
          {tellRequestFailure(failure, failureTexts).title}
        </p>
      )}
      {mayWrite ? (
        <Ticked
          ticked={ticks.ticked}
          isFull={isFull}
          onTickPage={() => tick(shown.map(({ userId }) => userId).slice(0, MAX_TICKED), true)}
          onUntick={() => tick(ticks.ticked, false)}
        />
      ) : (
        <MissingRight scope="mfa:write" />
      )}
      <div class="rows">
        <RowTable
          caption={coverage.rowsCaption(toNumber(page), toNumber(pages))}
          rows={shown}
          hasNames={mayRead && failure === undefined}
          ticking={
            mayWrite
              ? {
                  isTicked: id => ticks.ticked.includes(id),
                  onTick: (id, isTicked) => tick([id], isTicked),
                }
              : null
          }
        />
      </div>
      {shown.some(({ departmentIds }) => departmentIds.length > 0) && (
        <p class="help">{coverage.departmentNote}</p>
      )}
      <nav class="pages" aria-label={coverage.pages}>
        {page > 1 && <a href={hrefOf(filters)}>{coverage.firstPage}</a>}
        {hasNextPage && endCursor !== null && (
          <a href={hrefOfPage(endCursor, page + 1)}>{coverage.nextPage}</a>
        )}
      </nav>
    </>
  )
}
