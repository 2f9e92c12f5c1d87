import type { ComponentChildren, RefObject } from 'preact'
import { useId } from 'preact/hooks'

interface FieldProps {
  readonly label: string
  readonly help?: string
  /** The fault of the value. It is read out with the field. */
  readonly fault?: string | null
}

function Field({
  label,
  help,
  fault,
  id,
  children,
}: FieldProps & { id: string; children: ComponentChildren }) {
  return (
    <div class="field">
      <label for={id}>{label}</label>
      {children}
      {help !== undefined && (
        <p id={`${id}-help`} class="help">
          {help}
        </p>
      )}
      {fault != null && (
        <p id={`${id}-fault`} class="fault">
          {fault}
        </p>
      )}
    </div>
  )
}

function toAttributes(id: string, { help, fault }: FieldProps) {
  const described = [...(help === undefined ? [] : [`${id}-help`]), ...(fault == null ? [] : [`${id}-fault`])]
  return {
    id,
    ...(described.length > 0 && { 'aria-describedby': described.join(' ') }),
    ...(fault != null && { 'aria-invalid': true as const }),
  }
}

export interface TextFieldProps extends FieldProps {
  readonly value: string
  readonly onInput: (value: string) => void
  readonly type?: 'text' | 'search' | 'email' | 'tel'
  readonly isRequired?: boolean
  readonly maxLength?: number
  readonly inputRef?: RefObject<HTMLInputElement | null>
  /** By default the field makes its own. */
  readonly id?: string
}

/** A line of text with its label, help and fault. */
export function TextField(props: TextFieldProps) {
  const ownId = useId()
  const { id = ownId } = props
  const { value, onInput, type = 'text', isRequired = false, maxLength, inputRef } = props
  return (
    <Field {...props} id={id}>
      <input
        {...toAttributes(id, props)}
        {...(inputRef && { ref: inputRef })}
        type={type}
        value={value}
        required={isRequired}
        list={undefined}
        {...(maxLength !== undefined && { maxLength })}
        dir="auto"
        autocomplete="off"
        spellcheck={false}
        onInput={event => onInput(event.currentTarget.value)}
      />
    </Field>
  )
}

export interface SelectFieldProps<Value extends string> extends FieldProps {
  readonly value: Value
  readonly options: readonly { readonly value: Value; readonly label: string }[]
  readonly onChange: (value: Value) => void
}

/** A choice of one. */
export function SelectField<Value extends string>(props: SelectFieldProps<Value>) {
  const id = useId()
  const { value, options, onChange } = props
  return (
    <Field {...props} id={id}>
      <select
        {...toAttributes(id, props)}
        value={value}
        onChange={event => {
          const chosen = options.find(option => option.value === event.currentTarget.value)
          if (chosen !== undefined) onChange(chosen.value)
        }}
      >
        {options.map(option => (
          <option key={option.value} value={option.value} selected={option.value === value}>
            {option.label}
          </option>
        ))}
      </select>
    </Field>
  )
}

export interface CheckFieldProps {
  readonly label: ComponentChildren
  readonly isChecked: boolean
  readonly onChange: (isChecked: boolean) => void
}

/** A choice of yes or no. */
export function CheckField({ label, isChecked, onChange }: CheckFieldProps) {
  return (
    <label class="check">
      <input type="checkbox" checked={isChecked} onChange={event => onChange(event.currentTarget.checked)} />
      <span>{label}</span>
    </label>
  )
}
