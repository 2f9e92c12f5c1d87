import { useEffect } from 'preact/hooks'
import { isMfaFailure } from '../../api/tell-failure.ts'
import { useRead } from '../../api/use-read.ts'
import { SearchUsersDocument } from '../../generated/documents.ts'
import { EmptyState } from '../../parts/empty-state.tsx'
import { MfaFailureNote, RequestFailureNote } from '../../parts/failure-note.tsx'
import { announce } from '../../parts/live-region.tsx'
import { Skeleton } from '../../parts/skeleton.tsx'
import { useTexts } from '../../texts/texts.ts'
import { PeopleTable } from './people-table.tsx'

/** The people whose data hold a text. */
export function SearchResult({ search }: { search: string }) {
  const { find } = useTexts()
  const { reading, again } = useRead(SearchUsersDocument, { search })
  const payload = reading.kind === 'READ' ? reading.data.findMfaUsers : null
  const count = payload?.__typename === 'FindMfaUsersSuccess' ? payload.people.length : null
  useEffect(() => {
    if (count !== null) announce(count === 0 ? find.nobodyTitle : find.found(count))
  }, [count, find])

  if (reading.kind === 'FAILED') return <RequestFailureNote failure={reading.failure} onAgain={again} />
  if (payload === null) return <Skeleton lines={8} />
  if (isMfaFailure(payload)) return <MfaFailureNote failure={payload} onAgain={again} />
  if (payload.__typename !== 'FindMfaUsersSuccess') return null
  if (payload.people.length === 0) {
    return (
      <EmptyState title={find.nobodyTitle}>
        <p>{find.nobodyHelp}</p>
      </EmptyState>
    )
  }
  return (
    <>
      <PeopleTable people={payload.people} />
      {payload.more && <p class="more">{find.more(payload.people.length)}</p>}
    </>
  )
}
