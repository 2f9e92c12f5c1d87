import { createContext } from 'preact'
import { useContext, useEffect, useLayoutEffect, useReducer, useRef } from 'preact/hooks'
import type { Session } from './session.ts'
import type { Waiting } from './waiting.ts'

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

/**
 * Keeps the page from leaving for a sign-in by itself while something would be lost.
 *
 * @param isDraft `true` if these are wishes. Then the page also asks before somebody leaves the screen. Wishes on their
 * way to the server are no draft, because the frame of the page tells what came of them
 */
export function useHold(isHeld: boolean, isDraft = isHeld): void {
  const session = useSession()
  // Before the next event, which may lead away.
  useLayoutEffect(() => (isHeld ? session.hold(isDraft) : undefined), [session, isHeld, isDraft])
}

/** Lets the wish of a part of the page wait for each sign-in that leads away. `null` if there is none. */
export function useWaiting(waiting: Waiting | null): void {
  const session = useSession()
  const latest = useRef(waiting)
  latest.current = waiting
  useLayoutEffect(() => session.keep(() => latest.current), [session])
}
