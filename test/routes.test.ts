import { once } from 'node:events'
import { Agent, request } from 'node:http'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { startApp, type TestApp } from './support/app.ts'

const HTML = 'text/html'

interface Seen {
  readonly status: number
  readonly location: string | undefined
  readonly allow: string | undefined
  readonly text: string
}

/** By hand, since fetch puts its own words into a request target and follows what it is told. */
function ask(
  app: TestApp,
  method: string,
  path: string,
  headers: Readonly<Record<string, string>> = {},
  body?: string,
): Promise<Seen> {
  return new Promise((resolve, reject) => {
    const sent = { method, path, headers: { authorization: app.authorization, ...headers } }
    request(app.url, sent, response => {
      const chunks: Buffer[] = []
      response.on('data', chunk => chunks.push(chunk))
      response.on('end', () => {
        const { location, allow } = response.headers
        const text = Buffer.concat(chunks).toString()
        resolve({ status: response.statusCode ?? 0, location, allow, text })
      })
    })
      .on('error', reject)
      .end(body)
  })
}

const codeOf = ({ text }: Seen) => JSON.parse(text).errors[0].extensions.code

describe('a path', () => {
  let app: TestApp
  beforeAll(async () => {
    app = await startApp()
    // It is ready once it has asked GenAuth for a token.
    await vi.waitFor(async () => expect(await ask(app, 'GET', '/ready')).toMatchObject({ status: 200 }))
  })
  afterAll(() => app.close())

  it.each([
    '/graphql',
    '/graphql/',
    '/graphql?x=1',
    '/graphql/?x=1',
    '/graph%71l',
    'http://a.example/graphql',
  ])('may be spelled as POST %s', async path => {
    const headers = { 'content-type': 'application/json' }
    const answer = await ask(app, 'POST', path, headers, '{"query":"{ __typename }"}')
    expect(JSON.parse(answer.text)).toEqual({ data: { __typename: 'Query' } })
  })

  it.each([
    '/health',
    '/health/',
    '/health?x=1',
    '/h%65alth',
    '/ready/',
    '/ready?x',
    '/schema.graphql/',
    '/schema.graphql?api',
    '/schema%2egraphql',
    'http://a.example/health',
  ])('may be spelled as GET and HEAD %s', async path => {
    const got = await ask(app, 'GET', path)
    expect([got.status, got.text === '']).toEqual([200, false])
    expect(await ask(app, 'HEAD', path)).toMatchObject({ status: 200, text: '' })
  })

  it.each([
    '/HEALTH',
    '/health//',
    '//health',
    '/x/../health',
    '/health%2f',
    '/nowhere',
    '/graphiql/',
    '/graphiql/x',
  ])('that is none is 404 as JSON: %s', async path => {
    const answer = await ask(app, 'GET', path)
    expect([answer.status, codeOf(answer)]).toEqual([404, 'NOT_FOUND'])
  })

  it.each([
    ['POST', '/'],
    ['POST', '/health'],
    ['DELETE', '/ready'],
    ['POST', '/schema.graphql'],
    ['OPTIONS', '/schema.graphql'],
    ['PUT', '/graphiql/x'],
  ])('that has no %s says what it has: %s', async (method, path) => {
    const answer = await ask(app, method, path)
    expect([answer.status, answer.allow, codeOf(answer)]).toEqual([405, 'GET, HEAD', 'METHOD_NOT_ALLOWED'])
  })

  it.each([
    ['/', {}, 'graphql'],
    ['/?query=%7B__typename%7D', {}, 'graphql?query=%7B__typename%7D'],
    ['/', { 'x-forwarded-prefix': '/mfa' }, '/mfa/graphql'],
    ['/', { 'x-forwarded-prefix': '/a/b-c/' }, '/a/b-c/graphql'],
    ['/', { 'x-forwarded-prefix': '//evil.example' }, 'graphql'],
    ['/', { 'x-forwarded-prefix': 'https://evil.example' }, 'graphql'],
    ['/', { 'x-forwarded-prefix': '/\\evil.example' }, 'graphql'],
    ['/graphql/?query=%7B__typename%7D', { accept: HTML }, '../graphql?query=%7B__typename%7D'],
  ])('%s with %j leads to GraphiQL at %s', async (path, headers, location) => {
    for (const method of ['GET', 'HEAD']) {
      expect(await ask(app, method, path, headers)).toMatchObject({ status: 302, location, text: '' })
    }
  })
})

it('where GraphiQL and introspection are off there is no /, no page and no schema', async () => {
  await using app = await startApp({ env: { GRAPHIQL: 'off', INTROSPECTION: 'off' } })
  for (const path of ['/', '/graphiql/x', '/schema.graphql']) {
    const answer = await ask(app, 'GET', path)
    expect([answer.status, codeOf(answer)]).toEqual([404, 'NOT_FOUND'])
  }
})

describe('an idle connection', () => {
  it.each([
    [{}, 'timeout=620'],
    [{ KEEP_ALIVE_TIMEOUT_MS: '75000' }, 'timeout=75'],
  ])('with %j is kept for longer than a load balancer keeps it: %s', async (env, expected) => {
    await using app = await startApp({ env: { METRICS_PORT: '0', ...env } })
    for (const path of ['/health', '/graphql', '/nowhere', app.metricsUrl ?? '']) {
      const agent = new Agent({ keepAlive: true })
      const [answer] = await once(request(new URL(path, app.url), { agent }).end(), 'response')
      answer.resume()
      expect(answer.headers).toMatchObject({ connection: 'keep-alive', 'keep-alive': expected })
      agent.destroy()
    }
  })
})
