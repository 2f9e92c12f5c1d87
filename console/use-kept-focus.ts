import { useEffect } from 'preact/hooks'

/** How long a new part has to take the focus by itself, in milliseconds. */
const GRACE_MS = 100

/**
 * Keeps the focus near its place if the element that has it is removed: the heading around it gets it. A browser would
 * give it to the whole page, so that the next Tab begins at the top.
 */
export function useKeptFocus(): void {
  useEffect(() => {
    let path: readonly Element[] = []
    const note = ({ target }: FocusEvent) => {
      path = target instanceof Element ? toPath(target) : []
    }
    const observer = new MutationObserver(() => {
      const lost = path
      if (lost[0]?.isConnected !== false) return
      path = []
      setTimeout(() => isLost() && focusHeading(lost), GRACE_MS)
    })
    addEventListener('focusin', note)
    observer.observe(document.body, { childList: true, subtree: true })
    return () => {
      removeEventListener('focusin', note)
      observer.disconnect()
    }
  }, [])
}

function isLost(): boolean {
  return document.activeElement === null || document.activeElement === document.body
}

/** Returns an element and everything around it, from the inside out. */
function toPath(element: Element): readonly Element[] {
  const around = element.parentElement
  return [element, ...(around === null ? [] : toPath(around))]
}

function focusHeading(path: readonly Element[]): void {
  const heading = path
    .filter(({ isConnected }) => isConnected)
    .map(element => element.querySelector<HTMLElement>('h1, h2, h3'))
    .find(found => found !== null)
  if (heading === undefined || heading === null) return
  heading.tabIndex = -1
  heading.focus({ preventScroll: true })
}
