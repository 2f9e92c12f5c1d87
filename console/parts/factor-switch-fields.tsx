import { useScreenTexts } from '../texts/texts.ts'
import { FACTOR_TYPES, type FactorSwitch, type FactorSwitches } from './factor-switches.ts'
import { SelectField } from './field.tsx'

export interface FactorSwitchFieldsProps {
  readonly legend: string
  readonly switches: FactorSwitches
  readonly fault: string | null
  readonly onChange: (switches: FactorSwitches) => void
}

/** A choice for each factor: on, off, or left as it is. */
export function FactorSwitchFields({ legend, switches, fault, onChange }: FactorSwitchFieldsProps) {
  const { changes, changing, common } = useScreenTexts()
  const options: readonly { value: FactorSwitch; label: string }[] = [
    { value: 'LEAVE', label: changing.leave },
    { value: 'ON', label: changes.on },
    { value: 'OFF', label: changes.off },
  ]
  return (
    <fieldset class="choices">
      <legend>{legend}</legend>
      <div class="choice-grid">
        {FACTOR_TYPES.map(type => (
          <SelectField
            key={type}
            label={common.factors[type]}
            value={switches[type]}
            options={options}
            onChange={value => onChange({ ...switches, [type]: value })}
          />
        ))}
      </div>
      {fault !== null && <p class="fault">{fault}</p>}
    </fieldset>
  )
}
