import type { FieldError } from '../mfa/failure-details.ts'
import { MAX_PAGE_ROWS } from './forecast-upstream.ts'
import { toPosition } from './position-cursor.ts'

const MAX_SEARCH_CHARACTERS = 100

interface ListArguments {
  /** Without blanks at its ends. */
  readonly search: string | null
  readonly first: number
  readonly after: string | null
}

/** Returns the faults of the arguments of a list. */
export function findListFaults({ search, first, after }: ListArguments): FieldError[] {
  const faults: FieldError[] = []
  const searchFault = search === null ? null : findSearchFault(search)
  if (searchFault !== null) faults.push({ path: ['search'], message: searchFault })
  if (first < 1 || first > MAX_PAGE_ROWS) {
    faults.push({ path: ['first'], message: `The number must be from 1 to ${MAX_PAGE_ROWS}.` })
  }
  if (after !== null && toPosition(after) === null) {
    faults.push({ path: ['after'], message: 'The cursor must be one that this list returned.' })
  }
  return faults
}

function findSearchFault(search: string): string | null {
  const length = [...search].length
  if (length < 1 || length > MAX_SEARCH_CHARACTERS) {
    return `The text must have from 1 to ${MAX_SEARCH_CHARACTERS} characters, without blanks at its ends.`
  }
  return /\p{C}/u.test(search) ? 'The text must not hold control or other invisible characters.' : null
}
