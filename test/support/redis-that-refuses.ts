import { createServer, type Socket } from 'node:net'

/** A server that accepts connections as Redis does, and replies to each command with the same error. */
export interface RefusingRedis extends AsyncDisposable {
  readonly url: string
  /** Commands refused so far. */
  readonly questions: number
  /** Sets the error from now on. */
  refuseWith(error: string): void
}

export async function startRefusingRedis(firstError: string): Promise<RefusingRedis> {
  let error = firstError
  let questions = 0
  const sockets = new Set<Socket>()
  const server = createServer(socket => {
    sockets.add(socket)
    socket.on('error', () => socket.destroy())
    socket.on('close', () => sockets.delete(socket))
    socket.on('data', (chunk: Buffer) => {
      // Each command is an array of strings. No key and no script has a line that begins like one.
      const sent = chunk.toString('latin1').match(/^\*\d+\r\n\$\d+\r\n\w+/gm) ?? []
      const replies = sent.map(start => (isGreeting(start, error) ? '%0\r\n' : `-${error}\r\n`))
      questions += sent.length
      socket.write(replies.join(''))
    })
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('A TCP server has a TCP address')
  return {
    url: `redis://someone:canary-redis-password@127.0.0.1:${address.port}`,
    get questions() {
      return questions
    },
    refuseWith(next) {
      error = next
    },
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy()
      await new Promise(resolve => server.close(resolve))
    },
  }
}

/** Only a wrong password is an error of the greeting itself. */
function isGreeting(start: string, error: string): boolean {
  return /hello$/i.test(start) && !error.startsWith('WRONGPASS')
}
