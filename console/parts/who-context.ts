import { createContext } from 'preact'

/** The name or the id of the person on the screen, for a change that outlives the screen. */
export const WhoContext = createContext('')
