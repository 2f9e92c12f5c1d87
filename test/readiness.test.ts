import { describe, expect, it } from 'vitest'
import { startApp, type TestApp } from './support/app.ts'
import { failing, managementToken, ok, startFakeGenAuth } from './support/fake-genauth.ts'

const SET = 'mutation { setUserMfaStatus(input: { userId: "u", enable: [EMAIL] }) { __typename } }'
const READY = [200, '{"status":"ready"}']
const NOWHERE = 'http://127.0.0.1:9/jwks'

async function ready(app: TestApp) {
  const { status, text } = await app.fetch('/ready')
  return [status, text]
}

const notReady = (...reasons: string[]) => [503, JSON.stringify({ status: 'not ready', reasons })]

describe('readiness', () => {
  it('comes by itself: a token is fetched at the start, before anybody asks', async () => {
    await using genauth = await startFakeGenAuth()
    await using app = await startApp({ upstream: genauth })
    await expect.poll(() => genauth.seenOf('get-management-token').length).toBe(1)
    await expect.poll(() => ready(app)).toEqual(READY)
    expect(genauth.seenOf('get-management-token')).toHaveLength(1)
  })

  it('waits for a token, and comes when GenAuth gives one', async () => {
    await using genauth = await startFakeGenAuth()
    genauth.reply('get-management-token', failing(503))
    await using app = await startApp({ upstream: genauth })
    await expect.poll(() => ready(app)).toEqual(notReady('UPSTREAM_TOKEN'))
    genauth.reply('get-management-token', ok({ access_token: managementToken(), expires_in: 7200 }))
    await expect.poll(() => ready(app), { timeout: 5_000 }).toEqual(READY)
  })

  it('needs the keys of the issuer', async () => {
    await using app = await startApp({ env: { AUTH_JWKS_URL: NOWHERE } })
    await expect.poll(() => ready(app)).toEqual(notReady('ISSUER_KEYS'))
    expect((await app.fetch('/health')).status).toBe(200)
  })

  it('needs a journal that can be written', async () => {
    await using genauth = await startFakeGenAuth()
    const onJournalLines = async (lines: string) => {
      if (lines.includes('"intent"')) throw new Error('no space left')
    }
    await using app = await startApp({ upstream: genauth, onJournalLines })
    await expect.poll(() => ready(app)).toEqual(READY)
    await app.graphql(SET)
    expect(await ready(app)).toEqual(notReady('JOURNAL'))
  })
})
