import { mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { systemClock } from '../src/base/clock.ts'
import { toAuditKeyring } from '../src/journal/audit-key.ts'
import { verifyJournal } from '../src/journal/verify/verify-journal.ts'
import { type Sandbox, startSandbox } from '../src/sandbox/sandbox.ts'
import { type Json, startApp, type TestApp, type TestUpstream } from './support/app.ts'
import { CANARY } from './support/canaries.ts'
import { startIssuer } from './support/issuer.ts'
import { readRecords } from './support/journal.ts'
import { graphqlUrl, startProgram } from './support/program.ts'

const FIRST_AUDIT_KEY = 'the first audit key of these tests'
const SECOND_AUDIT_KEY = 'the second audit key of these tests'
const SECOND_SECRET = 'canary-of-the-second-access-key'
const LOAD_CLIENTS = 8
const USER_COUNT = 64

/** Files of secrets as Kubernetes mounts them: all of them change with one symbolic link. */
interface SecretFolder {
  readonly env: Readonly<Record<string, string>>
  swap(changes: Partial<Secrets>): void
}

interface Secrets {
  readonly id: string
  readonly secret: string
  readonly audit: string
}

function makeSecretFolder(secrets: Secrets): SecretFolder {
  const folder = mkdtempSync(join(tmpdir(), 'secrets-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  let current: Secrets = secrets
  const swap = (changes: Partial<Secrets>) => {
    current = { ...current, ...changes }
    const version = mkdtempSync(join(folder, '..version-'))
    for (const [name, value] of Object.entries(current)) writeFileSync(join(version, name), `${value}\n`)
    symlinkSync(version, join(folder, '..data_next'))
    renameSync(join(folder, '..data_next'), join(folder, '..data'))
  }
  swap({})
  return {
    env: {
      GENAUTH_ACCESS_KEY_ID_FILE: join(folder, '..data', 'id'),
      GENAUTH_ACCESS_KEY_SECRET_FILE: join(folder, '..data', 'secret'),
      AUDIT_KEY_FILE: join(folder, '..data', 'audit'),
      AUDIT_LOG: join(folder, 'audit.jsonl'),
    },
    swap,
  }
}

async function startRotation(auth: 'token' | 'signature') {
  const sandbox = await startSandbox({
    port: 0,
    accessKeyId: 'first',
    accessKeySecret: CANARY.accessKeySecret,
    maxRequestsPerSecond: 1_000_000,
  })
  onTestFinished(() => sandbox.close())
  const secrets = makeSecretFolder({
    id: 'first',
    secret: CANARY.accessKeySecret,
    audit: FIRST_AUDIT_KEY,
  })
  const upstream: TestUpstream = {
    env: { GENAUTH_URL: sandbox.url, GENAUTH_AUTH: auth, ...secrets.env },
    takeCalls: () => [],
    [Symbol.asyncDispose]: async () => {},
  }
  return { sandbox, secrets, upstream }
}

/** Sets, one after the other from each of some clients, until they are told to stop. */
function putUnderLoad(app: TestApp) {
  const failed: Json[] = []
  let answered = 0
  const answeredTo = Array.from({ length: LOAD_CLIENTS }, () => 0)
  let isOver = false
  const client = async (number: number) => {
    for (let n = number; !isOver; n += LOAD_CLIENTS) {
      const userId = `65a0000000000000000000${(8 + (n % (USER_COUNT - 8))).toString(16).padStart(2, '0')}`
      const enable = n % 2 === 0 ? 'enable: [EMAIL]' : 'disable: [EMAIL], allowNoFactor: true'
      const { data, errors } = await app.graphql(
        `mutation { setUserMfaStatus(input: { userId: "${userId}", ${enable} }) { __typename ... on MfaError { code } } }`,
      )
      const { __typename: member } = data?.setUserMfaStatus ?? {}
      if (member !== 'SetUserMfaStatusSuccess') failed.push(data?.setUserMfaStatus ?? errors)
      answered++
      answeredTo[number] = (answeredTo[number] ?? 0) + 1
    }
  }
  const clients = Promise.all(Array.from({ length: LOAD_CLIENTS }, (_, number) => client(number)))
  return {
    answered: () => answered,
    /** Lets the load go on for as many answers. */
    async more(count: number): Promise<void> {
      const until = answered + count
      await expect.poll(() => answered, { timeout: 10_000, interval: 5 }).toBeGreaterThan(until)
    },
    /** Lets the load go on until no client waits for the answer that it waits for now. */
    async nextOfEach(): Promise<void> {
      const before = [...answeredTo]
      const hasNext = () => answeredTo.every((count, number) => count > (before[number] ?? 0))
      await expect.poll(hasNext, { timeout: 10_000, interval: 5 }).toBe(true)
    },
    async stop(): Promise<{ answered: number; failed: Json[] }> {
      isOver = true
      await clients
      return { answered, failed }
    },
  }
}

function linesOf(app: TestApp, text: string): Json[] {
  return app.log.filter(({ msg }) => msg.includes(text))
}

const ring = (...auditKeys: string[]) => toAuditKeyring({ auditKeys, accessKeySecret: '' })

async function addSecondKey(sandbox: Sandbox, secrets: SecretFolder): Promise<void> {
  sandbox.accessKeys.add('second', SECOND_SECRET)
  secrets.swap({ id: 'second', secret: SECOND_SECRET })
}

describe.each(['token', 'signature'] as const)('the access key, shown to GenAuth as a %s,', auth => {
  it('changes under load without a request lost, told by SIGHUP', async () => {
    const { sandbox, secrets, upstream } = await startRotation(auth)
    await using app = await startApp({ upstream })
    const load = putUnderLoad(app)
    await load.more(24)
    await addSecondKey(sandbox, secrets)
    await load.more(24)
    await app.rereadSecrets()
    await load.more(24)
    // What was sent under the first key just before may still be on its way.
    await load.nextOfEach()
    sandbox.accessKeys.revoke('first')
    await load.more(48)
    const { answered, failed } = await load.stop()
    console.log(`rotation of the access key (${auth}, SIGHUP): ${answered} sets, failed: ${failed.length}`)
    expect(failed).toEqual([])
    expect(linesOf(app, 'refuses our credentials')).toEqual([])
    expect(JSON.stringify(app.log)).not.toContain(SECOND_SECRET)
  })

  it('changes under load without a request lost, told by nobody but GenAuth, which refuses the first', async () => {
    const { sandbox, secrets, upstream } = await startRotation(auth)
    await using app = await startApp({ upstream })
    const load = putUnderLoad(app)
    await load.more(24)
    await addSecondKey(sandbox, secrets)
    await load.more(24)
    sandbox.accessKeys.revoke('first')
    await load.more(48)
    const { answered, failed } = await load.stop()
    console.log(`rotation of the access key (${auth}, refusal): ${answered} sets, failed: ${failed.length}`)
    expect(failed).toEqual([])
  })

  it('that is refused for good has its files read every two seconds, not for every request', async () => {
    const { sandbox, upstream } = await startRotation(auth)
    let nowMs = Date.now()
    let reads = 0
    await using app = await startApp({
      upstream,
      clock: { ...systemClock, now: () => nowMs },
      onReloadConfig: () => reads++,
    })
    await app.graphql('{ userMfa(userId: "65a000000000000000000001") { __typename } }')
    sandbox.accessKeys.revoke('first')
    for (let second = 0; second < 10; second++) {
      for (let n = 0; n < 5; n++) {
        const { data } = await app.graphql(
          '{ userMfa(userId: "65a000000000000000000001") { ... on MfaError { code } } }',
        )
        expect(data.userMfa).toEqual({ code: 'UPSTREAM_UNAVAILABLE' })
      }
      nowMs += 1_000
    }
    expect(reads).toBeGreaterThan(0)
    expect(reads).toBeLessThanOrEqual(6)
  })
})

describe('a rotation', () => {
  it('to an access key that GenAuth does not know goes on with the former one, and says so', async () => {
    const { secrets, upstream } = await startRotation('token')
    await using app = await startApp({ upstream })
    secrets.swap({ id: 'unknown', secret: SECOND_SECRET })
    const load = putUnderLoad(app)
    await load.more(20)
    await app.rereadSecrets()
    await load.more(20)
    expect((await load.stop()).failed).toEqual([])
    expect(linesOf(app, 'no token for the new access key: going on with the former one')).toHaveLength(1)
  })

  it('of the audit key under load leaves a journal that verifies with both keys, and no set fails', async () => {
    const { secrets, upstream } = await startRotation('token')
    const path = secrets.env['AUDIT_LOG'] ?? ''
    await using app = await startApp({ upstream })
    const query = '{ userMfa(userId: "65a000000000000000000001") { ... on UserMfa { revision } } }'
    const { revision } = (await app.graphql(query)).data.userMfa
    const load = putUnderLoad(app)
    await load.more(24)
    secrets.swap({ audit: `${SECOND_AUDIT_KEY}\n${FIRST_AUDIT_KEY}` })
    await app.rereadSecrets()
    await load.more(24)
    const { answered, failed } = await load.stop()
    console.log(`rotation of AUDIT_KEY: ${answered} sets, failed: ${failed.length}`)
    expect(failed).toEqual([])
    const revisions = [revision, (await app.graphql(query)).data.userMfa.revision]
    expect(revisions).toEqual([expect.any(String), expect.any(String)])
    expect(new Set(revisions).size).toBe(2)
    const set = await app.graphql(
      `mutation { setUserMfaStatus(input: { userId: "65a000000000000000000001", disable: [SMS], expectedRevision: "${revision}" }) { __typename } }`,
    )
    expect(set.data.setUserMfaStatus.__typename).toBe('SetUserMfaStatusSuccess')
    expect(readRecords(path).filter(({ kind }) => kind === 'rekeyed')).toHaveLength(1)
    expect(await verifyJournal(path, ring(SECOND_AUDIT_KEY, FIRST_AUDIT_KEY))).toMatchObject({
      openIntents: [],
      firstBreak: null,
      isUnderKeyInForce: true,
    })
    const { firstBreak } = await verifyJournal(path, ring(FIRST_AUDIT_KEY))
    expect(firstBreak).toMatchObject({ what: 'UNKNOWN_KEY' })
  })

  it('of the audit key without the one in force below it is refused, and the key stays', async () => {
    const { secrets, upstream } = await startRotation('token')
    const path = secrets.env['AUDIT_LOG'] ?? ''
    {
      await using app = await startApp({ upstream })
      secrets.swap({ audit: SECOND_AUDIT_KEY })
      await app.rereadSecrets()
      const [line] = linesOf(app, 'the key in force must stand in a line below the new one')
      expect(line.level).toBe('error')
    }
    expect(await verifyJournal(path, ring(FIRST_AUDIT_KEY))).toMatchObject({ firstBreak: null })
    await expect(startApp({ upstream })).rejects.toThrow('A former AUDIT_KEY belongs in a line below')
    secrets.swap({ audit: `${SECOND_AUDIT_KEY}\n${FIRST_AUDIT_KEY}` })
    await using app = await startApp({ upstream })
    expect(linesOf(app, 'the audit journal goes on under another key')).toHaveLength(1)
  })

  it('by files that cannot be used changes nothing and names the variable', async () => {
    const { secrets, upstream } = await startRotation('token')
    await using app = await startApp({ upstream })
    secrets.swap({ audit: '', secret: SECOND_SECRET })
    await app.rereadSecrets()
    const [line] = linesOf(app, 'secrets cannot be read again: the former ones stay in use')
    expect(line).toMatchObject({ level: 'error', faults: ['AUDIT_KEY_FILE: must not be empty'] })
    const load = putUnderLoad(app)
    await load.more(8)
    expect((await load.stop()).failed).toEqual([])
  })

  it('by SIGHUP reaches the program, which outlives it with and without files', {
    tags: 'long',
  }, async () => {
    const { secrets, upstream } = await startRotation('token')
    await using issuer = await startIssuer()
    await using server = startProgram([], { PORT: '0', ...issuer.env, ...upstream.env })
    await using withoutFiles = startProgram([], { PORT: '0', SANDBOX_PORT: '0' })
    await Promise.all([server, withoutFiles].map(graphqlUrl))
    secrets.swap({ audit: `${SECOND_AUDIT_KEY}\n${FIRST_AUDIT_KEY}` })
    for (const program of [server, withoutFiles]) program.process.kill('SIGHUP')
    await expect.poll(server.stdout, { timeout: 10_000 }).toContain('"msg":"secrets read again"')
    await expect
      .poll(withoutFiles.stdout, { timeout: 10_000 })
      .toContain('but none comes from a file: nothing changes')
    for (const program of [server, withoutFiles]) program.process.kill('SIGTERM')
    expect(await Promise.all([server, withoutFiles].map(program => program.exitCode()))).toEqual([0, 0])
    const path = secrets.env['AUDIT_LOG'] ?? ''
    expect(await verifyJournal(path, ring(SECOND_AUDIT_KEY, FIRST_AUDIT_KEY))).toMatchObject({
      firstBreak: null,
    })
    await using refused = startProgram(['audit-verify', path], { AUDIT_KEY: FIRST_AUDIT_KEY })
    expect(await refused.exitCode()).toBe(1)
    expect(refused.stdout()).toContain('from here on the journal is under a key that was not given')
  })
})
