import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Json, startApp, type TestApp } from './support/app.ts'
import { CANARY } from './support/canaries.ts'
import { ok, startFakeGenAuth } from './support/fake-genauth.ts'
import { startIssuer } from './support/issuer.ts'
import { HAS_POSTGRES, startPostgres, type TestPostgres } from './support/postgres.ts'
import { graphqlUrl, startProgram } from './support/program.ts'
import { HAS_REDIS, startRedis } from './support/redis.ts'
import { recordsOf } from './support/store-journals.ts'
import { openStore, toTarget } from './support/stores.ts'

const folder = mkdtempSync(join(tmpdir(), 'store-journal-'))
afterAll(() => rmSync(folder, { recursive: true }))

const SET = /* GraphQL */ `
  mutation ($input: SetUserMfaStatusInput!) {
    setUserMfaStatus(input: $input) {
      __typename
      ... on SetUserMfaStatusSuccess { applied }
      ... on MfaError { code retryable }
      ... on MfaUpstreamUnavailableError { outcome }
    }
  }
`
const AUDIT_KEY = 'the key of these tests'
/** GenAuth's user of the sandbox. */
const USER = { userId: '65a000000000000000000001' }

const set = async (app: TestApp, input: object): Promise<Json> => {
  const { data, errors } = await app.graphql(SET, { input: { reason: 'lost phone', ...input } })
  return data?.setUserMfaStatus ?? errors[0].extensions
}

async function kindsIn(storeUrl: string): Promise<Json[]> {
  await using opened = await openStore(toTarget(storeUrl))
  return (await recordsOf(opened.store.chains)).map(({ kind, outcome, recovered }) =>
    kind === 'outcome' ? { outcome, recovered } : kind,
  )
}

describe('with AUDIT_LOG=store and a store in a file', () => {
  it('a change is on record there, and audit-verify --store finds all in order', async () => {
    const storeUrl = `file:${join(folder, 'store.db')}`
    const env = { AUDIT_LOG: 'store', AUDIT_KEY, STORE_URL: storeUrl }
    await using app = await startApp({ env })
    expect(await set(app, { ...USER, enable: ['EMAIL'] })).toMatchObject({ applied: true })
    expect((await app.fetch('/ready')).status).toBe(200)
    expect(app.journal).toEqual([])
    await app.close()
    expect(await kindsIn(storeUrl)).toEqual(['opened', 'intent', { outcome: 'APPLIED', recovered: false }])

    await using verify = startProgram(['audit-verify', '--store'], { AUDIT_KEY, STORE_URL: storeUrl })
    expect(await verify.exitCode()).toBe(0)
    expect(verify.stdout()).toMatch(
      /^All chains are in order: 1\.\n3 records: 1 intents, 1 outcomes, 0 follow-ups\.\nChain /,
    )
    await using other = startProgram(['audit-verify', '--store'], {
      AUDIT_KEY: 'another key of the tests',
      STORE_URL: storeUrl,
    })
    expect(await other.exitCode()).toBe(1)
    expect(other.stdout()).toContain('the key is another one, or the line was altered')
  })
})

describe.skipIf(!HAS_POSTGRES)('with AUDIT_LOG=store and PostgreSQL', { tags: 'long' }, () => {
  let postgres: TestPostgres
  beforeAll(async () => {
    postgres = await startPostgres()
  }, 60_000)
  afterAll(async () => await postgres[Symbol.asyncDispose]())

  it('a change that was sent while it is lost is told truly, no other begins, and the outcome follows without a restart', async () => {
    const storeUrl = await postgres.createDatabase()
    const genauth = await startFakeGenAuth()
    const env = { AUDIT_LOG: 'store', STORE_URL: storeUrl, REQUEST_DEADLINE_MS: '1500', AUDIT_KEY }
    await using app = await startApp({ env, upstream: genauth })
    genauth.reply('set-mfa-status', async response => {
      await postgres.kill()
      response.setHeader('content-type', 'application/json')
      response.end(JSON.stringify(ok({ success: true }).body))
    })
    const input = { userId: 'u', factors: [{ type: 'EMAIL' }], triggerData: { mfaToken: CANARY.mfaToken } }
    expect(await set(app, input)).toMatchObject({ applied: true })
    await expect
      .poll(async () => JSON.parse((await app.fetch('/ready')).text))
      .toMatchObject({ reasons: ['JOURNAL'] })
    expect(await set(app, { ...input, userId: 'v' })).toMatchObject({ code: 'AUDIT_UNAVAILABLE' })

    await postgres.start()
    await expect.poll(async () => (await app.fetch('/ready')).status).toBe(200)
    await app.close()
    expect(await kindsIn(storeUrl)).toEqual(['opened', 'intent', { outcome: 'APPLIED', recovered: false }])
  })

  it.skipIf(!HAS_REDIS).each(['SIGKILL', 'SIGSTOP'] as const)(
    'one of two replicas concludes the write of the other one that gets %s while GenAuth works on it',
    { timeout: 90_000 },
    async signal => {
      await using redis = await startRedis()
      await using genauth = await startFakeGenAuth()
      await using issuer = await startIssuer()
      const storeUrl = await postgres.createDatabase()
      const env = {
        ...{ PORT: '0', AUDIT_LOG: 'store', AUDIT_KEY, STORE_URL: storeUrl, REDIS_URL: redis.url },
        ...{ REQUEST_DEADLINE_MS: '2000', GENAUTH_TIMEOUT_MS: '1000', ...genauth.env, ...issuer.env },
      }
      await using first = startProgram([], env)
      const url = await graphqlUrl(first)
      await using second = startProgram([], env)
      await graphqlUrl(second)
      let send = () => {}
      const isSent = new Promise<void>(resolve => {
        send = resolve
      })
      genauth.reply(
        'set-mfa-status',
        genauth.storing(() => send()),
      )
      const headers = {
        authorization: `Bearer ${await issuer.token({ scope: 'mfa:read mfa:write' })}`,
        'content-type': 'application/json',
      }
      const input = { ...USER, enable: ['EMAIL'], reason: 'lost phone' }
      const told = fetch(url, {
        method: 'POST',
        headers,
        body: JSON.stringify({ query: SET, variables: { input } }),
      }).catch(() => null)
      await isSent
      first.process.kill(signal)
      await expect
        .poll(() => kindsIn(storeUrl), { timeout: 60_000, interval: 1_000 })
        .toEqual(expect.arrayContaining([{ outcome: 'UNKNOWN', recovered: true }, 'followUp']))

      first.process.kill('SIGCONT')
      await told
      if (signal === 'SIGSTOP') {
        await expect
          .poll(() => first.stdout(), { timeout: 30_000 })
          .toContain('another process has taken over a chain')
      }
      const kinds = await kindsIn(storeUrl)
      expect(kinds.filter(kind => kind === 'intent')).toHaveLength(1)
      expect(kinds.filter(kind => kind.outcome !== undefined)).toHaveLength(1)
      expect(kinds).not.toContainEqual({ outcome: 'APPLIED', recovered: false })
    },
  )
})
