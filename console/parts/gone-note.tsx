import { useEffect } from 'preact/hooks'
import type { Waited } from '../session/waiting.ts'
import { announce } from './live-region.tsx'

export interface GoneNoteProps {
  readonly waited: Waited<unknown>
  readonly texts: Readonly<Record<'OTHER_PERSON' | 'EXPIRED', string>>
}

/** Tells that something which waited for a sign-in is gone, and why. It tells nothing of what that was. */
export function GoneNote({ waited: { kind }, texts }: GoneNoteProps) {
  const text = kind === 'OTHER_PERSON' || kind === 'EXPIRED' ? texts[kind] : null
  useEffect(() => {
    if (text !== null) announce(text, 'assertive')
  }, [text])
  return text === null ? null : <p class="note warning">{text}</p>
}
