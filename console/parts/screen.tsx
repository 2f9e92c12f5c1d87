import type { ComponentChildren } from 'preact'
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks'
import { useTexts } from '../texts/texts.ts'

export interface ScreenProps {
  /** The heading. It names no person, because it is the title of the window, too, unless `windowTitle` is. */
  readonly title: ComponentChildren
  readonly windowTitle?: string
  /** `false` if the screen puts the focus elsewhere. */
  readonly isHeadingFocused?: boolean
  readonly children: ComponentChildren
}

/** The frame of every screen. Its heading gets the focus when the screen opens, so that it is read out. */
export function Screen({ title, windowTitle, isHeadingFocused = true, children }: ScreenProps) {
  const { common } = useTexts()
  const heading = useRef<HTMLHeadingElement>(null)
  const name = windowTitle ?? (typeof title === 'string' ? title : '')
  useEffect(() => {
    document.title = name === '' ? common.product : `${name} – ${common.product}`
  }, [name, common.product])
  useLayoutEffect(() => {
    if (isHeadingFocused) heading.current?.focus({ preventScroll: true })
  }, [isHeadingFocused])
  return (
    <>
      <h1 ref={heading} tabIndex={-1}>
        {title}
      </h1>
      {children}
    </>
  )
}
