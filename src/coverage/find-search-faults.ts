import { hasInvisibleEnd } from '../base/invisible.ts'
import type { FieldError } from '../mfa/failure-details.ts'

const MIN_CHARACTERS = 2
const MAX_CHARACTERS = 100
const MAX_FIRST = 50

/**
 * Returns the faults of a search.
 *
 * @param search without blanks at its ends
 */
export function findSearchFaults(search: string, first: number): FieldError[] {
  const faults: FieldError[] = []
  // A letter and its accent are one character, whichever way they are written.
  const length = [...search.normalize('NFC')].length
  if (length < MIN_CHARACTERS || length > MAX_CHARACTERS) {
    faults.push({
      path: ['search'],
      message: `The text must have from ${MIN_CHARACTERS} to ${MAX_CHARACTERS} characters, without blanks at its ends.`,
    })
  } else if (hasInvisibleEnd(search) || /\p{C}/u.test(search)) {
    faults.push({
      path: ['search'],
      message: 'The text must not hold control or other invisible characters.',
    })
  }
  if (first < 1 || first > MAX_FIRST) {
    faults.push({ path: ['first'], message: `The number must be from 1 to ${MAX_FIRST}.` })
  }
  return faults
}
