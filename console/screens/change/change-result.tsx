import { useEffect, useState } from 'preact/hooks'
import { Button } from '../../parts/button.tsx'
import { ChangeWarnings } from '../../parts/change-warnings.tsx'
import { FactorChanges } from '../../parts/factor-changes.tsx'
import { announce } from '../../parts/live-region.tsx'
import { useFocusOnShow } from '../../parts/use-focus-on-show.ts'
import { useScreenTexts } from '../../texts/texts.ts'
import { type Done, UndoDone } from '../history/undo-done.tsx'
import { UndoOffer } from '../history/undo-offer.tsx'
import { EffectList } from './effect-list.tsx'
import type { Success } from './use-change.ts'

export interface ChangeResultProps {
  readonly success: Success
  /** Reads the person again after an undo. */
  readonly onUndone: () => void
  readonly onClose: () => void
}

/** Shows a change that GenAuth has confirmed, and offers to undo it. */
export function ChangeResult({ success, onUndone, onClose }: ChangeResultProps) {
  const { change, common } = useScreenTexts()
  const { applied, changeId, verified, userMfa, changes, warnings, effects } = success
  const [undone, setUndone] = useState<Done | null>(null)
  const title = applied ? change.doneTitle : change.sameTitle
  const explanation = applied ? (verified ? change.verified : change.confirmed) : change.same
  const heading = useFocusOnShow<HTMLHeadingElement>(title + explanation)
  useEffect(() => {
    announce(title + common.stop + explanation, 'assertive')
  }, [title, explanation, common])
  if (undone !== null) {
    return (
      <>
        <UndoDone done={undone} />
        <Button onClick={onClose}>{common.close}</Button>
      </>
    )
  }
  return (
    <section class="note done" aria-labelledby="result">
      <h2 ref={heading} id="result" tabIndex={-1}>
        {title}
      </h2>
      <p>{explanation}</p>
      {applied && (
        <>
          <FactorChanges changes={changes} />
          <EffectList effects={effects} />
        </>
      )}
      <ChangeWarnings warnings={warnings} />
      {changeId !== null && (
        <UndoOffer userId={userMfa.id} changeId={changeId} onDone={setUndone} onChanged={onUndone} />
      )}
      <Button onClick={onClose}>{common.close}</Button>
    </section>
  )
}
