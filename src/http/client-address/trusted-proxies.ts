import { isIP } from 'node:net'
import { toPlainAddress } from './plain-address.ts'

/** The proxies in front of this server that are believed when they name their client. */
export type TrustedProxies =
  | { readonly kind: 'NONE' }
  /** This many proxies in a row, whatever their addresses are. */
  | { readonly kind: 'HOPS'; readonly hops: number }
  | { readonly kind: 'NETWORKS'; readonly networks: readonly Network[] }

interface Network {
  readonly address: string
  /** The number of bits of the address that count. */
  readonly prefix: number
  readonly family: 'ipv4' | 'ipv6'
}

/** Named networks, as other servers of the Node ecosystem define them. */
const NAMED: Readonly<Record<string, readonly string[]>> = {
  loopback: ['127.0.0.0/8', '::1/128'],
  linklocal: ['169.254.0.0/16', 'fe80::/10'],
  uniquelocal: ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', 'fc00::/7'],
}

const MAX_HOPS = 16

/**
 * Reads a number of proxies, or a list that is separated by commas. The list holds addresses, networks (`10.0.0.0/8`)
 * and the names `loopback`, `linklocal` and `uniquelocal`.
 *
 * @returns `null` for a text that is neither
 */
export function parseTrustedProxies(text: string): TrustedProxies | null {
  if (/^\d+$/.test(text)) {
    const hops = Number(text)
    return hops <= MAX_HOPS ? { kind: 'HOPS', hops } : null
  }
  const networks = text
    .split(',')
    .map(part => part.trim())
    .flatMap(part => (Object.hasOwn(NAMED, part) ? (NAMED[part] ?? []) : part))
    .map(parseNetwork)
  const known = networks.filter(network => network !== null)
  return known.length === networks.length ? { kind: 'NETWORKS', networks: known } : null
}

function parseNetwork(text: string): Network | null {
  const [, given = '', bits] = /^([\da-f.:]+)(?:\/(\d{1,3}))?$/i.exec(text) ?? []
  const family = isIP(given)
  if (family === 0) return null
  const most = family === 4 ? 32 : 128
  const prefix = Number(bits ?? most)
  if (prefix > most) return null
  const address = toPlainAddress(given)
  // The prefix of an IPv4 network that is written as IPv6 counts its bits from 96 on.
  if (family === 6 && isIP(address) === 4) {
    return prefix >= 96 ? { address, prefix: prefix - 96, family: 'ipv4' } : null
  }
  return { address, prefix, family: family === 4 ? 'ipv4' : 'ipv6' }
}
