import type { ComponentChildren } from 'preact'
import { useEffect, useRef } from 'preact/hooks'

export interface MenuProps {
  readonly label: ComponentChildren
  readonly children: ComponentChildren
}

/** Opens a few further choices below a button. Escape, or a click elsewhere, closes it. */
export function Menu({ label, children }: MenuProps) {
  const element = useRef<HTMLDetailsElement>(null)
  useEffect(() => {
    const close = (event: Event) => {
      const menu = element.current
      if (menu === null || !menu.open) return
      const isEscape = event instanceof KeyboardEvent && event.key === 'Escape'
      const isElsewhere =
        event.type === 'pointerdown' && event.target instanceof Node && !menu.contains(event.target)
      if (!isEscape && !isElsewhere) return
      menu.open = false
      if (isEscape) menu.querySelector('summary')?.focus()
    }
    addEventListener('keydown', close)
    addEventListener('pointerdown', close)
    return () => {
      removeEventListener('keydown', close)
      removeEventListener('pointerdown', close)
    }
  }, [])
  return (
    <details ref={element} class="menu">
      <summary>{label}</summary>
      <div class="menu-content">{children}</div>
    </details>
  )
}
