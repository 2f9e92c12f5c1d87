import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { setTimeout } from 'node:timers/promises'
import { SET_REQUEST_ID, START_SCAN, WATCH, WATCH_ALL, WATCH_SCAN } from './documents.js'
import { GATEWAYS } from './gateways.js'
import { startMfa } from './mfa-subgraph.js'
import { ask } from './play.js'
import { startUsers } from './users-subgraph.js'
import { watch } from './watch.js'

const ADA = '65a000000000000000000001'
const MAX_LOOKS = 100

describe('subscriptions', () => {
  let [users, mfa] = []
  const gateways = {}
  const folder = mkdtempSync(join(tmpdir(), 'supergraph-'))
  before(async () => {
    users = await startUsers('USER_ID')
    mfa = await startMfa({ STORE_URL: `file:${join(folder, 'store.db')}` })
    for (const [name, start] of Object.entries(GATEWAYS)) {
      gateways[name] = await start([
        { name: 'users', ...users },
        { name: 'mfa', ...mfa },
      ])
    }
  })
  after(async () => {
    for (const gateway of Object.values(gateways)) await gateway.close()
    await users.close()
    await mfa.close()
    rmSync(folder, { recursive: true })
  })

  /** Changes Ada again and again, because a gateway does not say when its own subscription has begun. */
  async function changeUntil(told) {
    let isTold = false
    told.then(() => {
      isTold = true
    })
    for (let look = 0; !isTold && look < MAX_LOOKS; look += 1) {
      const change = look % 2 === 0 ? { enable: ['FACE'] } : { enable: ['EMAIL'], disable: ['FACE'] }
      await ask(mfa.url, mfa.tokens.lead, SET_REQUEST_ID, { input: { userId: ADA, ...change } })
      await Promise.race([told, setTimeout(100)])
    }
    return told
  }

  for (const name of Object.keys(GATEWAYS).filter(one => one.startsWith('Hive'))) {
    describe(`through ${name}`, () => {
      it('tell of each change, joined with the other subgraph, until the client leaves', async () => {
        const { url } = gateways[name]
        const stream = await watch(url, mfa.tokens.lead, WATCH_ALL)
        assert.deepEqual([stream.status, stream.type.split(';')[0]], [200, 'text/event-stream'])
        const { data, errors } = await changeUntil(stream.next())
        assert.equal(errors, undefined)
        assert.deepEqual(data.userMfaChanged, { hint: 'SET_BY_THIS_SERVICE', user: { id: ADA, name: 'Ada' } })
        const before = mfa.requests.filter(({ streamEnd }) => streamEnd === 'CLIENT_LEFT').length
        stream.leave()
        const hasEnded = () =>
          mfa.requests.filter(({ streamEnd }) => streamEnd === 'CLIENT_LEFT').length > before
        for (let look = 0; !hasEnded() && look < MAX_LOOKS; look += 1) await setTimeout(50)
        assert.equal(hasEnded(), true)
      })

      it('show the state of a user anew at each event', async () => {
        const stream = await watch(gateways[name].url, mfa.tokens.lead, WATCH, { users: [{ userId: ADA }] })
        const { data } = await changeUntil(stream.next())
        const { revision, user } = data.userMfaChanged
        assert.equal(user.name, 'Ada')
        assert.equal(user.mfa.revision, revision)
        stream.leave()
      })

      it('follow a scan to its end', async () => {
        const started = await ask(mfa.url, mfa.tokens.lead, START_SCAN, { input: { depth: 'ACTIVITY' } })
        const { id } = started.data.startMfaCoverageScan.scan
        const stream = await watch(gateways[name].url, mfa.tokens.lead, WATCH_SCAN, { id })
        let last = null
        for (let next = await stream.next(); next !== undefined; next = await stream.next()) last = next
        assert.deepEqual(last.data.mfaCoverageScanProgress, { id, status: 'SUCCEEDED' })
      })

      it('are refused by the subgraph, to which the gateway forwards the token', async () => {
        for (const [token, code] of [
          [mfa.tokens.none, 'FORBIDDEN'],
          [null, 'UNAUTHENTICATED'],
        ]) {
          const stream = await watch(gateways[name].url, token, WATCH_ALL)
          const { errors } = await stream.next()
          assert.deepEqual(
            errors.map(({ extensions }) => extensions?.code),
            [code],
          )
          stream.leave()
        }
      })
    })
  }

  it('are refused by Apollo Gateway itself, in every media type', async () => {
    const { url } = gateways['Apollo Gateway']
    const stream = await watch(url, mfa.tokens.lead, WATCH_ALL)
    assert.equal(stream.status, 406)
    assert.match((await stream.next()).errors[0].message, /does not accept application\/json/)
    const { errors } = await ask(url, mfa.tokens.lead, WATCH_ALL)
    assert.match(errors[0].message, /subscriptions not supported by gateway/)
  })
})
