const HIDDEN = '****'
const HIDDEN_MAILBOX = '***'

/**
 * Masks a phone number, so that its owner recognises it and no other person can use it. The length is hidden, too. It
 * shows
 *
 * - of eleven or more characters the first three and the last four,
 * - of six or more the last two,
 * - of fewer none.
 */
export function maskPhone(phone: string): string {
  // Not cut in code units, since half of a surrogate pair makes a response that some clients cannot parse.
  const characters = [...phone]
  const last = (count: number) => characters.slice(-count).join('')
  if (characters.length >= 11) return `${characters.slice(0, 3).join('')}${HIDDEN}${last(4)}`
  return characters.length >= 6 ? `${HIDDEN}${last(2)}` : HIDDEN
}

/** Masks an e-mail address. It shows the domain, and the first character of a mailbox that has more than one. */
export function maskEmail(email: string): string {
  const at = email.lastIndexOf('@')
  if (at < 0) return HIDDEN_MAILBOX
  const mailbox = email.slice(0, at)
  const [first = ''] = mailbox
  return `${first === mailbox ? '' : first}${HIDDEN_MAILBOX}${email.slice(at)}`
}
