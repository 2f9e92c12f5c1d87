const MAX_REASON_LENGTH = 500

/** Hangul fillers count as letters in Unicode, and the two Egyptian blanks do, too. */
const INVISIBLE_LETTER = /[\p{Default_Ignorable_Code_Point}\u{13441}\u{13442}]/gu

/** What is wrong with a reason, or null. A reason needs a letter or a digit that somebody can see. */
export function findReasonFault(reason: string): string | null {
  if (!/[\p{L}\p{N}]/u.test(reason.replace(INVISIBLE_LETTER, ''))) {
    return 'The reason must not be blank: it needs a letter or a digit. Leave it out instead.'
  }
  if (reason.length > MAX_REASON_LENGTH) {
    return `The reason must have at most ${MAX_REASON_LENGTH} characters.`
  }
  return /\p{C}/u.test(reason) ? 'The reason must not hold control or format characters.' : null
}
