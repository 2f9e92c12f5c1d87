import type { IncomingMessage } from 'node:http'
import { BlockList, isIP } from 'node:net'
import { parseForwarded, parseForwardedFor } from './forwarded-hops.ts'
import { toPlainAddress } from './plain-address.ts'
import type { TrustedProxies } from './trusted-proxies.ts'

/** The parts of a request that tell where it came from. */
type Request = Pick<IncomingMessage, 'headers'> & {
  readonly socket: Partial<Pick<IncomingMessage['socket'], 'remoteAddress'>>
}

/**
 * Finds the address that a request came from. It is the connection's address, unless a trusted proxy is at its other
 * end.
 *
 * The headers of a trusted proxy are walked from their right end, where the nearest proxy writes. The walk continues
 * for as long as the writer of an entry is trusted. An entry that names no address ends it. Entries that a client
 * writes itself stand further left, and are never reached.
 *
 * If both headers are there and lead to two addresses, one of them is the client's own claim, and neither is believed.
 *
 * @returns `null` for a connection that has ended already
 */
export function createClientAddress(trusted: TrustedProxies): (request: Request) => string | null {
  const isTrusted = createTrust(trusted)

  function walk(peer: string, hops: readonly (string | null)[]): string {
    let [address, depth] = [peer, 0]
    for (const hop of hops) {
      if (hop === null || !isTrusted(address, depth)) break
      address = hop
      depth++
    }
    return address
  }

  return ({ headers, socket }) => {
    const { remoteAddress } = socket
    if (remoteAddress === undefined) return null
    // It is almost always plain already.
    const peer = remoteAddress.includes(':') ? toPlainAddress(remoteAddress) : remoteAddress
    if (trusted.kind === 'NONE' || !isTrusted(peer, 0)) return peer
    const { 'x-forwarded-for': forwardedFor, forwarded } = headers
    const [first = peer, second = first] = [
      ...(forwardedFor === undefined ? [] : [parseForwardedFor(String(forwardedFor))]),
      ...(forwarded === undefined ? [] : [parseForwarded(forwarded)]),
    ].map(hops => walk(peer, hops))
    return first === second ? first : peer
  }
}

/** Checking a list of networks takes ten times as long as the rest. Few addresses send most requests. */
const MAX_VERDICTS = 1_000

/** Returns a function that says whether a proxy's address is trusted, at this number of hops from the server. */
function createTrust(trusted: TrustedProxies): (address: string, depth: number) => boolean {
  switch (trusted.kind) {
    case 'NONE':
      return () => false
    case 'HOPS':
      return (_address, depth) => depth < trusted.hops
    case 'NETWORKS': {
      const list = new BlockList()
      for (const { address, prefix, family } of trusted.networks) list.addSubnet(address, prefix, family)
      const verdicts = new Map<string, boolean>()
      return address => {
        const known = verdicts.get(address)
        if (known !== undefined) return known
        const verdict = list.check(address, isIP(address) === 4 ? 'ipv4' : 'ipv6')
        if (verdicts.size >= MAX_VERDICTS) verdicts.clear()
        verdicts.set(address, verdict)
        return verdict
      }
    }
  }
}
