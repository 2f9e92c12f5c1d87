import { readFileSync, writeFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import type { Journal } from '../../src/journal/journal.ts'
import { startPolicyRecovery } from '../../src/journal/resolve/recover-policies.ts'
import { describeVerification } from '../../src/journal/verify/describe-verification.ts'
import { verifyJournal } from '../../src/journal/verify/verify-journal.ts'
import { createUserLocks } from '../../src/locks/user-locks.ts'
import { fail, notSent, succeed, type UpstreamResult } from '../../src/mfa/failure.ts'
import { JournalUnavailableError } from '../../src/mfa/journal-port.ts'
import { toPoolPolicy } from '../../src/mfa/pool-policy.ts'
import { lockNotHad } from '../../src/mfa/user-lock.ts'
import type { PolicyIntent } from '../../src/policy/policy-journal.ts'
import { POOL_LOCK } from '../../src/policy/policy-locks.ts'
import type { Json } from '../support/app.ts'
import { createHandClock } from '../support/hand-clock.ts'
import {
  APPLIED,
  AUDIT_KEYS,
  intentOf,
  journalFiles,
  journalOnFaultyFile,
  journalPath,
  openJournal,
  readRecords,
  systemError,
  watchedLog,
} from '../support/journal.ts'

const { request } = intentOf()
const BEFORE = ['SMS', 'EMAIL', 'PASSKEY']
const WANTED = ['OTP', 'SMS', 'PASSKEY']
const revisionOf = (codes: readonly string[]) => toPoolPolicy(codes).revision

const OF_POOL: PolicyIntent = {
  request,
  applicationId: null,
  before: BEFORE,
  wanted: WANTED,
  enable: ['OTP'],
  disable: ['EMAIL'],
  revisionBefore: revisionOf(BEFORE),
  revisionIntended: revisionOf(WANTED),
  reason: 'no more codes by e-mail',
  effects: ['WEAKENING'],
  railsPassed: ['STEP_UP', 'REASON'],
}
const OF_APPLICATION: PolicyIntent = {
  ...OF_POOL,
  applicationId: '62a500000000000000d15d57',
  before: null,
  wanted: null,
  revisionBefore: null,
  revisionIntended: null,
}

describe('a change of a policy on record', () => {
  it('says who asked for it, what was on, what is to be on, and how it ended', async () => {
    const path = journalPath()
    const journal = await openJournal(path)
    await (await journal.beginPolicy(OF_POOL))(APPLIED)
    const failed = { outcome: 'UNKNOWN', failure: 'UPSTREAM_UNAVAILABLE', upstreamRequestId: 'up-1' } as const
    await (await journal.beginPolicy(OF_APPLICATION))(failed)
    await journal.close()
    const [, pool, ended, application, doubtful] = readRecords(path)
    const asked = {
      kind: 'policyIntent',
      requestId: 'request-1',
      traceId: '4bf92f3577b34da6a3ce929d0e0e4736',
      caller: { issuer: 'https://issuer.example', subject: 'admin-1', client: 'support-desk' },
      enable: ['OTP'],
      disable: ['EMAIL'],
      reason: 'no more codes by e-mail',
      effects: ['WEAKENING'],
      railsPassed: ['STEP_UP', 'REASON'],
    }
    const { before, wanted, revisionBefore, revisionIntended } = OF_POOL
    expect(pool).toMatchObject({
      ...asked,
      applicationId: null,
      before,
      wanted,
      revisionBefore,
      revisionIntended,
    })
    expect(application).toMatchObject({
      ...asked,
      applicationId: OF_APPLICATION.applicationId,
      before: null,
      wanted: null,
      revisionBefore: null,
      revisionIntended: null,
    })
    expect(ended).toMatchObject({
      kind: 'policyOutcome',
      intent: pool.id,
      outcome: 'APPLIED',
      failure: null,
      recovered: false,
    })
    expect(doubtful).toMatchObject({ kind: 'policyOutcome', intent: application.id, ...failed })
  })

  it('is counted and listed by the verifier, and carried into the next segments until it ends', async () => {
    const path = journalPath()
    const journal = await openJournal(path)
    const conclude = await journal.beginPolicy(OF_POOL)
    await journal.beginPolicy(OF_APPLICATION)
    await journal.begin(intentOf())
    await journal.beginSegment()
    await conclude(APPLIED)
    await journal.beginSegment()
    await (await journal.beginPolicy(OF_POOL))(APPLIED)
    await journal.close()
    expect(journalFiles(path)).toHaveLength(3)
    const checkpoints = readRecords(path).filter(({ kind }) => kind === 'checkpoint')
    expect(checkpoints.map(({ openPolicies }) => openPolicies.map(({ seq }: Json) => seq))).toEqual([
      [2, 3],
      [3],
    ])
    const verified = await verifyJournal(path, AUDIT_KEYS)
    expect(verified).toMatchObject({ intents: 4, outcomes: 2, firstBreak: null, inDoubt: [] })
    expect(verified.openIntents.map(({ seq }) => seq)).toEqual([3, 4])
    expect(describeVerification(verified).join('\n')).toMatch(/\(record 3, .*\) has no outcome/)
  })

  it('with very many open ones begins a segment with several checkpoints', async () => {
    const path = journalPath()
    const journal = await openJournal(path)
    for (let n = 0; n < 401; n++) await journal.beginPolicy(OF_APPLICATION)
    await journal.beginSegment()
    await journal.begin(intentOf())
    await journal.close()
    const checkpoints = readRecords(path).filter(({ kind }) => kind === 'checkpoint')
    expect(checkpoints.map(({ openPolicies, remaining }) => [openPolicies.length, remaining])).toEqual([
      [200, 201],
      [200, 1],
      [1, 0],
    ])
    expect(await verifyJournal(path, AUDIT_KEYS)).toMatchObject({ firstBreak: null })
    const next = await openJournal(path)
    expect(next.openPolicyIntents).toHaveLength(401)
    await next.close()
  })

  it.each([
    ['an end that belongs to none', (lines: string[]) => [lines[0], lines[2]], 'MISSING_BEFORE'],
    ['another factor', (lines: string[]) => lines.map(line => line.replace('"EMAIL"', '"FACES"')), 'ALTERED'],
  ])('is found when somebody makes of it %s', async (_what, change, what) => {
    const path = journalPath()
    const journal = await openJournal(path)
    await (await journal.beginPolicy(OF_POOL))(APPLIED)
    await journal.close()
    const lines = readFileSync(path, 'utf8').trimEnd().split('\n')
    writeFileSync(path, `${change(lines).join('\n')}\n`)
    expect(await verifyJournal(path, AUDIT_KEYS)).toMatchObject({ firstBreak: { what } })
  })

  it('may be torn at its end', async () => {
    const path = journalPath()
    const journal = await openJournal(path)
    await (await journal.beginPolicy(OF_POOL))(APPLIED)
    await journal.close()
    const lines = readFileSync(path, 'utf8').trimEnd().split('\n')
    for (const at of [1, 2]) {
      const before = lines.slice(0, at).map(line => `${line}\n`)
      const [torn = ''] = lines.slice(at)
      for (let bytes = 1; bytes <= torn.length; bytes += 37) {
        writeFileSync(path, `${before.join('')}${torn.slice(0, bytes)}`)
        expect(await verifyJournal(path, AUDIT_KEYS)).toMatchObject({ firstBreak: null, tornTail: { bytes } })
      }
    }
  })

  it('is refused when the disk is full, and stops further writes if its end is missing', async () => {
    let isFull = true
    const journal = await journalOnFaultyFile(journalPath(), real => ({
      async appendFile(data) {
        if (isFull && String(data).includes('policy')) throw systemError('ENOSPC')
        return real.appendFile(data)
      },
    }))
    await expect(journal.beginPolicy(OF_POOL)).rejects.toThrow(JournalUnavailableError)
    isFull = false
    const conclude = await journal.beginPolicy(OF_POOL)
    isFull = true
    await conclude(APPLIED)
    expect(journal.isWritable()).toBe(false)
    await expect(journal.beginPolicy(OF_POOL)).rejects.toThrow(JournalUnavailableError)
  })
})

describe('a change of a policy that a crash left open', () => {
  /** Leaves these intents open, and recovers them with a pool that has these factors on. */
  async function recover(
    intents: readonly PolicyIntent[],
    read: UpstreamResult<readonly string[]>,
    { isAlone = true, isLocked = false } = {},
  ) {
    const path = journalPath()
    const dead = await openJournal(path)
    for (const intent of intents) await dead.beginPolicy(intent)
    await dead.close()
    const journal: Journal = await openJournal(path)
    const clock = createHandClock()
    const { log } = watchedLog()
    const locks = createUserLocks()
    const steps: string[] = []
    const recovery = startPolicyRecovery({
      journal,
      upstreamFor: () => ({
        async readPoolFactors() {
          steps.push('read')
          return read
        },
      }),
      withUserLock: isLocked ? async () => lockNotHad() : locks,
      concludeAfterMs: 10_000,
      isAlone,
      clock,
      log,
    })
    // A change that is asked for now waits for the pool.
    const waiting = locks(POOL_LOCK, { remainingMs: () => 60_000, clock }, async () => {
      steps.push('change')
      return succeed(undefined)
    })
    return { path, journal, clock, recovery, steps, waiting }
  }
  const outcomesOf = (path: string) =>
    readRecords(path)
      .filter(({ kind }) => kind === 'policyOutcome')
      .map(({ outcome, recovered }) => [outcome, recovered])

  it.each<
    [string, readonly PolicyIntent[], UpstreamResult<readonly string[]>, { isAlone?: boolean }, string[]]
  >([
    ['as it was wanted', [OF_POOL], succeed(['PASSKEY', 'SMS', 'OTP']), {}, ['APPLIED']],
    ['as it was wanted, among replicas', [OF_POOL], succeed(WANTED), { isAlone: false }, ['UNKNOWN']],
    ['as it was wanted twice', [OF_POOL, OF_POOL], succeed(WANTED), {}, ['UNKNOWN', 'UNKNOWN']],
    ['after the first of two writes', [OF_POOL], succeed([...BEFORE, 'OTP']), {}, ['UNKNOWN']],
    ['as it was before', [OF_POOL], succeed(BEFORE), {}, ['UNKNOWN']],
    ['unreadable', [OF_POOL], fail(notSent()), {}, ['UNKNOWN']],
  ])(
    'of a pool that is found %s is concluded by one read',
    async (_what, intents, read, options, outcomes) => {
      const { path, journal, clock, recovery, steps, waiting } = await recover(intents, read, options)
      await clock.advance(9_999)
      expect(steps).toEqual([])
      await clock.advance(1)
      await recovery.ended
      await waiting
      await journal.close()
      expect(steps).toEqual(['read', 'change'])
      expect(outcomesOf(path)).toEqual(outcomes.map(outcome => [outcome, true]))
      expect(await verifyJournal(path, AUDIT_KEYS)).toMatchObject({ openIntents: [], firstBreak: null })
    },
  )

  it('of an application is UNKNOWN without a read, because nothing shows its factors', async () => {
    const { path, journal, recovery, steps } = await recover([OF_APPLICATION], succeed(WANTED))
    await recovery.ended
    await journal.close()
    expect([steps.includes('read'), outcomesOf(path)]).toEqual([false, [['UNKNOWN', true]]])
  })

  it('is UNKNOWN where another replica keeps the lock of the pool', async () => {
    const { path, journal, recovery } = await recover([OF_POOL], succeed(WANTED), { isLocked: true })
    await recovery.ended
    await journal.close()
    expect(outcomesOf(path)).toEqual([['UNKNOWN', true]])
  })

  it('stays open where the process stops before its time', async () => {
    const { path, journal, recovery } = await recover([OF_POOL], succeed(WANTED))
    recovery.close()
    await recovery.ended
    await journal.close()
    expect(outcomesOf(path)).toEqual([])
    const next = await openJournal(path)
    expect(next.openPolicyIntents).toMatchObject([{ applicationId: null, seq: 2 }])
    await next.close()
  })
})
