import { Button } from './parts/button.tsx'
import { toAbsolute } from './parts/time.tsx'
import { useSession } from './session/session-context.ts'
import { useLanguage } from './texts/texts.ts'

/** Says when a sign-in ends, and that it has ended. The person leaves for another one when it suits. */
export function SessionNote() {
  const { language, texts } = useLanguage()
  const { common, signIn } = texts
  const session = useSession()
  const { state, expiresAtMs, fault } = session
  if (state !== 'ENDING' && state !== 'ENDED') return <div role="status" />
  return (
    <div role="status" class="session-note">
      <p>
        {state === 'ENDING' && expiresAtMs !== null
          ? common.sessionEnding(toAbsolute(expiresAtMs, language))
          : common.sessionEnded}
      </p>
      {fault !== null && <p>{signIn.faults[fault.kind]}</p>}
      <Button onClick={() => void session.signInAgain()}>{common.signInAgain}</Button>
    </div>
  )
}
