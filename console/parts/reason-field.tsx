import { useTexts } from '../texts/texts.ts'
import { TextField } from './field.tsx'

export interface ReasonFieldProps {
  readonly value: string
  /** `true` if the server has refused the change for want of a reason. */
  readonly isMissing: boolean
  readonly onInput: (value: string) => void
}

/** The limit of the API. */
const MAX_REASON_CHARS = 500

/** Asks why. The server may demand it. */
export function ReasonField({ value, isMissing, onInput }: ReasonFieldProps) {
  const { changing } = useTexts()
  return (
    <TextField
      label={changing.reason}
      help={changing.reasonHelp}
      value={value}
      fault={isMissing && value.trim() === '' ? changing.reasonRequired : null}
      maxLength={MAX_REASON_CHARS}
      onInput={onInput}
    />
  )
}

/** Returns the reason as the API wants it. `null` if there is none. */
export function toReason(value: string): string | null {
  return value.trim() === '' ? null : value.trim()
}
