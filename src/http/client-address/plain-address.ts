import { isIP, SocketAddress } from 'node:net'

const MAPPED = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/

/**
 * Returns one text for each IP address. IPv6 is written as in RFC 5952 and without a zone. An IPv4 address that came as
 * IPv6 (`::ffff:192.0.2.1`) is written as IPv4. Any other text is returned unchanged.
 */
export function toPlainAddress(address: string): string {
  const [bare = ''] = address.split('%', 1)
  if (isIP(bare) !== 6) return bare
  const text = new SocketAddress({ address: bare, family: 'ipv6' }).address
  return MAPPED.exec(text)?.[1] ?? text
}
