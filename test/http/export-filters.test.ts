import { readFileSync } from 'node:fs'
import { buildSchema, isInputObjectType } from 'graphql'
import { describe, expect, it } from 'vitest'
import type { ScanDepth } from '../../src/coverage/scan.ts'
import { startApp, type TestApp } from '../support/app.ts'
import { begin, NOT_BOUND, toPage, toRow, WHOLE } from '../support/scans.ts'
import { ENGINES, type Engine, openStore, toTarget, useStores } from '../support/stores.ts'

const { newUrl } = await useStores()

const DAY_MS = 86_400_000
const FIRST_MS = Date.UTC(2026, 0, 1)
const STATUSES = ['ACTIVATED', 'SUSPENDED', 'RESIGNED'] as const
const POSTURES = ['PROTECTED', 'PENDING', 'UNPROTECTED', 'UNKNOWN'] as const
/** More than one page of an export holds. */
const USERS = 460

/** Users of every kind, each with times of its own. */
const ROWS = Array.from({ length: USERS }, (_, n) =>
  toRow(`u${n}`, {
    status: STATUSES[n % 3] ?? null,
    departmentIds: n % 5 === 0 ? ['d0', 'd 1&x'] : [`d${n % 5}`],
    bindings: { ...NOT_BOUND, OTP: n % 2 === 0, SMS: n % 7 === 0 ? null : n % 3 === 0 },
    posture: POSTURES[n % 4] ?? null,
    lastMfaAtMs: n % 4 === 0 ? null : FIRST_MS + n * DAY_MS,
    lastSignInAtMs: n % 6 === 0 ? null : FIRST_MS + (USERS - n) * DAY_MS,
  }),
)

interface StandOptions {
  readonly engine?: Engine
  readonly depth?: ScanDepth
  readonly hasEnded?: boolean
}

/** Starts the product on a store that holds one scan. */
async function startWithScan({ engine = 'file', depth = 'FULL', hasEnded = true }: StandOptions = {}) {
  const url = await newUrl(engine)
  const { store } = await openStore(toTarget(url))
  const claim = await begin(store.scans, { depth })
  await store.scans.storePage(claim, toPage(ROWS))
  if (hasEnded) await store.scans.end(claim, WHOLE)
  await store.close()
  const app = await startApp({ env: { STORE_URL: url, RATE_LIMITS: 'off' } })
  const { id } = claim.scan
  return {
    app,
    id,
    ask: (rest: string, init?: RequestInit) => app.fetch(`/exports/mfa-coverage/${id}${rest}`, init),
    [Symbol.asyncDispose]: () => app[Symbol.asyncDispose](),
  }
}

/** The ids of all rows that the API lists for a filter. */
async function list(app: TestApp, scanId: string, filter: object): Promise<string[]> {
  const ids: string[] = []
  let after: string | null = null
  do {
    const { data } = await app.graphql(
      /* GraphQL */ `
        query ($scanId: ID, $filter: MfaCoverageFilter, $after: String) {
          mfaCoverage(scanId: $scanId, filter: $filter) {
            ... on MfaCoverage { rows(after: $after) { edges { node { userId } } pageInfo { hasNextPage endCursor } } }
          }
        }
      `,
      { scanId, filter, after },
    )
    const { edges, pageInfo } = data.mfaCoverage.rows
    ids.push(...edges.map(({ node }: { node: { userId: string } }) => node.userId))
    after = pageInfo.hasNextPage ? pageInfo.endCursor : null
  } while (after !== null)
  return ids
}

/** The parameters of a filter of the API, as its documentation says. */
function toQuery(filter: Readonly<Record<string, string | boolean | readonly string[]>>): string {
  const pairs = Object.entries(filter).flatMap(([name, value]) => [value].flat().map(one => [name, `${one}`]))
  return new URLSearchParams(pairs).toString()
}

async function exportOf(ask: (rest: string) => Promise<{ status: number; text: string }>, query: string) {
  const { status, text } = await ask(`.jsonl?${query}`)
  expect(status, text.slice(0, 300)).toBe(200)
  const [head, ...rows] = text
    .split('\n')
    .slice(0, -1)
    .map(line => JSON.parse(line))
  return { facts: head.scan, ids: rows.map(({ userId }): string => userId) }
}

const FILTERS = [
  { postures: ['PENDING', 'UNKNOWN'] },
  { withoutBoundFactor: true },
  { withoutBoundFactor: false },
  { boundFactor: 'OTP', notBoundFactor: 'SMS' },
  { neverVerified: true },
  { neverVerified: false, statuses: ['SUSPENDED'] },
  { lastMfaBefore: '2026-08-01T00:00:00.000Z' },
  { lastSignInAfter: '2026-03-01T00:00:00.000Z', lastSignInBefore: '2026-11-01T00:00:00.000Z' },
  { departmentIds: ['d 1&x', 'd3'] },
  {
    departmentIds: ['d2'],
    lastSignInBefore: '2026-11-01T00:00:00.000Z',
    statuses: ['ACTIVATED', 'RESIGNED'],
  },
  { departmentIds: ['nowhere'] },
] as const

describe.each(ENGINES)('an export with a filter, from a store in %s', engine => {
  it('holds the rows that the API lists for it, and says so in its facts', { timeout: 60_000 }, async () => {
    await using stand = await startWithScan({ engine })
    for (const filter of FILTERS) {
      const what = JSON.stringify(filter)
      const listed = await list(stand.app, stand.id, filter)
      const { facts, ids } = await exportOf(stand.ask, toQuery(filter))
      expect(ids, what).toEqual(listed)
      expect(facts, what).toMatchObject({ filter, rows: listed.length })
      expect(listed.length, what).toBeLessThan(USERS)
      expect(listed.length > 0, what).toBe(!what.includes('nowhere'))
    }
    const { facts, ids } = await exportOf(stand.ask, '')
    expect([facts.filter, facts.rows, ids.length]).toEqual([{}, USERS, USERS])
  })

  it('holds those that there are while the scan goes on', { timeout: 60_000 }, async () => {
    await using stand = await startWithScan({ engine, hasEnded: false })
    for (const filter of FILTERS) {
      const what = JSON.stringify(filter)
      const { facts, ids } = await exportOf(stand.ask, toQuery(filter))
      const listed = await list(stand.app, stand.id, filter)
      expect(facts, what).toMatchObject({ filter, rows: ids.length })
      expect(ids, what).toEqual(listed.slice(0, ids.length))
      expect(ids.length > 0, what).toBe(!what.includes('nowhere'))
    }
  })
})

it('a filtered CSV says its filter and its rows, in its name too, and can hold the people', async () => {
  await using stand = await startWithScan()
  const csv = await stand.ask('.csv?statuses=SUSPENDED&departmentIds=d+1%26x&people=1')
  const lines = csv.text.split('\r\n').slice(0, -1)
  expect(csv.headers.get('content-disposition')).toBe(
    `attachment; filename="mfa-coverage-${stand.id}-filtered.csv"`,
  )
  const cells = lines.map(line => line.split(','))
  const factOf = (name: string) => cells.find(([first]) => first === name)?.[1]
  expect(factOf('filter')).toBe('departmentIds=d+1%26x&statuses=SUSPENDED')
  const rows = cells.slice(14)
  expect(Number(factOf('rows'))).toBe(rows.length)
  expect(rows.map(([userId]) => userId)).toEqual(
    ROWS.filter(({ status }, n) => status === 'SUSPENDED' && n % 5 === 0).map(({ userId }) => userId),
  )
  expect(new Set(rows.map(row => row[12]))).toEqual(new Set(['USER_NOT_FOUND']))
  const head = await stand.ask('.csv?statuses=SUSPENDED', { method: 'HEAD' })
  expect([head.status, head.headers.get('content-disposition')]).toEqual([
    200,
    `attachment; filename="mfa-coverage-${stand.id}-filtered.csv"`,
  ])
})

it('an export knows each field of the filter of the API, and no other parameter than people', async () => {
  await using stand = await startWithScan()
  const schema = buildSchema(readFileSync('schema.api.graphql', 'utf8'))
  const input = schema.getType('MfaCoverageFilter')
  const fields = isInputObjectType(input) ? Object.keys(input.getFields()) : []
  expect(fields.length).toBeGreaterThan(5)
  for (const name of [...fields, 'people']) {
    const refused = await stand.ask(`.csv?${name}=`)
    expect(refused.status, name).toBe(400)
    expect(JSON.parse(refused.text).errors[0].message, name).toMatch(new RegExp(`^\`${name}\`: `))
  }
})

const SECRET = 'a-value-that-nobody-repeats'
const UNKNOWN = 'Send `people`, or fields of MfaCoverageFilter.'

it('a fault of a parameter is told by its name, and its value is never repeated', async () => {
  await using stand = await startWithScan()
  const table = [
    [`filter=${SECRET}`, `An export does not know the parameter \`filter\`. ${UNKNOWN}`],
    [`People=1`, `An export does not know the parameter \`People\`. ${UNKNOWN}`],
    [`__proto__=${SECRET}`, `An export does not know the parameter \`__proto__\`. ${UNKNOWN}`],
    [`${SECRET}@example.com`, `An export does not know a parameter. ${UNKNOWN}`],
    ['13800000001=x', `An export does not know a parameter. ${UNKNOWN}`],
    [`people=${SECRET}`, '`people`: Send `people=1`, or leave it out.'],
    ['people=1&people=1', '`people`: Send it once.'],
    [
      `postures=PENDING&postures=${SECRET}`,
      '`postures`: Send one of PROTECTED, PENDING, UNPROTECTED, UNKNOWN.',
    ],
    ['withoutBoundFactor=1', '`withoutBoundFactor`: Send one of true, false.'],
    ['neverVerified=true&neverVerified=false', '`neverVerified`: Send it once.'],
    ['boundFactor=otp', '`boundFactor`: Send one of SMS, EMAIL, OTP, FACE.'],
    [
      `lastMfaBefore=2026-10-01T00:00:00+08:00`,
      '`lastMfaBefore`: Send a time such as 2026-10-01T00:00:00Z. Write a + in it as %2B. Its year in UTC has four digits.',
    ],
    ['lastSignInBefore=9999-12-31T23:59:59-01:00', /^`lastSignInBefore`: Send a time .* four digits\.$/],
    ['lastMfaBefore=2026-10-01', /^`lastMfaBefore`: Send a time/],
    [`departmentIds=d0&departmentIds=${SECRET}%00x`, /^`departmentIds`: The text must not hold control/],
    [
      `departmentIds=${'d&departmentIds='.repeat(200)}d`,
      '`departmentIds`: The list must have at most 200 entries.',
    ],
    [
      'boundFactor=OTP&withoutBoundFactor=true',
      '`boundFactor`: It excludes withoutBoundFactor, so no row would fit both.',
    ],
    [
      'lastSignInAfter=2026-10-01T00:00:00Z&lastSignInBefore=2026-10-01T00:00:00Z',
      '`lastSignInBefore`: The time must be later than lastSignInAfter.',
    ],
  ] as const
  for (const [query, message] of table) {
    const refused = await stand.ask(`.csv?${query}`)
    const [error] = JSON.parse(refused.text).errors
    expect([refused.status, error.extensions.code], query).toEqual([400, 'BAD_REQUEST'])
    expect(error.message, query).toMatch(message)
    expect(refused.text, query).not.toContain(SECRET)
  }
  const offset = await exportOf(stand.ask, 'lastMfaBefore=2026-10-01T00:00:00%2B08:00')
  expect(offset.facts.filter).toEqual({ lastMfaBefore: '2026-09-30T16:00:00.000Z' })
  const latest = { lastSignInBefore: '9999-12-31T23:59:59.999Z' }
  expect((await exportOf(stand.ask, toQuery(latest))).facts.filter).toEqual(latest)
})

it('a filter that the depth of the scan cannot answer is refused in the words of the API', async () => {
  await using stand = await startWithScan({ depth: 'ACTIVITY' })
  for (const [name, value] of [
    ['postures', ['PENDING']],
    ['withoutBoundFactor', true],
    ['boundFactor', 'OTP'],
    ['notBoundFactor', 'OTP'],
  ] as const) {
    const { data } = await stand.app.graphql(
      `query ($filter: MfaCoverageFilter) { mfaCoverage(filter: $filter) {
        ... on MfaInvalidInputError { fieldErrors { message } } } }`,
      { filter: { [name]: value } },
    )
    const [fieldError] = data.mfaCoverage.fieldErrors
    const refused = await stand.ask(`.jsonl?${name}=${value}`)
    expect(refused.status, name).toBe(400)
    expect(JSON.parse(refused.text).errors[0].message).toBe(`\`${name}\`: ${fieldError.message}`)
  }
})
