import { describe, expect, it } from 'vitest'
import { type StartAppOptions, startApp } from '../support/app.ts'
import { CANARY } from '../support/canaries.ts'
import { failing, startFakeGenAuth } from '../support/fake-genauth.ts'
import { skipWaits } from '../support/hand-clock.ts'
import { type OtlpReceiver, type ReceivedSpan, startOtlpReceiver } from '../support/otlp-receiver.ts'

const USER = '65b000000000000000000001'
const READ = `{ userMfa(userId: "${USER}") { __typename } }`
/** One call for each, and so one span. */
const FIFTY = Array.from({ length: 50 }, (_, index) => `{ userId: "user-${index}" }`)
const READ_FIFTY = `{ usersMfa(users: [${FIFTY}]) { __typename } }`
const SET = `mutation ChosenByTheCaller($i: SetUserMfaStatusInput!) { chosenAlias: setUserMfaStatus(input: $i) { __typename } }`
const input = {
  userId: USER,
  enable: ['EMAIL'],
  triggerData: { mfaPhone: CANARY.phone, mfaEmail: CANARY.email },
  reason: 'chosen-reason',
}
const TRACE_ID = '0af7651916cd43dd8448eb211c80319c'
const PARENT_ID = 'b7ad6b7169203331'
const [SERVER, CLIENT] = [2, 3]
const FAULT = 2

function startTraced(collector: { readonly url: string }, options: StartAppOptions = {}) {
  return startApp({ ...options, env: { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url, ...options.env } })
}

function only(spans: readonly ReceivedSpan[], name: string): ReceivedSpan {
  const found = spans.filter(span => span.name === name)
  expect(found, name).toHaveLength(1)
  return found[0] as ReceivedSpan
}

/** Spans of what was asked for by a request, the fetching of the first token left out. */
const spansOf = ({ spans }: OtlpReceiver) =>
  spans.filter(({ name }) => name !== 'GenAuth get-management-token')

describe('a set within a trace', () => {
  it('is spans for the request, its calls and its records, each a part of the one it belongs to', async () => {
    await using collector = await startOtlpReceiver()
    await using genauth = await startFakeGenAuth()
    await using app = await startTraced(collector, { upstream: genauth })
    const traceparent = `00-${TRACE_ID}-${PARENT_ID}-01`
    await app.graphql(SET, { i: input }, { traceparent, 'x-request-id': 'chosen-id' })
    await app.close()

    const spans = spansOf(collector)
    const request = only(spans, 'GraphQL request')
    expect(request).toMatchObject({ traceId: TRACE_ID, parentSpanId: PARENT_ID, kind: SERVER })
    expect(request.attributes).toMatchObject({
      'graphql.operation.type': 'mutation',
      'graphql.outcomes': { values: [{ stringValue: 'setUserMfaStatus SetUserMfaStatusSuccess' }] },
      'http.response.status_code': 200,
    })
    const parts = ['GenAuth get-mfa-status', 'GenAuth set-mfa-status', 'journal intent', 'journal outcome']
    expect(spans.map(({ name }) => name).toSorted()).toEqual(['GraphQL request', ...parts].toSorted())
    for (const name of parts) {
      expect(only(spans, name)).toMatchObject({ traceId: TRACE_ID, parentSpanId: request.spanId })
    }
    const write = only(spans, 'GenAuth set-mfa-status')
    expect(write).toMatchObject({
      kind: CLIENT,
      attributes: { 'genauth.endpoint': 'set-mfa-status', 'genauth.outcome': 'OK' },
    })
    expect(only(spans, 'journal outcome').attributes).toEqual({ 'write.outcome': 'APPLIED' })
    expect(collector.resource).toMatchObject({ 'service.name': 'genauth-graphql' })

    // What GenAuth sees of it, what the journal keeps, what the log says.
    expect(genauth.seenOf('set-mfa-status')[0]?.headers['traceparent']).toBe(
      `00-${TRACE_ID}-${write.spanId}-01`,
    )
    const [intent] = app.journal.filter(({ kind }) => kind === 'intent')
    expect(intent.traceId).toBe(TRACE_ID)
    expect(app.log.find(({ msg }) => msg === 'request')).toMatchObject({ traceId: TRACE_ID })
    expect(JSON.stringify(spans)).not.toMatch(new RegExp(`chosen|${USER}|mutation \\{`, 'i'))
  })

  it('that has none begins one, which the journal names as well', async () => {
    await using collector = await startOtlpReceiver()
    await using genauth = await startFakeGenAuth()
    await using app = await startTraced(collector, { upstream: genauth })
    await app.graphql(SET, { i: input })
    await app.close()
    const request = only(collector.spans, 'GraphQL request')
    expect(request.parentSpanId).toBeUndefined()
    const [intent] = app.journal.filter(({ kind }) => kind === 'intent')
    expect(intent.traceId).toBe(request.traceId)
  })

  it('that nobody wants to see leaves no span, and says so to GenAuth', async () => {
    await using collector = await startOtlpReceiver()
    await using genauth = await startFakeGenAuth()
    const env = { OTEL_TRACES_SAMPLER_ARG: '0' }
    await using app = await startTraced(collector, { upstream: genauth, env })
    await app.graphql(READ)
    await app.graphql(READ, {}, { traceparent: `00-${TRACE_ID}-${PARENT_ID}-00` })
    await app.close()
    expect(collector.spans).toEqual([])
    const sent = genauth.seenOf('get-mfa-status').map(({ headers }) => headers['traceparent'])
    expect(sent[0]).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-00$/)
    expect(sent[1]).toMatch(new RegExp(`^00-${TRACE_ID}-[0-9a-f]{16}-00$`))
  })

  it('shows a faulty attempt as a fault, and an unknown user as none', async () => {
    await using collector = await startOtlpReceiver()
    await using genauth = await startFakeGenAuth()
    await using app = await startTraced(collector, { upstream: genauth, clock: skipWaits(900) })
    genauth.reply('get-mfa-status', failing(404))
    await app.graphql(READ)
    genauth.reply('get-mfa-status', failing(501))
    await app.graphql(READ)
    await app.close()
    const attempts = collector.spans.filter(({ name }) => name === 'GenAuth get-mfa-status')
    expect(attempts.map(({ attributes, status }) => [attributes['genauth.outcome'], status.code])).toEqual([
      ['USER_NOT_FOUND', 0],
      ['UNSUPPORTED', FAULT],
    ])
  })

  it('is signed as if there were no trace', async () => {
    await using collector = await startOtlpReceiver()
    await using app = await startTraced(collector, { env: { GENAUTH_AUTH: 'signature' } })
    const { data } = await app.graphql('{ userMfa(userId: "65a000000000000000000001") { __typename } }')
    expect(data).toEqual({ userMfa: { __typename: 'UserMfa' } })
  })
})

it('without a collector GenAuth is sent no trace, and what a caller sends goes to the journal alone', async () => {
  await using genauth = await startFakeGenAuth()
  await using app = await startApp({ upstream: genauth })
  await app.graphql(SET, { i: input }, { traceparent: `00-${TRACE_ID}-${PARENT_ID}-01` })
  expect(genauth.seenOf('set-mfa-status')).toHaveLength(1)
  for (const { headers } of genauth.seen) expect(headers['traceparent']).toBeUndefined()
  const [intent] = app.journal.filter(({ kind }) => kind === 'intent')
  expect(intent.traceId).toBe(TRACE_ID)
})

describe('a collector', () => {
  const linesAbout = (app: { readonly log: readonly { msg: string }[] }) =>
    app.log.filter(({ msg }) => msg.startsWith('the trace collector')).map(({ msg }) => msg)

  it('that refuses costs spans, one line in the log for each outage, and nothing else', async () => {
    await using collector = await startOtlpReceiver()
    collector.behave('REFUSE')
    await using app = await startTraced(collector, { env: { METRICS_PORT: '0' } })
    const spans = async (outcome: string) => (await app.metrics())[`spans_total{outcome="${outcome}"}`] ?? 0
    // More than a batch, which leaves without waiting for its time.
    const ask = async () => {
      for (let n = 0; n < 12; n++) expect((await app.graphql(READ_FIFTY)).status).toBe(200)
    }
    await ask()
    await expect.poll(() => spans('lost'), { timeout: 5_000 }).toBeGreaterThanOrEqual(512)
    expect(linesAbout(app)).toEqual(['the trace collector cannot be reached or refuses: spans are lost'])
    expect(await spans('exported')).toBe(0)
    collector.behave('TAKE')
    await ask()
    await expect.poll(() => spans('exported'), { timeout: 5_000 }).toBeGreaterThan(0)
    expect(linesAbout(app).slice(1)).toEqual(['the trace collector takes spans again'])
  })

  it('that is not there lets the server start, serve and stop', async () => {
    await using app = await startTraced({ url: 'http://127.0.0.1:9' })
    expect((await app.graphql(READ)).status).toBe(200)
    const startedAtMs = performance.now()
    await app.close()
    expect(performance.now() - startedAtMs).toBeLessThan(2_000)
  })

  it('that hangs fills nothing up, holds no answer back and no stop', { tags: 'long' }, async () => {
    await using collector = await startOtlpReceiver()
    collector.behave('HANG')
    await using genauth = await startFakeGenAuth()
    await using app = await startTraced(collector, { upstream: genauth, env: { METRICS_PORT: '0' } })
    for (let n = 0; n < 60; n++) expect((await app.graphql(READ_FIFTY)).status).toBe(200)
    // 3,060 spans and more: a batch hangs, the queue is full, the rest is lost.
    expect((await app.metrics())['spans_total{outcome="lost"}']).toBeGreaterThan(0)
    // One at a time, until it is given up: not one for each batch.
    expect(collector.requests).toBeLessThan(5)
    const startedAtMs = performance.now()
    await app.close()
    expect(performance.now() - startedAtMs).toBeLessThan(2_500)
  })
})
