import { Button } from '../../parts/button.tsx'
import { FactorSwitchFields } from '../../parts/factor-switch-fields.tsx'
import type { FactorSwitches } from '../../parts/factor-switches.ts'
import { CheckField } from '../../parts/field.tsx'
import { ReasonField } from '../../parts/reason-field.tsx'
import { useScreenTexts } from '../../texts/texts.ts'

export interface SwitchFormProps {
  readonly switches: FactorSwitches
  readonly fault: string | null
  readonly reason: string
  /** `true` if a reason was typed before a sign-in. */
  readonly wasReasonLost: boolean
  readonly isStopping: boolean
  readonly isBusy: boolean
  readonly onSwitches: (switches: FactorSwitches) => void
  readonly onReason: (reason: string) => void
  readonly onStopping: (isStopping: boolean) => void
  readonly onPreview: () => void
}

/** The one switch for all people. */
export function SwitchForm(props: SwitchFormProps) {
  const { switches, fault, reason, isStopping, isBusy, onSwitches, onReason, onStopping, onPreview } = props
  const { several, changes } = useScreenTexts()
  return (
    <form
      class="form"
      onSubmit={event => {
        event.preventDefault()
        onPreview()
      }}
    >
      <FactorSwitchFields legend={several.form} switches={switches} fault={fault} onChange={onSwitches} />
      <ReasonField value={reason} isAgain={props.wasReasonLost} onInput={onReason} />
      <CheckField label={several.stopAt} isChecked={isStopping} onChange={onStopping} />
      <div class="buttons">
        <Button type="submit" kind="main" isBusy={isBusy}>
          {changes.preview}
        </Button>
      </div>
    </form>
  )
}
