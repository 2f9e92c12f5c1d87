import { useEffect, useRef } from 'preact/hooks'
import { Button } from '../../parts/button.tsx'
import { ChangeWarnings } from '../../parts/change-warnings.tsx'
import { FactorChanges } from '../../parts/factor-changes.tsx'
import { announce } from '../../parts/live-region.tsx'
import { useTexts } from '../../texts/texts.ts'
import { EffectList } from './effect-list.tsx'
import type { Success } from './use-change.ts'

/** Says what came of a change, as far as GenAuth has confirmed it. */
export function ChangeResult({ success, onClose }: { success: Success; onClose: () => void }) {
  const { change, common } = useTexts()
  const heading = useRef<HTMLHeadingElement>(null)
  const { applied, verified, changes, warnings, effects } = success
  const title = applied ? change.doneTitle : change.sameTitle
  const explanation = applied ? (verified ? change.verified : change.confirmed) : change.same
  useEffect(() => {
    heading.current?.focus()
    announce(`${title}. ${explanation}`, 'assertive')
  }, [title, explanation])
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
      {applied && <p>{change.undoHelp}</p>}
      <Button onClick={onClose}>{common.close}</Button>
    </section>
  )
}
