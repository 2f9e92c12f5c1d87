/** Line separators, whatever Unicode calls "other" (controls, format characters, private use, unassigned) and fillers. */
const INVISIBLE = /[\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu

const NOT_ASCII = /[^\0-~]/g

/**
 * The same JSON, in which no character is hidden and none moves the cursor of a terminal or turns the direction of a
 * line: each of those is written as `\u` and its code units. Letters of any language stay as they are.
 *
 * @param json without a line break or an indent
 */
export function escapeInvisible(json: string): string {
  return json.replace(INVISIBLE, toEscapes)
}

/** The same JSON in ASCII alone, which is the same text whatever a Node's version of Unicode calls invisible. */
export function toAsciiJson(json: string): string {
  return json.replace(NOT_ASCII, toEscapes)
}

function toEscapes(text: string): string {
  return text
    .split('')
    .map(unit => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
    .join('')
}
