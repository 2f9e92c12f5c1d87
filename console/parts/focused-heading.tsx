import type { ComponentChildren } from 'preact'
import { useFocusOnShow } from './use-focus-on-show.ts'

/** A heading that gets the focus when it appears, so that what is below it is read out next. */
export function FocusedHeading({ children, level = 3 }: { children: ComponentChildren; level?: 2 | 3 }) {
  const heading = useFocusOnShow<HTMLHeadingElement>()
  const Heading = `h${level}` as const
  return (
    <Heading ref={heading} tabIndex={-1}>
      {children}
    </Heading>
  )
}
