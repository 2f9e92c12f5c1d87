import { createHash, randomUUID } from 'node:crypto'
import { connect } from 'node:net'
import { fileURLToPath } from 'node:url'
import { parse, print } from 'graphql'
import { Pool } from 'undici'
import { describe, expect, it } from 'vitest'
import { readOperations } from '../src/http/page/read-operations.ts'
import { type Json, startApp } from './support/app.ts'
import { startFakeGenAuth } from './support/fake-genauth.ts'
import { startIssuer } from './support/issuer.ts'
import { graphqlUrl, startProgram } from './support/program.ts'

const READ = '{ userMfa(userId: "u") { __typename } }'
const WRITE = 'mutation { setUserMfaStatus(input: { userId: "u", enable: [EMAIL] }) { __typename } }'
const LATE_MS = 50
const VERY_LATE_MS = 250

/** A server whose event loop is as late as it is told, in front of a GenAuth whose reads of one user hang. */
async function startLateApp(settings: Readonly<Record<string, string>> = {}) {
  const genauth = await startFakeGenAuth()
  const eventLoopLag = { delayMs: 0, close() {} }
  const env = { GENAUTH_TIMEOUT_MS: '60000', REQUEST_DEADLINE_MS: '60000', ...settings }
  const app = await startApp({ upstream: genauth, eventLoopLag, env })
  return {
    app,
    genauth,
    eventLoopLag,
    /** Reads that stay under way until the end, each for another user. */
    async hang(count: number): Promise<void> {
      genauth.reply('get-mfa-status', () => {})
      const seenBefore = genauth.seenOf('get-mfa-status').length
      for (let n = 0; n < count; n++) {
        app.graphql(`{ userMfa(userId: "hung-${n}") { __typename } }`).catch(() => {})
      }
      const hung = () => genauth.seenOf('get-mfa-status').length - seenBefore
      await expect.poll(hung, { timeout: 10_000 }).toBe(count)
      genauth.reply('get-mfa-status', (response, _request) => {
        response.end(JSON.stringify({ statusCode: 200, message: '', data: genauth.stored }))
      })
    },
    async [Symbol.asyncDispose]() {
      await genauth[Symbol.asyncDispose]()
      await app[Symbol.asyncDispose]()
    },
  }
}

const codeOf = ({ status, errors }: { status: number; errors: Json[] }) => [
  status,
  errors[0]?.extensions.code,
]
const JSON_BODY = { 'content-type': 'application/json' }
const OVERLOADED = [503, 'OVERLOADED']
const SERVED = [200, undefined]

describe('a server whose event loop is late', () => {
  it('sheds reads first, then writes too, and serves both again when it keeps up', async () => {
    await using late = await startLateApp()
    const { app, eventLoopLag } = late
    await late.hang(80)
    expect(codeOf(await app.graphql(READ))).toEqual(SERVED)

    eventLoopLag.delayMs = LATE_MS
    const refused = await app.graphql(READ)
    expect(codeOf(refused)).toEqual(OVERLOADED)
    // A gateway would take it for leave to repeat at once.
    expect(refused.headers.get('retry-after')).toBeNull()
    // A new connection costs more than the rest of a short body.
    expect(refused.headers.get('connection')).not.toBe('close')
    expect(codeOf(await app.graphql(WRITE))).toEqual(SERVED)

    eventLoopLag.delayMs = VERY_LATE_MS
    app.takeCalls()
    for (const document of [READ, WRITE]) expect(codeOf(await app.graphql(document))).toEqual(OVERLOADED)
    const withoutToken = await app.graphql(READ, {}, { authorization: '' })
    expect(codeOf(withoutToken)).toEqual(OVERLOADED)
    expect(withoutToken.headers.get('connection')).not.toBe('close')
    expect(app.takeCalls()).toEqual([])
    await expect
      .poll(() => app.log.filter(line => line.status === 503).map(line => line.errorCodes))
      .toEqual(Array(4).fill(['OVERLOADED']))

    eventLoopLag.delayMs = 0
    for (const document of [READ, WRITE]) expect(codeOf(await app.graphql(document))).toEqual(SERVED)
  })

  it('tells reads from sets by the documents that requests name', async () => {
    await using late = await startLateApp({ TRUSTED_DOCUMENTS: 'prefer' })
    const { app, eventLoopLag } = late
    const named = async (name: string) => {
      const operation = readOperations().find(({ file }) => file === `${name}.graphql`)
      if (operation === undefined) throw new Error(`There is no operation ${name}`)
      const document = print(parse(operation.document))
      const variables = JSON.parse(operation.variables)
      const documentId = createHash('sha256').update(document).digest('hex')
      const body = JSON.stringify({ documentId, variables })
      const { status, text } = await app.fetch('/graphql', { method: 'POST', headers: JSON_BODY, body })
      return [status, JSON.parse(text).errors?.[0].extensions.code]
    }
    await late.hang(80)
    eventLoopLag.delayMs = LATE_MS
    expect(await named('find-user')).toEqual(OVERLOADED)
    expect(await named('set-factors')).toEqual(SERVED)
  })

  it('sheds nothing while little is under way', async () => {
    await using late = await startLateApp()
    late.eventLoopLag.delayMs = VERY_LATE_MS
    for (const document of [READ, WRITE]) expect(codeOf(await late.app.graphql(document))).toEqual(SERVED)
  })

  it('takes requests whose bodies are still on their way for no work at all', async () => {
    await using late = await startLateApp()
    const { hostname, port } = new URL(late.app.url)
    const head = `POST /graphql HTTP/1.1\r\nhost: x\r\nauthorization: ${late.app.authorization}\r\ncontent-type: application/json\r\ncontent-length: 50\r\n\r\n{`
    const slow = Array.from({ length: 100 }, () => connect(Number(port), hostname))
    for (const socket of slow) socket.on('error', () => {}).write(head)
    // By the response to a later request the server has read these so far.
    expect((await late.app.fetch('/health')).status).toBe(200)
    late.eventLoopLag.delayMs = LATE_MS
    const answer = await late.app.graphql(READ)
    for (const socket of slow) socket.destroy()
    expect(codeOf(answer)).toEqual(SERVED)
  })

  it('takes work that waits for its turn at GenAuth for none of its own', { tags: 'long' }, async () => {
    const genauth = await startFakeGenAuth()
    const eventLoopLag = { delayMs: 0, close() {} }
    const env = { GENAUTH_MAX_RPS: '40', METRICS_PORT: '0' }
    const app = await startApp({ upstream: genauth, eventLoopLag, env })
    const answers = Promise.all(
      Array.from({ length: 100 }, (_, n) => app.graphql(`{ userMfa(userId: "u${n}") { __typename } }`)),
    )
    await expect.poll(() => app.takeCalls().length, { interval: 5 }).toBeGreaterThan(0)
    await expect.poll(async () => (await app.metrics())['upstream_waiting']).toBeGreaterThan(20)
    eventLoopLag.delayMs = LATE_MS
    expect(codeOf(await app.graphql('{ __typename }'))).toEqual(SERVED)
    eventLoopLag.delayMs = 0
    await answers
    await app[Symbol.asyncDispose]()
    await genauth[Symbol.asyncDispose]()
  })

  it('stays alive and ready through a burst, and is not ready once it has shed for two seconds', {
    tags: 'long',
  }, async () => {
    await using late = await startLateApp()
    const { app, eventLoopLag } = late
    await late.hang(80)
    const ready = async () => {
      const { status, text } = await app.fetch('/ready')
      return [status, JSON.parse(text).reasons]
    }
    eventLoopLag.delayMs = VERY_LATE_MS
    expect(codeOf(await app.graphql(READ))).toEqual(OVERLOADED)
    expect(await ready()).toEqual([200, undefined])
    await expect
      .poll(
        async () => {
          await app.graphql(READ)
          return ready()
        },
        { timeout: 10_000 },
      )
      .toEqual([503, ['OVERLOADED']])
    expect((await app.fetch('/health')).status).toBe(200)
    eventLoopLag.delayMs = 0
    await expect.poll(ready, { timeout: 5_000 }).toEqual([200, undefined])
  })
})

describe('table L', { timeout: 60_000 }, () => {
  it('L7 an event loop that was blocked for 2 s sheds what has piled up, and has recovered within 5 s', {
    tags: 'long',
  }, async () => {
    await using genauth = await startFakeGenAuth()
    await using issuer = await startIssuer()
    const preload = fileURLToPath(new URL('support/block-loop.mjs', import.meta.url))
    const env = { PORT: '0', AUDIT_LOG: 'stdout', RATE_LIMITS: 'off', ...genauth.env, ...issuer.env }
    await using server = startProgram([], env, ['--import', preload])
    const url = new URL(await graphqlUrl(server))
    const pool = new Pool(url.origin, { connections: 100, pipelining: 1 })
    // A token that is known costs next to nothing: each request brings one of its own.
    const ask = async () => {
      const authorization = `Bearer ${await issuer.token({ jti: randomUUID() })}`
      const headers = { authorization, 'content-type': 'application/json' }
      const body = JSON.stringify({ query: '{ __typename }' })
      const answer = await pool.request({ method: 'POST', path: url.pathname, headers, body })
      return `${answer.statusCode} ${await answer.body.text()}`
    }
    const askTogether = () => Promise.all(Array.from({ length: 100 }, ask))
    const served = '200 {"data":{"__typename":"Query"}}'

    // Each on a connection of its own from now on.
    await askTogether()
    await expect.poll(ask, { timeout: 10_000 }).toBe(served)
    server.process.kill('SIGUSR2')
    await expect.poll(server.stderr).toContain('the loop stands still')
    const answers = await askTogether()
    const answeredAtMs = performance.now()
    expect(answers.filter(answer => answer !== served).length).toBeGreaterThan(0)
    for (const answer of answers) expect(answer).toMatch(/^200 |^503 .*"code":"OVERLOADED"/)
    await expect.poll(ask, { timeout: 5_000 }).toBe(served)
    expect(performance.now() - answeredAtMs).toBeLessThan(5_000)
    await pool.destroy()
  })
})
