const MAX_LENGTH = 254
const MAX_MAILBOX_LENGTH = 64

/**
 * The characters that RFC 5322 allows in a mailbox without quotes, but for the asterisk of a masked one. Dots stand
 * between them.
 */
const MAILBOX = /^[\w!#$%&'+/=?^`{|}~-]+(\.[\w!#$%&'+/=?^`{|}~-]+)*$/
const LABEL = /^[a-z\d]([a-z\d-]{0,61}[a-z\d])?$/i

/**
 * Returns the fault of an e-mail address to which codes are to go, or `null` if it has none. Quotes, blanks and
 * addresses of machines are legal and belong to no person. Other letters than ASCII's may look like an address that
 * they are not, and the domain is shown in full.
 */
export function findEmailFault(email: string): string | null {
  if (/[^\0-\x7f]/.test(email)) {
    return 'An e-mail address holds ASCII characters alone. Write an international domain as in xn--fiqs8s.'
  }
  const at = email.lastIndexOf('@')
  const [mailbox, labels] = [email.slice(0, at), email.slice(at + 1).split('.')]
  const isPlausible =
    at > 0 &&
    email.length <= MAX_LENGTH &&
    mailbox.length <= MAX_MAILBOX_LENGTH &&
    MAILBOX.test(mailbox) &&
    labels.length > 1 &&
    labels.every(label => LABEL.test(label)) &&
    !/^\d+$/.test(labels.at(-1) ?? '')
  return isPlausible ? null : 'An e-mail address has a mailbox, one @, and a domain with a dot.'
}
