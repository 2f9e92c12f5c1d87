/** A spreadsheet takes a cell for a formula if it begins so, perhaps behind blanks. It also reads the wide forms. */
const FORMULA = /^[\s\p{Cc}\p{Cf}\p{Z}]*[=+\-@＝＋－＠]/u
const CONTROL = /^[\t\r\n]/
const NEEDS_QUOTES = /[",\r\n]/

/**
 * Writes one record of a CSV file (RFC 4180). `null` becomes an empty field. A text that a spreadsheet would take for a
 * formula gets a `'` before it, so that it stays a text.
 */
export function toCsvRecord(fields: readonly (string | null)[]): string {
  return `${fields.map(toField).join(',')}\r\n`
}

function toField(text: string | null): string {
  if (text === null) return ''
  const safe = FORMULA.test(text) || CONTROL.test(text) ? `'${text}` : text
  return NEEDS_QUOTES.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}
