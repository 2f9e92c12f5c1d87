import { useRead } from '../../api/use-read.ts'
import { ShowRightsDocument } from '../../generated/documents.ts'
import { CopyId } from '../../parts/copy-id.tsx'
import { RequestFailureNote } from '../../parts/failure-note.tsx'
import { PersonName } from '../../parts/person-name.tsx'
import { Screen } from '../../parts/screen.tsx'
import { Skeleton } from '../../parts/skeleton.tsx'
import { StateOf } from '../../parts/state-of.tsx'
import { Time } from '../../parts/time.tsx'
import { useSession } from '../../session/session-context.ts'
import type { Viewer } from '../../session/viewer.tsx'
import { useScreenTexts } from '../../texts/texts.ts'
import { LimitsTable } from './limits-table.tsx'
import { RightsTable } from './rights-table.tsx'

/** Shows what the person may do, and what is left of each limit. It is read anew, because limits change. */
export function Rights() {
  const { rights } = useScreenTexts()
  const { reading, isReading, again } = useRead(ShowRightsDocument, {})
  return (
    <Screen title={rights.title}>
      <p>{rights.lead}</p>
      {reading.kind === 'FAILED' && <RequestFailureNote failure={reading.failure} onAgain={again} />}
      {(reading.kind === 'IDLE' || reading.kind === 'LOADING') && <Skeleton lines={14} />}
      {reading.kind === 'READ' && (
        <>
          <SignIn viewer={reading.data.mfaViewer} />
          <RightsTable viewer={reading.data.mfaViewer} />
          <LimitsTable limits={reading.data.mfaViewer.limits} />
          <StateOf atMs={reading.readAtMs} isReading={isReading} onLookAgain={again} />
        </>
      )}
    </Screen>
  )
}

function SignIn({ viewer: { signedInAt, scopes } }: { viewer: Viewer }) {
  const { rights } = useScreenTexts()
  const { name, subject, expiresAtMs } = useSession()
  return (
    <>
      <h2>{rights.who}</h2>
      <dl class="facts">
        {name !== null && (
          <>
            <dt>{rights.name}</dt>
            <dd>
              <PersonName>{name}</PersonName>
            </dd>
          </>
        )}
        <dt>{rights.subject}</dt>
        <dd>
          <CopyId id={subject} />
        </dd>
        <dt>{rights.signedInAt}</dt>
        <dd>{signedInAt === null ? rights.noSignedInAt : <Time at={signedInAt} />}</dd>
        <dt>{rights.endsAt}</dt>
        <dd>{expiresAtMs === null ? rights.noEnd : <Time at={expiresAtMs} isAgeShown={false} />}</dd>
        <dt>{rights.scopes}</dt>
        <dd>{scopes.length === 0 ? rights.noScopes : <code>{scopes.join(' ')}</code>}</dd>
      </dl>
    </>
  )
}
