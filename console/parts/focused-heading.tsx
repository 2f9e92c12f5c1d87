import { useEffect, useRef } from 'preact/hooks'

/** A heading that gets the focus when it appears, so that what is below it is read out next. */
export function FocusedHeading({ children }: { children: string }) {
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => heading.current?.focus(), [])
  return (
    <h3 ref={heading} tabIndex={-1}>
      {children}
    </h3>
  )
}
