import { useState } from 'preact/hooks'
import { isMfaFailure } from '../../api/tell-failure.ts'
import { useRead } from '../../api/use-read.ts'
import { ShowPoolPolicyDocument } from '../../generated/documents.ts'
import { Button } from '../../parts/button.tsx'
import { MfaFailureNote, RequestFailureNote } from '../../parts/failure-note.tsx'
import { GoneNote } from '../../parts/gone-note.tsx'
import { MissingRight } from '../../parts/missing-right.tsx'
import { Skeleton } from '../../parts/skeleton.tsx'
import { StateOf } from '../../parts/state-of.tsx'
import { isPendingChange } from '../../session/pending-change.ts'
import { useSession } from '../../session/session-context.ts'
import { useViewer } from '../../session/viewer.tsx'
import { NOTHING, takeWaiting } from '../../session/waiting.ts'
import { useScreenTexts } from '../../texts/texts.ts'
import { POOL } from './policy-targets.ts'
import { PoolChange } from './pool-change.tsx'
import { PoolFactors, type PoolPolicy } from './pool-factors.tsx'

/** The factors of the whole user pool, and their change. */
export function Pool() {
  const { policy: texts, changes } = useScreenTexts()
  const session = useSession()
  const { maySetPolicy } = useViewer()
  const { reading, isReading, again } = useRead(ShowPoolPolicyDocument, {})
  const [waited, setWaited] = useState(() => takeWaiting(POOL, session.subject, isPendingChange))
  const [isChanging, setChanging] = useState(waited.kind === 'CAME_BACK')
  const [confirmed, setConfirmed] = useState<{ policy: PoolPolicy; atMs: number } | null>(null)

  const payload = reading.kind === 'READ' ? reading.data.mfaPoolPolicy : null
  const read =
    reading.kind === 'READ' && payload?.__typename === 'MfaPoolPolicy'
      ? { policy: payload, atMs: reading.readAtMs }
      : null
  const shown = confirmed !== null && confirmed.atMs >= (read?.atMs ?? 0) ? confirmed : read
  return (
    <section aria-labelledby="pool">
      <h2 id="pool">{texts.pool}</h2>
      <p class="help">{texts.poolHelp}</p>
      <GoneNote waited={waited} texts={changes.gone} />
      {reading.kind === 'FAILED' && <RequestFailureNote failure={reading.failure} onAgain={again} />}
      {(reading.kind === 'IDLE' || reading.kind === 'LOADING') && <Skeleton lines={5} />}
      {payload !== null && isMfaFailure(payload) && <MfaFailureNote failure={payload} onAgain={again} />}
      {shown !== null && (
        <>
          <PoolFactors policy={shown.policy} />
          <StateOf atMs={shown.atMs} isReading={isReading} onLookAgain={again} />
          {!maySetPolicy && <MissingRight scope="mfa:policy" />}
          {maySetPolicy && !isChanging && (
            <Button
              onClick={() => {
                setWaited(NOTHING)
                setChanging(true)
              }}
            >
              {texts.change}
            </Button>
          )}
          {maySetPolicy && isChanging && (
            <PoolChange
              policy={shown.policy}
              waited={waited}
              onLookAgain={again}
              onConfirmed={policy => setConfirmed({ policy, atMs: Date.now() })}
              onClose={() => setChanging(false)}
            />
          )}
        </>
      )}
    </section>
  )
}
