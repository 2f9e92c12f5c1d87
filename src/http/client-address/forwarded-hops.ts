import { isIP } from 'node:net'
import { toPlainAddress } from './plain-address.ts'

/** The address of a proxy's client, or `null` if the proxy does not say one. */
type Hop = string | null

/** More proxies than any real chain has. A client may send thousands of entries. */
const MAX_HOPS_READ = 32

/**
 * A pair of `Forwarded`, or none, and the separator after it. IPv6 addresses and ports without quotes are not tokens,
 * but some proxies send them.
 */
const PAIR = /[ \t]*(?:([!#$%&'*+.^_`|~\w-]+)=(?:"((?:[^"\\]|\\.)*)"|([^\s",;]*)))?[ \t]*([;,]|$)/y
const WITH_PORT = /^(?:\[([^\]]+)\]|([^:]+))(?::[\w.-]+)?$/

/**
 * Returns the addresses of an `X-Forwarded-For` header, the nearest proxy's client first. Ports, which some balancers
 * add, are left out.
 */
export function parseForwardedFor(header: string): readonly Hop[] {
  return toHops(header.split(',').map(part => part.trim()))
}

/**
 * Does the same with a `Forwarded` header (RFC 7239, section 4). `unknown` and names that hide an address are no
 * address. A header that can be split in more than one way has no addresses at all. An example is a quote that is not
 * closed.
 */
export function parseForwarded(header: string): readonly Hop[] {
  const nodes: string[] = []
  let [node, isEmpty] = ['', true]
  PAIR.lastIndex = 0
  while (PAIR.lastIndex < header.length) {
    const [matched, name, quoted, plain, end] = PAIR.exec(header) ?? []
    if (matched === undefined) return []
    if (name !== undefined) isEmpty = false
    if (name?.toLowerCase() === 'for') node = quoted?.replace(/\\(.)/g, '$1') ?? plain ?? ''
    if (end === ';' && PAIR.lastIndex < header.length) continue
    if (!isEmpty) nodes.push(node)
    ;[node, isEmpty] = ['', true]
  }
  return toHops(nodes)
}

function toHops(nodes: readonly string[]): readonly Hop[] {
  return nodes.slice(-MAX_HOPS_READ).reverse().map(toHop)
}

function toHop(node: string): Hop {
  const [, bracketed, plain] = WITH_PORT.exec(node) ?? []
  const address = isIP(node) === 0 ? (bracketed ?? plain ?? '') : node
  return isIP(address) === 0 || address.includes('%') ? null : toPlainAddress(address)
}
