import { useState } from 'preact/hooks'
import { useScreenTexts } from '../texts/texts.ts'
import { Button } from './button.tsx'
import { TextField } from './field.tsx'
import { announce } from './live-region.tsx'

export interface TypedConfirmationProps {
  /** The number of people, or a text of the screen, that the person types. */
  readonly expected: number | string
  readonly help: string
  readonly button: string
  readonly isDangerous: boolean
  readonly isBusy: boolean
  readonly onConfirm: () => void
  readonly onBack: () => void
}

/**
 * Lets the person type something of this very change before it is sent. A number of people is better than a word,
 * because it says how many they are.
 */
export function TypedConfirmation(props: TypedConfirmationProps) {
  const { expected, help, button, isDangerous, isBusy, onConfirm, onBack } = props
  const { changing } = useScreenTexts()
  const [typed, setTyped] = useState('')
  const [fault, setFault] = useState<string | null>(null)
  return (
    <form
      class="form"
      onSubmit={event => {
        event.preventDefault()
        if (isBusy) return
        const isRight = isConfirmed(typed, String(expected))
        setFault(isRight ? null : changing.wrongConfirmation)
        if (isRight) onConfirm()
        else announce(changing.wrongConfirmation, 'assertive')
      }}
    >
      <TextField
        label={typeof expected === 'number' ? changing.typeNumber(expected) : changing.typeText(expected)}
        help={help}
        value={typed}
        fault={fault}
        maxLength={200}
        onInput={setTyped}
      />
      <div class="buttons">
        <Button type="submit" kind={isDangerous ? 'danger' : 'main'} isBusy={isBusy}>
          {button}
        </Button>
        <Button isBusy={isBusy} onClick={onBack}>
          {changing.back}
        </Button>
      </div>
    </form>
  )
}

/**
 * Returns whether the typed text is the expected one. Digits and letters of full width, blanks and marks between words
 * make no difference. An empty text confirms nothing.
 */
export function isConfirmed(typed: string, expected: string): boolean {
  const comparable = toComparable(typed)
  return comparable !== '' && comparable === toComparable(expected)
}

/** Keeps the marks of a text that has nothing else. */
function toComparable(text: string): string {
  const folded = text.normalize('NFKC').toLowerCase()
  return folded.replace(/[^\p{L}\p{N}]/gu, '') || folded.trim()
}
