import type { ComponentChildren } from 'preact'
import { useEffect, useRef } from 'preact/hooks'

/** A heading that gets the focus when it appears, so that what is below it is read out next. */
export function FocusedHeading({ children, level = 3 }: { children: ComponentChildren; level?: 2 | 3 }) {
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => heading.current?.focus(), [])
  const Heading = `h${level}` as const
  return (
    <Heading ref={heading} tabIndex={-1}>
      {children}
    </Heading>
  )
}
