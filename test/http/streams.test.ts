import { once } from 'node:events'
import { createServer, type IncomingMessage, request } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setImmediate } from 'node:timers/promises'
import { GraphQLInt, GraphQLObjectType, GraphQLSchema, GraphQLString, specifiedRules } from 'graphql'
import pino from 'pino'
import { afterEach, expect, it } from 'vitest'
import { type Clock, systemClock } from '../../src/base/clock.ts'
import { createDeadline } from '../../src/base/deadline.ts'
import { createErrorMask } from '../../src/execution/error-mask.ts'
import { createExecuteOperation } from '../../src/execution/execute-operation.ts'
import { useOperation, usePublicErrors } from '../../src/execution/execution-plugins.ts'
import type { OperationFacts } from '../../src/execution/operation-request.ts'
import { createPrepareDocument } from '../../src/execution/prepare-document.ts'
import { COMPLETE } from '../../src/http/event-streams/event-frames.ts'
import { createEventStreams } from '../../src/http/event-streams/event-streams.ts'
import { type SentEvents, sendEvents } from '../../src/http/event-streams/send-events.ts'
import { createGraphqlOverHttp } from '../../src/http/graphql-over-http.ts'
import { RequestRefused } from '../../src/http/request-refused.ts'
import { chooseResponseType, mayHaveEvents } from '../../src/http/response-type.ts'
import { send, sendRefusal } from '../../src/http/send-response.ts'
import { codedError } from '../../src/schema/coded-error.ts'
import { createHandClock } from '../support/hand-clock.ts'
import { createHandStream, type HandStream } from '../support/hand-stream.ts'

/** An event that cannot be shown. */
const BROKEN = 'broken'
/** An event that the caller may not see. */
const FORBIDDEN = 'forbidden'

const CALLER = {
  issuer: 'https://issuer.example.com',
  subject: 'somebody',
  client: null,
  scopes: new Set([]),
  scopeNames: [],
  genauthId: null,
  isClient: false,
  authTimeS: null,
  expiresAtMs: Number.MAX_SAFE_INTEGER,
  acr: null,
  amr: [],
}

const CLOSERS: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of CLOSERS.splice(0)) await close()
})

interface TickerOptions {
  readonly clock?: Clock
  readonly expiresAtMs?: number
}

/** The product's way from a request to its response, with a schema that has a subscription. */
async function startTicker({
  clock = systemClock,
  expiresAtMs = clock.now() + 3_600_000,
}: TickerOptions = {}) {
  const ticks: HandStream<string> = createHandStream()
  const facts: OperationFacts = {}
  const faults: unknown[] = []
  const ends: SentEvents[] = []
  const stand = { ticks, facts, faults, ends, refusals: 0, isOver: false }
  const streams = createEventStreams({ perCaller: 5, perProcess: 200 }, clock)
  const tick = {
    type: GraphQLString,
    args: { every: { type: GraphQLInt } },
    subscribe: () => ticks,
    resolve(event: string) {
      if (event === BROKEN) throw new Error('a secret of the program')
      if (event === FORBIDDEN) throw codedError('FORBIDDEN', 'Nobody may have this.')
      return event
    },
  }
  const schema = new GraphQLSchema({
    query: new GraphQLObjectType({ name: 'Query', fields: { one: { type: GraphQLInt, resolve: () => 1 } } }),
    subscription: new GraphQLObjectType({ name: 'Subscription', fields: { tick } }),
  })
  const executeOperation = createExecuteOperation({
    schema,
    isSchemaPublished: true,
    prepare: createPrepareDocument({ schema, rules: specifiedRules, hideSuggestions: false }),
    createContext: () => ({}),
  })
  const graphqlOverHttp = createGraphqlOverHttp([
    useOperation(executeOperation),
    usePublicErrors(createErrorMask(pino({ enabled: false }))),
  ])
  const server = createServer(async (request, response) => {
    const type = chooseResponseType(request.headers.accept)
    const place = streams.forRequest({
      callerKey: 'somebody',
      expiresAtMs: Number.MAX_SAFE_INTEGER,
      mayHaveEvents: () => mayHaveEvents(request.headers.accept, type),
    })
    const operation = {
      requestId: 'the-request',
      caller: CALLER,
      callerKey: 'somebody',
      document: decodeURIComponent(request.url?.slice('/?query='.length) ?? ''),
      operationName: null,
      variables: {},
      mayChange: true,
      deadline: createDeadline(10_000, systemClock),
      trace: null,
      settled: null,
      isWanted: () => true,
      onWait: () => () => {},
      countRefusal: () => stand.refusals++,
      admitEvents: () => place.admit(),
      toEventDeadline: () => createDeadline(10_000, clock),
      challenge() {},
      facts,
    }
    try {
      const result = await graphqlOverHttp(operation, type)
      if (place.refused !== null) throw place.refused
      if (result.kind === 'WHOLE') send(response, result.httpStatus, result.headers, result.body)
      else {
        await sendEvents(response, result.results, {
          expiresAtMs,
          onStop: end => place.onStop(end),
          onEnd: sent => ends.push(sent),
          clock,
        })
      }
      stand.isOver = true
    } catch (error) {
      if (error instanceof RequestRefused) sendRefusal(request, response, 'the-request', error)
      else stand.faults.push(error)
    }
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  CLOSERS.push(async () => {
    server.closeAllConnections()
    await new Promise(resolve => server.close(resolve))
  })
  const { port } = server.address() as AddressInfo
  return {
    stand,
    streams,
    async get(query: string, accept: string): Promise<IncomingMessage> {
      const path = `/?query=${encodeURIComponent(query)}`
      const sent = request({ port, host: '127.0.0.1', path, headers: { accept } }).end()
      const [response] = await once(sent, 'response')
      return response.setEncoding('utf8')
    },
  }
}

/** Reads on until the text has come. */
async function readUntil(response: IncomingMessage, text: string): Promise<string> {
  let read = ''
  while (!read.includes(text)) {
    const [chunk] = await once(response, 'data')
    read += chunk
  }
  return read
}

/** Reads in the background. */
function collect(response: IncomingMessage) {
  const read = { text: '', ended: new Promise(resolve => response.once('end', resolve)) }
  response.on('error', () => {})
  response.on('data', chunk => {
    read.text += chunk
  })
  return read
}

async function readAll(response: IncomingMessage): Promise<string> {
  let read = ''
  for await (const chunk of response) read += chunk
  return read
}

it('sends each event before the next one happens, in a response of no known length', async () => {
  const { stand, get } = await startTicker()
  const response = await get('subscription { tick }', 'text/event-stream')
  expect(response.statusCode).toBe(200)
  expect(response.headers).toMatchObject({
    'content-type': 'text/event-stream',
    'transfer-encoding': 'chunked',
  })
  expect(response.headers).not.toHaveProperty('content-length')
  for (const event of ['first', 'second']) {
    stand.ticks.send(event)
    expect(await readUntil(response, event)).toContain(`event: next\ndata: {"data":{"tick":"${event}"}}\n\n`)
  }
  expect(stand.isOver).toBe(false)
  expect(stand.facts).toEqual({ operation: 'subscription' })
})

it('ends the events when the client leaves, though none is on its way', async () => {
  const { stand, get } = await startTicker()
  const response = await get('subscription { tick }', 'text/event-stream')
  stand.ticks.send('first')
  await readUntil(response, 'first')
  response.on('error', () => {}).destroy()
  await stand.ticks.ended
  await expect.poll(() => stand.isOver).toBe(true)
  expect(stand.faults).toEqual([])
})

it('cuts off a client that leaves 64 KB unread for 5 s, and takes no more events for it meanwhile', async () => {
  const clock = createHandClock()
  const { stand, get } = await startTicker({ clock })
  const response = await get('subscription { tick }', 'text/event-stream')
  response.pause()
  const event = 'x'.repeat(16 * 1_024)
  // The buffers of the system take some megabytes first.
  let sent = 0
  for (; stand.ticks.asked === sent + 1 && sent < 2_000; sent++) {
    stand.ticks.send(event)
    for (let round = 0; round < 20; round++) await setImmediate()
  }
  for (let further = 0; further < 20; further++) stand.ticks.send(event)
  await clock.advance(4_999)
  expect([stand.ticks.asked, stand.ends]).toEqual([sent, []])
  await clock.advance(1)
  expect(stand.ends).toEqual([{ end: 'SLOW_READER', events: sent }])
  response.on('error', () => {}).destroy()
  await stand.ticks.ended
  expect(clock.scheduled).toBe(0)
})

it('sends a client that reads events of any size, and many at the same moment', async () => {
  const clock = createHandClock()
  const { stand, get } = await startTicker({ clock })
  const read = collect(await get('subscription { tick }', 'text/event-stream'))
  const sizes = [300_000, ...Array.from({ length: 500 }, () => 1_000), 65_536]
  for (const size of sizes) stand.ticks.send('x'.repeat(size))
  stand.ticks.send('last')
  await expect.poll(() => read.text.endsWith('{"data":{"tick":"last"}}\n\n'), { timeout: 10_000 }).toBe(true)
  expect(read.text.match(/^event: next$/gm)).toHaveLength(sizes.length + 1)
  expect(stand.ends).toEqual([])
})

it('shows nothing once the clock says that the token has ended, however late its own timer is', async () => {
  const hand = createHandClock()
  let wasSetMs = 0
  const clock = { ...hand, now: () => hand.now() + wasSetMs }
  for (const happen of [(ticks: HandStream<string>) => ticks.send('too late'), () => hand.advance(12_000)]) {
    wasSetMs = 0
    const { stand, get } = await startTicker({ clock, expiresAtMs: hand.now() + 60_000 })
    const read = collect(await get('subscription { tick }', 'text/event-stream'))
    wasSetMs = 60_000
    await happen(stand.ticks)
    await read.ended
    expect(read.text).toBe(`:\n\n${COMPLETE}`)
    expect(stand.ends).toEqual([{ end: 'TOKEN_EXPIRED', events: 0 }])
  }
})

it('sends a heartbeat every 12 s of silence', async () => {
  const clock = createHandClock()
  const { get } = await startTicker({ clock })
  const response = await get('subscription { tick }', 'text/event-stream')
  const read = collect(response)
  for (const beats of [2, 3, 4]) {
    await clock.advance(12_000)
    await expect.poll(() => read.text).toBe(':\n\n'.repeat(beats))
  }
})

it.each([
  ['when the token ends', 3_000, 2_999, 'TOKEN_EXPIRED'],
  ['after 15 minutes', 86_400_000, 899_999, 'MAX_AGE'],
] as const)('ends a stream %s, in order and not before', async (_when, lifetimeMs, stillOpenMs, end) => {
  const clock = createHandClock()
  const { stand, get } = await startTicker({ clock, expiresAtMs: clock.now() + lifetimeMs })
  const read = collect(await get('subscription { tick }', 'text/event-stream'))
  await clock.advance(stillOpenMs)
  expect(stand.ends).toEqual([])
  await clock.advance(1)
  await read.ended
  expect(read.text).toMatch(/event: complete\ndata:\n\n$/)
  expect(stand.ends).toEqual([{ end, events: 0 }])
  await stand.ticks.ended
  expect(clock.scheduled).toBe(0)
})

it('ends a stream whose token has just ended, once its result is there', async () => {
  const { stand, get } = await startTicker({ expiresAtMs: Date.now() - 1 })
  expect(await readAll(await get('subscription { tick }', 'text/event-stream'))).toBe(`:\n\n${COMPLETE}`)
  expect(stand.ends).toEqual([{ end: 'TOKEN_EXPIRED', events: 0 }])
})

it('ends every stream in order when the server stops, and begins none', async () => {
  const { stand, streams, get } = await startTicker()
  const responses = await Promise.all([1, 2, 3].map(() => get('subscription { tick }', 'text/event-stream')))
  streams.stop()
  for (const response of responses) expect(await readAll(response)).toBe(`:\n\n${COMPLETE}`)
  expect(stand.ends.map(({ end }) => end)).toEqual(['STOPPING', 'STOPPING', 'STOPPING'])
  const late = await get('subscription { tick }', 'text/event-stream')
  expect([late.statusCode, JSON.parse(await readAll(late)).errors[0].extensions.code]).toEqual([
    503,
    'OVERLOADED',
  ])
})

it('masks what goes wrong in an event, and goes on', async () => {
  const { stand, get } = await startTicker()
  const response = await get('subscription { tick }', 'text/event-stream')
  stand.ticks.send(BROKEN)
  const text = await readUntil(response, 'tick')
  expect(text).toContain('"code":"INTERNAL_SERVER_ERROR","requestId":"the-request"')
  expect(text).not.toContain('secret')
  stand.ticks.send('next')
  expect(await readUntil(response, 'next')).toContain('{"data":{"tick":"next"}}')
})

it('notes the codes of all events, each once', async () => {
  const { stand, get } = await startTicker()
  const response = await get('subscription { tick }', 'text/event-stream')
  for (const event of [BROKEN, FORBIDDEN, FORBIDDEN, 'next']) stand.ticks.send(event)
  await readUntil(response, 'next')
  expect(stand.facts.errorCodes).toEqual(['INTERNAL_SERVER_ERROR', 'FORBIDDEN'])
})

it.each(['application/json, text/event-stream', 'text/event-stream;q=0.5, */*'])(
  'sends events to a client that takes them beside JSON: %s',
  async accept => {
    const { stand, get } = await startTicker()
    const response = await get('subscription { tick }', accept)
    expect(response.headers['content-type']).toBe('text/event-stream')
    stand.ticks.send('first')
    expect(await readUntil(response, 'first')).toContain('event: next')
    const refused = await get('subscription { tock }', accept)
    expect(refused.headers['content-type']).toMatch(/^application\/json/)
    refused.resume()
  },
)

it.each([
  'application/json',
  'application/graphql-response+json',
  'multipart/mixed',
  '*/*',
  'application/json, text/event-stream;q=0',
])('refuses events as %s, and begins none', async accept => {
  const { stand, get } = await startTicker()
  const response = await get('subscription { tick }', accept)
  expect(response.statusCode).toBe(406)
  expect(await readAll(response)).toContain('"code":"NOT_ACCEPTABLE"')
  expect(stand.ticks.asked).toBe(0)
})

it('refuses a subscription that is not valid without a stream, and counts it', async () => {
  const { stand, get } = await startTicker()
  const response = await get('subscription { tick(every: "day") }', 'text/event-stream')
  expect(response.statusCode).toBe(200)
  expect(await readAll(response)).toContain('"code":"GRAPHQL_VALIDATION_FAILED"')
  expect(response.headers['content-length']).toBeDefined()
  expect(stand).toMatchObject({ refusals: 1, ticks: { asked: 0 } })
})
