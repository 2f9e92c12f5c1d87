import { SignInAgain } from './parts/sign-in-again.tsx'
import { toAbsolute } from './parts/time.tsx'
import { useSession } from './session/session-context.ts'
import { useLanguage } from './texts/texts.ts'

/** Says when a sign-in ends, and that it has ended. The person leaves for another one when it suits. */
export function SessionNote() {
  const { language, texts } = useLanguage()
  const { common, signIn } = texts
  const session = useSession()
  const { state, expiresAtMs, fault } = session
  const isShown = state === 'ENDING' || state === 'ENDED'
  return (
    <div class={isShown ? 'session-note' : undefined}>
      <div role="status">
        {isShown && (
          <p>
            {state === 'ENDING' && expiresAtMs !== null
              ? common.sessionEnding(toAbsolute(expiresAtMs, language))
              : common.sessionEnded}
          </p>
        )}
        {isShown && fault !== null && <p>{signIn.faults[fault.kind]}</p>}
      </div>
      {isShown && <SignInAgain />}
    </div>
  )
}
