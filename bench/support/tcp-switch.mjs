// A stable address in front of several servers. It can lead elsewhere and slow down, while its connections
// stay.
import { connect, createServer } from 'node:net'

export async function startTcpSwitch(firstPort) {
  let target = firstPort
  let delayMs = 0
  let chunks = 0
  const sockets = new Set()

  function hold(socket) {
    socket.setNoDelay(true)
    sockets.add(socket)
    socket.on('error', () => socket.destroy())
    socket.on('close', () => sockets.delete(socket))
  }

  function pass(from, to) {
    // Each timer sends the earliest waiting bytes, so a shorter delay overtakes nothing.
    const waiting = []
    from.on('data', chunk => {
      chunks++
      if (delayMs === 0 && waiting.length === 0) {
        to.write(chunk)
        return
      }
      waiting.push(chunk)
      setTimeout(() => to.write(waiting.shift()), delayMs)
    })
    from.on('end', () => to.end())
    from.on('close', () => to.destroy())
  }

  const server = createServer(socket => {
    const onward = connect(target, '127.0.0.1')
    hold(socket)
    hold(onward)
    pass(socket, onward)
    pass(onward, socket)
  })
  await new Promise(resolve => server.listen(0, '127.0.0.1', resolve))
  return {
    port: server.address().port,
    /** Counts what has passed, in either direction. */
    chunks: () => chunks,
    /** Leads the next connections to a port. */
    leadTo(port) {
      target = port
    },
    /** Delays everything in each direction from now on. */
    delayBy(ms) {
      delayMs = ms
    },
    close() {
      for (const socket of sockets) socket.destroy()
      server.close()
    },
  }
}
