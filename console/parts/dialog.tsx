import type { ComponentChildren } from 'preact'
import { useId, useLayoutEffect, useRef } from 'preact/hooks'
import { LiveRegion } from './live-region.tsx'

export interface DialogProps {
  readonly title: string
  readonly children: ComponentChildren
  /** Called when the person closes it, by Escape too. */
  readonly onClose: () => void
}

/** A modal dialog. The browser keeps the focus in it, and gives it back to where it was. */
export function Dialog({ title, children, onClose }: DialogProps) {
  const element = useRef<HTMLDialogElement>(null)
  const id = useId()
  useLayoutEffect(() => {
    const dialog = element.current
    dialog?.showModal()
    return () => dialog?.close()
  }, [])
  return (
    <dialog
      ref={element}
      class="dialog"
      aria-labelledby={id}
      onCancel={event => {
        event.preventDefault()
        onClose()
      }}
    >
      <h2 id={id}>{title}</h2>
      {children}
      {/* While a modal dialog is open, readers of screens do not hear the places outside of it. */}
      <LiveRegion />
    </dialog>
  )
}
