import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { JournalBrokenError } from '../src/journal/journal-broken-error.ts'
import { startApp, type TestApp } from './support/app.ts'
import { startFakeGenAuth } from './support/fake-genauth.ts'
import { journalPath, readRecords } from './support/journal.ts'

/** `on` and `off` by turns, so that each changes something. */
const setTo = (to: 'enable' | 'disable') =>
  `mutation { setUserMfaStatus(input: { userId: "u", ${to}: [EMAIL], allowNoFactor: true }) { __typename } }`
const SET_LIST = `mutation { setUsersMfaStatus(input: { users: [{ userId: "u" }], enable: [EMAIL] }) { __typename } }`
const DRY_RUN = setTo('enable').replace('enable:', 'dryRun: true, enable:')
const READ = '{ userMfa(userId: "u") { __typename } }'
const REFUSED = { data: null, errors: [{ extensions: { code: 'AUDIT_UNAVAILABLE' } }] }
const KEY = 'the audit key of these tests'
const FORMER_KEY = 'the former audit key of these tests'
const toAnswer = (__typename: string) => ({ data: { setUserMfaStatus: { __typename } }, errors: [] })
const SUCCESS = toAnswer('SetUserMfaStatusSuccess')
const PREVIEW = toAnswer('SetUserMfaStatusPreview')

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

describe('a journal that is still being opened', () => {
  it('keeps back writes alone: /health answers, /ready says JOURNAL, reads are served', async () => {
    await using genauth = await startFakeGenAuth()
    let open = () => {}
    const isOpened = new Promise<void>(resolve => {
      open = resolve
    })
    let onListening = (_app: TestApp) => {}
    const listening = new Promise<TestApp>(resolve => {
      onListening = resolve
    })
    const onJournalLines = async (lines: string) => {
      if (lines.includes('"opened"')) await isOpened
    }
    const env = { METRICS_PORT: '0' }
    const starting = startApp({ upstream: genauth, env, onJournalLines, onListening })
    const early = await listening
    expect((await early.fetch('/health')).status).toBe(200)
    await expect
      .poll(async () => (await early.fetch('/ready')).text)
      .toBe('{"status":"not ready","reasons":["JOURNAL"]}')
    expect(await early.graphql(setTo('enable'))).toMatchObject(REFUSED)
    expect(await early.graphql(SET_LIST)).toMatchObject(REFUSED)
    // Nobody who holds the lock of a user may be in the way of the recovery.
    expect(genauth.seenOf('get-mfa-status')).toHaveLength(0)
    expect((await early.metrics())['journal_failures_total']).toBe(2)
    expect(await early.graphql(DRY_RUN)).toMatchObject(PREVIEW)
    expect((await early.graphql(READ)).errors).toEqual([])
    expect(genauth.seenOf('set-mfa-status')).toHaveLength(0)
    open()
    await using app = await starting
    expect((await app.fetch('/ready')).text).toBe('{"status":"ready"}')
    expect(await app.graphql(setTo('enable'))).toMatchObject(SUCCESS)
  })

  it('ends the process in order when that is told to stop', async () => {
    await using genauth = await startFakeGenAuth()
    let isClosed: Promise<void> | null = null
    const onListening = (app: TestApp) => {
      isClosed = app.close()
    }
    const env = { AUDIT_LOG: journalPath() }
    // A lock that names nobody yet is looked at for half a second.
    writeFileSync(`${env.AUDIT_LOG}.lock`, '')
    const start = startApp({ upstream: genauth, env, onListening })
    await start.then(
      app => app.close(),
      () => {},
    )
    await isClosed
    await using again = await startApp({ upstream: genauth, env })
    expect(await again.graphql(setTo('enable'))).toMatchObject(SUCCESS)
  })

  it('stops when told to, though the disk hangs, and says that it must be ended by force', async () => {
    await using genauth = await startFakeGenAuth()
    const onJournalLines = () => new Promise<void>(() => {})
    const listening = new Promise<TestApp>(resolve => {
      void startApp({ upstream: genauth, onJournalLines, onListening: resolve })
    })
    await using app = await listening
    expect(app.isHeldUp()).toBe(false)
    await app.close()
    expect(app.isHeldUp()).toBe(true)
    expect(app.log.at(-1)).toMatchObject({
      level: 'error',
      msg: 'stopped before the audit journal was opened: the disk hangs',
    })
  })

  it('begins a segment that was asked for in that time as soon as it is open', async () => {
    await using genauth = await startFakeGenAuth()
    const AUDIT_LOG = journalPath()
    let begun: Promise<void> | null = null
    const onListening = (app: TestApp) => {
      begun = app.beginSegment()
    }
    await using _app = await startApp({ upstream: genauth, env: { AUDIT_LOG }, onListening })
    await begun
    expect(existsSync(`${AUDIT_LOG}.000001`)).toBe(true)
  })

  it('ends the start with its cause where it is broken, and nobody is served any more', async () => {
    await using genauth = await startFakeGenAuth()
    const AUDIT_LOG = journalPath()
    writeFileSync(AUDIT_LOG, 'not a record\n', { mode: 0o600 })
    let url = ''
    const onListening = (app: TestApp) => {
      url = app.url
    }
    await expect(startApp({ upstream: genauth, env: { AUDIT_LOG }, onListening })).rejects.toThrow(
      JournalBrokenError,
    )
    await expect(fetch(`${url}/health`)).rejects.toThrow()
    expect(existsSync(`${AUDIT_LOG}.lock`)).toBe(false)
    expect(readFileSync(AUDIT_LOG, 'utf8')).toBe('not a record\n')
  })
})

describe('a sealed segment that was altered', () => {
  it('is found in the background, told by log, metric and /ready, and ends writes, not reads', async () => {
    await using genauth = await startFakeGenAuth()
    const AUDIT_LOG = journalPath()
    const env = { AUDIT_LOG, METRICS_PORT: '0' }
    {
      await using app = await startApp({ upstream: genauth, env })
      await app.graphql(setTo('enable'))
      await app.beginSegment()
      await app.graphql(setTo('disable'))
    }
    const sealed = `${AUDIT_LOG}.000001`
    {
      await using app = await startApp({ upstream: genauth, env })
      const isVerified = () => app.log.some(({ msg }) => /sealed segments .* are in order/.test(msg))
      await expect.poll(isVerified).toBe(true)
      expect((await app.fetch('/ready')).text).not.toContain('notes')
    }
    writeFileSync(sealed, readFileSync(sealed, 'utf8').replace('"APPLIED"', '"NOT_APPLIED"'))
    await using app = await startApp({ upstream: genauth, env })
    await expect.poll(async () => (await app.metrics())['journal_broken_segments']).toBe(1)
    expect(await app.fetch('/ready')).toMatchObject({
      status: 503,
      text: '{"status":"not ready","reasons":["JOURNAL"]}',
    })
    expect(app.log.filter(({ level }) => level === 'error')).toMatchObject([
      { file: 'audit.jsonl.000001', line: 3, what: 'ALTERED', meaning: expect.any(String) },
    ])
    const written = genauth.seenOf('set-mfa-status').length
    expect(await app.graphql(setTo('enable'))).toMatchObject(REFUSED)
    expect((await app.graphql(READ)).errors).toEqual([])
    expect(genauth.seenOf('set-mfa-status')).toHaveLength(written)
  })

  it('is no reason to refuse a write where nobody can say so: its key is not given any more', async () => {
    await using genauth = await startFakeGenAuth()
    const AUDIT_LOG = journalPath()
    const start = (...keys: string[]) =>
      startApp({ upstream: genauth, env: { AUDIT_LOG, METRICS_PORT: '0', AUDIT_KEY: keys.join('\n') } })
    for (const keys of [[FORMER_KEY], [KEY, FORMER_KEY]]) {
      await using app = await start(...keys)
      await app.graphql(setTo('enable'))
      await app.beginSegment()
    }
    await using app = await start(KEY)
    await expect.poll(async () => (await app.metrics())['journal_unverified_segments']).toBe(2)
    expect((await app.fetch('/ready')).text).toBe('{"status":"ready","notes":["JOURNAL_UNVERIFIED"]}')
    expect((await app.metrics())['journal_broken_segments']).toBe(0)
    expect(await app.graphql(setTo('disable'))).toMatchObject(SUCCESS)
  })
})
