import { request as httpRequest, type IncomingMessage } from 'node:http'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startApp, type TestApp } from './support/app.ts'
import { takeErrors } from './support/request-ids.ts'

const SET = `mutation Set($input: SetUserMfaStatusInput!) {
  setUserMfaStatus(input: $input) { __typename ... on SetUserMfaStatusSuccess { applied } } }`
const INPUT = { userId: '65a000000000000000000001', factors: [{ type: 'EMAIL' }] }

let app: TestApp
beforeAll(async () => {
  app = await startApp()
})
afterAll(() => app[Symbol.asyncDispose]())

/** Over Node's own client, which can send a header several times and sees how an answer is framed. */
async function send(
  headers: Record<string, string | string[]>,
  { method = 'POST', path = '/graphql', query = SET } = {},
): Promise<{ response: IncomingMessage; text: string }> {
  return new Promise((resolve, reject) => {
    const own = { 'content-type': 'application/json', authorization: app.authorization }
    const sent = httpRequest(`${app.url}${path}`, { method, headers: { ...own, ...headers } }, response => {
      const chunks: Buffer[] = []
      response.on('data', chunk => chunks.push(chunk))
      response.on('error', reject)
      response.on('end', () => resolve({ response, text: Buffer.concat(chunks).toString() }))
    })
    sent.on('error', reject)
    sent.end(method === 'POST' ? JSON.stringify({ query, variables: { input: INPUT } }) : undefined)
  })
}

const countIntents = () => app.journal.filter(({ kind }) => kind === 'intent').length
const isWritten = () => app.takeCalls().includes('set-mfa-status')

describe('a set whose answer nobody wants to read', () => {
  it.each<[string, string | string[]]>([
    ['text/csv', 'text/csv'],
    ['application/xml', 'application/xml'],
    ['text/plain', 'text/plain'],
    ['application/graphql+json', 'application/graphql+json'],
    ['image/png', 'image/png'],
    ['two headers of other types', ['text/csv', 'image/*']],
    ['everything but JSON', 'application/json;q=0, application/graphql-response+json;q=0, */*;q=0'],
    ['JSON in another charset', 'application/json; charset=utf-16'],
    ['a header that says nothing', ';;q=1'],
  ])('(%s) is refused before anything is done', async (_kind, accept) => {
    const intents = countIntents()
    const { response, text } = await send({ accept })
    expect([response.statusCode, response.headers['content-type']]).toEqual([
      406,
      'application/json; charset=utf-8',
    ])
    const message = expect.stringContaining('application/graphql-response+json')
    expect(takeErrors(String(response.headers['x-request-id']), text)).toEqual([
      { message, extensions: { code: 'NOT_ACCEPTABLE' } },
    ])
    expect(app.takeCalls()).toEqual([])
    expect(countIntents()).toBe(intents)
    const logged = () =>
      app.log.find(line => line.requestId === response.headers['x-request-id'] && line.status)
    await expect.poll(logged).toMatchObject({ status: 406, errorCodes: ['NOT_ACCEPTABLE'] })
  })
})

describe('a set that is refused for another reason', () => {
  it.each([
    [
      'by GET',
      { method: 'GET', path: `/graphql?query=${encodeURIComponent('mutation { __typename }')}` },
      405,
    ],
    ['by HEAD', { method: 'HEAD' }, 405],
    ['as a subscription', { query: SET.replace('mutation', 'subscription') }, 400],
    ['with its answer deferred', { query: SET.replace('... on', '... @defer on') }, 400],
  ])('(%s) is refused before anything is done', async (_kind, request, status) => {
    const intents = countIntents()
    const { response } = await send({ accept: 'application/graphql-response+json' }, request)
    expect(response.statusCode).toBe(status)
    expect(app.takeCalls()).toEqual([])
    expect(countIntents()).toBe(intents)
  })
})

describe('a set that is done', () => {
  it.each<[string, Record<string, string | string[]>, string]>([
    ['multipart', { accept: 'multipart/mixed' }, 'multipart/mixed; boundary="-"'],
    ['a stream of events', { accept: 'text/event-stream' }, 'text/event-stream'],
    [
      'JSON, by the second of two headers',
      { accept: ['text/csv', 'application/graphql-response+json;q=0.3'] },
      'application/graphql-response+json; charset=utf-8',
    ],
    ['JSON, whatever charset', { 'accept-charset': 'latin1;q=1, *;q=0' }, 'application/json; charset=utf-8'],
    [
      'JSON, whatever encoding',
      { 'accept-encoding': 'gzip, identity;q=0' },
      'application/json; charset=utf-8',
    ],
    ['JSON, in any language', { 'accept-language': 'tlh' }, 'application/json; charset=utf-8'],
  ])('is told in one framing: %s', async (_kind, headers, type) => {
    const { response, text } = await send(headers)
    expect([response.statusCode, response.headers['content-type']]).toEqual([200, type])
    const names = response.rawHeaders.filter((_, index) => index % 2 === 0).map(name => name.toLowerCase())
    expect(names.filter(name => /^(content-length|transfer-encoding)$/.test(name))).toEqual([
      'content-length',
    ])
    expect(names).not.toContain('content-encoding')
    expect(Number(response.headers['content-length'])).toBe(Buffer.byteLength(text))
    expect(response.headers['cache-control']).toBe('no-store')
    expect(text).toContain('{"data":{"setUserMfaStatus":{"__typename":"SetUserMfaStatusSuccess"')
    expect(isWritten()).toBe(text.includes('"applied":true'))
  })
})
