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
  if (phone.length >= 11) return `${phone.slice(0, 3)}${HIDDEN}${phone.slice(-4)}`
  return phone.length >= 6 ? `${HIDDEN}${phone.slice(-2)}` : HIDDEN
}

/** Masks an e-mail address. It shows the domain, and the first character of a mailbox that has more than one. */
export function maskEmail(email: string): string {
  const at = email.lastIndexOf('@')
  if (at < 0) return HIDDEN_MAILBOX
  const mailbox = email.slice(0, at)
  const [first = ''] = mailbox
  return `${first === mailbox ? '' : first}${HIDDEN_MAILBOX}${email.slice(at)}`
}
