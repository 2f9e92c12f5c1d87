import { useEffect } from 'preact/hooks'
import { ChangeWarnings } from '../../parts/change-warnings.tsx'
import { FactorChanges } from '../../parts/factor-changes.tsx'
import { announce } from '../../parts/live-region.tsx'
import { PostureBadge } from '../../parts/posture-badge.tsx'
import { UntilSent } from '../../parts/until-sent.tsx'
import { useFocusOnShow } from '../../parts/use-focus-on-show.ts'
import { useScreenTexts } from '../../texts/texts.ts'
import { EffectList } from './effect-list.tsx'
import type { Preview } from './use-change.ts'

/** Shows what a change would do. It gets the focus, because it decides what comes next. */
export function ChangePreview({ preview, isSending }: { preview: Preview; isSending: boolean }) {
  const { change, common } = useScreenTexts()
  const { changed, changes, warnings, effects, after } = preview
  const heading = useFocusOnShow<HTMLHeadingElement>(changed ? 'changed' : 'same')
  useEffect(() => {
    announce(changed ? change.previewHelp : change.noChange, 'assertive')
  }, [changed, change])
  return (
    <section class="preview" aria-labelledby="preview">
      <h3 ref={heading} id="preview" tabIndex={-1}>
        {change.previewTitle}
      </h3>
      <p>
        <UntilSent isSending={isSending}>{changed ? change.previewHelp : change.noChange}</UntilSent>
      </p>
      {changed && (
        <>
          <FactorChanges changes={changes} />
          <EffectList effects={effects} />
          <p>
            {change.after}
            {common.gap}
            <PostureBadge posture={after.posture} />
          </p>
        </>
      )}
      <ChangeWarnings warnings={warnings} />
    </section>
  )
}
