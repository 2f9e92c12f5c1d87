import { createServer, request } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Json } from './app.ts'

/** A call that passes the proxy. */
export interface PassingCall {
  readonly endpoint: string
  readonly params: Json
  /** The number of calls to this endpoint, this one included. */
  readonly nth: number
}

/**
 * An envelope in place of GenAuth's, `DROP` to cut the connection, other parameters to pass on, or what becomes of
 * GenAuth's own envelope.
 */
export type ProxyFault =
  | { readonly statusCode: number; readonly data?: unknown }
  | 'DROP'
  | { readonly body: Json }
  | ((envelope: Json) => Json)

export interface FaultProxy extends AsyncDisposable {
  readonly url: string
  /** The calls so far, by endpoint. Token requests are left out. */
  readonly counts: Readonly<Record<string, number>>
  /** Answers wrongly from now on. `null` lets a call pass. */
  behave(toFault: (call: PassingCall) => ProxyFault | null | Promise<ProxyFault | null>): void
}

/** Starts a proxy before a stand-in for GenAuth that can put faults into its answers. */
export async function startFaultProxy(target: string): Promise<FaultProxy> {
  const counts: Record<string, number> = {}
  let toFault: (call: PassingCall) => ProxyFault | null | Promise<ProxyFault | null> = () => null

  const server = createServer(async (received, response) => {
    const url = new URL(received.url ?? '', 'http://localhost')
    const endpoint = url.pathname.replace('/api/v3/', '')
    const chunks: Buffer[] = []
    for await (const chunk of received) chunks.push(chunk)
    const body = Buffer.concat(chunks)
    const params = body.length > 0 ? JSON.parse(body.toString()) : Object.fromEntries(url.searchParams)
    const nth = (counts[endpoint] ?? 0) + 1
    const isToken = endpoint === 'get-management-token'
    if (!isToken) counts[endpoint] = nth
    const fault = isToken ? null : await toFault({ endpoint, params, nth })
    if (fault === 'DROP') return void response.destroy()
    if (fault !== null && 'statusCode' in fault) return reply({ message: '', ...fault })
    const passed = fault !== null && 'body' in fault ? Buffer.from(JSON.stringify(fault.body)) : body
    const headers =
      body.length > 0 ? { ...received.headers, 'content-length': passed.length } : received.headers
    const sent = request(`${target}${received.url}`, { method: received.method, headers })
    sent.on('error', () => response.destroy())
    sent.on('response', async answer => {
      const parts: Buffer[] = []
      for await (const part of answer) parts.push(part)
      const text = Buffer.concat(parts).toString()
      reply(typeof fault === 'function' ? fault(JSON.parse(text)) : text)
    })
    sent.end(passed)

    function reply(envelope: unknown): void {
      response.writeHead(200, { 'content-type': 'application/json' })
      response.end(typeof envelope === 'string' ? envelope : JSON.stringify(envelope))
    }
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    counts,
    behave(next) {
      toFault = next
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise(resolve => server.close(resolve))
    },
  }
}
