import { isIP } from 'node:net'
import { toPlainAddress } from './plain-address.ts'

/** An address that a proxy was spoken to from; `null`: it does not say one. */
type Hop = string | null

/** More proxies than anybody has in a row. A client may send thousands of entries. */
const MAX_HOPS_READ = 32

/** A pair of `Forwarded`, or none, and what follows. IPv6 addresses and ports without quotes are no tokens, and are sent. */
const PAIR = /[ \t]*(?:([!#$%&'*+.^_`|~\w-]+)=(?:"((?:[^"\\]|\\.)*)"|([^\s",;]*)))?[ \t]*([;,]|$)/y
const WITH_PORT = /^(?:\[([^\]]+)\]|([^:]+))(?::[\w.-]+)?$/

/**
 * The addresses of an `X-Forwarded-For` header, the nearest proxy's client first. Ports are left out, which some
 * balancers add.
 */
export function parseForwardedFor(header: string): readonly Hop[] {
  return toHops(header.split(',').map(part => part.trim()))
}

/**
 * The same of a `Forwarded` header (RFC 7239, section 4). `unknown` and names that hide an address are no address. What
 * cannot be split in one way alone, as by a quote that is not closed, has none at all.
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
