import { isMfaFailure, tellMfaFailure } from '../../api/tell-failure.ts'
import { ChangeWarnings } from '../../parts/change-warnings.tsx'
import { FactorChanges, FactorName } from '../../parts/factor-changes.tsx'
import { FailureNote, RequestFailureNote } from '../../parts/failure-note.tsx'
import { PostureBadge } from '../../parts/posture-badge.tsx'
import { Skeleton } from '../../parts/skeleton.tsx'
import { UntilSent } from '../../parts/until-sent.tsx'
import { useScreenTexts } from '../../texts/texts.ts'
import type { Answer } from './undo-dialog.tsx'

export interface UndoAnswerProps {
  /** `null` until the first one is there. */
  readonly answer: Answer | null
  /** `true` while the undo itself is on its way. */
  readonly isSending: boolean
  readonly onPreview: () => void
  readonly onLookAgain: () => void
  readonly onStepUp: (wish: { maxAgeS: number | null; acrValues: readonly string[] | null }) => void
}

type Payload = Extract<Answer['result'], { kind: 'DATA' }>['data']['revertMfaChange']
type State = Extract<Payload, { __typename: 'MfaRevisionConflictError' }>['current']

/** Shows what an undo would do, or why it cannot be made. */
export function UndoAnswer(props: UndoAnswerProps) {
  const { answer, isSending, onPreview, onLookAgain, onStepUp } = props
  const { history, failures } = useScreenTexts()
  if (answer === null) return <Skeleton lines={4} />
  const { isPreview, result } = answer
  if (result.kind === 'FAILED') {
    const isInDoubt = !isPreview && result.failure.isExecuted === 'UNKNOWN'
    return (
      <RequestFailureNote
        failure={result.failure}
        isChange={!isPreview}
        onAgain={isInDoubt ? onLookAgain : onPreview}
      />
    )
  }
  const payload = result.data.revertMfaChange
  if (payload.__typename === 'SetUserMfaStatusPreview') {
    return <Preview preview={payload} isSending={isSending} />
  }
  if (!isMfaFailure(payload)) return null
  const told = tellMfaFailure(payload, failures)
  const isConflict = payload.__typename === 'MfaRevisionConflictError'
  return (
    <>
      <FailureNote
        told={isConflict ? { ...told, ...history.conflict } : told}
        onAgain={told.action === 'LOOK_AGAIN' ? onLookAgain : onPreview}
        onStepUp={() => {
          if (payload.__typename === 'MfaStepUpRequiredError') onStepUp(payload)
        }}
      />
      <FailureDetail payload={payload} />
    </>
  )
}

function FailureDetail({ payload }: { payload: Payload }) {
  const { history } = useScreenTexts()
  switch (payload.__typename) {
    case 'MfaRevisionConflictError':
      return <PresentFactors state={payload.current} />
    case 'MfaUpstreamUnavailableError':
      return payload.observed === null ? null : <PresentFactors state={payload.observed} />
    case 'MfaNotRevertibleError':
      return payload.retryable ? <p>{history.stillLooking}</p> : null
    case 'MfaChangeNotFoundError':
      return payload.retryable ? <p>{history.notYet}</p> : null
    default:
      return null
  }
}

function PresentFactors({ state: { factors } }: { state: State }) {
  const { history, changes } = useScreenTexts()
  return (
    <>
      <h3>{history.present}</h3>
      {factors.length === 0 && <p>{history.noFactors}</p>}
      <ul class="factor-changes">
        {factors.map(({ code, enabled }) => (
          <li key={code}>
            <strong>
              <FactorName code={code} />
            </strong>{' '}
            {enabled ? changes.on : changes.off}
          </li>
        ))}
      </ul>
    </>
  )
}

interface PreviewProps extends Pick<UndoAnswerProps, 'isSending'> {
  readonly preview: Extract<Payload, { __typename: 'SetUserMfaStatusPreview' }>
}

function Preview({ preview, isSending }: PreviewProps) {
  const { history, common } = useScreenTexts()
  const { changed, changes, warnings, after } = preview
  if (!changed) return <p class="note">{history.previewNothing}</p>
  return (
    <section class="undo-preview">
      <h3>
        <UntilSent isSending={isSending}>{history.previewTitle}</UntilSent>
      </h3>
      <FactorChanges changes={changes} />
      <p>
        {history.postureAfter}
        {common.gap}
        <PostureBadge posture={after.posture} />
      </p>
      <ChangeWarnings warnings={warnings} />
    </section>
  )
}
