import { useEffect } from 'preact/hooks'
import type { RequestFailure } from '../api/request-failure.ts'
import { type MfaFailure, type ToldFailure, tellMfaFailure, tellRequestFailure } from '../api/tell-failure.ts'
import { useTexts } from '../texts/texts.ts'
import { Button } from './button.tsx'
import { CopyId } from './copy-id.tsx'
import { announce } from './live-region.tsx'
import { SignInAgain } from './sign-in-again.tsx'

export interface NoteActions {
  /** Reads, or tries, again. Without it there is no button for that. */
  readonly onAgain?: () => void
  /** Signs in again as a change demands. */
  readonly onStepUp?: () => void
}

/** Tells a failure: what happened, why, and what to do next. It is also said out loud. */
export function FailureNote({ told, onAgain, onStepUp }: NoteActions & { told: ToldFailure }) {
  const { common } = useTexts()
  const { title, explanation, nextStep, action, isInDoubt, requestId, retryAfterMs, fieldErrors } = told
  useEffect(() => announce(title + common.stop + nextStep, 'assertive'), [title, nextStep, common])
  return (
    <section class={isInDoubt ? 'note in-doubt' : 'note failure'} data-action={action}>
      <h2>{title}</h2>
      {explanation !== '' && <p lang={told.explanationLanguage}>{explanation}</p>}
      {fieldErrors.length > 0 && (
        <ul>
          {fieldErrors.map(({ path, message }) => (
            <li key={path}>
              <code>{path}</code>
              {common.colon}
              <span lang="en">{message}</span>
            </li>
          ))}
        </ul>
      )}
      <p>
        {nextStep}
        {retryAfterMs !== null && common.gap + common.waitFor(Math.ceil(retryAfterMs / 1_000))}
      </p>
      {requestId !== null && (
        <p class="request-id">
          {common.requestId}
          {common.colon}
          <CopyId id={requestId} />
        </p>
      )}
      {action === 'TRY_AGAIN' && onAgain && <Button onClick={onAgain}>{common.tryAgain}</Button>}
      {action === 'LOOK_AGAIN' && onAgain && <Button onClick={onAgain}>{common.lookAgain}</Button>}
      {action === 'RELOAD' && <Button onClick={() => location.reload()}>{common.reload}</Button>}
      {action === 'STEP_UP' && onStepUp && (
        <Button kind="main" onClick={onStepUp}>
          {common.signInAgain}
        </Button>
      )}
      {action === 'SIGN_IN' && <SignInAgain />}
    </section>
  )
}

/** Tells an error of the schema. */
export function MfaFailureNote({ failure, ...actions }: NoteActions & { failure: MfaFailure }) {
  return <FailureNote told={tellMfaFailure(failure, useTexts().failures)} {...actions} />
}

/** Tells a request without a result. With `isChange` it says so if a change may have been made. */
export function RequestFailureNote({
  failure,
  isChange = false,
  ...actions
}: NoteActions & { failure: RequestFailure; isChange?: boolean }) {
  return <FailureNote told={tellRequestFailure(failure, useTexts().failures, isChange)} {...actions} />
}
