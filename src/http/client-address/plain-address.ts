import { isIP, SocketAddress } from 'node:net'

const MAPPED = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/

/**
 * One text for each IP address: IPv6 as RFC 5952 writes it and without a zone, an IPv4 address that came as IPv6
 * (`::ffff:192.0.2.1`) as IPv4. Anything else is returned as it is.
 */
export function toPlainAddress(address: string): string {
  const [bare = ''] = address.split('%', 1)
  if (isIP(bare) !== 6) return bare
  const text = new SocketAddress({ address: bare, family: 'ipv6' }).address
  return MAPPED.exec(text)?.[1] ?? text
}
