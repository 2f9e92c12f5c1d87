import type { IncomingMessage } from 'node:http'

const LOOPBACK_NAME = /^(?:127(?:\.\d{1,3}){3}|(?:[a-z\d-]+\.)*localhost\.?|\[::1\])(?::\d+)?$/i

/** Headers that proxies add. They show that the request first came to another machine, or under another name. */
const FORWARDED =
  /^(?:forwarded|via|x-forwarded-.*|x-original-.*|x-envoy-.*|cf-.*|x-real-ip|(?:x-|x-cluster-|true-|fastly-)client-ip)$/

/**
 * Returns `true` if a request came under a name that only means this machine. A foreign page can reach this server
 * under a name of its own that resolves to 127.0.0.1 (DNS rebinding). A browser then calls both one origin.
 *
 * These count as a foreign name:
 *
 * - several `Host` headers
 * - a target with a host of its own
 * - headers that a proxy adds, because many proxies ask for the page under their own name for this machine
 * - HTTP/1.0, which some proxies speak and no browser does
 */
export function isLoopbackHost({
  headersDistinct,
  httpVersion,
  url,
}: Pick<IncomingMessage, 'headersDistinct' | 'httpVersion' | 'url'>): boolean {
  const hosts = headersDistinct['host'] ?? []
  return (
    hosts.length === 1 &&
    LOOPBACK_NAME.test(hosts[0] ?? '') &&
    url?.startsWith('/') === true &&
    httpVersion !== '1.0' &&
    !Object.keys(headersDistinct).some(name => FORWARDED.test(name))
  )
}
