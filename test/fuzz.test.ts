import { request as httpRequest } from 'node:http'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { startApp, type TestApp } from './support/app.ts'
import { runs } from './support/tier.ts'

const RUNS = runs({ short: 2_000, all: 20_000 })
const SLOW_MS = 2_000

let app: TestApp
let answers = 0
let slowestMs = 0
let memoryBeforeMb = 0

beforeAll(async () => {
  app = await startApp({ env: { LOG_LEVEL: 'fatal' } })
  memoryBeforeMb = toMemoryMb()
})
afterAll(async () => {
  const memory = `${memoryBeforeMb} MB before and ${toMemoryMb()} MB after, sender included`
  console.log(`fuzz: ${answers} requests, the slowest ${Math.round(slowestMs)} ms, memory ${memory}`)
  await app[Symbol.asyncDispose]()
})

function toMemoryMb(): number {
  return Math.round(process.memoryUsage.rss() / 2 ** 20)
}

/** Sends a body and holds the answer to what must be true of all of them. */
async function send(body: Buffer | string): Promise<void> {
  const startedAtMs = performance.now()
  const { status, text } = await new Promise<{ status: number; text: string }>((resolve, reject) => {
    const headers = {
      'content-type': 'application/json',
      authorization: app.authorization,
      connection: 'keep-alive',
    }
    const sent = httpRequest(`${app.url}/graphql`, { method: 'POST', headers }, response => {
      const chunks: Buffer[] = []
      response.on('data', chunk => chunks.push(chunk))
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, text: Buffer.concat(chunks).toString() }),
      )
    })
    sent.on('error', reject)
    sent.end(body)
  })
  answers++
  slowestMs = Math.max(slowestMs, performance.now() - startedAtMs)
  expect(slowestMs).toBeLessThan(SLOW_MS)
  expect(status).toBeLessThan(500)
  const { errors = [] } = JSON.parse(text)
  for (const { extensions } of errors) expect(extensions.code).toMatch(/^(?!INTERNAL)[A-Z_]+$/)
}

const name = fc.constantFrom(
  'userMfa',
  'usersMfa',
  'setUserMfaStatus',
  '__typename',
  'factors',
  'user',
  'mfa',
  'bound',
  '_service',
  '_entities',
  'nope',
)
const value = fc.oneof(
  fc.integer().map(String),
  fc.string({ unit: 'binary', maxLength: 12 }).map(text => JSON.stringify(text)),
  fc.constantFrom(
    'null',
    'true',
    '1e400',
    'EMAIL',
    '[]',
    '{}',
    '$x',
    '"""block"""',
    '{ userId: "u" }',
    '[[[[1]]]]',
  ),
)
const argument = fc
  .tuple(fc.constantFrom('userId', 'userIdType', 'users', 'input', 'representations', 'if'), value)
  .map(([key, given]) => `${key}: ${given}`)
const args = fc
  .array(argument, { maxLength: 3 })
  .map(list => (list.length === 0 ? '' : `(${list.join(', ')})`))
const directive = fc.oneof(
  { weight: 5, arbitrary: fc.constant('') },
  fc.constantFrom('@skip(if: true)', '@include(if: $x)', '@defer', '@nope'),
)
const { selection } = fc.letrec<{ selection: string; field: string }>(tie => ({
  field: fc
    .tuple(
      fc.constantFrom('', '', 'a: ', 'b: '),
      name,
      args,
      directive,
      fc.oneof({ maxDepth: 6 }, fc.constant(''), tie('selection')),
    )
    .map(parts => parts.join(' ')),
  selection: fc
    .array(
      fc.oneof(
        { weight: 4, arbitrary: tie('field') },
        {
          weight: 1,
          arbitrary: fc.constantFrom('...F', '... on UserMfa { posture }', '... on MfaError { code }'),
        },
      ),
      { minLength: 1, maxLength: 4 },
    )
    .map(list => `{ ${list.join(' ')} }`),
}))
const documentText = fc
  .tuple(
    fc.constantFrom(
      'query',
      'mutation',
      'query ($x: Boolean)',
      'mutation A($x: SetUserMfaStatusInput!)',
      'subscription',
      '',
    ),
    selection,
    fc.constantFrom('', ' fragment F on Query { __typename }', ' fragment F on User { ...F }'),
  )
  .map(parts => parts.join(' '))
const params = fc.record(
  {
    query: documentText,
    variables: fc.oneof(
      fc.dictionary(fc.constantFrom('x', 'input', '__proto__'), fc.jsonValue({ maxDepth: 3 })),
      fc.jsonValue(),
    ),
    operationName: fc.oneof(fc.constantFrom('A', null), fc.string()),
    extensions: fc.jsonValue({ maxDepth: 2 }),
  },
  { requiredKeys: ['query'] },
)

it('answers any bytes with JSON that is no fault of its own', async () => {
  const bytes = fc.oneof(
    fc.uint8Array({ maxLength: 200 }).map(array => Buffer.from(array)),
    fc.string({ maxLength: 200 }),
    fc.json({ maxDepth: 5 }),
  )
  await fc.assert(fc.asyncProperty(bytes, send), { numRuns: RUNS / 2 })
}, 120_000)

it('answers any document that nearly fits the schema, too', async () => {
  await fc.assert(
    fc.asyncProperty(
      params.map(given => JSON.stringify(given)),
      send,
    ),
    { numRuns: RUNS / 2 },
  )
}, 120_000)
