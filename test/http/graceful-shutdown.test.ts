import { once } from 'node:events'
import { Agent, createServer, get, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, it } from 'vitest'
import { createGracefulShutdown } from '../../src/http/graceful-shutdown.ts'
import { createInFlightRequests } from '../../src/http/in-flight-requests.ts'
import { createHandClock } from '../support/hand-clock.ts'

/** More than the buffers of the system take. */
const LARGE_BYTES = 32 * 1_024 * 1_024
const LIMIT_MS = 10_000

async function startServer(bytes: number) {
  const server = createServer()
  const clock = createHandClock()
  const shutdown = createGracefulShutdown(server, createInFlightRequests(), clock)
  server.on('request', (_request, response) => void response.end(Buffer.alloc(bytes)))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const agent = new Agent({ keepAlive: true })
  return {
    clock,
    shutdown,
    async ask(): Promise<IncomingMessage> {
      const [response]: IncomingMessage[] = await once(get({ port, agent }), 'response')
      if (response === undefined) throw new Error('no response')
      return response
    },
  }
}

async function countBytes(response: IncomingMessage): Promise<number> {
  let bytes = 0
  for await (const chunk of response) bytes += chunk.length
  return bytes
}

it('sends all of a response to a client that reads slowly, though it had ended before the stop', async () => {
  const { clock, shutdown, ask } = await startServer(LARGE_BYTES)
  const slow = await ask()
  const finished = shutdown.finish(LIMIT_MS)
  await clock.advance(LIMIT_MS / 2)
  expect(await countBytes(slow)).toBe(LARGE_BYTES)
  await clock.advance(LIMIT_MS / 4)
  expect(await finished).toBe(0)
})

it('closes connections that are kept for later, without a wait', async () => {
  const { shutdown, ask } = await startServer(10)
  await countBytes(await ask())
  expect(await shutdown.finish(LIMIT_MS)).toBe(0)
  await expect(ask()).rejects.toThrow()
})
