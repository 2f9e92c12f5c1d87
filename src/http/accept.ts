/** One media range of an `Accept` header, in lower case. */
export interface MediaRange {
  /** `*` for any type. */
  readonly type: string
  readonly subtype: string
  /** `null` if no charset is named. */
  readonly charset: string | null
  /** From 0, which means not wanted, to 1. */
  readonly weight: number
}

const TOKEN = /^[!#$%&'*+.^_`|~\w-]+$/
/** RFC 9110 demands a digit before the point. Java's own client leaves it out. */
const WEIGHT = /^(?:0?\.\d{1,9}|[01]\.?|1\.0{0,9})$/

/**
 * Returns the media ranges of an `Accept` header (RFC 9110, section 12.5.1), in their order. A lone `*` counts as any
 * type, as old clients mean it. A range that cannot be read names nothing, and is left out.
 */
export function parseAccept(header: string): readonly MediaRange[] {
  return splitOutsideQuotes(header, ',').flatMap(element => toMediaRange(element) ?? [])
}

function toMediaRange(element: string): MediaRange | null {
  const [name = '', ...parameters] = splitOutsideQuotes(element, ';')
  const [type = '', subtype = '', ...others] = name === '*' ? ['*', '*'] : name.toLowerCase().split('/')
  if (others.length > 0 || !TOKEN.test(type) || !TOKEN.test(subtype)) return null
  if (type === '*' && subtype !== '*') return null
  let charset: string | null = null
  let weight = 1
  for (const parameter of parameters) {
    const equals = parameter.indexOf('=')
    const key = parameter.slice(0, Math.max(equals, 0)).trim().toLowerCase()
    const value = parameter.slice(equals + 1).trim()
    if (key === 'charset') charset = value.replace(/^"(.*)"$/, '$1').toLowerCase()
    if (key !== 'q') continue
    if (!WEIGHT.test(value)) return null
    weight = Number(value)
  }
  return { type, subtype, charset, weight }
}

/**
 * Splits at a separator outside of quoted strings. Empty parts are left out, and blanks around the others are removed.
 */
export function splitOutsideQuotes(text: string, separator: string): string[] {
  const parts: string[] = []
  let start = 0
  let isQuoted = false
  for (let at = 0; at <= text.length; at++) {
    const character = text[at]
    if (character === '"') isQuoted = !isQuoted
    else if (isQuoted && character === '\\') at++
    if (character !== undefined && (isQuoted || character !== separator)) continue
    const part = text.slice(start, at).trim()
    if (part !== '') parts.push(part)
    start = at + 1
  }
  return parts
}
