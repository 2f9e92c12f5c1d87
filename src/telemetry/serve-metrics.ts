import type { ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Registry } from 'prom-client'
import { createHttpServer } from '../base/create-http-server.ts'
import { toRequestId } from '../http/request-headers.ts'
import { createRouter } from '../http/router.ts'
import { sendRefusal } from '../http/send-response.ts'

export interface MetricsServer {
  readonly url: string
  close(): Promise<void>
}

export interface MetricsServerOptions {
  readonly port: number
  readonly host: string
  /**
   * The longest time that a connection stays idle. It must exceed the interval at which Prometheus reads the metrics.
   */
  readonly keepAliveTimeoutMs: number
}

const TIMEOUTS = { headersTimeout: 5_000, requestTimeout: 5_000 }

/**
 * Responds to `GET` and `HEAD` of `/metrics` and to nothing else. Everybody who reaches its port may read them.
 *
 * @throws the system's error, such as `EADDRINUSE`, if it cannot listen
 */
export async function serveMetrics(
  registry: Registry,
  { port, host, keepAliveTimeoutMs }: MetricsServerOptions,
): Promise<MetricsServer> {
  const findRoute = createRouter({ '/metrics': { methods: ['GET'], handle: sendMetrics } })
  const http = createHttpServer(
    { ...TIMEOUTS, keepAliveTimeout: keepAliveTimeoutMs },
    (request, response) => {
      const routed = findRoute(request.method, request.url)
      if (routed.kind === 'ROUTE') {
        routed.handle(response)
        return
      }
      const requestId = toRequestId(request.headers)
      response.setHeader('x-request-id', requestId)
      sendRefusal(request, response, requestId, routed.refused)
    },
  )

  function sendMetrics(response: ServerResponse): void {
    registry.metrics().then(
      text => response.writeHead(200, { 'content-type': registry.contentType }).end(text),
      () => response.writeHead(500).end(),
    )
  }

  await new Promise<void>((resolve, reject) => {
    http.once('error', reject)
    http.listen({ port, host }, resolve)
  })
  const { family, address, port: taken } = http.address() as AddressInfo
  return {
    url: `http://${family === 'IPv6' ? `[${address}]` : address}:${taken}/metrics`,
    async close() {
      http.closeAllConnections()
      await new Promise(resolve => http.close(resolve))
    },
  }
}
