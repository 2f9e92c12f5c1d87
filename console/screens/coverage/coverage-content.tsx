import { useRef } from 'preact/hooks'
import { isMfaFailure } from '../../api/tell-failure.ts'
import { useRead } from '../../api/use-read.ts'
import { ShowCoverageDocument } from '../../generated/documents.ts'
import { EmptyState } from '../../parts/empty-state.tsx'
import { MfaFailureNote, RequestFailureNote } from '../../parts/failure-note.tsx'
import { announce } from '../../parts/live-region.tsx'
import { Skeleton } from '../../parts/skeleton.tsx'
import { useScreenTexts } from '../../texts/texts.ts'
import { toWords } from '../../texts/to-words.ts'
import { type CoverageRead, PAGE_ROWS } from './coverage-types.ts'
import { Download } from './download.tsx'
import { Figures } from './figures.tsx'
import { FilterForm } from './filter-form.tsx'
import { isFiltered, NO_FILTERS, toCoverageFilter } from './filters.ts'
import { Rows } from './rows.tsx'
import { ScanFacts } from './scan-facts.tsx'
import { ScanList } from './scan-list.tsx'
import { ScanProgress } from './scan-progress.tsx'
import { StartScan } from './start-scan.tsx'
import { useAddress } from './use-address.ts'
import { useScans } from './use-scans.ts'
import { useTicks } from './use-ticks.ts'

/** The lines of a table that is being read. */
const ROW_LINES = 16

/** The screen for people with the right to report. Figures of a scan stay while other rows of it are read. */
export function CoverageContent() {
  const { coverage } = useScreenTexts()
  const { scanId, filters, after, hrefOf, hrefOfScan } = useAddress()
  const { reading, again } = useRead(ShowCoverageDocument, {
    scanId,
    filter: isFiltered(filters) ? toCoverageFilter(filters) : null,
    first: PAGE_ROWS,
    after,
  })
  const ticks = useTicks()
  const scans = useScans(scan => {
    announce(coverage.finished(toWords(coverage.statuses, scan.status)), 'assertive')
    again()
  })
  const payload = reading.kind === 'READ' ? reading.data.mfaCoverage : null
  const read = payload?.__typename === 'MfaCoverage' ? payload : null
  const shown = useLastOf(read, scanId)

  if (payload?.__typename === 'MfaFeatureOffError') return <MfaFailureNote failure={payload} />
  const failure = payload !== null && isMfaFailure(payload) ? payload : null
  const isFirst = failure?.__typename === 'MfaJobNotFoundError' && scanId === null
  const isBlank = shown === null && !isFirst
  return (
    <>
      {scans.running !== null && <ScanProgress scan={scans.running} onCancelled={scans.again} />}
      {isFirst && <FirstScan isUnderWay={scans.running !== null} />}
      {/* It keeps its place whatever the read brings, because its dialog may be open. */}
      <p class="buttons">
        <StartScan onStarted={scans.follow} onLookAgain={scans.again} />
        {scanId !== null && <a href={hrefOfScan(null)}>{coverage.newest}</a>}
      </p>
      {isBlank && reading.kind === 'LOADING' && <Skeleton lines={24} />}
      {shown !== null && (
        <>
          <ScanFacts scan={shown.scan} />
          <Figures scan={shown.scan} summary={shown.summary} />
        </>
      )}
      {/* Its heading gets the focus of a link to another page, which is gone with its rows. */}
      <section>
        {shown !== null && <h2>{coverage.people}</h2>}
        {(shown !== null || isFiltered(filters)) && (
          <FilterForm depth={shown?.scan.depth ?? null} departments={shown?.summary.byDepartment ?? []} />
        )}
        {shown !== null && failure === null && (
          <Download key={shown.scan.id} scanId={shown.scan.id} count={read?.rows?.totalCount ?? null} />
        )}
        {shown !== null && reading.kind === 'LOADING' && <Skeleton lines={ROW_LINES} />}
        {reading.kind === 'FAILED' && <RequestFailureNote failure={reading.failure} onAgain={again} />}
        {failure !== null && !isFirst && (
          <>
            <MfaFailureNote failure={failure} onAgain={again} />
            {isFiltered(filters) && <a href={hrefOf(NO_FILTERS)}>{coverage.clear}</a>}
          </>
        )}
        {read !== null && reading.kind === 'READ' && (
          <Rows read={read} failures={reading.failures} ticks={ticks} />
        )}
      </section>
      {scans.failure !== null && reading.kind !== 'FAILED' && (
        <RequestFailureNote failure={scans.failure} onAgain={scans.again} />
      )}
      <ScanList
        scans={scans.scans}
        shownId={shown?.scan.id ?? null}
        runningId={scans.running?.id ?? null}
        onLookAgain={scans.again}
      />
    </>
  )
}

/** Says what a scan is for, if there is none yet. */
function FirstScan({ isUnderWay }: { isUnderWay: boolean }) {
  const { coverage } = useScreenTexts()
  return (
    <EmptyState title={isUnderWay ? coverage.firstTitle : coverage.emptyTitle}>
      <p>{isUnderWay ? coverage.firstHelp : coverage.emptyHelp}</p>
    </EmptyState>
  )
}

/** Returns the last result of the same scan, while other rows of it are read or after a filter is refused. */
function useLastOf(read: CoverageRead | null, scanId: string | null): CoverageRead | null {
  const last = useRef<{ scanId: string | null; read: CoverageRead } | null>(null)
  if (read !== null) last.current = { scanId, read }
  return last.current?.scanId === scanId ? last.current.read : null
}
