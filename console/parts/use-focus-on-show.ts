import type { RefObject } from 'preact'
import { useLayoutEffect, useRef } from 'preact/hooks'

/**
 * Returns what refers to an element, and gives the element the focus when it appears or `text` changes. No key can be
 * pressed between the two: the focus never leaves a field that somebody has begun to fill.
 */
export function useFocusOnShow<E extends HTMLElement>(text = ''): RefObject<E | null> {
  const element = useRef<E>(null)
  useLayoutEffect(() => element.current?.focus(), [text])
  return element
}
