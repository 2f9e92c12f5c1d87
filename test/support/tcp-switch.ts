import { connect, createServer, type Socket } from 'node:net'

/** A stable address in front of several servers, as managed services and Kubernetes have. */
export interface TcpSwitch extends AsyncDisposable {
  readonly port: number
  /** Connections accepted so far. */
  readonly connections: number
  /** Leads the next connections to a port. Open ones stay where they are. */
  leadTo(port: number): void
  /** Delays everything in each direction from now on. */
  delayBy(ms: number): void
  /** Ends every open connection. */
  cut(): void
  /** Accepts connections and passes nothing on. */
  swallow(): void
}

export async function startTcpSwitch(firstPort: number): Promise<TcpSwitch> {
  let target: number | null = firstPort
  let delayMs = 0
  let connections = 0
  const sockets = new Set<Socket>()

  function hold(socket: Socket): void {
    sockets.add(socket)
    socket.on('error', () => socket.destroy())
    socket.on('close', () => sockets.delete(socket))
  }

  function pass(from: Socket, to: Socket): void {
    // Each timer sends the earliest waiting bytes, so a shorter delay overtakes nothing.
    const waiting: Buffer[] = []
    from.on('data', (chunk: Buffer) => {
      waiting.push(chunk)
      setTimeout(() => to.write(waiting.shift() ?? ''), delayMs)
    })
    // After what still waits.
    from.on('close', hadError => setTimeout(() => (hadError ? to.destroy() : to.end()), delayMs))
    from.on('end', () => setTimeout(() => to.end(), delayMs))
  }

  const server = createServer({ allowHalfOpen: false }, socket => {
    connections++
    hold(socket)
    if (target === null) return
    const onward = connect(target, '127.0.0.1')
    hold(onward)
    pass(socket, onward)
    pass(onward, socket)
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('A TCP server has a TCP address')

  return {
    port: address.port,
    get connections() {
      return connections
    },
    leadTo(port) {
      target = port
    },
    delayBy(ms) {
      delayMs = ms
    },
    cut() {
      for (const socket of sockets) socket.destroy()
    },
    swallow() {
      target = null
    },
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy()
      await new Promise(resolve => server.close(resolve))
    },
  }
}
