import { useState } from 'preact/hooks'
import type { Result } from '../../api/client.ts'
import type { RequestFailure } from '../../api/request-failure.ts'
import { isMfaFailure, type MfaFailure } from '../../api/tell-failure.ts'
import type { Waited } from '../../session/waiting.ts'

interface Payload {
  readonly __typename: string
}
export type Previewed<P> = Extract<P, { readonly __typename: `${string}Preview` }>
export type Succeeded<P> = Extract<P, { readonly __typename: `${string}Success` }>

/** How far a change has come. `isChange`: it was sent to be made, not to be shown. */
export type PolicyStep<P> =
  | { readonly kind: 'CHOOSE' }
  | { readonly kind: 'PREVIEWED'; readonly preview: Previewed<P> }
  | { readonly kind: 'DONE'; readonly success: Succeeded<P> }
  | { readonly kind: 'REFUSED'; readonly failure: P & MfaFailure }
  | { readonly kind: 'NO_RESULT'; readonly failure: RequestFailure; readonly isChange: boolean }

/**
 * Keeps the step and the reason of a change of the policy.
 *
 * @param waited the change that may have waited for a sign-in
 * @param onStep called with each step that the server's result leads to
 */
export function usePolicyChange<P extends Payload>(
  waited: Waited<unknown>,
  onStep: (step: PolicyStep<P>) => void,
) {
  const [reason, setReason] = useState('')
  const [isBack, setBack] = useState(waited.kind === 'CAME_BACK')
  const [step, setStep] = useState<PolicyStep<P>>({ kind: 'CHOOSE' })

  return {
    step,
    reason,
    setReason,
    isReasonMissing: step.kind === 'REFUSED' && step.failure.rule === 'REASON_REQUIRED',
    /** `true` until the person previews a change of their own after the one that has waited. */
    isBack,
    /** `true` as long, if a reason was typed before the sign-in. */
    isReasonLost: isBack && waited.kind === 'CAME_BACK' && waited.hadReason,
    leaveBack: () => setBack(false),
    choose: () => setStep({ kind: 'CHOOSE' }),
    /** Takes the result of a preview or of the change. A result of `null` leaves the step as it is. */
    async take<Data>(sent: Promise<Result<Data> | null>, pick: (data: Data) => P, isChange: boolean) {
      const result = await sent
      const next = result === null ? null : toStep(result, pick, isChange)
      if (next === null) return
      setStep(next)
      onStep(next)
    },
  }
}

function toStep<Data, P extends Payload>(
  result: Result<Data>,
  pick: (data: Data) => P,
  isChange: boolean,
): PolicyStep<P> | null {
  if (result.kind === 'FAILED') return { kind: 'NO_RESULT', failure: result.failure, isChange }
  const payload = pick(result.data)
  if (isPreview(payload)) return { kind: 'PREVIEWED', preview: payload }
  if (isSuccess(payload)) return { kind: 'DONE', success: payload }
  return isMfaFailure(payload) ? { kind: 'REFUSED', failure: payload } : null
}

function isPreview<P extends Payload>(payload: P): payload is P & Previewed<P> {
  return payload.__typename.endsWith('Preview')
}

function isSuccess<P extends Payload>(payload: P): payload is P & Succeeded<P> {
  return payload.__typename.endsWith('Success')
}
