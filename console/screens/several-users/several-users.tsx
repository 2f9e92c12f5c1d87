import { useRef } from 'preact/hooks'
import { useLocation } from 'preact-iso'
import { EmptyState } from '../../parts/empty-state.tsx'
import { MissingRight } from '../../parts/missing-right.tsx'
import { Screen } from '../../parts/screen.tsx'
import { toHref } from '../../session/base.ts'
import { useViewer } from '../../session/viewer.tsx'
import { useScreenTexts } from '../../texts/texts.ts'
import { People } from './people.tsx'
import { MOST_PEOPLE, readIds } from './read-ids.ts'

/** The same switch for up to 50 people, who stand in the address by GenAuth's own ids. */
export function SeveralUsers() {
  const { several } = useScreenTexts()
  const { mayRead, mayWrite } = useViewer()
  const { query } = useLocation()
  const { ids, malformed, leftOut } = readIds(query['ids'] ?? '')
  // A list without some of its people keeps what has been chosen for it.
  const first = useRef(ids)
  if (!ids.every(id => first.current.includes(id))) first.current = ids
  return (
    <Screen title={several.title}>
      <p>{several.lead}</p>
      {malformed > 0 && <p class="note warning">{several.malformed(malformed)}</p>}
      {leftOut > 0 && <p class="note warning">{several.leftOut(leftOut, MOST_PEOPLE)}</p>}
      {!mayRead && <MissingRight scope="mfa:read" />}
      {!mayWrite && <MissingRight scope="mfa:write" />}
      {ids.length === 0 && (
        <EmptyState title={several.emptyTitle}>
          <p>{several.emptyHelp}</p>
          <a href={toHref('coverage')}>{several.toCoverage}</a>
        </EmptyState>
      )}
      {mayRead && ids.length > 0 && <People key={first.current.join()} ids={ids} />}
    </Screen>
  )
}
