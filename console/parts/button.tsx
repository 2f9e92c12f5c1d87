import type { ComponentChildren } from 'preact'

export interface ButtonProps {
  readonly children: ComponentChildren
  readonly onClick?: () => void
  readonly kind?: 'plain' | 'main' | 'danger' | 'quiet'
  readonly type?: 'button' | 'submit'
  /** Shows that something is under way. The button stays where it is, and does nothing. */
  readonly isBusy?: boolean
  /** Names the button for readers of screens, if its content does not. */
  readonly label?: string
}

/** A button. No button is disabled: a sentence stands in place of an action that the person may not take. */
export function Button({
  children,
  onClick,
  kind = 'plain',
  type = 'button',
  isBusy = false,
  label,
}: ButtonProps) {
  return (
    <button
      type={type}
      class={`button ${kind}`}
      aria-label={label}
      aria-busy={isBusy}
      aria-disabled={isBusy}
      onClick={event => {
        if (isBusy) event.preventDefault()
        else onClick?.()
      }}
    >
      {children}
    </button>
  )
}
