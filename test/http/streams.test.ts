import { once } from 'node:events'
import { createServer, type IncomingMessage, request } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { GraphQLInt, GraphQLObjectType, GraphQLSchema, GraphQLString, specifiedRules } from 'graphql'
import pino from 'pino'
import { afterEach, expect, it } from 'vitest'
import { systemClock } from '../../src/base/clock.ts'
import { createDeadline } from '../../src/base/deadline.ts'
import { createErrorMask } from '../../src/execution/error-mask.ts'
import { createExecuteOperation } from '../../src/execution/execute-operation.ts'
import { useOperation, usePublicErrors } from '../../src/execution/execution-plugins.ts'
import type { OperationFacts } from '../../src/execution/operation-request.ts'
import { createPrepareDocument } from '../../src/execution/prepare-document.ts'
import { createGraphqlOverHttp } from '../../src/http/graphql-over-http.ts'
import { RequestRefused } from '../../src/http/request-refused.ts'
import { chooseResponseType } from '../../src/http/response-type.ts'
import { sendGraphqlResponse, sendRefusal } from '../../src/http/send-response.ts'
import { createHandStream, type HandStream } from '../support/hand-stream.ts'

/** An event that cannot be shown. */
const BROKEN = 'broken'

const CALLER = {
  issuer: 'https://issuer.example.com',
  subject: 'somebody',
  client: null,
  scopes: new Set([]),
  scopeNames: [],
  genauthId: null,
  isClient: false,
  authTimeS: null,
  acr: null,
  amr: [],
}

const CLOSERS: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of CLOSERS.splice(0)) await close()
})

/** The product's way from a request to its response, with a schema that has a subscription. */
async function startTicker() {
  const ticks: HandStream<string> = createHandStream()
  const facts: OperationFacts = {}
  const faults: unknown[] = []
  const stand = { ticks, facts, faults, refusals: 0, isOver: false }
  const tick = {
    type: GraphQLString,
    args: { every: { type: GraphQLInt } },
    subscribe: () => ticks,
    resolve(event: string) {
      if (event === BROKEN) throw new Error('a secret of the program')
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
      challenge() {},
      facts,
    }
    const type = chooseResponseType(request.headers.accept)
    try {
      await sendGraphqlResponse(response, await graphqlOverHttp(operation, type))
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

it('asks for no more events than a client reads, but for a few', async () => {
  const { stand, get } = await startTicker()
  const response = await get('subscription { tick }', 'text/event-stream')
  response.pause()
  const event = 'x'.repeat(64 * 1_024)
  for (let sent = 0; sent < 500; sent++) stand.ticks.send(event)
  let asked = -1
  while (asked !== stand.ticks.asked) {
    asked = stand.ticks.asked
    await sleep(100)
  }
  expect(asked).toBeLessThan(250)
  response.on('error', () => {}).destroy()
  await stand.ticks.ended
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

it.each(['application/json', 'application/graphql-response+json', 'multipart/mixed', '*/*'])(
  'refuses events as %s, and ends them',
  async accept => {
    const { stand, get } = await startTicker()
    const response = await get('subscription { tick }', accept)
    expect(response.statusCode).toBe(406)
    expect(await readAll(response)).toContain('"code":"NOT_ACCEPTABLE"')
    await stand.ticks.ended
  },
)

it('refuses a subscription that is not valid without a stream, and counts it', async () => {
  const { stand, get } = await startTicker()
  const response = await get('subscription { tick(every: "day") }', 'text/event-stream')
  expect(response.statusCode).toBe(200)
  expect(await readAll(response)).toContain('"code":"GRAPHQL_VALIDATION_FAILED"')
  expect(response.headers['content-length']).toBeDefined()
  expect(stand).toMatchObject({ refusals: 1, ticks: { asked: 0 } })
})
