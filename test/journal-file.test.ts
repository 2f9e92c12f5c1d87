import { renameSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { startApp } from './support/app.ts'
import { startFakeGenAuth } from './support/fake-genauth.ts'
import { journalPath, readRecords } from './support/journal.ts'

/** `on` and `off` by turns, so that each changes something. */
const setTo = (to: 'enable' | 'disable') =>
  `mutation { setUserMfaStatus(input: { userId: "u", ${to}: [EMAIL], allowNoFactor: true }) { __typename } }`
const READ = '{ userMfa(userId: "u") { __typename } }'
const REFUSED = { data: null, errors: [{ extensions: { code: 'AUDIT_UNAVAILABLE' } }] }
const SUCCESS = { data: { setUserMfaStatus: { __typename: 'SetUserMfaStatusSuccess' } }, errors: [] }

describe('a journal whose file is taken from its path', () => {
  it('says so by /ready before anybody asks for a set, refuses sets, and goes on when it is put back', async () => {
    await using genauth = await startFakeGenAuth()
    const AUDIT_LOG = journalPath()
    await using app = await startApp({ upstream: genauth, env: { AUDIT_LOG } })
    const ready = async () => (await app.fetch('/ready')).text
    await expect.poll(ready).toBe('{"status":"ready"}')
    expect(await app.graphql(setTo('enable'))).toMatchObject(SUCCESS)

    renameSync(AUDIT_LOG, `${AUDIT_LOG}.1`)
    await expect.poll(ready, { timeout: 5_000 }).toBe('{"status":"not ready","reasons":["JOURNAL"]}')
    expect(await app.graphql(setTo('disable'))).toMatchObject(REFUSED)
    expect(genauth.seenOf('set-mfa-status')).toHaveLength(1)
    expect((await app.graphql(READ)).errors).toEqual([])
    expect(app.log.find(({ fault }) => fault === 'FILE_MOVED')).toMatchObject({ level: 'error' })

    renameSync(`${AUDIT_LOG}.1`, AUDIT_LOG)
    expect(await app.graphql(setTo('disable'))).toMatchObject(SUCCESS)
    expect(await ready()).toBe('{"status":"ready"}')
    expect(readRecords(AUDIT_LOG).filter(({ kind }) => kind === 'outcome')).toHaveLength(2)
  })
})
