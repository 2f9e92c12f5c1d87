const HIDDEN = '****'
const HIDDEN_MAILBOX = '***'

/**
 * A phone number that its owner recognises and nobody else can use: the first three and last four characters of
 * eleven or more, the last two of six or more, nothing of a shorter one. The length is hidden too.
 */
export function maskPhone(phone: string): string {
  if (phone.length >= 11) return `${phone.slice(0, 3)}${HIDDEN}${phone.slice(-4)}`
  return phone.length >= 6 ? `${HIDDEN}${phone.slice(-2)}` : HIDDEN
}

/** The first character of the mailbox, when it has more than one, and the domain. */
export function maskEmail(email: string): string {
  const at = email.lastIndexOf('@')
  if (at < 0) return HIDDEN_MAILBOX
  const mailbox = email.slice(0, at)
  const [first = ''] = mailbox
  return `${first === mailbox ? '' : first}${HIDDEN_MAILBOX}${email.slice(at)}`
}
