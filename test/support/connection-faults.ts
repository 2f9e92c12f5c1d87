import { readFileSync } from 'node:fs'
import { connect, createServer, type Socket } from 'node:net'
import { Worker } from 'node:worker_threads'
import { listen, startFaultUpstream } from './fault-upstream.ts'

/** A place to which no connection can be made. */
export interface NoGenAuth extends AsyncDisposable {
  readonly url: string
}

export type CertificateName = 'good' | 'wrong-name' | 'expired'

const ROOT = new URL('./certificates/', import.meta.url)
/** Trusted only where a test says so. */
export const TEST_CA_FILE = new URL('ca.pem', ROOT)

export function readCertificate(name: CertificateName) {
  return {
    cert: readFileSync(new URL(`${name}.pem`, ROOT)),
    key: readFileSync(new URL('server-key.pem', ROOT)),
  }
}

/** Every fault that prevents a connection, so that no byte of a request is ever sent. */
export const CONNECTION_FAULTS = {
  'a port where nobody listens': async () => {
    const server = createServer()
    const port = await listen(server)
    await new Promise(resolve => server.close(resolve))
    return { url: `http://127.0.0.1:${port}`, [Symbol.asyncDispose]: async () => {} }
  },
  'a host that no name server knows': async () => ({
    url: 'http://genauth.invalid',
    [Symbol.asyncDispose]: async () => {},
  }),
  'a port that takes no more connections': startFullPort,
  'a TLS handshake without an answer': () => startServer('https', () => {}),
  'a TLS handshake that is reset': () =>
    startServer('https', socket => socket.once('data', () => socket.resetAndDestroy())),
  'a TLS handshake that is closed': () =>
    startServer('https', socket => socket.once('data', () => socket.end())),
  'plain HTTP in place of TLS': () =>
    startServer('https', socket => socket.once('data', () => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'))),
  'a certificate of an unknown authority': () => startFaultUpstream({ tls: readCertificate('good') }),
} satisfies Record<string, () => Promise<NoGenAuth>>

async function startServer(scheme: string, serve: (socket: Socket) => void): Promise<NoGenAuth> {
  const sockets = new Set<Socket>()
  const server = createServer(socket => {
    sockets.add(socket)
    socket.on('error', () => {})
    serve(socket)
  })
  const port = await listen(server)
  return {
    url: `${scheme}://localhost:${port}`,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy()
      await new Promise(resolve => server.close(resolve))
    },
  }
}

/** Listens and never accepts. Once its short queue is full, the system leaves new connections without a reply. */
const FULL_PORT = `
const { parentPort } = require('node:worker_threads')
const server = require('node:net').createServer()
server.listen({ port: 0, host: '127.0.0.1', backlog: 1 }, () => {
  parentPort.postMessage(server.address().port)
  setImmediate(() => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0))
})`
const QUEUE_LENGTH = 4

async function startFullPort(): Promise<NoGenAuth> {
  const worker = new Worker(FULL_PORT, { eval: true })
  const port = await new Promise<number>(resolve => worker.once('message', resolve))
  const queued = Array.from({ length: QUEUE_LENGTH }, () => connect(port, '127.0.0.1').on('error', () => {}))
  await new Promise(resolve => queued[0]?.once('connect', resolve))
  return {
    url: `http://127.0.0.1:${port}`,
    async [Symbol.asyncDispose]() {
      for (const socket of queued) socket.destroy()
      await worker.terminate()
    },
  }
}
