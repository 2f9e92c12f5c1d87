import { useEffect, useRef, useState } from 'preact/hooks'
import type { ResultOf } from '../../api/document.ts'
import { useWrite } from '../../api/use-write.ts'
import { PreviewPoolPolicyDocument, SetPoolPolicyDocument } from '../../generated/documents.ts'
import { Button } from '../../parts/button.tsx'
import {
  applySwitches,
  FACTOR_TYPES,
  type FactorSwitches,
  type FactorType,
  LEAVE_ALL,
  toPatch,
  toSwitches,
} from '../../parts/factor-switches.ts'
import { CheckField } from '../../parts/field.tsx'
import { FocusedHeading } from '../../parts/focused-heading.tsx'
import { announce } from '../../parts/live-region.tsx'
import { ReasonField, toReason } from '../../parts/reason-field.tsx'
import type { PendingChange } from '../../session/pending-change.ts'
import { useHold, useSession, useWaiting } from '../../session/session-context.ts'
import type { Waited } from '../../session/waiting.ts'
import { useScreenTexts } from '../../texts/texts.ts'
import { PolicyFailure } from './policy-failure.tsx'
import { POOL } from './policy-targets.ts'
import { PoolDone } from './pool-done.tsx'
import type { PoolPolicy } from './pool-factors.tsx'
import { PoolPreview } from './pool-preview.tsx'
import { PoolRead } from './pool-read.tsx'
import { type Previewed, type Succeeded, usePolicyChange } from './use-policy-change.ts'

export type PoolPayload = ResultOf<typeof SetPoolPolicyDocument>['setMfaPoolPolicy']
export type PoolPreviewed = Previewed<PoolPayload>
export type PoolSet = Succeeded<PoolPayload>

export interface PoolChangeProps {
  readonly policy: PoolPolicy
  /** A change that came back begins with its preview. */
  readonly waited: Waited<PendingChange>
  readonly onLookAgain: () => void
  /** Called with what GenAuth was read to have on. */
  readonly onConfirmed: (policy: PoolPolicy) => void
  readonly onClose: () => void
}

/** Changes the factors of the whole user pool: choose, preview, confirm. No change is sent before its preview. */
export function PoolChange({ policy, waited, onLookAgain, onConfirmed, onClose }: PoolChangeProps) {
  const { policy: texts, changes, changing, common } = useScreenTexts()
  const session = useSession()
  const dry = useWrite(PreviewPoolPolicyDocument)
  const real = useWrite(SetPoolPolicyDocument)
  const kept = waited.kind === 'CAME_BACK' ? waited : null
  // Only what the person has switched. The rest stays as it was read last, because somebody else may have switched it.
  const [switches, setSwitches] = useState<FactorSwitches>(() =>
    kept === null ? LEAVE_ALL : toSwitches(kept.wish.enable, kept.wish.disable),
  )
  const chosen = applySwitches(policy.enabledFactors, switches)
  const previewed = useRef(chosen)
  const [allowNoFactor, setAllowNoFactor] = useState(false)
  const flow = usePolicyChange<PoolPayload>(waited, next => {
    if (next.kind === 'PREVIEWED') {
      announce(next.preview.changed ? texts.previewTitle : texts.nothingChanges, 'assertive')
    } else if (next.kind === 'DONE') {
      onConfirmed(next.success.policy)
      announce(texts.done, 'assertive')
    } else if (next.kind === 'REFUSED' && next.failure.__typename === 'MfaPoolPolicyConflictError') {
      onConfirmed(next.failure.current)
    }
  })
  const { step, reason, isBack } = flow
  const isChosen = chosen.join() !== applySwitches(policy.enabledFactors, LEAVE_ALL).join()
  const isDraft = (isChosen || reason !== '') && step.kind !== 'DONE'
  const { revision } = policy
  useHold(isDraft, !real.isSending)
  useWaiting(
    isDraft && !real.isSending
      ? { target: POOL, reason, wish: { ...toPatch(switches), order: null, revision } }
      : null,
  )

  const toWish = (enabledFactors: readonly FactorType[], expectedRevision: string) => ({
    enabledFactors: [...enabledFactors],
    allowNoFactor: enabledFactors.length === 0 && allowNoFactor,
    expectedRevision,
    reason: toReason(reason),
  })

  async function preview(revision: string): Promise<void> {
    const result = await dry.run(toWish(chosen, revision), null)
    if (result === null) return
    previewed.current = chosen
    await flow.take(Promise.resolve(result), data => data.setMfaPoolPolicy, false)
  }

  async function apply({ expectedRevision }: PoolPreviewed): Promise<void> {
    // Another list may be on the screen by now.
    const sent = real.run(toWish(previewed.current, expectedRevision), { kind: 'POOL', who: null })
    await flow.take(sent, data => data.setMfaPoolPolicy, true)
  }

  // The change that has waited comes back as a preview.
  useEffect(() => {
    if (kept !== null) void preview(kept.wish.revision ?? policy.revision)
  }, [])

  return (
    <div class="change">
      <FocusedHeading>{texts.changeTitle}</FocusedHeading>
      {isBack && step.kind === 'PREVIEWED' && !real.isSending && <p role="status">{changing.isBack}</p>}
      {step.kind === 'PREVIEWED' && (
        <PoolPreview
          preview={step.preview}
          isSending={real.isSending}
          onApply={() => void apply(step.preview)}
          onBack={flow.choose}
        >
          {flow.isReasonLost && <ReasonField value={reason} isAgain onInput={flow.setReason} />}
        </PoolPreview>
      )}
      {step.kind === 'DONE' && <PoolDone success={step.success} onClose={onClose} />}
      {(step.kind === 'REFUSED' || step.kind === 'NO_RESULT') && (
        <PolicyFailure
          step={step}
          isBackFromSignIn={isBack && session.isStepUp}
          onAgain={() => void preview(policy.revision)}
          onLookAgain={() => {
            flow.choose()
            onLookAgain()
          }}
        />
      )}
      {step.kind === 'REFUSED' && <PoolRead failure={step.failure} />}
      {step.kind !== 'PREVIEWED' && step.kind !== 'DONE' && (
        <form
          class="form"
          onSubmit={event => {
            event.preventDefault()
            flow.leaveBack()
            void preview(policy.revision)
          }}
        >
          <fieldset class="choices">
            <legend>{texts.chosen}</legend>
            <div class="choice-grid">
              {FACTOR_TYPES.map(type => (
                <CheckField
                  key={type}
                  label={common.factors[type]}
                  isChecked={chosen.includes(type)}
                  onChange={isOn => {
                    const isAsRead = isOn === policy.enabledFactors.includes(type)
                    setSwitches({ ...switches, [type]: isAsRead ? 'LEAVE' : isOn ? 'ON' : 'OFF' })
                  }}
                />
              ))}
            </div>
            {policy.otherFactors.length > 0 && <p>{texts.keeps(policy.otherFactors.join(common.between))}</p>}
            {chosen.length === 0 && (
              <CheckField label={texts.allowNone} isChecked={allowNoFactor} onChange={setAllowNoFactor} />
            )}
          </fieldset>
          <ReasonField
            value={reason}
            isMissing={flow.isReasonMissing}
            isAgain={flow.isReasonLost}
            onInput={flow.setReason}
          />
          <div class="buttons">
            <Button type="submit" kind="main" isBusy={dry.isWriting}>
              {changes.preview}
            </Button>
            <Button onClick={onClose}>{common.cancel}</Button>
          </div>
        </form>
      )}
    </div>
  )
}
