import { useScreenTexts } from '../texts/texts.ts'
import { TextField } from './field.tsx'

export interface ReasonFieldProps {
  readonly value: string
  readonly onInput: (value: string) => void
  /** `true` if the server has refused the change for want of a reason. */
  readonly isMissing?: boolean
  readonly isRequired?: boolean
  /** `true` if a reason was typed before a sign-in. It was not kept. */
  readonly isAgain?: boolean
}

/** The limit of the API. */
const MAX_REASON_CHARS = 500

/** Asks why. The server may demand it. */
export function ReasonField({
  value,
  onInput,
  isMissing = false,
  isRequired = false,
  isAgain = false,
}: ReasonFieldProps) {
  const { changes, common } = useScreenTexts()
  return (
    <TextField
      label={changes.reason}
      help={isAgain ? changes.reasonAgain + common.gap + changes.reasonHelp : changes.reasonHelp}
      value={value}
      fault={isMissing && value.trim() === '' ? changes.reasonRequired : null}
      isRequired={isRequired}
      maxLength={MAX_REASON_CHARS}
      onInput={onInput}
    />
  )
}

/** Returns the reason as the API wants it. `null` if there is none. */
export function toReason(value: string): string | null {
  return value.trim() === '' ? null : value.trim()
}
