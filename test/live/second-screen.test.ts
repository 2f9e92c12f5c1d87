import { expect, it } from 'vitest'
import { type Json, startApp, type TestApp } from '../support/app.ts'
import { openStream, type TestStream } from '../support/event-stream.ts'
import { ok, startFakeGenAuth } from '../support/fake-genauth.ts'
import { HAS_POSTGRES, startPostgres } from '../support/postgres.ts'
import { HAS_REDIS, startRedis } from '../support/redis.ts'
import { startUndoApp } from '../support/undo-app.ts'

const USER = '65a000000000000000000001'
const SCREEN = `subscription { userMfaChanged { hint revision user { id mfa { revision factors { code enabled } } } } }`
const HISTORY = `{ userMfa(userId: "${USER}") { ... on UserMfa {
  history { edges { node { id kind source revertible revertOf changes { code } } } }
} } }`
/** A second screen may be behind the first for this long. */
const BEHIND_MS = 1_000
const SOON = { timeout: 20_000, interval: 20 }

const isShared = async (app: TestApp) => (await app.metrics())['changes_not_shared'] === 0

async function ofHistory(app: TestApp): Promise<Json[]> {
  const { data } = await app.graphql(HISTORY)
  return data.userMfa.history.edges
    .map(({ node }: Json) => node)
    .filter(({ source }: Json) => source === 'THIS_SERVICE')
}

/** What the second screen shows after a change, and how long after its response. */
async function seen(screen: TestStream): Promise<Json> {
  const respondedAtMs = performance.now()
  const { data, errors } = await screen.next()
  expect(errors).toBeUndefined()
  expect(performance.now() - respondedAtMs).toBeLessThan(BEHIND_MS)
  return data.userMfaChanged
}

it.runIf(HAS_REDIS && HAS_POSTGRES)(
  'A desk makes a mistake, finds it in the history, and takes it back; a second screen at another replica shows each step within a second.',
  {
    tags: 'long',
  },
  async () => {
    await using redis = await startRedis()
    await using postgres = await startPostgres()
    await using genauth = await startFakeGenAuth()
    genauth.reply('get-user-action-logs', ok({ totalCount: 0, list: [] }))
    const env = {
      STORE_URL: await postgres.createDatabase(),
      REDIS_URL: redis.url,
      REDIS_TIMEOUT_MS: '2000',
      METRICS_PORT: '0',
    }
    await using desk = await startUndoApp({ upstream: genauth, env })
    await using other = await startApp({ upstream: genauth, env })
    for (const app of [desk, other]) await expect.poll(() => isShared(app), SOON).toBe(true)
    const { data } = await other.graphql(
      `{ userMfa(userId: "${USER}") { ... on UserMfa { factors { code enabled } } } }`,
    )
    const before = data.userMfa.factors
    const screen = await openStream(other, SCREEN)

    const mistake = await desk.set({ userId: USER, factors: [{ type: 'FACE' }] })
    expect(mistake.applied).toBe(true)
    const shown = await seen(screen)
    const { revision, factors } = mistake.userMfa
    const asShown = factors.map(({ code, enabled }: Json) => ({ code, enabled }))
    expect(shown.user).toEqual({ id: USER, mfa: { revision, factors: asShown } })
    expect(shown).toMatchObject({ hint: 'SET_BY_THIS_SERVICE', revision: mistake.userMfa.revision })

    const [entry] = await ofHistory(desk)
    expect(entry).toMatchObject({ id: mistake.changeId, kind: 'SET', revertible: true })
    const undone = await desk.undo({ changeId: entry.id, reason: 'a mistake' })
    expect(undone).toMatchObject({ __typename: 'SetUserMfaStatusSuccess', applied: true })
    expect((await seen(screen)).user.mfa).toEqual({ revision: undone.userMfa.revision, factors: before })
    expect((await ofHistory(desk)).map(({ kind, revertOf }) => [kind, revertOf])).toEqual([
      ['UNDO', mistake.changeId],
      ['SET', null],
    ])
    screen.abort()
  },
)
