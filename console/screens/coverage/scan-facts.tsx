import type { ComponentChildren } from 'preact'
import { StatusBadge } from '../../parts/status-badge.tsx'
import { Time } from '../../parts/time.tsx'
import type { ScreenTexts } from '../../texts/en-screens.ts'
import { useScreenTexts } from '../../texts/texts.ts'
import { toWords } from '../../texts/to-words.ts'
import { hasEnded, type Scan } from './coverage-types.ts'
import { useNumbers } from './use-numbers.ts'

/** Shows the scan behind the figures: its time, its population, its depth, and whether anybody is missing. */
export function ScanFacts({ scan }: { scan: Scan }) {
  const { common, coverage } = useScreenTexts()
  const { toNumber } = useNumbers()
  const { startedAt, finishedAt, isWhole, failure } = scan
  return (
    <section class="scan-facts">
      <h2>{coverage.shown}</h2>
      <p>
        <StatusBadge tone={isWhole ? 'good' : 'warning'}>
          {isWhole ? coverage.whole : coverage.notWhole}
        </StatusBadge>{' '}
        {isWhole ? coverage.wholeHelp : coverage.notWholeHelp[toWhyNotWhole(scan)]}
        {failure !== null && common.gap + toWords(coverage.scanFailures, failure)}
      </p>
      <dl class="facts">
        <Fact name={coverage.began}>{startedAt === null ? coverage.notYet : <Time at={startedAt} />}</Fact>
        <Fact name={coverage.ended}>{finishedAt === null ? coverage.notYet : <Time at={finishedAt} />}</Fact>
        <Fact name={coverage.depth}>{toWords(coverage.depths, scan.depth)}</Fact>
        <Fact name={coverage.population}>
          <Population population={scan.population} />
        </Fact>
        <Fact name={coverage.users}>{toNumber(scan.seen)}</Fact>
        <Fact name={coverage.unreadable}>{toNumber(scan.unreadable)}</Fact>
      </dl>
    </section>
  )
}

function Fact({ name, children }: { name: string; children: ComponentChildren }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  )
}

/** Returns why the rows may not be the population. The scan says only that they may not. */
function toWhyNotWhole(scan: Scan): keyof ScreenTexts['coverage']['notWholeHelp'] {
  const isOver = hasEnded(scan)
  if (isOver === null) return 'LATER'
  if (!isOver) return 'GOES_ON'
  if (scan.status === 'CANCELLED') return 'CANCELLED'
  if (scan.status === 'FAILED') return 'FAILED'
  return scan.unreadable > 0 ? 'UNREADABLE' : 'MOVED'
}

function Population({ population }: { population: Scan['population'] }) {
  const { common, coverage } = useScreenTexts()
  const { conditions } = coverage
  const { departments, groups, statuses, signedInTo, exceptUserIds, exceptGroups } = population
  const { lastSignInAfter, lastSignInBefore } = population
  const lists: readonly (readonly [string, readonly string[]])[] = [
    [conditions.departments, (departments ?? []).map(one => `${one.organizationCode}/${one.departmentId}`)],
    [conditions.groups, groups ?? []],
    [conditions.statuses, (statuses ?? []).map(status => toWords(common.userStatuses, status))],
    [conditions.signedInTo, signedInTo ?? []],
    [conditions.exceptUserIds, exceptUserIds ?? []],
    [conditions.exceptGroups, exceptGroups ?? []],
  ]
  const given = lists.filter(([, values]) => values.length > 0)
  const isOpen = lastSignInAfter === null && lastSignInBefore === null
  const [only] = statuses ?? []
  const isEverybody = statuses?.length === 1 && only === 'ACTIVATED' && given.length === 1 && isOpen
  if (isEverybody) return coverage.everybody
  return (
    <ul class="conditions">
      {given.map(([name, values]) => (
        <li key={name}>
          {name}
          {common.colon}
          {values.join(common.between)}
        </li>
      ))}
      {lastSignInAfter !== null && (
        <li>
          {conditions.lastSignInAfter} <Time at={lastSignInAfter} isAgeShown={false} />
        </li>
      )}
      {lastSignInBefore !== null && (
        <li>
          {conditions.lastSignInBefore} <Time at={lastSignInBefore} isAgeShown={false} />
        </li>
      )}
    </ul>
  )
}
