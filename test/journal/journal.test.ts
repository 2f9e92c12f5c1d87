import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { toAuditKeyring } from '../../src/journal/audit-key.ts'
import { signCanonicalJson } from '../../src/journal/chain.ts'
import { verifyJournal } from '../../src/journal/verify/verify-journal.ts'
import { JournalUnavailableError } from '../../src/mfa/journal-port.ts'
import { USER_ID_TYPES } from '../../src/mfa/user-ref.ts'
import { CANARY } from '../support/canaries.ts'
import { clockAt } from '../support/hand-clock.ts'
import {
  APPLIED,
  AUDIT_KEYS,
  GENAUTH_ID,
  intentOf,
  journalOnFaultyFile,
  journalPath,
  openJournal,
  readRecords,
  watchedLog,
} from '../support/journal.ts'

const FAILED = {
  outcome: 'UNKNOWN',
  failure: 'UPSTREAM_UNAVAILABLE',
  upstreamRequestId: 'upstream-1',
} as const

describe('what is on record', () => {
  it('of a set is an intent and an outcome, behind a record of the start', async () => {
    const path = journalPath()
    let clock = Date.UTC(2026, 0, 2, 3, 4, 5)
    const journal = await openJournal(path, { clock: clockAt(() => clock) })
    const conclude = await journal.begin(intentOf())
    clock += 250
    await conclude(FAILED)
    await journal.close()
    const digest = expect.stringMatching(/^[0-9a-f]{64}$/)
    const uuid = expect.stringMatching(/^[0-9a-f-]{36}$/)
    const records = readRecords(path)
    const [opened, intent] = records
    const place = { run: opened.run, hash: digest, prevHash: digest }
    expect(records).toEqual([
      {
        ...place,
        kind: 'opened',
        seq: 1,
        time: '2026-01-02T03:04:05.000Z',
        run: uuid,
        format: 1,
        cutBytes: 0,
        prevHash: '0'.repeat(64),
      },
      {
        ...place,
        kind: 'intent',
        seq: 2,
        time: '2026-01-02T03:04:05.000Z',
        id: uuid,
        requestId: 'request-1',
        traceId: '4bf92f3577b34da6a3ce929d0e0e4736',
        caller: { issuer: 'https://issuer.example', subject: 'admin-1', client: 'support-desk' },
        user: { idType: 'USER_ID', idHash: digest, genauthId: GENAUTH_ID },
        sealedId: expect.stringMatching(/^[\w-]{60,}$/),
        factorsBefore: [{ code: 'SMS', enabled: true, sort: 0 }],
        factorsAfter: [{ code: 'SMS', enabled: false, sort: 0 }],
        changedFields: ['mfaPhone'],
        revisionBefore: 'r1.before',
        revisionIntended: 'r1.intended',
        reason: 'lost phone',
        effects: ['WEAKENING'],
        railsPassed: ['OWN_USER'],
      },
      {
        ...place,
        kind: 'outcome',
        seq: 3,
        time: '2026-01-02T03:04:05.250Z',
        intent: intent.id,
        ...FAILED,
        durationMs: 250,
        recovered: false,
      },
    ])
    expect(records.slice(1).map(record => record.prevHash)).toEqual(
      records.slice(0, -1).map(record => record.hash),
    )
    expect(statSync(path).mode & 0o777).toBe(0o600)
  })

  it('records which change an undo takes back, and of other changes nothing more than version 0.2 reads', async () => {
    const path = journalPath()
    const journal = await openJournal(path)
    const begin = async (revertOf: string | null) => (await journal.begin(intentOf({ revertOf })))(APPLIED)
    await begin(null)
    const mistake = readRecords(path).at(-2)
    await begin(mistake.id)
    await begin(null)
    await journal.close()
    const intents = readRecords(path).filter(record => record.kind === 'intent')
    expect(intents.map(record => record.revertOf)).toEqual([undefined, mistake.id, undefined])
    expect((await verifyJournal(path, AUDIT_KEYS)).firstBreak).toBeNull()
    await (await openJournal(path)).close()
  })

  it('shows no identifier that was given, in no type, whatever a caller calls an id of GenAuth', async () => {
    const path = journalPath()
    const { log, lines } = watchedLog()
    const journal = await openJournal(path, { log })
    for (const userIdType of USER_ID_TYPES) {
      for (const userId of [CANARY.phone, CANARY.email, CANARY.mfaToken]) {
        const genauthId = userIdType === 'USER_ID' ? userId : GENAUTH_ID
        const conclude = await journal.begin(intentOf({ given: { userId, userIdType }, genauthId }))
        await conclude(APPLIED)
      }
    }
    await journal.close()
    const shown = `${readFileSync(path, 'utf8')} ${JSON.stringify(lines)}`
    for (const canary of Object.values(CANARY)) {
      expect(shown).not.toContain(canary)
      for (const coding of ['base64url', 'hex'] as const) {
        expect(shown).not.toContain(Buffer.from(canary).toString(coding))
      }
    }
    expect(readRecords(path).filter(record => record.user?.genauthId === GENAUTH_ID)).toHaveLength(21)
  })

  it('names the same identifier alike, another type or another key otherwise, and seals it anew each time', async () => {
    const [path, otherPath] = [journalPath(), journalPath()]
    const journal = await openJournal(path)
    const other = await openJournal(otherPath, {
      keys: toAuditKeyring({ auditKeys: ['another'], accessKeySecret: '' }),
    })
    const given = { userId: 'someone', userIdType: 'USERNAME' } as const
    for (const user of [given, given, { ...given, userIdType: 'EXTERNAL_ID' } as const]) {
      await journal.begin(intentOf({ given: user }))
    }
    await other.begin(intentOf({ given }))
    await Promise.all([journal.close(), other.close()])
    const intents = [...readRecords(path), ...readRecords(otherPath)].filter(({ kind }) => kind === 'intent')
    expect(intents[0].user).toEqual(intents[1].user)
    expect(new Set(intents.map(({ user }) => user.idHash)).size).toBe(3)
    expect(new Set(intents.map(({ sealedId }) => sealedId)).size).toBe(4)
  })

  it('has one outcome of an intent that is concluded twice', async () => {
    const path = journalPath()
    const journal = await openJournal(path)
    const conclude = await journal.begin(intentOf())
    await Promise.all([conclude(APPLIED), conclude(FAILED)])
    await conclude(FAILED)
    await journal.close()
    expect(readRecords(path).filter(({ kind }) => kind === 'outcome')).toMatchObject([APPLIED])
  })

  it('keeps every character of a reason, line separators too', async () => {
    const path = journalPath()
    const reason = 'a\u2028b\u2029c\r\nd "\\ \u{1f511} \ud800'
    const journal = await openJournal(path)
    await journal.begin(intentOf({ reason }))
    await journal.close()
    expect(readRecords(path)[1].reason).toBe(reason)
    expect(await verifyJournal(path, AUDIT_KEYS)).toMatchObject({ records: 2, firstBreak: null })
  })

  it.each([
    ['no escape, as version 0.1 wrote it', (line: string) => withoutEscapes(line)],
    ['more escapes, as a Node of an older Unicode writes it', (line: string) => line.replace('é', '\\u00e9')],
  ])('is in order with %s, and read by its value at the next start', async (_what, rewrite) => {
    const path = journalPath()
    const journal = await openJournal(path)
    await journal.begin(intentOf({ reason: 'می\u200cخواهم \u2028 é \\u200c' }))
    await journal.close()
    const [opened = '', intent = ''] = readFileSync(path, 'utf8').split('\n')
    expect(intent).toContain(String.raw`می\u200cخواهم \u2028 é \\u200c`)
    const { hash } = JSON.parse(intent)
    const signed = rewrite(intent).replace(`"hash":"${hash}",`, '')
    const signature = signCanonicalJson(AUDIT_KEYS[0].chain, signed)
    const line = rewrite(intent).replace(hash, signature)
    expect(line).not.toBe(intent)
    writeFileSync(path, `${opened}\n${line}\n`)
    expect(await verifyJournal(path, AUDIT_KEYS)).toMatchObject({ records: 2, firstBreak: null })
    await (await openJournal(path)).close()
    expect(readRecords(path)[1].reason).toBe('می\u200cخواهم \u2028 é \\u200c')
  })
})

const withoutEscapes = (line: string) => line.replace('\\u200c', '\u200c').replace('\\u2028', '\u2028')

describe('durability', () => {
  it('of an intent comes before the write may be sent, that of an outcome before the answer', async () => {
    const path = journalPath()
    const steps: string[] = []
    let letSync = () => {}
    const journal = await journalOnFaultyFile(path, real => ({
      async appendFile(data) {
        await real.appendFile(data)
        steps.push('written')
      },
      async datasync() {
        if (steps.length > 1) {
          await new Promise<void>(resolve => {
            letSync = resolve
          })
        }
        await real.datasync()
        steps.push('synced')
      },
    }))
    const begun = journal.begin(intentOf()).finally(() => steps.push('begun'))
    await expect.poll(() => steps).toEqual(['written', 'synced', 'written'])
    letSync()
    const concluded = (await begun)(APPLIED).finally(() => steps.push('concluded'))
    await expect.poll(() => steps.slice(3)).toEqual(['synced', 'begun', 'written'])
    letSync()
    await concluded
    expect(steps.slice(6)).toEqual(['synced', 'concluded'])
  })

  it('is shared by many sets at once: 64 sets need a handful of syncs, and one by one two each', async () => {
    const path = journalPath()
    const journal = await openJournal(path)
    const set = async () => (await journal.begin(intentOf()))(APPLIED)
    const start = journal.fsyncCount()
    await Promise.all(Array.from({ length: 64 }, set))
    expect(journal.fsyncCount() - start).toBeLessThanOrEqual(8)
    const middle = journal.fsyncCount()
    await set()
    await set()
    expect(journal.fsyncCount() - middle).toBe(4)
    await journal.close()
    expect(await verifyJournal(path, AUDIT_KEYS)).toMatchObject({
      records: 133,
      intents: 66,
      outcomes: 66,
      openIntents: [],
      firstBreak: null,
    })
  })
})

describe('the end of a process', () => {
  it('waits for what was asked for, takes nothing more, and the next process continues the chain', async () => {
    const path = journalPath()
    const journal = await openJournal(path)
    const conclude = await journal.begin(intentOf())
    const [, , late] = await Promise.allSettled([
      conclude(APPLIED),
      journal.close(),
      journal.begin(intentOf()),
    ])
    expect(late).toMatchObject({ status: 'rejected', reason: expect.any(JournalUnavailableError) })
    expect(journal.isWritable()).toBe(false)
    expect(existsSync(`${path}.lock`)).toBe(false)

    const next = await openJournal(path)
    await (await next.begin(intentOf()))(APPLIED)
    await next.close()
    const records = readRecords(path)
    expect(records.map(({ kind }) => kind)).toEqual([
      'opened',
      'intent',
      'outcome',
      'opened',
      'intent',
      'outcome',
    ])
    expect(new Set(records.map(({ run }) => run)).size).toBe(2)
    expect(await verifyJournal(path, AUDIT_KEYS)).toMatchObject({ records: 6, firstBreak: null })
  })

  it('concludes an intent that was waiting for its turn as not applied, and does not let it be sent', async () => {
    const path = journalPath()
    const journal = await openJournal(path)
    const begun = journal.begin(intentOf())
    const closed = journal.close()
    await expect(begun).rejects.toThrow(JournalUnavailableError)
    await closed
    expect(readRecords(path).slice(1)).toMatchObject([
      { kind: 'intent' },
      { kind: 'outcome', outcome: 'NOT_APPLIED', failure: 'NOT_ATTEMPTED' },
    ])
  })
})

describe('a journal on a stream', () => {
  it('hands a record over before the write may be sent, and begins a chain of its own', async () => {
    const written: string[] = []
    const waiting: (() => void)[] = []
    const write = (lines: string) => {
      written.push(lines)
      return new Promise<void>(resolve => waiting.push(resolve))
    }
    const opening = openJournal('', { target: { kind: 'stdout', write, isLost: () => false } })
    await expect.poll(() => waiting.length).toBe(1)
    waiting.shift()?.()
    const journal = await opening
    let hasBegun = false
    const begun = journal.begin(intentOf()).finally(() => {
      hasBegun = true
    })
    await expect.poll(() => waiting.length).toBe(1)
    expect(hasBegun).toBe(false)
    waiting.shift()?.()
    await begun
    expect(written.map(lines => JSON.parse(lines))).toMatchObject([
      { kind: 'opened', seq: 1, prevHash: '0'.repeat(64) },
      { kind: 'intent', seq: 2 },
    ])
    expect(journal).toMatchObject({ openIntents: [] })
  })

  it('takes no more writes once the stream has failed', async () => {
    let isGone = false
    const write = async () => {
      if (isGone) throw new Error('EPIPE')
    }
    const journal = await openJournal('', { target: { kind: 'stdout', write, isLost: () => false } })
    isGone = true
    await expect(journal.begin(intentOf())).rejects.toThrow(JournalUnavailableError)
    isGone = false
    await expect(journal.begin(intentOf())).rejects.toThrow(JournalUnavailableError)
    expect(journal.isWritable()).toBe(false)
  })
})
