import { useEffect, useState } from 'preact/hooks'
import { useLocation } from 'preact-iso'
import type { Result } from '../../api/client.ts'
import type { ResultOf } from '../../api/document.ts'
import type { RequestFailure } from '../../api/request-failure.ts'
import { isMfaFailure, type MfaFailure } from '../../api/tell-failure.ts'
import { useWrite } from '../../api/use-write.ts'
import { SwitchApplicationFactorsDocument } from '../../generated/documents.ts'
import { Button } from '../../parts/button.tsx'
import { CopyId } from '../../parts/copy-id.tsx'
import { FactorSwitchFields } from '../../parts/factor-switch-fields.tsx'
import { type FactorSwitches, LEAVE_ALL, toPatch, toSwitches } from '../../parts/factor-switches.ts'
import { FocusedHeading } from '../../parts/focused-heading.tsx'
import { announce } from '../../parts/live-region.tsx'
import { ReasonField, toReason } from '../../parts/reason-field.tsx'
import { toHref } from '../../session/base.ts'
import { keepPendingChange, takePendingChange } from '../../session/pending-change.ts'
import { useHold, useSession } from '../../session/session-context.ts'
import { useScreenTexts } from '../../texts/texts.ts'
import { ApplicationFailure } from './application-failure.tsx'
import { ApplicationDone, ApplicationPreview } from './application-result.tsx'
import { toApplicationTarget } from './policy-targets.ts'

export type ApplicationPayload = ResultOf<
  typeof SwitchApplicationFactorsDocument
>['switchMfaApplicationFactors']
export type ApplicationPreviewed = Extract<
  ApplicationPayload,
  { __typename: 'SwitchMfaApplicationFactorsPreview' }
>
export type ApplicationSwitched = Extract<
  ApplicationPayload,
  { __typename: 'SwitchMfaApplicationFactorsSuccess' }
>

type Step =
  | { readonly kind: 'CHOOSE' }
  | { readonly kind: 'PREVIEWED'; readonly preview: ApplicationPreviewed }
  | { readonly kind: 'DONE'; readonly success: ApplicationSwitched }
  | { readonly kind: 'REFUSED'; readonly failure: ApplicationPayload & MfaFailure }
  | { readonly kind: 'NO_RESULT'; readonly failure: RequestFailure; readonly isChange: boolean }

/** Switches factors of one application. Nobody can see its factors, so there is no state before. */
export function ApplicationChange({ applicationId }: { applicationId: string }) {
  const { policy: texts, changes, changing, common } = useScreenTexts()
  const session = useSession()
  const { route } = useLocation()
  const { run, isWriting } = useWrite(SwitchApplicationFactorsDocument)
  const target = toApplicationTarget(applicationId)
  const [pending] = useState(() => takePendingChange(target, session.subject))
  const [switches, setSwitches] = useState<FactorSwitches>(() =>
    pending === null ? LEAVE_ALL : toSwitches(pending.enable, pending.disable),
  )
  const [reason, setReason] = useState('')
  const [isReasonMissing, setReasonMissing] = useState(false)
  const [fault, setFault] = useState<string | null>(null)
  const [isBack, setBack] = useState(pending !== null)
  const [step, setStep] = useState<Step>({ kind: 'CHOOSE' })
  useHold(reason !== '')
  const patch = toPatch(switches)

  function settle(
    result: Result<{ switchMfaApplicationFactors: ApplicationPayload }> | null,
    isChange: boolean,
  ): void {
    if (result === null) return
    if (result.kind === 'FAILED') {
      setStep({ kind: 'NO_RESULT', failure: result.failure, isChange })
      return
    }
    const payload = result.data.switchMfaApplicationFactors
    if (payload.__typename === 'SwitchMfaApplicationFactorsPreview') {
      setReasonMissing(false)
      setStep({ kind: 'PREVIEWED', preview: payload })
      announce(texts.previewTitle, 'assertive')
    } else if (payload.__typename === 'SwitchMfaApplicationFactorsSuccess') {
      setStep({ kind: 'DONE', success: payload })
      announce(texts.applied, 'assertive')
    } else if (isMfaFailure(payload)) {
      setReasonMissing(payload.__typename === 'MfaPolicyViolationError' && payload.rule === 'REASON_REQUIRED')
      setStep({ kind: 'REFUSED', failure: payload })
    }
  }

  async function send(dryRun: boolean): Promise<void> {
    settle(await run({ applicationId, ...patch, reason: toReason(reason), dryRun }), !dryRun)
  }

  function preview(): void {
    const isEmpty = patch.enable.length + patch.disable.length === 0
    setFault(isEmpty ? changing.nothingChosen : null)
    if (isEmpty) announce(changing.nothingChosen, 'assertive')
    else void send(true)
  }

  useEffect(() => {
    if (pending !== null) void send(true)
  }, [])

  const close = () => route(toHref('policy'))
  return (
    <section class="change">
      <FocusedHeading level={2}>{texts.applicationTitle}</FocusedHeading>
      <p>
        <CopyId id={applicationId} />
      </p>
      <p>{texts.notTold}</p>
      {isBack && step.kind === 'PREVIEWED' && <p role="status">{changing.isBack}</p>}
      {step.kind === 'PREVIEWED' && (
        <ApplicationPreview
          preview={step.preview}
          patch={patch}
          isBusy={isWriting}
          onApply={() => void send(false)}
          onBack={() => setStep({ kind: 'CHOOSE' })}
        />
      )}
      {step.kind === 'DONE' && <ApplicationDone success={step.success} onClose={close} />}
      {(step.kind === 'REFUSED' || step.kind === 'NO_RESULT') && (
        <ApplicationFailure
          failure={step.failure}
          isChange={step.kind === 'NO_RESULT' && step.isChange}
          isBackFromSignIn={isBack && session.isStepUp}
          onKeep={() =>
            keepPendingChange({
              userId: target,
              ...patch,
              order: null,
              revision: null,
              subject: session.subject,
            })
          }
          onAgain={preview}
        />
      )}
      {step.kind !== 'PREVIEWED' && step.kind !== 'DONE' && (
        <form
          class="form"
          onSubmit={event => {
            event.preventDefault()
            setBack(false)
            preview()
          }}
        >
          <FactorSwitchFields
            legend={texts.columns.change}
            switches={switches}
            fault={fault}
            onChange={setSwitches}
          />
          <ReasonField value={reason} isMissing={isReasonMissing} onInput={setReason} />
          <div class="buttons">
            <Button type="submit" kind="main" isBusy={isWriting}>
              {changes.preview}
            </Button>
            <Button onClick={close}>{common.cancel}</Button>
          </div>
        </form>
      )}
    </section>
  )
}
