import { connect as connectSocket } from 'node:net'
import { readMessage } from './http-framing.ts'

export interface HttpRequest {
  readonly method: 'GET' | 'POST'
  readonly path: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
}

export interface HttpAnswer {
  readonly status: number
  readonly body: Buffer
}

/** One keep-alive connection, for one request at a time. */
export interface HttpConnection {
  /** @throws if the connection is lost before the response is whole */
  send(request: Buffer): Promise<HttpAnswer>
  close(): void
}

const EMPTY = Buffer.alloc(0)

/** Returns the bytes of a request, which are made once and sent often. */
export function toRequestBytes({ method, path, headers = {}, body }: HttpRequest): Buffer {
  const all = {
    host: '127.0.0.1',
    accept: 'application/json',
    ...headers,
    ...(body === undefined
      ? {}
      : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }),
  }
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`)
  return Buffer.from(`${method} ${path} HTTP/1.1\r\n${lines.join('')}\r\n${body ?? ''}`)
}

/** Connects to an address. Rejects if nobody listens there. */
export function connect(url: string): Promise<HttpConnection> {
  const { hostname, port } = new URL(url)
  return new Promise((resolve, reject) => {
    const socket = connectSocket({ host: hostname, port: Number(port), noDelay: true })
    let received = EMPTY
    let waiting: PromiseWithResolvers | null = null

    socket.once('connect', () => resolve({ send, close: () => socket.destroy() }))
    socket.on('error', reject)
    socket.on('close', () => {
      waiting?.reject(new Error(`The connection to ${url} was closed before the answer`))
      waiting = null
    })
    socket.on('data', chunk => {
      received = received.length === 0 ? chunk : Buffer.concat([received, chunk])
      const message = readMessage(received)
      if (message === null) return
      received = received.subarray(message.end)
      const done = waiting
      waiting = null
      done?.resolve({ status: Number(message.head.slice(9, 12)), body: message.body })
    })

    function send(request: Buffer): Promise<HttpAnswer> {
      return new Promise((resolveAnswer, rejectAnswer) => {
        waiting = { resolve: resolveAnswer, reject: rejectAnswer }
        socket.write(request)
      })
    }
  })
}

interface PromiseWithResolvers {
  readonly resolve: (answer: HttpAnswer) => void
  readonly reject: (error: Error) => void
}

/** Sends one request on a connection of its own. */
export async function ask(url: string, request: HttpRequest): Promise<HttpAnswer> {
  const connection = await connect(url)
  try {
    return await connection.send(toRequestBytes(request))
  } finally {
    connection.close()
  }
}
