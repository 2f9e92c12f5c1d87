const MAX_REASON_LENGTH = 500

/** Hangul fillers count as letters in Unicode, and the two Egyptian blanks do, too. */
const INVISIBLE_LETTER = /[\p{Default_Ignorable_Code_Point}\u{13441}\u{13442}]/gu

/**
 * A control character that is neither a tab nor a line end of a text area, half of a surrogate pair, or a code point
 * that the running Node's version of Unicode does not assign.
 */
const REFUSED = /(?![\t\n\r])[\p{Cc}\p{Cs}\p{Cn}]/u

const REFUSED_MESSAGE =
  "The reason holds a control character other than a line end or tab, half of a surrogate pair, or a code point that this server's version of Unicode does not assign. Remove it."

/**
 * What is wrong with a reason, or null. A reason needs a letter or a digit that somebody can see. Languages and emoji
 * need format characters, so these are kept, as are line ends, tabs and private use; the journal escapes what cannot
 * be seen.
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
