import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { z } from 'zod'
import { watchForLeaks } from './canaries.ts'

const attributes = z
  .array(z.object({ key: z.string(), value: z.record(z.string(), z.unknown()) }))
  .transform(pairs => Object.fromEntries(pairs.map(({ key, value }) => [key, Object.values(value)[0]])))
const hex = (digits: number) => z.string().regex(new RegExp(`^[0-9a-f]{${digits}}$`))

const spanSchema = z.object({
  traceId: hex(32),
  spanId: hex(16),
  parentSpanId: hex(16).optional(),
  name: z.string(),
  kind: z.number(),
  startTimeUnixNano: z.string().regex(/^\d{19}$/),
  endTimeUnixNano: z.string().regex(/^\d{19}$/),
  attributes: attributes.default({}),
  status: z.object({ code: z.number().optional() }),
})

/** The form of spans in OTLP/HTTP with JSON. */
const requestSchema = z.object({
  resourceSpans: z.array(
    z.object({
      resource: z.object({ attributes }),
      scopeSpans: z.array(z.object({ spans: z.array(spanSchema) })),
    }),
  ),
})

export type ReceivedSpan = z.infer<typeof spanSchema>

export interface OtlpReceiver extends AsyncDisposable {
  readonly url: string
  readonly spans: readonly ReceivedSpan[]
  /** The resource of the process that sent the last spans. */
  readonly resource: Readonly<Record<string, unknown>>
  readonly requests: number
  /** The headers of the last request. */
  readonly headers: IncomingHttpHeaders
  /** The bodies in protobuf, unparsed. */
  readonly binary: readonly Buffer[]
  behave(how: 'TAKE' | 'REFUSE' | 'HANG'): void
}

/** Starts a collector that receives spans, checks their form, and keeps them. */
export async function startOtlpReceiver(): Promise<OtlpReceiver> {
  const spans: ReceivedSpan[] = []
  let resource = {}
  const binary: Buffer[] = []
  let headers: IncomingHttpHeaders = {}
  let requests = 0
  let behaviour: Parameters<OtlpReceiver['behave']>[0] = 'TAKE'
  const server = createServer(async (request, response) => {
    requests++
    headers = request.headers
    if (behaviour === 'HANG') return
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    const body = Buffer.concat(chunks)
    const text = body.toString()
    watchForLeaks('traces', text)
    const isWellAddressed = request.method === 'POST' && request.url === '/v1/traces'
    if (headers['content-type'] === 'application/x-protobuf' && isWellAddressed) {
      binary.push(body)
      response.writeHead(200, { 'content-type': 'application/x-protobuf' }).end()
      return
    }
    const parsed = requestSchema.safeParse(JSON.parse(text))
    if (behaviour === 'REFUSE' || !isWellAddressed || !parsed.success) {
      response.writeHead(400).end()
      return
    }
    for (const sent of parsed.data.resourceSpans) {
      resource = sent.resource.attributes
      for (const scope of sent.scopeSpans) spans.push(...scope.spans)
    }
    response.writeHead(200, { 'content-type': 'application/json' }).end('{}')
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    spans,
    get resource() {
      return resource
    },
    binary,
    get headers() {
      return headers
    },
    get requests() {
      return requests
    },
    behave(how) {
      behaviour = how
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise(resolve => server.close(resolve))
    },
  }
}
