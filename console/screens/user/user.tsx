import { useCallback, useRef, useState } from 'preact/hooks'
import { useRoute } from 'preact-iso'
import { isMfaFailure } from '../../api/tell-failure.ts'
import { useRead } from '../../api/use-read.ts'
import { FindUserDocument } from '../../generated/documents.ts'
import { MfaFailureNote, RequestFailureNote } from '../../parts/failure-note.tsx'
import { PersonName } from '../../parts/person-name.tsx'
import { Screen } from '../../parts/screen.tsx'
import { Skeleton } from '../../parts/skeleton.tsx'
import { WhoContext } from '../../parts/who-context.ts'
import { useScreenTexts } from '../../texts/texts.ts'
import { UserDetails } from './user-details.tsx'
import { type KnownState, newest } from './user-state.ts'

/** One person: the factors, what a sign-in will ask, and what somebody may do about it. */
export function User() {
  const { userId = '' } = useRoute().params
  return <OneUser key={userId} userId={userId} />
}

function OneUser({ userId }: { userId: string }) {
  const { user } = useScreenTexts()
  const { reading, isReading, again } = useRead(FindUserDocument, { userId })
  const [learnt, setLearnt] = useState<KnownState | null>(null)
  const learn = useCallback((state: KnownState['state']) => setLearnt({ state, atMs: Date.now() }), [])
  const lastRead = useRef<Extract<typeof reading, { kind: 'READ' }> | null>(null)
  if (reading.kind === 'READ' && reading.data.userMfa.__typename === 'UserMfa') lastRead.current = reading

  const payload = reading.kind === 'READ' ? reading.data.userMfa : null
  const shown = lastRead.current
  const found = shown?.data.userMfa.__typename === 'UserMfa' ? shown.data.userMfa : null
  const known =
    shown === null || found === null ? null : newest({ state: found, atMs: shown.readAtMs }, learnt)
  const name = found?.account?.displayName ?? null

  return (
    <Screen
      title={name === null ? found === null ? user.title : user.noNameRead : <PersonName>{name}</PersonName>}
      windowTitle={user.title}
    >
      {reading.kind === 'FAILED' && <RequestFailureNote failure={reading.failure} onAgain={again} />}
      {payload !== null && isMfaFailure(payload) && <MfaFailureNote failure={payload} onAgain={again} />}
      {(reading.kind === 'LOADING' || reading.kind === 'IDLE') && <Skeleton lines={14} />}
      {known !== null && found !== null && shown !== null && (
        <WhoContext.Provider value={name ?? userId}>
          <UserDetails
            account={found.account}
            known={known}
            failures={shown.failures}
            isReading={isReading}
            onLook={again}
            onLearn={learn}
          />
        </WhoContext.Provider>
      )}
    </Screen>
  )
}
