import type { ComponentChildren } from 'preact'
import { Button } from '../../parts/button.tsx'
import { ChangeWarnings } from '../../parts/change-warnings.tsx'
import type { FactorType } from '../../parts/factor-switches.ts'
import { FocusedHeading } from '../../parts/focused-heading.tsx'
import { PersonName } from '../../parts/person-name.tsx'
import { TypedConfirmation } from '../../parts/typed-confirmation.tsx'
import { UntilSent } from '../../parts/until-sent.tsx'
import { useScreenTexts } from '../../texts/texts.ts'
import { toWords } from '../../texts/to-words.ts'
import type { ApplicationPreviewed, ApplicationSwitched } from './application-change.tsx'
import { RulesBadge } from './applications-table.tsx'

export interface ApplicationPreviewProps {
  readonly preview: ApplicationPreviewed
  readonly patch: { readonly enable: readonly FactorType[]; readonly disable: readonly FactorType[] }
  readonly isSending: boolean
  readonly onApply: () => void
  readonly onBack: () => void
  /** Fields before the confirmation. */
  readonly children: ComponentChildren
}

/** Shows the change to be sent. To send it, the person types the identifier of the application. */
export function ApplicationPreview(props: ApplicationPreviewProps) {
  const { preview, patch, isSending, onApply, onBack, children } = props
  const { policy: texts, changing, common } = useScreenTexts()
  const { name, identifier, id, hasOwnRules } = preview.application
  return (
    <>
      <FocusedHeading>
        <UntilSent isSending={isSending}>{texts.previewTitle}</UntilSent>
      </FocusedHeading>
      <p>
        <PersonName>{name ?? texts.noName}</PersonName> <RulesBadge hasOwnRules={hasOwnRules} />
      </p>
      <p>{texts.previewSends}</p>
      <ul>
        {patch.enable.map(type => (
          <li key={type}>{changing.switchOf(common.factors[type], true)}</li>
        ))}
        {patch.disable.map(type => (
          <li key={type}>{changing.switchOf(common.factors[type], false)}</li>
        ))}
      </ul>
      <ChangeWarnings warnings={preview.warnings} />
      {children}
      <TypedConfirmation
        expected={identifier?.trim() || id}
        help={texts.confirmApplication}
        button={changing.apply}
        isDangerous={patch.disable.length > 0}
        isBusy={isSending}
        onConfirm={onApply}
        onBack={onBack}
      />
    </>
  )
}

/** The reply of GenAuth, which no later call can read. */
export function ApplicationDone({ success, onClose }: { success: ApplicationSwitched; onClose: () => void }) {
  const { policy: texts, common } = useScreenTexts()
  const { enabledFactors, otherFactors, warnings, application } = success
  const names = [...enabledFactors.map(type => toWords(common.factors, type)), ...otherFactors]
  return (
    <>
      <section class="note done">
        <FocusedHeading>{texts.applied}</FocusedHeading>
        <p>
          <PersonName>{application.name ?? application.id}</PersonName>
        </p>
        <p>
          {texts.appliedHelp}
          {common.gap}
          {names.length === 0 ? texts.appliedNone : names.join(common.between)}
        </p>
      </section>
      <ChangeWarnings warnings={warnings} />
      <Button onClick={onClose}>{common.close}</Button>
    </>
  )
}
