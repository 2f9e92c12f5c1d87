import { createServer, type Server, type Socket } from 'node:net'
import { createServer as createTlsServer, type TlsOptions } from 'node:tls'
import { listen } from './fault-upstream.ts'

export interface RawServer extends AsyncDisposable {
  readonly origin: string
  /** The bytes of each connection so far, as Latin-1. */
  readonly received: string[]
  /** The sockets that are open. */
  readonly open: ReadonlySet<Socket>
}

interface RawServerOptions {
  /** Serves TLS with these options. */
  readonly tls?: TlsOptions
  /** Called for each connection. */
  readonly onConnection?: (socket: Socket) => void
}

/**
 * Starts a server that does what a test says with each request.
 *
 * @param respond called once on each connection, with the first bytes of its request
 */
export async function startRawServer(
  respond: (socket: Socket) => void,
  { tls, onConnection = () => {} }: RawServerOptions = {},
): Promise<RawServer> {
  const received: string[] = []
  const open = new Set<Socket>()
  function serve(socket: Socket): void {
    const index = received.push('') - 1
    onConnection(socket)
    socket.once('data', () => respond(socket))
    socket.on('data', bytes => {
      received[index] += bytes.toString('latin1')
    })
  }
  const server: Server =
    tls === undefined
      ? createServer({ allowHalfOpen: true }, serve)
      : createTlsServer({ ...tls, allowHalfOpen: true }, serve)
  for (const event of ['connection', 'secureConnection']) {
    server.on(event, (socket: Socket) => {
      open.add(socket)
      socket.on('error', () => {})
      socket.on('end', () => socket.end())
      socket.on('close', () => open.delete(socket))
    })
  }
  server.on('tlsClientError', () => {})
  const port = await listen(server)
  return {
    origin: tls === undefined ? `http://127.0.0.1:${port}` : `https://localhost:${port}`,
    received,
    open,
    async [Symbol.asyncDispose]() {
      for (const socket of open) socket.destroy()
      await new Promise(resolve => server.close(resolve))
    },
  }
}
