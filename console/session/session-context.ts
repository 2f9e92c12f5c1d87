import { createContext } from 'preact'
import { useContext, useEffect, useReducer } from 'preact/hooks'
import type { Session } from './session.ts'

export const SessionContext = createContext<Session | null>(null)

/**
 * Returns the session of the person, and shows its state again whenever that changes.
 *
 * @throws outside of the app, where nobody is signed in
 */
export function useSession(): Session {
  const session = useContext(SessionContext)
  if (session === null) throw new Error('Nobody is signed in here')
  const [, show] = useReducer((count: number, _: null) => count + 1, 0)
  useEffect(() => session.onChange(() => show(null)), [session])
  return session
}

/** Keeps the page from leaving for a sign-in by itself while somebody has typed something. */
export function useHold(isTyped: boolean): void {
  const session = useSession()
  useEffect(() => (isTyped ? session.hold() : undefined), [session, isTyped])
}
