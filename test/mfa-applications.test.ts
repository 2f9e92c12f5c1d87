import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { toCursor } from '../src/policy/position-cursor.ts'
import { type Json, startApp, type TestApp } from './support/app.ts'
import { type FakeGenAuth, failing, ok, startFakeGenAuth } from './support/fake-genauth.ts'

const LIST = /* GraphQL */ `
  query ($search: String, $first: Int! = 50, $after: String) {
    mfaApplications(search: $search, first: $first, after: $after) {
      __typename
      ... on MfaApplicationConnection {
        totalCount
        edges { cursor node { id name } }
        pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
      }
      ... on MfaError { code message retryable upstreamStatusCode }
      ... on MfaInvalidInputError { fieldErrors { path message } }
    }
  }
`
const WITH_RULES = LIST.replace('node { id name }', 'node { id identifier type hasOwnRules }')

async function list(app: TestApp, variables: Record<string, unknown> = {}, document = LIST): Promise<Json> {
  const { data, errors } = await app.graphql(document, variables)
  expect(errors).toEqual([])
  return data.mfaApplications
}

const namesOf = ({ edges }: Json) => edges.map(({ node }: Json) => node.name)

describe('the applications of the sandbox', () => {
  it('are listed in one call, without their settings', async () => {
    await using app = await startApp()
    const found = await list(app)
    expect([found.totalCount, namesOf(found)]).toEqual([
      3,
      ['Example web', 'Example console', 'Ticket desk 工单'],
    ])
    expect(found.pageInfo).toEqual({
      hasNextPage: false,
      hasPreviousPage: false,
      startCursor: found.edges[0].cursor,
      endCursor: found.edges[2].cursor,
    })
    expect(app.takeCalls()).toEqual(['list-application-simple-info'])
  })

  it('say whether they have rules of their own, in one call, too', async () => {
    await using app = await startApp()
    const { edges } = await list(app, { first: 50 }, WITH_RULES)
    expect(edges.map(({ node }: Json) => node)).toEqual([
      { id: '62a500000000000000d15d57', identifier: 'example-web', type: 'web', hasOwnRules: true },
      { id: '62a500000000000000d15d58', identifier: 'example-console', type: 'spa', hasOwnRules: true },
      { id: '62a500000000000000d15d59', identifier: 'ticket-desk', type: 'web', hasOwnRules: false },
    ])
    expect(app.takeCalls()).toEqual(['list-applications'])
  })

  it.each([
    ['a part of a name', 'example', ['Example web', 'Example console']],
    ['a name in another script', '工单', ['Ticket desk 工单']],
    ['blanks around it', ' desk\n', ['Ticket desk 工单']],
    ['nothing that fits', 'payroll', []],
  ])('are found by %s', async (_what, search, names) => {
    await using app = await startApp()
    expect(namesOf(await list(app, { search }))).toEqual(names)
  })

  it('are told to nobody without the scope, and count as one read', async () => {
    await using stranger = await startApp({ claims: { scope: 'mfa:report' } })
    const { errors } = await stranger.graphql(LIST)
    expect(errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }])
    await using app = await startApp({ env: { RATE_LIMITS: 'reads=1,writes=9,weakenings=9,misses=9' } })
    expect((await list(app)).totalCount).toBe(3)
    expect(await list(app)).toMatchObject({ code: 'RATE_LIMITED', retryable: true })
  })
})

describe('the pages of many applications', () => {
  const COUNT = 123
  let genauth: FakeGenAuth
  let app: TestApp
  beforeAll(async () => {
    genauth = await startFakeGenAuth()
    app = await startApp({ upstream: genauth })
  })
  afterAll(async () => {
    await app[Symbol.asyncDispose]()
    await genauth[Symbol.asyncDispose]()
  })
  beforeEach(() => {
    genauth.reset()
    genauth.reply('list-application-simple-info', (response, _request, { page, limit }) => {
      const rows = Array.from({ length: COUNT }, (_, index) => ({ appId: `a${index}`, appName: `${index}` }))
      const shown = rows.slice((page - 1) * limit, page * limit)
      response.writeHead(200, { 'content-type': 'application/json' })
      response.end(JSON.stringify(ok({ totalCount: COUNT, list: shown }).body))
    })
  })

  it.each([1, 7, 20, 49, 50])('of %i have each once, at one call a page', async first => {
    const seen: string[] = []
    let after: string | null = null
    for (let page = 0; page < COUNT; page++) {
      const found: Json = await list(app, { first, after })
      seen.push(...namesOf(found))
      expect([found.totalCount, found.pageInfo.hasPreviousPage]).toEqual([COUNT, page > 0])
      if (!found.pageInfo.hasNextPage) break
      expect(found.edges).toHaveLength(first)
      after = found.pageInfo.endCursor
    }
    expect(seen).toEqual(Array.from({ length: COUNT }, (_, index) => `${index}`))
    expect(genauth.takeCalls()).toHaveLength(Math.ceil(COUNT / first))
  })

  it.each([
    ['behind the middle of a page', 20, 50, 2],
    ['of another length', 30, 7, 1],
    ['at the end', 120, 50, 2],
    ['behind the end', 123, 5, 1],
    ['far behind the end', 5_000, 50, 1],
  ])('begin behind any cursor: %s', async (_what, start, first, calls) => {
    const found = await list(app, { first, after: toCursor(start) })
    const expected = Array.from({ length: first }, (_, index) => start + index).filter(one => one < COUNT)
    expect(namesOf(found)).toEqual(expected.map(String))
    expect(found.pageInfo.hasNextPage).toBe(start + first < COUNT)
    expect(genauth.takeCalls()).toHaveLength(calls)
  })

  it('end where GenAuth shows no more, though it counts more, and are no longer than asked for', async () => {
    const rows = Array.from({ length: 10 }, (_, index) => ({ appId: `a${index}`, appName: `${index}` }))
    genauth.reply(
      'list-application-simple-info',
      ok({ totalCount: COUNT, list: rows }),
      ok({ totalCount: COUNT, list: [] }),
    )
    const found = await list(app, { first: 4 })
    expect([namesOf(found), found.pageInfo.hasNextPage]).toEqual([['0', '1', '2', '3'], true])
    expect(await list(app, { first: 4, after: found.pageInfo.endCursor })).toMatchObject({
      edges: [],
      pageInfo: { hasNextPage: false, hasPreviousPage: true, startCursor: null, endCursor: null },
    })
  })

  it.each<[what: string, variables: Record<string, unknown>, paths: string[]]>([
    ['none wanted', { first: 0 }, ['first']],
    ['a negative number', { first: -1 }, ['first']],
    ['too many', { first: 51 }, ['first']],
    ['an empty search', { search: '' }, ['search']],
    ['a blank search', { search: ' \t' }, ['search']],
    ['a search of 101 characters', { search: 'a'.repeat(101) }, ['search']],
    ['a control character', { search: 'a\u0000b' }, ['search']],
    ['an empty cursor', { after: '' }, ['after']],
    ['a cursor of somebody else', { after: 'YXJyYXljb25uZWN0aW9uOjA=' }, ['after']],
    ['a negative cursor', { after: Buffer.from('row:-1').toString('base64url') }, ['after']],
    ['a cursor beyond all lists', { after: Buffer.from('row:1000001').toString('base64url') }, ['after']],
    ['a cursor with something behind it', { after: `${toCursor(1)}!` }, ['after']],
    ['three faults', { search: '', first: 0, after: 'x' }, ['search', 'first', 'after']],
  ])('are refused for %s, before GenAuth is asked', async (_what, variables, paths) => {
    const { code, fieldErrors } = await list(app, variables)
    expect([code, fieldErrors.map(({ path }: Json) => path)]).toEqual([
      'INVALID_INPUT',
      paths.map(one => [one]),
    ])
    expect(genauth.takeCalls()).toEqual([])
  })

  it.each<[reply: ReturnType<typeof failing>, expected: object]>([
    [failing(400), { code: 'INVALID_INPUT', fieldErrors: [{ path: ['search'] }] }],
    [failing(402), { code: 'PLAN_REQUIRED', upstreamStatusCode: 402 }],
    [failing(200, 4021), { code: 'PLAN_REQUIRED' }],
    [failing(403), { code: 'UPSTREAM_FORBIDDEN' }],
    [failing(404), { code: 'OPERATION_REFUSED' }],
    [failing(409), { code: 'OPERATION_REFUSED' }],
    [failing(422), { code: 'OPERATION_REFUSED' }],
    [failing(501), { code: 'UPSTREAM_UNAVAILABLE', retryable: false }],
    [ok({ totalCount: 1, list: [{ appName: 'without an id' }] }), { code: 'UPSTREAM_UNAVAILABLE' }],
    [ok(null), { code: 'UPSTREAM_UNAVAILABLE' }],
  ])('fail as data: %j', async (reply, expected) => {
    genauth.reply('list-application-simple-info', reply)
    const found = await list(app, { search: 'a' })
    expect(found).toMatchObject(expected)
    expect(found.message).not.toContain('upstream text')
  })
})
