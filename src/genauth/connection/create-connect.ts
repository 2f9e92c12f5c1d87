import { connect, isIP, type Socket } from 'node:net'
import { connect as connectTls, createSecureContext } from 'node:tls'

/** Begins a connection. */
export interface Connect {
  readonly open: () => Socket
  /** The event of a socket that can be written to. */
  readonly readyEvent: 'connect' | 'secureConnect'
}

export interface ConnectOptions {
  /** A socket emits `timeout` after so long without a sign of the other side. */
  readonly connectTimeoutMs: number
  /** The authorities to trust in place of Node's. */
  readonly ca?: Buffer
}

/**
 * Creates connections to one origin. Those over TLS share what was read of the authorities, which costs more than a
 * third of a connection. A new one resumes the last session.
 */
export function createConnect(
  { protocol, hostname, port }: URL,
  { connectTimeoutMs, ca }: ConnectOptions,
): Connect {
  const isPlain = protocol === 'http:'
  const defaultPort = isPlain ? 80 : 443
  const target = {
    host: hostname.replace(/^\[|\]$/g, ''),
    port: port === '' ? defaultPort : Number(port),
    noDelay: true,
    timeout: connectTimeoutMs,
  }
  if (isPlain) {
    return { open: () => connect(target), readyEvent: 'connect' }
  }
  const tlsTarget = {
    ...target,
    // An address is no name to ask a certificate for (RFC 6066, section 3).
    servername: isIP(target.host) === 0 ? target.host : '',
    ALPNProtocols: ['http/1.1'],
    secureContext: createSecureContext(ca === undefined ? {} : { ca }),
  }
  let session: Buffer | null = null
  return {
    open() {
      const socket = connectTls(session === null ? tlsTarget : { ...tlsTarget, session })
      socket.setNoDelay(true)
      return socket.on('session', next => {
        session = next
      })
    },
    readyEvent: 'secureConnect',
  }
}
