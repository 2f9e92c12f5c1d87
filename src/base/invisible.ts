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

/**
 * Line separators, fillers and all that Unicode calls "other": controls, format characters, private use, unassigned.
 */
const TO_ESCAPE = /[\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu

/** Nothing in such a text is to be escaped, and most texts are like it. */
const PLAIN = /^[ -~]*$/

const NOT_ASCII = /[^\0-~]/g

/**
 * Escapes characters that are hidden, move the cursor of a terminal or turn the direction of a line. Each becomes `\u`
 * and its code units. Letters of any language stay as they are.
 *
 * @param json without a line break or an indent
 */
export function escapeInvisible(json: string): string {
  return PLAIN.test(json) ? json : json.replace(TO_ESCAPE, toEscapes)
}

/** Returns the same JSON in ASCII alone. The text is then the same in each version of Node and its Unicode. */
export function toAsciiJson(json: string): string {
  return json.replace(NOT_ASCII, toEscapes)
}

function toEscapes(text: string): string {
  return text
    .split('')
    .map(unit => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
    .join('')
}
