import { useEffect } from 'preact/hooks'
import { useScreenTexts } from '../texts/texts.ts'
import { announce } from './live-region.tsx'

/** The words of a preview. While the change is sent they would be untrue, so they give way. */
export function UntilSent({ isSending, children }: { isSending: boolean; children: string }) {
  const { changes } = useScreenTexts()
  useEffect(() => {
    if (isSending) announce(changes.sending)
  }, [isSending, changes])
  return <>{isSending ? changes.sending : children}</>
}
