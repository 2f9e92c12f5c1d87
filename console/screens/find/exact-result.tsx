import { useEffect } from 'preact/hooks'
import { isMfaFailure } from '../../api/tell-failure.ts'
import { useRead } from '../../api/use-read.ts'
import { FindUserDocument } from '../../generated/documents.ts'
import { MfaFailureNote, RequestFailureNote } from '../../parts/failure-note.tsx'
import { announce } from '../../parts/live-region.tsx'
import { PostureBadge } from '../../parts/posture-badge.tsx'
import { Skeleton } from '../../parts/skeleton.tsx'
import { useTexts } from '../../texts/texts.ts'
import { PeopleTable } from './people-table.tsx'
import type { SearchKind } from './search-kinds.ts'

export interface ExactResultProps {
  readonly userId: string
  readonly userIdType: Exclude<SearchKind, 'ANY'>
}

/** The one person of an exact identifier. */
export function ExactResult({ userId, userIdType }: ExactResultProps) {
  const { find } = useTexts()
  const { reading, again } = useRead(FindUserDocument, { userId, userIdType })
  const payload = reading.kind === 'READ' ? reading.data.userMfa : null
  const isFound = payload?.__typename === 'UserMfa'
  useEffect(() => {
    if (isFound) announce(find.found(1))
  }, [isFound, find])

  if (reading.kind === 'FAILED') return <RequestFailureNote failure={reading.failure} onAgain={again} />
  if (payload === null) return <Skeleton lines={3} />
  if (isMfaFailure(payload)) return <MfaFailureNote failure={payload} onAgain={again} />
  if (payload.__typename !== 'UserMfa') return null
  const { account, id, phone, phoneCountryCode, email, posture } = payload
  const person = {
    id,
    // Nobody knows the name of an account that could not be read.
    displayName: account === null ? id : account.displayName,
    username: null,
    phone,
    phoneCountryCode,
    email,
    status: account?.status ?? null,
    lastMfaAt: account?.lastMfaAt ?? null,
  }
  return (
    <>
      <PeopleTable people={[person]} />
      <p>
        <PostureBadge posture={posture} />
      </p>
    </>
  )
}
