/** Returns the fault of the length of a list of conditions, or `null` if it has none. A list may be left out. */
export function findListFault(list: readonly unknown[] | null, most: number): string | null {
  if (list === null) return null
  if (list.length === 0) return 'The list must not be empty. Leave it out if it is no condition.'
  return list.length > most ? `The list must have at most ${most} entries.` : null
}
