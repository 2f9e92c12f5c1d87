import { useEffect, useState } from 'preact/hooks'
import { useLocation } from 'preact-iso'
import type { ResultOf } from '../../api/document.ts'
import { useWrite } from '../../api/use-write.ts'
import { SwitchApplicationFactorsDocument } from '../../generated/documents.ts'
import { Button } from '../../parts/button.tsx'
import { CopyId } from '../../parts/copy-id.tsx'
import { FactorSwitchFields } from '../../parts/factor-switch-fields.tsx'
import { type FactorSwitches, LEAVE_ALL, toPatch, toSwitches } from '../../parts/factor-switches.ts'
import { FocusedHeading } from '../../parts/focused-heading.tsx'
import { GoneNote } from '../../parts/gone-note.tsx'
import { announce } from '../../parts/live-region.tsx'
import { ReasonField, toReason } from '../../parts/reason-field.tsx'
import { toHref } from '../../session/base.ts'
import { isPendingChange } from '../../session/pending-change.ts'
import { useHold, useSession, useWaiting } from '../../session/session-context.ts'
import { useViewer } from '../../session/viewer.tsx'
import { takeWaiting } from '../../session/waiting.ts'
import { useScreenTexts } from '../../texts/texts.ts'
import { ApplicationDone, ApplicationPreview } from './application-result.tsx'
import { PolicyFailure } from './policy-failure.tsx'
import { toApplicationTarget } from './policy-targets.ts'
import { type Previewed, type Succeeded, usePolicyChange } from './use-policy-change.ts'

type Payload = ResultOf<typeof SwitchApplicationFactorsDocument>['switchMfaApplicationFactors']
export type ApplicationPreviewed = Previewed<Payload>
export type ApplicationSwitched = Succeeded<Payload>

/** Switches factors of one application. GenAuth does not show its factors, so the page knows no state before. */
export function ApplicationChange({ applicationId }: { applicationId: string }) {
  const { policy: texts, changes, changing, common } = useScreenTexts()
  const session = useSession()
  const { maySetPolicy } = useViewer()
  const { route } = useLocation()
  const { run, isWriting, isSending } = useWrite(SwitchApplicationFactorsDocument)
  const target = toApplicationTarget(applicationId)
  const [waited] = useState(() => takeWaiting(target, session.subject, isPendingChange))
  const [switches, setSwitches] = useState<FactorSwitches>(() =>
    waited.kind === 'CAME_BACK' ? toSwitches(waited.wish.enable, waited.wish.disable) : LEAVE_ALL,
  )
  const [fault, setFault] = useState<string | null>(null)
  const flow = usePolicyChange<Payload>(waited, ({ kind }) => {
    if (kind === 'PREVIEWED') announce(texts.previewTitle, 'assertive')
    if (kind === 'DONE') announce(texts.applied, 'assertive')
  })
  const { step, reason, isBack } = flow
  const patch = toPatch(switches)
  const isEmpty = patch.enable.length + patch.disable.length === 0
  const isWished = reason !== '' || !isEmpty
  const isDraft = isWished && step.kind !== 'DONE'
  useHold(isDraft, !isSending)
  useWaiting(
    isDraft && !isSending ? { target, reason, wish: { ...patch, order: null, revision: null } } : null,
  )

  async function send(dryRun: boolean): Promise<void> {
    const shown = step.kind === 'PREVIEWED' ? step.preview.application.name : null
    const subject = dryRun ? null : ({ kind: 'APPLICATION', who: shown ?? applicationId } as const)
    const sent = run({ applicationId, ...patch, reason: toReason(reason), dryRun }, subject)
    await flow.take(sent, data => data.switchMfaApplicationFactors, !dryRun)
  }

  function preview(): void {
    setFault(isEmpty ? changing.nothingChosen : null)
    if (isEmpty) announce(changing.nothingChosen, 'assertive')
    else void send(true)
  }

  useEffect(() => {
    if (isBack && maySetPolicy && !isEmpty) void send(true)
  }, [])

  const close = () => route(toHref('policy'))
  const gone = <GoneNote waited={waited} texts={changes.gone} />
  if (!maySetPolicy) return gone
  return (
    <section class="change">
      <FocusedHeading level={2}>{texts.applicationTitle}</FocusedHeading>
      <p>
        <CopyId id={applicationId} />
      </p>
      <p>{texts.notTold}</p>
      {step.kind === 'CHOOSE' && gone}
      {isBack && step.kind === 'PREVIEWED' && !isSending && <p role="status">{changing.isBack}</p>}
      {step.kind === 'PREVIEWED' && (
        <ApplicationPreview
          preview={step.preview}
          patch={patch}
          isSending={isSending}
          onApply={() => void send(false)}
          onBack={flow.choose}
        >
          {flow.isReasonLost && <ReasonField value={reason} isAgain onInput={flow.setReason} />}
        </ApplicationPreview>
      )}
      {step.kind === 'DONE' && <ApplicationDone success={step.success} onClose={close} />}
      {(step.kind === 'REFUSED' || step.kind === 'NO_RESULT') && (
        <PolicyFailure step={step} isBackFromSignIn={isBack && session.isStepUp} onAgain={preview} />
      )}
      {step.kind !== 'PREVIEWED' && step.kind !== 'DONE' && (
        <form
          class="form"
          onSubmit={event => {
            event.preventDefault()
            flow.leaveBack()
            preview()
          }}
        >
          <FactorSwitchFields
            legend={texts.columns.change}
            switches={switches}
            fault={fault}
            onChange={setSwitches}
          />
          <ReasonField
            value={reason}
            isMissing={flow.isReasonMissing}
            isAgain={flow.isReasonLost}
            onInput={flow.setReason}
          />
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
