import { useEffect, useState } from 'preact/hooks'

/** How urgent a message is. `assertive` is for the result of what the person did. */
type Urgency = 'polite' | 'assertive'

const listeners = new Set<(message: string, urgency: Urgency) => void>()

/** Lets a reader of screens say a message. Nothing of it is shown. */
export function announce(message: string, urgency: Urgency = 'polite'): void {
  for (const listener of listeners) listener(message, urgency)
}

/** The two places that readers of screens listen to. They must be there before the first message. */
export function LiveRegion() {
  const [said, setSaid] = useState<Record<Urgency, string>>({ polite: '', assertive: '' })
  useEffect(() => {
    const listener = (message: string, urgency: Urgency) =>
      // The same message twice is said twice only if its text differs.
      setSaid(before => ({
        ...before,
        [urgency]: before[urgency] === message ? `${message}\u00a0` : message,
      }))
    listeners.add(listener)
    return () => void listeners.delete(listener)
  }, [])
  return (
    <>
      <div class="hidden" aria-live="polite">
        {said.polite}
      </div>
      <div class="hidden" aria-live="assertive">
        {said.assertive}
      </div>
    </>
  )
}
