import { useContext, useState } from 'preact/hooks'
import type { Result } from '../../api/client.ts'
import type { ResultOf } from '../../api/document.ts'
import type { RequestFailure } from '../../api/request-failure.ts'
import { useWrite } from '../../api/use-write.ts'
import {
  PreviewChangeDocument,
  SetFactorsDocument,
  SwitchFactorsDocument,
} from '../../generated/documents.ts'
import { WhoContext } from '../../parts/who-context.ts'
import type { FactorType } from '../user/user-state.ts'
import type { Wish } from './draft.ts'

type Data = ResultOf<typeof SwitchFactorsDocument>
export type Payload = Data['setUserMfaStatus']
export type Success = Extract<Payload, { __typename: 'SetUserMfaStatusSuccess' }>
export type Preview = Extract<Payload, { __typename: 'SetUserMfaStatusPreview' }>
export type Refusal = Exclude<Payload, Success | Preview>

/** A change as it is sent, first as a preview. */
export interface Change extends Wish {
  readonly userId: string
  readonly expectedRevision: string
  readonly reason: string
  readonly allowNoFactor: boolean
  /** The factors that are to be on. A list needs them. */
  readonly on: readonly FactorType[]
}

/** How far a change has come. `isApplied`: it was sent to be made, not to be shown. */
export type Step =
  | { readonly kind: 'EDITING' }
  | { readonly kind: 'PREVIEWED'; readonly preview: Preview }
  | { readonly kind: 'REFUSED'; readonly refusal: Refusal; readonly isApplied: boolean }
  | { readonly kind: 'NO_RESULT'; readonly failure: RequestFailure; readonly isApplied: boolean }
  | { readonly kind: 'DONE'; readonly success: Success }

export interface ChangeFlow {
  readonly step: Step
  readonly isWriting: boolean
  /** `true` while the change itself is on its way. */
  readonly isSending: boolean
  /** Resolves to the step that it leads to, or to `null` while an earlier request is under way. */
  preview(change: Change): Promise<Step | null>
  apply(change: Change): Promise<Step | null>
  /** Forgets the preview, because something else is wanted now. */
  edit(): void
}

/** Shows what a change would do, and makes it. Nothing is shown that the server has not said. */
export function useChange(): ChangeFlow {
  const [step, setStep] = useState<Step>({ kind: 'EDITING' })
  const previewed = useWrite(PreviewChangeDocument)
  const switched = useWrite(SwitchFactorsDocument)
  const set = useWrite(SetFactorsDocument)
  const subject = { kind: 'CHANGE', who: useContext(WhoContext) } as const

  async function take(sent: Promise<Result<Data> | null>, isApplied: boolean): Promise<Step | null> {
    const result = await sent
    if (result === null) return null
    const next = toStep(result, isApplied)
    setStep(next)
    return next
  }

  return {
    step,
    isWriting: previewed.isWriting || switched.isWriting || set.isWriting,
    isSending: switched.isSending || set.isSending,
    preview: change =>
      take(
        change.order === null
          ? previewed.run(toSwitches(change), null)
          : set.run({ ...toList(change, change.order), dryRun: true }, null),
        false,
      ),
    apply: change =>
      take(
        change.order === null
          ? switched.run(toSwitches(change), subject)
          : set.run(toList(change, change.order), subject),
        true,
      ),
    edit: () => setStep({ kind: 'EDITING' }),
  }
}

function toStep(result: Result<Data>, isApplied: boolean): Step {
  if (result.kind === 'FAILED') return { kind: 'NO_RESULT', failure: result.failure, isApplied }
  const payload = result.data.setUserMfaStatus
  switch (payload.__typename) {
    case 'SetUserMfaStatusSuccess':
      return { kind: 'DONE', success: payload }
    case 'SetUserMfaStatusPreview':
      return { kind: 'PREVIEWED', preview: payload }
    default:
      return { kind: 'REFUSED', refusal: payload, isApplied }
  }
}

function toCommon({ userId, expectedRevision, reason, allowNoFactor }: Change) {
  const text = reason.trim()
  return { userId, expectedRevision, allowNoFactor, ...(text !== '' && { reason: text }) }
}

function toSwitches(change: Change) {
  const { enable, disable } = change
  return {
    ...toCommon(change),
    ...(enable.length > 0 && { enable: [...enable] }),
    ...(disable.length > 0 && { disable: [...disable] }),
  }
}

/** A list says of each factor whether it is to be on. */
function toList(change: Change, order: readonly FactorType[]) {
  return { ...toCommon(change), factors: order.map(type => ({ type, enabled: change.on.includes(type) })) }
}
