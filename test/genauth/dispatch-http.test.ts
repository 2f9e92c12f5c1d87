import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Pool } from 'undici'
import { describe, expect, it } from 'vitest'
import { systemClock } from '../../src/base/clock.ts'
import { dispatchHttp } from '../../src/genauth/dispatch-http.ts'

/** A server with one connection to it. */
async function startServer(listener: RequestListener) {
  const server = createServer(listener)
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const pool = new Pool(`http://127.0.0.1:${port}`, { connections: 1, pipelining: 1 })
  return {
    pool,
    async [Symbol.asyncDispose]() {
      await pool.destroy()
      server.closeAllConnections()
      server.close()
    },
  }
}

interface Sending {
  readonly path?: string
  readonly headers?: string[]
  readonly timeoutMs?: number
  readonly isWanted?: () => boolean
}

/** Sends a request, and counts how often the code says that it is sent. */
function send(
  pool: Pool,
  { path = '/', headers = [], timeoutMs = 1_000, isWanted = () => true }: Sending = {},
) {
  let sent = 0
  const request = { method: 'GET', path, headers, body: null } as const
  const outcome = dispatchHttp(pool, request, {
    timeoutMs,
    clock: systemClock,
    onSent: () => sent++,
    isWanted,
  })
  return { outcome, sent: () => sent }
}

const answer: RequestListener = (_, response) => response.end('well')

describe('a request is sent once', () => {
  it('when it is answered', async () => {
    await using server = await startServer(answer)
    const { outcome, sent } = send(server.pool)
    expect(await outcome).toMatchObject({ kind: 'ANSWERED', text: 'well' })
    expect(sent()).toBe(1)
  })

  it('before its answer is there', async () => {
    let sent = () => 0
    await using server = await startServer((_, response) => response.end(`${sent()}`))
    const sending = send(server.pool)
    sent = sending.sent
    expect(await sending.outcome).toMatchObject({ text: '1' })
  })

  it.each<[string, RequestListener, boolean]>([
    ['when no answer comes in time', () => {}, true],
    ['when the connection breaks', message => message.socket.destroy(), false],
  ])('%s', async (_, listener, isLate) => {
    await using server = await startServer(listener)
    const { outcome, sent } = send(server.pool, { timeoutMs: 200 })
    expect(await outcome).toMatchObject({ kind: 'UNANSWERED', isStarted: true, isLate })
    expect(sent()).toBe(1)
  })
})

describe('a request is not sent', () => {
  it('when nobody listens', async () => {
    const nobody = new Pool('http://127.0.0.1:1')
    const { outcome, sent } = send(nobody)
    expect(await outcome).toMatchObject({ kind: 'UNANSWERED', isStarted: false, isLate: false })
    expect(sent()).toBe(0)
    await nobody.destroy()
  })

  it('when it cannot be written', async () => {
    await using server = await startServer(answer)
    const { outcome, sent } = send(server.pool, { headers: ['x', 'not\nvalid'] })
    expect(await outcome).toMatchObject({ kind: 'UNANSWERED', isStarted: false })
    expect(sent()).toBe(0)
  })

  it('when its connection comes after it was withdrawn', async () => {
    const seen: string[] = []
    let finish = () => {}
    await using server = await startServer((message, response) => {
      seen.push(message.url ?? '')
      if (message.url === '/slow') finish = () => response.end()
      else response.end()
    })
    const slow = send(server.pool, { path: '/slow' })
    let isWanted = true
    const { outcome, sent } = send(server.pool, { isWanted: () => isWanted })
    isWanted = false
    await expect.poll(() => seen).toEqual(['/slow'])
    finish()
    expect(await outcome).toMatchObject({ kind: 'UNANSWERED', isStarted: false, isLate: false })
    await slow.outcome
    await send(server.pool, { path: '/next' }).outcome
    expect(sent()).toBe(0)
    expect(seen).toEqual(['/slow', '/next'])
  })

  it('when its connection comes too late', async () => {
    const seen: string[] = []
    let finish = () => {}
    await using server = await startServer((message, response) => {
      seen.push(message.url ?? '')
      if (message.url === '/slow') finish = () => response.end()
      else response.end()
    })
    const slow = send(server.pool, { path: '/slow' })
    const { outcome, sent } = send(server.pool, { timeoutMs: 100 })
    expect(await outcome).toMatchObject({ kind: 'UNANSWERED', isStarted: false, isLate: true })
    await expect.poll(() => seen).toEqual(['/slow'])
    finish()
    await slow.outcome
    await send(server.pool, { path: '/next' }).outcome
    expect(sent()).toBe(0)
    expect(seen).toEqual(['/slow', '/next'])
  })
})
