import type { ComponentChildren } from 'preact'
import { Button } from '../../parts/button.tsx'
import { ChangeWarnings } from '../../parts/change-warnings.tsx'
import { FocusedHeading } from '../../parts/focused-heading.tsx'
import { TypedConfirmation } from '../../parts/typed-confirmation.tsx'
import { UntilSent } from '../../parts/until-sent.tsx'
import { useScreenTexts } from '../../texts/texts.ts'
import { toWords } from '../../texts/to-words.ts'
import type { PoolPreviewed } from './pool-change.tsx'

export interface PoolPreviewProps {
  readonly preview: PoolPreviewed
  readonly isSending: boolean
  readonly onApply: () => void
  readonly onBack: () => void
  /** Fields before the confirmation. */
  readonly children: ComponentChildren
}

/**
 * Shows the change of the whole user pool. To apply it, the person types the number of users without a bound factor. If
 * no scan knows that number, the person types the names of the factors.
 */
export function PoolPreview({ preview, isSending, onApply, onBack, children }: PoolPreviewProps) {
  const { policy: texts, changing, common } = useScreenTexts()
  const { changes, warnings, otherFactors, changed } = preview
  const users = warnings.find(({ code }) => code === 'USERS_WITHOUT_BOUND_FACTOR')?.users ?? null
  const names = changes.map(({ type }) => toWords(common.factors, type)).join(common.between)
  return (
    <>
      <FocusedHeading>
        <UntilSent isSending={isSending}>{texts.previewTitle}</UntilSent>
      </FocusedHeading>
      {!changed && (
        <>
          <p>{texts.nothingChanges}</p>
          <Button onClick={onBack}>{changing.back}</Button>
        </>
      )}
      {changed && (
        <>
          <ul>
            {changes.map(({ type, after }) => (
              <li key={type}>{texts.changeOf(toWords(common.factors, type), after)}</li>
            ))}
          </ul>
          {otherFactors.length > 0 && <p>{texts.keeps(otherFactors.join(common.between))}</p>}
          <ChangeWarnings warnings={warnings} />
          {children}
          <TypedConfirmation
            expected={users ?? names}
            help={users === null ? texts.confirmHelpText : texts.confirmHelp(users)}
            button={changing.apply}
            isDangerous={changes.some(({ after }) => !after)}
            isBusy={isSending}
            onConfirm={onApply}
            onBack={onBack}
          />
        </>
      )}
    </>
  )
}
