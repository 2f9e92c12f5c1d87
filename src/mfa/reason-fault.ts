const MAX_REASON_LENGTH = 500

/** Letters that nobody can see. Hangul fillers count as letters in Unicode, and so do the two Egyptian blanks. */
const INVISIBLE_LETTER = /[\p{Default_Ignorable_Code_Point}\u{13441}\u{13442}]/gu

/**
 * A code point that a reason must not have:
 *
 * - a control character other than a tab or a line end of a text area,
 * - half of a surrogate pair,
 * - a code point that the running Node's version of Unicode does not assign.
 */
const REFUSED = /(?![\t\n\r])[\p{Cc}\p{Cs}\p{Cn}]/u

const REFUSED_MESSAGE =
  "The reason holds a control character other than a line end or tab, half of a surrogate pair, or a code point that this server's version of Unicode does not assign. Remove it."

/**
 * Returns the fault of a reason, or `null` if it has none. A reason needs a visible letter or digit. Format
 * characters are kept, because languages and emoji need them. Line ends, tabs and private use are kept, too. The
 * journal escapes invisible ones.
 */
export function findReasonFault(reason: string): string | null {
  if (!/[\p{L}\p{N}]/u.test(reason.replace(INVISIBLE_LETTER, ''))) {
    return 'The reason must not be blank: it needs a letter or a digit. Leave it out instead.'
  }
  if (reason.length > MAX_REASON_LENGTH) {
    return `The reason must have at most ${MAX_REASON_LENGTH} characters.`
  }
  return REFUSED.test(reason) ? REFUSED_MESSAGE : null
}
