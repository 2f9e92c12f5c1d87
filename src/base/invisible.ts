/** Characters that show nothing: white space, fillers, joiners, marks of variation, control characters and the empty Braille cell. */
const INVISIBLE = String.raw`[\p{White_Space}\p{Default_Ignorable_Code_Point}\p{C}\u2800]`

const INVISIBLE_END = new RegExp(`^${INVISIBLE}|${INVISIBLE}$`, 'u')
const ALL_INVISIBLE = new RegExp(`^${INVISIBLE}*$`, 'u')

/** Whether a text begins or ends with a character that nobody sees, so that two spellings look alike. */
export function hasInvisibleEnd(text: string): boolean {
  return INVISIBLE_END.test(text)
}

/** Whether a text shows nothing at all; the empty one does not. */
export function isInvisible(text: string): boolean {
  return ALL_INVISIBLE.test(text)
}
