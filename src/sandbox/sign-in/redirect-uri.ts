import { z } from 'zod'

const LOOPBACK_HOSTS = ['127.0.0.1', 'localhost', '[::1]']

/** The page's own address: whatever is below it is for the page to remember. */
const PATH_END = '/console/'

/**
 * An address to which the issuer sends people back: the page's own on this machine. It ends in `/console/`, behind a
 * prefix or not. The port is free, because nobody registers it beforehand (RFC 8252, section 7.3).
 *
 * The text must be as `URL` writes it, so that no other reader takes it for another host.
 */
export const redirectUriSchema = z.string().max(1_000).refine(isOwnPage)

function isOwnPage(text: string): boolean {
  if (!URL.canParse(text)) return false
  const { href, protocol, username, password, hostname, pathname, search, hash } = new URL(text)
  return (
    href === text &&
    (protocol === 'http:' || protocol === 'https:') &&
    username + password + search + hash === '' &&
    LOOPBACK_HOSTS.includes(hostname) &&
    pathname.endsWith(PATH_END)
  )
}
