import { isIP } from 'node:net'
import type { ConnectionOptions } from 'node:tls'
import { createTlsContext } from './tls-context.ts'
import type { TlsFiles } from './tls-files.ts'

const DEFAULT_PORT = 6_379

/**
 * Returns the connection options of a `redis://` or `rediss://` URL that was validated before.
 *
 * @param tlsFiles read again for each connection, so that a certificate may be replaced while the server runs
 */
export function toRedisAddress(url: string, tlsFiles: TlsFiles) {
  const { protocol, hostname, port, username, password, pathname } = new URL(url)
  // An IPv6 address without its brackets.
  const host = hostname.replace(/^\[(.*)\]$/, '$1')
  return {
    host,
    port: port === '' ? DEFAULT_PORT : Number(port),
    db: Number(pathname.slice(1)),
    ...(username === '' ? {} : { username: decodeURIComponent(username) }),
    ...(password === '' ? {} : { password: decodeURIComponent(password) }),
    ...(protocol === 'rediss:' ? { tls: toTls(host, tlsFiles) } : {}),
  }
}

/** The client copies this object for each connection, so the getter creates a new context each time. */
function toTls(host: string, tlsFiles: TlsFiles): ConnectionOptions {
  const context = createTlsContext(tlsFiles)
  // Without this, Node names no server, and a proxy that serves several cannot tell them apart.
  const serverName = isIP(host) === 0 ? { servername: host } : {}
  return Object.defineProperty(serverName, 'secureContext', { enumerable: true, get: context.current })
}
