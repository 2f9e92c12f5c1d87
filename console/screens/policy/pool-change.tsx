import { useEffect, useState } from 'preact/hooks'
import type { Result } from '../../api/client.ts'
import type { ResultOf } from '../../api/document.ts'
import type { RequestFailure } from '../../api/request-failure.ts'
import { isMfaFailure, type MfaFailure } from '../../api/tell-failure.ts'
import { useWrite } from '../../api/use-write.ts'
import { PreviewPoolPolicyDocument, SetPoolPolicyDocument } from '../../generated/documents.ts'
import { Button } from '../../parts/button.tsx'
import { FACTOR_TYPES, type FactorType } from '../../parts/factor-switches.ts'
import { CheckField } from '../../parts/field.tsx'
import { announce } from '../../parts/live-region.tsx'
import { ReasonField, toReason } from '../../parts/reason-field.tsx'
import { keepPendingChange, type PendingChange } from '../../session/pending-change.ts'
import { useHold, useSession } from '../../session/session-context.ts'
import { useScreenTexts } from '../../texts/texts.ts'
import { POOL } from './policy-targets.ts'
import { PoolDone } from './pool-done.tsx'
import type { PoolPolicy } from './pool-factors.tsx'
import { PoolFailure } from './pool-failure.tsx'
import { PoolPreview } from './pool-preview.tsx'

export type PoolPayload = ResultOf<typeof SetPoolPolicyDocument>['setMfaPoolPolicy']
export type PoolPreviewed = Extract<PoolPayload, { __typename: 'SetMfaPoolPolicyPreview' }>
export type PoolSet = Extract<PoolPayload, { __typename: 'SetMfaPoolPolicySuccess' }>

type Step =
  | { readonly kind: 'CHOOSE' }
  | { readonly kind: 'PREVIEWED'; readonly preview: PoolPreviewed }
  | { readonly kind: 'DONE'; readonly success: PoolSet }
  | { readonly kind: 'REFUSED'; readonly failure: PoolPayload & MfaFailure }
  | { readonly kind: 'NO_RESULT'; readonly failure: RequestFailure; readonly isChange: boolean }

export interface PoolChangeProps {
  readonly policy: PoolPolicy
  /** The change that has waited for a sign-in. */
  readonly pending: PendingChange | null
  readonly onLookAgain: () => void
  /** Called with what GenAuth was read to have on. */
  readonly onConfirmed: (policy: PoolPolicy) => void
  readonly onClose: () => void
}

/** Changes the factors of everybody: choose, preview, confirm. Nothing is sent without a preview before. */
export function PoolChange({ policy, pending, onLookAgain, onConfirmed, onClose }: PoolChangeProps) {
  const { policy: texts, changes, changing, common } = useScreenTexts()
  const session = useSession()
  const dry = useWrite(PreviewPoolPolicyDocument)
  const real = useWrite(SetPoolPolicyDocument)
  const [chosen, setChosen] = useState<readonly FactorType[]>(() =>
    FACTOR_TYPES.filter(type => (pending?.enable ?? policy.enabledFactors).some(name => name === type)),
  )
  const [allowNoFactor, setAllowNoFactor] = useState(false)
  const [reason, setReason] = useState('')
  const [isReasonMissing, setReasonMissing] = useState(false)
  const [isBack, setBack] = useState(pending !== null)
  const [step, setStep] = useState<Step>({ kind: 'CHOOSE' })
  useHold(reason !== '')

  const wish = { enabledFactors: [...chosen], allowNoFactor: chosen.length === 0 && allowNoFactor }

  function settle(result: Result<{ setMfaPoolPolicy: PoolPayload }> | null, isChange: boolean): void {
    if (result === null) return
    if (result.kind === 'FAILED') {
      setStep({ kind: 'NO_RESULT', failure: result.failure, isChange })
      return
    }
    const payload = result.data.setMfaPoolPolicy
    if (payload.__typename === 'SetMfaPoolPolicyPreview') {
      setReasonMissing(false)
      setStep({ kind: 'PREVIEWED', preview: payload })
      announce(payload.changed ? texts.previewTitle : texts.nothingChanges, 'assertive')
    } else if (payload.__typename === 'SetMfaPoolPolicySuccess') {
      onConfirmed(payload.policy)
      setStep({ kind: 'DONE', success: payload })
      announce(texts.done, 'assertive')
    } else if (isMfaFailure(payload)) {
      const isMissing = payload.__typename === 'MfaPolicyViolationError' && payload.rule === 'REASON_REQUIRED'
      setReasonMissing(isMissing)
      if (payload.__typename === 'MfaPoolPolicyConflictError') onConfirmed(payload.current)
      setStep({ kind: 'REFUSED', failure: payload })
    }
  }

  async function preview(expectedRevision: string): Promise<void> {
    settle(await dry.run({ ...wish, expectedRevision, reason: toReason(reason) }), false)
  }

  async function apply({ expectedRevision }: PoolPreviewed): Promise<void> {
    settle(await real.run({ ...wish, expectedRevision, reason: toReason(reason) }), true)
  }

  function keep(): void {
    const disable = policy.enabledFactors.filter(type => !chosen.includes(type))
    const { subject } = session
    const { revision } = policy
    keepPendingChange({ userId: POOL, enable: chosen, disable, order: null, revision, subject })
  }

  // The change that has waited comes back as a preview.
  useEffect(() => {
    if (pending !== null) void preview(pending.revision ?? policy.revision)
  }, [])

  return (
    <div class="change">
      <h3>{texts.changeTitle}</h3>
      {isBack && step.kind === 'PREVIEWED' && <p role="status">{changing.isBack}</p>}
      {step.kind === 'PREVIEWED' && (
        <PoolPreview
          preview={step.preview}
          isBusy={real.isWriting}
          onApply={() => void apply(step.preview)}
          onBack={() => setStep({ kind: 'CHOOSE' })}
        />
      )}
      {step.kind === 'DONE' && <PoolDone success={step.success} onClose={onClose} />}
      {(step.kind === 'REFUSED' || step.kind === 'NO_RESULT') && (
        <PoolFailure
          failure={step.failure}
          isChange={step.kind === 'NO_RESULT' && step.isChange}
          isBackFromSignIn={isBack && session.isStepUp}
          onKeep={keep}
          onAgain={isInDoubt => {
            if (isInDoubt) {
              setStep({ kind: 'CHOOSE' })
              onLookAgain()
            } else void preview(policy.revision)
          }}
        />
      )}
      {step.kind !== 'PREVIEWED' && step.kind !== 'DONE' && (
        <form
          class="form"
          onSubmit={event => {
            event.preventDefault()
            setBack(false)
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
                  onChange={isOn =>
                    setChosen(FACTOR_TYPES.filter(each => (each === type ? isOn : chosen.includes(each))))
                  }
                />
              ))}
            </div>
            {policy.otherFactors.length > 0 && <p>{texts.keeps(policy.otherFactors.join(', '))}</p>}
            {chosen.length === 0 && (
              <CheckField label={texts.allowNone} isChecked={allowNoFactor} onChange={setAllowNoFactor} />
            )}
          </fieldset>
          <ReasonField value={reason} isMissing={isReasonMissing} onInput={setReason} />
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
