import { useEffect } from 'preact/hooks'
import { ChangeWarnings, type Warning } from '../../parts/change-warnings.tsx'
import { announce } from '../../parts/live-region.tsx'
import { useFocusOnShow } from '../../parts/use-focus-on-show.ts'
import { useScreenTexts } from '../../texts/texts.ts'

/** An undo that GenAuth has confirmed. */
export interface Done {
  /** `false` if nothing had to be written. */
  readonly applied: boolean
  /** `true` if the state was read back. */
  readonly verified: boolean
  readonly warnings: readonly Warning[] | null
}

/** Says that an undo was made, and how far that is proven. */
export function UndoDone({ done: { applied, verified, warnings } }: { done: Done }) {
  const { history, common } = useScreenTexts()
  const text = applied ? history.done : history.doneNothing
  const note = useFocusOnShow<HTMLDivElement>()
  useEffect(() => announce(text, 'assertive'), [text])
  return (
    <>
      <div ref={note} class="note done" tabIndex={-1}>
        <p>
          <strong>{text}</strong>
          {common.gap}
          {applied && (verified ? history.doneVerified : history.doneConfirmed)}
        </p>
      </div>
      <ChangeWarnings warnings={warnings} />
    </>
  )
}
