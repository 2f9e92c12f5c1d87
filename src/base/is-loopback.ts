/**
 * Returns `true` if a host is this machine itself.
 *
 * @param hostname as `URL` writes it, which brings every form of an address into one
 */
export function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d{1,3}){3}$/.test(hostname)
}
