import { parse, print } from 'graphql'
import { describe, expect, it } from 'vitest'
import { toDocumentId } from '../../src/execution/trusted-documents.ts'
import { readOperations } from '../../src/http/page/read-operations.ts'
import { type StartAppOptions, startApp, type TestApp } from '../support/app.ts'
import { CANARY } from '../support/canaries.ts'
import { type FakeGenAuth, startFakeGenAuth } from '../support/fake-genauth.ts'
import { type OtlpReceiver, startOtlpReceiver } from '../support/otlp-receiver.ts'
import { graphqlUrl, startProgram } from '../support/program.ts'

const READ =
  'query ChosenByTheCaller { chosenAlias: userMfa(userId: "65b000000000000000000001") { __typename } }'
const TRACE_ID = '0af7651916cd43dd8448eb211c80319c'
const TRACEPARENT = `00-${TRACE_ID}-b7ad6b7169203331-01`
const SENT = { traceparent: TRACEPARENT, tracestate: 'vendor=a:1,other=b', baggage: `phone=${CANARY.phone}` }
const SERVER = 2
const FIND_USER = print(
  parse(readOperations().find(({ file }) => file === 'find-user.graphql')?.document ?? ''),
)

interface Watched {
  readonly collector: OtlpReceiver
  readonly genauth: FakeGenAuth
  readonly app: TestApp
}

/** Asks a traced server, then stops it, so that every span has left. */
async function watch(
  env: Readonly<Record<string, string>>,
  ask: (app: TestApp) => Promise<unknown>,
  options: StartAppOptions = {},
): Promise<Watched> {
  await using collector = await startOtlpReceiver()
  await using genauth = await startFakeGenAuth()
  const endpoint = { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url }
  await using app = await startApp({ ...options, upstream: genauth, env: { ...endpoint, ...env } })
  await ask(app)
  await app.close()
  return { collector, genauth, app }
}

const read =
  (headers = {}) =>
  (app: TestApp) =>
    app.graphql(READ, {}, headers)
const headersOf = ({ genauth }: Watched) => genauth.seenOf('get-mfa-status')[0]?.headers ?? {}
const requestSpan = ({ collector }: Watched) => collector.spans.find(({ kind }) => kind === SERVER)
const foreign = ({ app }: Watched) =>
  app.log.filter(({ msg }) => msg.startsWith('this shared variable')).map(({ variable }) => variable)

describe('what callers say of a trace', () => {
  it('travels on to GenAuth with its tracestate, and without their baggage', async () => {
    const headers = headersOf(await watch({}, read(SENT)))
    expect(headers).toMatchObject({
      traceparent: expect.stringMatching(new RegExp(`^00-${TRACE_ID}-[0-9a-f]{16}-01$`)),
      tracestate: SENT.tracestate,
    })
    expect(headers['baggage']).toBeUndefined()
  })

  it('travels on where the trace is not recorded', async () => {
    const traceparent = TRACEPARENT.replace(/01$/, '00')
    const watched = await watch({}, read({ ...SENT, traceparent }))
    expect(headersOf(watched)).toMatchObject({
      traceparent: expect.stringMatching(/-00$/),
      tracestate: SENT.tracestate,
    })
    expect(requestSpan(watched)).toBeUndefined()
  })

  it.each([
    ['without a traceparent', { tracestate: SENT.tracestate }],
    ['that is none', { traceparent: TRACEPARENT, tracestate: 'no state' }],
    ['that is too long', { traceparent: TRACEPARENT, tracestate: `a=${'x'.repeat(600)}` }],
  ])('is no tracestate %s', async (_how, sent) => {
    expect(headersOf(await watch({}, read(sent)))['tracestate']).toBeUndefined()
  })

  it('includes baggage on demand', async () => {
    const baggage = 'tenant=a,region=b'
    const env = { OTEL_PROPAGATORS: 'tracecontext,baggage' }
    expect(headersOf(await watch(env, read({ ...SENT, baggage })))).toMatchObject({
      tracestate: SENT.tracestate,
      baggage,
    })
    const headers = headersOf(await watch(env, read({ ...SENT, baggage: 'x'.repeat(8_193) })))
    expect(headers['baggage']).toBeUndefined()
  })

  it('counts for nothing where no propagator is wanted', async () => {
    const watched = await watch({ OTEL_PROPAGATORS: 'none' }, read(SENT))
    for (const name of ['traceparent', 'tracestate', 'baggage']) {
      expect(headersOf(watched)[name]).toBeUndefined()
    }
    const span = requestSpan(watched)
    expect(span?.traceId).toMatch(/^[0-9a-f]{32}$/)
    expect(span?.traceId).not.toBe(TRACE_ID)
    expect(span?.parentSpanId).toBeUndefined()
  })
})

describe('the span of a request', () => {
  it("has the operation's type, its root fields and HTTP's side, and no name that the caller chose", async () => {
    const span = requestSpan(await watch({}, read()))
    expect(span?.name).toBe('GraphQL request')
    expect(span?.attributes).toMatchObject({
      'graphql.operation.type': 'query',
      'graphql.root_fields': { values: [{ stringValue: 'userMfa' }] },
      'http.request.method': 'POST',
      'http.route': '/graphql',
      'http.response.status_code': 200,
    })
    expect(JSON.stringify(span)).not.toMatch(/chosen/i)
    expect(span?.attributes).not.toHaveProperty('graphql.operation.name')
  })

  it.each([
    ['prefer', { query: FIND_USER }, undefined],
    ['prefer', { documentId: toDocumentId(FIND_USER) }, 'FindUser'],
    ['prefer', { documentId: '0'.repeat(64) }, undefined],
    ['only', { query: FIND_USER }, 'FindUser'],
    ['only', { query: READ }, undefined],
  ])("with TRUSTED_DOCUMENTS=%s and %j has the operation's name: %s", async (mode, sent, name) => {
    const ask = (app: TestApp) =>
      app.fetch('/graphql', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ ...sent, variables: { userId: '65b000000000000000000001' } }),
      })
    const span = requestSpan(await watch({ TRUSTED_DOCUMENTS: mode }, ask))
    expect(span?.attributes['graphql.operation.name']).toBe(name)
  })

  it('has no method of HTTP that the caller made up, and no operation where none was executed', async () => {
    const ask = (app: TestApp) => app.fetch('/graphql', { method: 'PROPFIND' })
    const attributes = requestSpan(await watch({}, ask))?.attributes
    expect(attributes).toMatchObject({ 'http.request.method': '_OTHER', 'http.response.status_code': 405 })
    expect(attributes).not.toHaveProperty('graphql.operation.type')
  })
})

describe("OpenTelemetry's own variables", () => {
  it.each([
    ['always_on', TRACEPARENT.replace(/01$/, '00'), 1],
    ['always_off', TRACEPARENT, 0],
    ['parentbased_always_off', TRACEPARENT, 1],
    ['parentbased_always_on', TRACEPARENT.replace(/01$/, '00'), 0],
  ])('OTEL_TRACES_SAMPLER=%s with %s records %i', async (OTEL_TRACES_SAMPLER, traceparent, count) => {
    const { collector } = await watch({ OTEL_TRACES_SAMPLER }, read({ traceparent }))
    expect(collector.spans.filter(({ kind }) => kind === SERVER)).toHaveLength(count)
  })

  it.each([{ OTEL_SDK_DISABLED: 'true' }, { OTEL_TRACES_EXPORTER: 'none' }])(
    '%j sends nothing',
    async env => {
      const watched = await watch(env, read(SENT))
      expect([watched.collector.requests, headersOf(watched)['traceparent']]).toEqual([0, undefined])
    },
  )

  it('speak protobuf where they say so', async () => {
    const { collector } = await watch({ OTEL_EXPORTER_OTLP_PROTOCOL: 'http/protobuf' }, read())
    expect(collector.headers['content-type']).toBe('application/x-protobuf')
    expect(Buffer.concat(collector.binary).toString('latin1')).toContain('GraphQL request')
  })

  it('that ask for gRPC are said to be of no use, and spans go as JSON', async () => {
    const watched = await watch({ OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc' }, read())
    expect(requestSpan(watched)).toBeDefined()
    expect(watched.app.log).toContainEqual(
      expect.objectContaining({
        level: 'warn',
        variable: 'OTEL_EXPORTER_OTLP_PROTOCOL',
        rule: 'must be http/json or http/protobuf: gRPC is not supported',
      }),
    )
  })

  it("in another program's form stop no start, with traces and without", async () => {
    const env = { OTEL_TRACES_SAMPLER_ARG: 'endpoint=http://agent', METRICS_PORT: 'tcp://10.0.0.1:9464' }
    const watched = await watch(env, read())
    expect(foreign(watched).toSorted()).toEqual(['METRICS_PORT', 'OTEL_TRACES_SAMPLER_ARG'])
    expect(watched.app.metricsUrl).toBeNull()
    expect(JSON.stringify(watched.app.log)).not.toMatch(/agent|10\.0\.0\.1/)
    await using app = await startApp({ env })
    expect(foreign({ ...watched, app })).toHaveLength(2)
  })

  it('of the resource and the headers are read by its own packages, and are warned of by name', {
    tags: 'long',
  }, async () => {
    await using collector = await startOtlpReceiver()
    const env = {
      PORT: '0',
      SANDBOX_PORT: '0',
      OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
      OTEL_SERVICE_NAME: 'mfa-of-a-shop',
      OTEL_EXPORTER_OTLP_HEADERS: 'x-tenant=shop',
    }
    const run = async (attributes: string) => {
      await using program = startProgram([], { ...env, OTEL_RESOURCE_ATTRIBUTES: attributes })
      const url = await graphqlUrl(program)
      await fetch(url, { method: 'POST' })
      program.process.kill('SIGTERM')
      expect(await program.exitCode()).toBe(0)
      return program.stdout()
    }
    const warning = 'OpenTelemetry cannot use the values of these variables'
    expect(await run('deployment.environment.name=test,service.name=other')).not.toContain(warning)
    expect(collector.resource).toMatchObject({
      'service.name': 'mfa-of-a-shop',
      'deployment.environment.name': 'test',
      'telemetry.sdk.language': 'nodejs',
    })
    expect(collector.headers['x-tenant']).toBe('shop')
    const log = await run('chosen-nonsense')
    expect(log).toContain(`"variables":["OTEL_RESOURCE_ATTRIBUTES"],"msg":"${warning}"`)
    expect(log).not.toContain('chosen-nonsense')
  })
})
