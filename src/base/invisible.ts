/**
 * Characters that show nothing: white space, fillers, joiners, variation marks, controls and the empty Braille cell.
 */
const INVISIBLE = String.raw`[\p{White_Space}\p{Default_Ignorable_Code_Point}\p{C}\u2800]`

const INVISIBLE_END = new RegExp(`^${INVISIBLE}|${INVISIBLE}$`, 'u')
const ALL_INVISIBLE = new RegExp(`^${INVISIBLE}*$`, 'u')

/** Returns `true` if a text begins or ends with an invisible character, so that two spellings look alike. */
export function hasInvisibleEnd(text: string): boolean {
  return INVISIBLE_END.test(text)
}

/** Returns `true` if a text shows nothing at all, as the empty text does. */
export function isInvisible(text: string): boolean {
  return ALL_INVISIBLE.test(text)
}
