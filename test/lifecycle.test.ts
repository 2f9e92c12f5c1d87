import { once } from 'node:events'
import { Agent as HttpAgent, request as httpRequest } from 'node:http'
import { connect } from 'node:net'
import { dirname } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { Agent, request } from 'undici'
import { describe, expect, it } from 'vitest'
import { toAuditKeyring } from '../src/journal/audit-key.ts'
import { verifyJournal } from '../src/journal/verify/verify-journal.ts'
import type { Json } from './support/app.ts'
import { CANARY, watchForLeaks } from './support/canaries.ts'
import { type FakeGenAuth, ok, startFakeGenAuth } from './support/fake-genauth.ts'
import { startIssuer, type TestIssuer } from './support/issuer.ts'
import { journalFiles, journalPath, readRecords } from './support/journal.ts'
import { graphqlUrl, type Program, startProgram } from './support/program.ts'

const READ = '{ userMfa(userId: "u") { __typename } }'
const SET = 'mutation { setUserMfaStatus(input: { userId: "u", disable: [SMS] }) { __typename } }'
const NEVER_MS = '120000'
const KEY = toAuditKeyring({ auditKeys: [], accessKeySecret: CANARY.accessKeySecret })

interface Running extends AsyncDisposable {
  readonly program: Program
  readonly genauth: FakeGenAuth
  readonly issuer: TestIssuer
  readonly url: string
  readonly journal: string
  post(document: string): Parameters<typeof request>[1] & { readonly method: 'POST' }
  ask(document: string): Promise<{ status: number; connection: unknown; body: Json }>
}

/** The program in production, with its journal in a file. */
async function run(env: Readonly<Record<string, string>> = {}): Promise<Running> {
  const genauth = await startFakeGenAuth()
  const issuer = await startIssuer()
  const journal = journalPath()
  const program = startProgram([], {
    NODE_ENV: 'production',
    PORT: '0',
    RATE_LIMITS: 'off',
    GENAUTH_MAX_RPS: '10000',
    AUDIT_LOG: journal,
    ...genauth.env,
    ...issuer.env,
    ...env,
  })
  const url = await graphqlUrl(program)
  const authorization = `Bearer ${await issuer.token({ exp: Math.floor(Date.now() / 1_000) + 600 })}`
  const headers = { authorization, 'content-type': 'application/json' }
  const post = (query: string) => ({ method: 'POST', headers, body: JSON.stringify({ query }) }) as const
  return {
    program,
    genauth,
    issuer,
    url,
    journal,
    post,
    async ask(document) {
      const answer = await request(url, post(document))
      const text = await answer.body.text()
      watchForLeaks('answer', text)
      return {
        status: answer.statusCode,
        connection: answer.headers['connection'],
        body: JSON.parse(text),
      }
    },
    async [Symbol.asyncDispose]() {
      await program[Symbol.asyncDispose]()
      await genauth[Symbol.asyncDispose]()
      await issuer[Symbol.asyncDispose]()
    },
  }
}

async function msUntilExit(program: Program, signal: NodeJS.Signals): Promise<number> {
  const startedAtMs = performance.now()
  program.process.kill(signal)
  await program.exitCode()
  return performance.now() - startedAtMs
}

function outcomesOf(journal: string): string[] {
  return readRecords(journal)
    .filter(({ kind }) => kind === 'outcome')
    .map(({ outcome }) => outcome)
}

describe('table L', { timeout: 40_000 }, () => {
  it('SIGHUP under load begins a new segment of the journal: no set is refused, no record is lost', async () => {
    await using running = await run()
    const { program, journal, ask } = running
    const segments = () => journalFiles(journal).length
    let [asked, applied, isOver] = [0, 0, false]
    const client = async () => {
      while (!isOver) {
        // By turns, so that most sets change something.
        const to = asked++ % 2 === 0 ? 'disable' : 'enable'
        const document = `mutation { setUserMfaStatus(input: { userId: "u", ${to}: [SMS], allowNoFactor: true }) { ... on SetUserMfaStatusSuccess { applied } } }`
        const { status, body } = await ask(document)
        expect([status, body]).toEqual([
          200,
          { data: { setUserMfaStatus: { applied: expect.any(Boolean) } } },
        ])
        if (body.data.setUserMfaStatus.applied) applied++
      }
    }
    const clients = Promise.all([client(), client(), client(), client()])
    for (let rotations = 1; rotations <= 3; rotations++) {
      const before = applied
      await expect.poll(() => applied, { timeout: 10_000 }).toBeGreaterThan(before + 8)
      program.process.kill('SIGHUP')
      await expect.poll(segments, { timeout: 10_000 }).toBe(rotations + 1)
    }
    isOver = true
    await clients
    program.process.kill('SIGTERM')
    expect(await program.exitCode()).toBe(0)
    expect(outcomesOf(journal)).toEqual(Array.from({ length: applied }, () => 'APPLIED'))
    expect(await verifyJournal(dirname(journal), KEY)).toMatchObject({ breaks: [], openIntents: [] })
    expect(program.stdout().split('the audit journal goes on in a new segment')).toHaveLength(4)
  })

  it('L2 SIGTERM under load: every request is answered, every set on record, the end in time', async () => {
    await using running = await run({ SHUTDOWN_DELAY_MS: '1000' })
    const { program, url, journal, post } = running
    let isReady = true
    let sets = 0
    const answers: string[] = []
    const client = async (document: string) => {
      const dispatcher = new Agent({ connections: 1, pipelining: 1 })
      while (isReady) {
        const answer = await request(url, { ...post(document), dispatcher })
        const text = await answer.body.text()
        answers.push(`${answer.statusCode} ${text}`)
        if (text.includes('SetUserMfaStatusSuccess')) sets++
        await setTimeout(5)
      }
      await dispatcher.destroy()
    }
    const clients = Array.from({ length: 8 }, (_, n) =>
      client(n % 2 === 0 ? READ : SET.replace('"u"', `"user-${n}"`)),
    )
    await expect.poll(() => sets, { timeout: 10_000 }).toBeGreaterThan(10)
    const exitMs = msUntilExit(program, 'SIGTERM')
    // As a load balancer does: it sends nothing more to whoever says that he is not ready.
    await expect
      .poll(async () => (await request(new URL('/ready', url))).statusCode, { interval: 20, timeout: 900 })
      .toBe(503)
    isReady = false
    await Promise.all(clients)
    expect(await exitMs).toBeLessThan(10_000)
    expect(await program.exitCode()).toBe(0)
    for (const answer of answers) {
      expect(answer).toMatch(/^200 .*(UserMfa|SetUserMfaStatusSuccess)|^503 .*OVERLOADED/)
    }
    expect(await verifyJournal(journal, KEY)).toMatchObject({ openIntents: [], firstBreak: null })
    expect(outcomesOf(journal).filter(outcome => outcome === 'APPLIED').length).toBeGreaterThan(0)
  })

  it('L3 SIGTERM twice: the second one ends it at once', { tags: 'long' }, async () => {
    await using running = await run({ SHUTDOWN_DELAY_MS: NEVER_MS })
    const { program } = running
    program.process.kill('SIGTERM')
    await expect.poll(program.stdout).toContain('"msg":"stopping"')
    expect(await msUntilExit(program, 'SIGTERM')).toBeLessThan(2_000)
    expect(await program.exitCode()).toBe(1)
  })

  it('L3 SIGTERM with a hung upstream: the end comes by the deadline, the set on record as unknown', {
    tags: 'long',
  }, async () => {
    await using running = await run({ REQUEST_DEADLINE_MS: '3000', GENAUTH_TIMEOUT_MS: '60000' })
    const { program, genauth, journal, ask } = running
    genauth.reply('set-mfa-status', () => {})
    const answer = ask(SET)
    await expect.poll(() => genauth.seenOf('set-mfa-status').length, { timeout: 5_000 }).toBe(1)
    genauth.reply('get-mfa-status', () => {})
    expect(await msUntilExit(program, 'SIGTERM')).toBeLessThan(6_000)
    expect(await program.exitCode()).toBe(0)
    expect((await answer).body.data.setUserMfaStatus.__typename).toBe('MfaUpstreamUnavailableError')
    expect(await verifyJournal(journal, KEY)).toMatchObject({ openIntents: [], firstBreak: null })
    expect(outcomesOf(journal)).toEqual(['UNKNOWN'])
  })

  it('L14 in the development mode of libraries no answer tells more than in production', {
    tags: 'long',
  }, async () => {
    await using running = await run({ NODE_ENV: 'development' })
    const { url, post, ask } = running
    const broken = await request(url, { ...post(''), body: `{"query": ${CANARY.mfaToken}` })
    const answers = [
      await broken.body.json(),
      (await ask(`{ userMfa(userId: ${CANARY.phone}) { __typename } }`)).body,
      (await ask('query ($u: String!) { userMfa(userId: $u) { __typename } }')).body,
    ]
    for (const { errors } of answers as Json[]) {
      expect(errors.length).toBeGreaterThan(0)
      for (const { extensions } of errors) expect(Object.keys(extensions)).toEqual(['code', 'requestId'])
    }
    watchForLeaks('answer', JSON.stringify(answers))
  })
})

describe('a process that is told to stop', { timeout: 40_000 }, () => {
  it('finishes a set whose client has left, and puts it on record', { tags: 'long' }, async () => {
    await using running = await run()
    const { program, genauth, url, journal, post } = running
    let carryOut = () => {}
    genauth.reply('set-mfa-status', response => {
      carryOut = () => response.end(JSON.stringify(ok({ success: true }).body))
    })
    const leaving = new AbortController()
    // It weakens nothing, so GenAuth's own word is enough.
    const set = SET.replace('disable: [SMS]', 'enable: [FACE]')
    const left = request(url, { ...post(set), signal: leaving.signal }).catch(() => 'left')
    await expect.poll(() => genauth.seenOf('set-mfa-status').length, { timeout: 5_000 }).toBe(1)
    leaving.abort()
    expect(await left).toBe('left')
    await expect.poll(program.stdout, { timeout: 5_000 }).toContain('"aborted":true')
    program.process.kill('SIGTERM')
    await expect.poll(program.stdout).toContain('"msg":"stopping"')
    // Nothing but the change holds the process up when its port is closed.
    const connects = () =>
      request(new URL('/health', url)).then(
        () => 'OPEN',
        ({ code }) => code,
      )
    await expect.poll(connects, { timeout: 5_000 }).toBe('ECONNREFUSED')
    expect(program.process.exitCode).toBeNull()
    carryOut()
    expect(await program.exitCode()).toBe(0)
    expect(outcomesOf(journal)).toEqual(['APPLIED'])
  })

  it('says that it is not ready and still serves, ending each connection, until the delay is over', {
    tags: 'long',
  }, async () => {
    await using running = await run({ SHUTDOWN_DELAY_MS: '2000' })
    const { program, genauth, url, ask } = running
    let answer = () => {}
    genauth.reply('get-mfa-status', response => {
      answer = () => response.end(JSON.stringify(ok(genauth.stored).body))
    })
    const underWay = ask(READ)
    await expect.poll(() => genauth.seenOf('get-mfa-status').length, { timeout: 5_000 }).toBe(1)
    program.process.kill('SIGTERM')
    await expect.poll(program.stdout).toContain('"msg":"stopping"')
    const ready = await request(new URL('/ready', url))
    expect([ready.statusCode, await ready.body.json()]).toEqual([
      503,
      { status: 'not ready', reasons: ['STOPPING'] },
    ])
    expect((await request(new URL('/health', url))).statusCode).toBe(200)
    expect(await ask('{ __typename }')).toMatchObject({ status: 200, connection: 'close' })
    answer()
    expect(await underWay).toMatchObject({ status: 200, connection: 'close' })
    expect(await program.exitCode()).toBe(0)
  })

  it('by SIGINT does not wait for a load balancer', async () => {
    await using running = await run({ SHUTDOWN_DELAY_MS: NEVER_MS })
    expect(await msUntilExit(running.program, 'SIGINT')).toBeLessThan(5_000)
    expect(await running.program.exitCode()).toBe(0)
  })

  it('is not held up by connections on which nothing happens', async () => {
    await using running = await run()
    const { hostname, port } = new URL(running.url)
    const agent = new HttpAgent({ keepAlive: true })
    const used = httpRequest(new URL('/health', running.url), { agent }).end()
    const [answer] = await once(used, 'response')
    answer.resume()
    await once(answer, 'end')
    const silent = connect(Number(port), hostname)
    silent.on('error', () => {})
    await once(silent, 'connect')
    expect(await msUntilExit(running.program, 'SIGTERM')).toBeLessThan(5_000)
    expect(await running.program.exitCode()).toBe(0)
    agent.destroy()
    silent.destroy()
  })

  it('is not held up for longer than a deadline by a client that never ends its request', {
    tags: 'long',
  }, async () => {
    await using running = await run({ REQUEST_DEADLINE_MS: '1500' })
    const { hostname, port } = new URL(running.url)
    const slow = connect(Number(port), hostname)
    slow.on('error', () => {})
    slow.write('POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-length: 50\r\n')
    // By the response to a later request the server has read this one so far.
    await (await request(new URL('/health', running.url))).body.dump()
    expect(await msUntilExit(running.program, 'SIGTERM')).toBeLessThan(6_000)
    expect(await running.program.exitCode()).toBe(0)
    slow.destroy()
  })
})
