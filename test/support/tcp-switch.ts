import { connect, createServer, type Socket } from 'node:net'

/** A stable address before several servers, as managed services and Kubernetes have them. */
export interface TcpSwitch extends AsyncDisposable {
  readonly port: number
  /** Connections taken so far. */
  readonly connections: number
  /** Where the next connections lead. Those that are open stay where they are. */
  leadTo(port: number): void
  /** From now on whatever passes takes so much longer in each direction. */
  delayBy(ms: number): void
  /** Takes connections and passes nothing on, in place of leading anywhere. */
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
    // Whichever timer ends first sends what came first: a shorter delay overtakes nothing.
    const waiting: Buffer[] = []
    from.on('data', (chunk: Buffer) => {
      waiting.push(chunk)
      setTimeout(() => to.write(waiting.shift() ?? ''), delayMs)
    })
    from.on('close', () => to.destroy())
    from.on('end', () => to.end())
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
    swallow() {
      target = null
    },
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy()
      await new Promise(resolve => server.close(resolve))
    },
  }
}
