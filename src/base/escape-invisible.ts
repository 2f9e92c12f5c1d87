/**
 * Line separators, fillers and all that Unicode calls "other": controls, format characters, private use, unassigned.
 */
const INVISIBLE = /[\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu

const NOT_ASCII = /[^\0-~]/g

/**
 * Escapes characters that are hidden, move the cursor of a terminal or turn the direction of a line. Each becomes `\u`
 * and its code units. Letters of any language stay as they are.
 *
 * @param json without a line break or an indent
 */
export function escapeInvisible(json: string): string {
  return json.replace(INVISIBLE, toEscapes)
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
