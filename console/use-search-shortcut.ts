import { useEffect } from 'preact/hooks'
import { useLocation } from 'preact-iso'
import { toHref } from './session/base.ts'

/** The id of the search field of the screen Find. */
export const SEARCH_ID = 'search'

const shortcut = { isOn: true }

/** Returns `true` if `/` leads to the search. It is kept in memory, and on at first. */
export function isShortcutOn(): boolean {
  return shortcut.isOn
}

export function setShortcutOn(isOn: boolean): void {
  shortcut.isOn = isOn
}

/** Lets `/` lead to the search from everywhere, except while somebody types or a dialog is open. */
export function useSearchShortcut(): void {
  const { route } = useLocation()
  useEffect(() => {
    const listen = (event: KeyboardEvent) => {
      if (!shortcut.isOn || event.key !== '/' || event.ctrlKey || event.metaKey || event.altKey) return
      const { target } = event
      if (target instanceof HTMLElement && target.closest('input, select, textarea, [contenteditable]'))
        return
      if (document.querySelector('dialog[open]') !== null) return
      event.preventDefault()
      const search = document.getElementById(SEARCH_ID)
      if (search === null) route(toHref(''))
      else search.focus()
    }
    addEventListener('keydown', listen)
    return () => removeEventListener('keydown', listen)
  }, [route])
}
