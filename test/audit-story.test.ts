import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { toAuditKeyring } from '../src/journal/audit-key.ts'
import { verifyJournal } from '../src/journal/verify/verify-journal.ts'
import { type Json, startApp } from './support/app.ts'
import { CANARY } from './support/canaries.ts'
import { failing, startFakeGenAuth } from './support/fake-genauth.ts'
import { startProgram } from './support/program.ts'
import { REASONS } from './support/reasons.ts'

const ADA = '65a000000000000000000001'
const SET = /* GraphQL */ `
  mutation ($input: SetUserMfaStatusInput!) {
    setUserMfaStatus(input: $input) {
      __typename
      ... on SetUserMfaStatusSuccess { applied }
      ... on MfaUpstreamUnavailableError { outcome }
    }
  }
`
const SET_SEVERAL = /* GraphQL */ `
  mutation ($input: SetUsersMfaStatusInput!) {
    setUsersMfaStatus(input: $input) {
      ... on SetUsersMfaStatusSuccess { succeeded failed notAttempted }
    }
  }
`
const WEAKEN = { userId: ADA, disable: ['SMS'] }

/** What a terminal hides or obeys. */
const HIDDEN = /[\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/u

const folder = mkdtempSync(join(tmpdir(), 'audit-story-'))
afterAll(() => rmSync(folder, { recursive: true }))

function ofKind(records: Json[], kind: string): Json[] {
  return records.filter(record => record.kind === kind)
}

describe('a set', () => {
  it('is on record: who, on whom, what, why, and what became of it', async () => {
    await using app = await startApp({ claims: { sub: 'agent-7', client_id: 'console' } })
    const input = {
      userId: 'ada@example.com',
      userIdType: 'EMAIL',
      factors: [{ type: 'OTP' }],
      triggerData: { mfaPhone: CANARY.phone, nickname: 'n' },
      reason: 'Lost phone, ticket 4711',
    }
    const traceparent = '00-0123456789abcdef0123456789abcdef-0123456789abcdef-01'
    await app.graphql(SET, { input }, { traceparent, 'x-request-id': 'request-1' })
    const [intent] = ofKind(app.journal, 'intent')
    const [outcome] = ofKind(app.journal, 'outcome')
    expect(intent).toMatchObject({
      requestId: 'request-1',
      traceId: '0123456789abcdef0123456789abcdef',
      caller: { issuer: expect.any(String), subject: 'agent-7', client: 'console' },
      user: { idType: 'EMAIL', idHash: expect.stringMatching(/^[\w-]+$/), genauthId: ADA },
      changedFields: ['mfaPhone', 'nickname'],
      reason: 'Lost phone, ticket 4711',
      revisionBefore: expect.stringMatching(/^r2\./),
      revisionIntended: expect.stringMatching(/^r2\./),
    })
    expect(outcome).toMatchObject({ outcome: 'APPLIED', failure: null, recovered: false })
    const text = JSON.stringify(app.journal)
    for (const secret of ['ada@example.com', '13800000001', CANARY.phone]) expect(text).not.toContain(secret)
  })

  it('that writes nothing is not: a dry run, a refusal, a no-op', async () => {
    await using app = await startApp()
    for (const more of [
      { dryRun: true },
      { expectedRevision: 'r1.old' },
      { disable: ['EMAIL'] },
      { disable: ['SMS', 'OTP'] },
    ]) {
      await app.graphql(SET, { input: { ...WEAKEN, ...more } })
    }
    expect(ofKind(app.journal, 'intent')).toEqual([])
  })

  it('that failed is on record with its failure', async () => {
    await using genauth = await startFakeGenAuth()
    await using app = await startApp({ upstream: genauth })
    for (const [reply, expected] of [
      [
        failing(422),
        { outcome: 'NOT_APPLIED', failure: 'OPERATION_REFUSED', upstreamRequestId: 'upstream-request-1' },
      ],
      [failing(500), { outcome: 'UNKNOWN', failure: 'UPSTREAM_UNAVAILABLE' }],
    ] as const) {
      genauth.reply('set-mfa-status', reply)
      await app.graphql(SET, { input: { userId: 'u', disable: ['SMS'] } })
      expect(ofKind(app.journal, 'outcome').at(-1)).toMatchObject(expected)
    }
  })
})

describe('a journal that fails', () => {
  const unwritable = async () => {
    throw new Error('no space left')
  }
  /** Fails from the first line that holds the word on. */
  function failingFrom(word: string) {
    let isFailing = false
    return async (lines: string) => {
      isFailing ||= lines.includes(word)
      if (isFailing) await unwritable()
    }
  }

  it('before the write refuses it, and reads go on', async () => {
    await using app = await startApp({ onJournalLines: failingFrom('"intent"') })
    for (const [document, input] of [
      [SET, WEAKEN],
      [SET_SEVERAL, { users: [{ userId: ADA }], disable: ['SMS'] }],
    ] as const) {
      const { status, data, errors } = await app.graphql(document, { input })
      expect([status, data]).toEqual([503, null])
      expect(errors).toMatchObject([{ extensions: { code: 'AUDIT_UNAVAILABLE' } }])
    }
    expect(app.takeCalls()).not.toContain('set-mfa-status')
    const read = await app.graphql(`{ userMfa(userId: "${ADA}") { __typename } }`)
    expect(read.data.userMfa.__typename).toBe('UserMfa')
    expect((await app.fetch('/ready')).status).toBe(503)
    expect((await app.fetch('/health')).status).toBe(200)
  })

  it('after the write leaves the answer true, and refuses the next', async () => {
    await using app = await startApp({ onJournalLines: failingFrom('"outcome"') })
    await expect.poll(async () => (await app.fetch('/ready')).status).toBe(200)
    const first = await app.graphql(SET, { input: WEAKEN })
    expect(first.data.setUserMfaStatus).toEqual({ __typename: 'SetUserMfaStatusSuccess', applied: true })
    expect((await app.graphql(SET, { input: { userId: ADA, enable: ['SMS'] } })).status).toBe(503)
    expect((await app.fetch('/ready')).status).toBe(503)
    expect(app.takeCalls().filter(call => call === 'set-mfa-status')).toHaveLength(1)
    expect(app.log.some(line => line.level === 'error' || line.level === 'fatal')).toBe(true)
  })

  it('in the middle of a list does not hide what was done', async () => {
    let intents = 0
    const onJournalLines = async (lines: string) => {
      intents += lines.split('"kind":"intent"').length - 1
      if (intents > 1) await unwritable()
    }
    await using app = await startApp({ onJournalLines })
    const users = [1, 4, 5].map(n => ({ userId: `65a00000000000000000000${n}` }))
    const { status, data } = await app.graphql(SET_SEVERAL, {
      input: { users, enable: ['FACE', 'EMAIL'], onError: 'STOP' },
    })
    expect(status).toBe(200)
    expect(data.setUsersMfaStatus).toMatchObject({ succeeded: 1, notAttempted: 2 })
  })
})

describe('a journal on a file', () => {
  it('verifies, with its own key and no other, over restarts', async () => {
    const path = join(folder, 'journal')
    for (const disable of [['SMS'], ['OTP']]) {
      await using app = await startApp({ env: { AUDIT_LOG: path, AUDIT_KEY: 'a-key-of-sixteen-or-more' } })
      await app.graphql(SET, { input: { userId: '65a000000000000000000005', disable } })
    }
    const key = (auditKey: string) => toAuditKeyring({ auditKeys: [auditKey], accessKeySecret: '' })
    const verified = await verifyJournal(path, key('a-key-of-sixteen-or-more'))
    expect(verified).toMatchObject({ intents: 2, outcomes: 2, openIntents: [], firstBreak: null })
    expect((await verifyJournal(path, key('another-key-of-sixteen'))).firstBreak).not.toBeNull()
    expect(readFileSync(path, 'utf8')).not.toContain('13800000005')
  })

  it('keeps reasons of every language and emoji, escaped where they are printed, and audit-verify reads them', async () => {
    const path = join(folder, 'reasons')
    const AUDIT_KEY = 'a-key-of-sixteen-or-more'
    await using app = await startApp({ env: { AUDIT_LOG: path, AUDIT_KEY, LOG_LEVEL: 'debug' } })
    for (const [index, [, reason]] of REASONS.entries()) {
      const factors = [{ type: 'OTP', sort: index }]
      const { data } = await app.graphql(SET, { input: { userId: ADA, factors, reason } })
      expect(data.setUserMfaStatus).toEqual({ __typename: 'SetUserMfaStatusSuccess', applied: true })
    }
    const refused = await app.graphql(
      `mutation ($input: SetUserMfaStatusInput!) {
        setUserMfaStatus(input: $input) { ... on MfaInvalidInputError { fieldErrors { path message } } }
      }`,
      { input: { ...WEAKEN, reason: 'Lost \u001b[2J phone' } },
    )
    expect(refused.data.setUserMfaStatus.fieldErrors).toEqual([
      { path: ['input', 'reason'], message: expect.stringContaining('Remove it.') },
    ])
    await app.close()

    const lines = readFileSync(path, 'utf8').trim().split('\n')
    for (const line of lines) expect(line).not.toMatch(HIDDEN)
    const intents = ofKind(
      lines.map(line => JSON.parse(line)),
      'intent',
    )
    expect(intents.map(({ reason }) => reason)).toEqual(REASONS.map(([, reason]) => reason))
    await using verify = startProgram(['audit-verify', path], { AUDIT_KEY })
    expect(await verify.exitCode()).toBe(0)
    expect(verify.stdout()).toContain(`${REASONS.length} intents, ${REASONS.length} outcomes`)
    for (const line of verify.stdout().trim().split('\n')) expect(line).not.toMatch(HIDDEN)
    // Words, because the digits of an id may be those of a ticket.
    expect(JSON.stringify(app.log)).not.toMatch(/Phone lost|Ticket|called back/i)
  })

  it('belongs to one process', async () => {
    const env = { AUDIT_LOG: join(folder, 'locked') }
    await using _app = await startApp({ env })
    await expect(startApp({ env })).rejects.toThrow('one journal belongs to one process')
  })

  it('that cannot be opened keeps the server from starting', async () => {
    await expect(startApp({ env: { AUDIT_LOG: join(folder, 'no/such/folder/journal') } })).rejects.toThrow(
      'The audit journal cannot be opened (ENOENT)',
    )
  })
})
