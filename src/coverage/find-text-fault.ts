import { hasInvisibleEnd, isInvisible } from '../base/invisible.ts'

const MAX_CHARACTERS = 256

/**
 * Returns the fault of an id or code of GenAuth, or `null` if it has none. It refuses only what no id or code can be.
 * The text never repeats it.
 */
export function findTextFault(text: string): string | null {
  if (isInvisible(text)) return 'The text must not be blank.'
  if (hasInvisibleEnd(text)) return 'The text must not begin or end with a blank.'
  if (text.length > MAX_CHARACTERS) return `The text must have at most ${MAX_CHARACTERS} characters.`
  return /\p{C}/u.test(text) ? 'The text must not hold control or other invisible characters.' : null
}
