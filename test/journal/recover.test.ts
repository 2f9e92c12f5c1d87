import { describe, expect, it } from 'vitest'
import { systemClock } from '../../src/base/clock.ts'
import { createDeadline } from '../../src/base/deadline.ts'
import { toAuditKeyring } from '../../src/journal/audit-key.ts'
import type { Journal } from '../../src/journal/journal.ts'
import { toUnresolvedIntent } from '../../src/journal/resolve/open-intent.ts'
import { startRecovery } from '../../src/journal/resolve/recover.ts'
import { createUnresolved } from '../../src/journal/resolve/unresolved.ts'
import { verifyJournal } from '../../src/journal/verify/verify-journal.ts'
import { createUserLocks } from '../../src/locks/user-locks.ts'
import { fail, notSent, succeed, type UpstreamResult } from '../../src/mfa/failure.ts'
import { JournalUnavailableError, type WriteIntent } from '../../src/mfa/journal-port.ts'
import { EMPTY_MFA_STATE, type MfaState, type StoredMfa } from '../../src/mfa/mfa-state.ts'
import { createRevisions } from '../../src/mfa/revision.ts'
import { lockNotHad, type WithUserLock } from '../../src/mfa/user-lock.ts'
import type { UserRef } from '../../src/mfa/user-ref.ts'
import { CANARY } from '../support/canaries.ts'
import { clockAt, createHandClock, type HandClock } from '../support/hand-clock.ts'
import {
  APPLIED,
  AUDIT_KEYS,
  GENAUTH_ID,
  intentOf,
  journalPath,
  openJournal,
  readRecords,
  UNKNOWN,
  watchedLog,
} from '../support/journal.ts'

const { toRevision, isRevisionOf } = createRevisions(['secret'])
const withSms = (enabled: boolean): MfaState => ({
  ...EMPTY_MFA_STATE,
  factors: [{ code: 'SMS', enabled, sort: 0 }],
})
const BEFORE = withSms(true)
const INTENDED = withSms(false)
const OTHER = { ...INTENDED, totpMfaEnabled: true }
const SOMEBODY = { userId: '65b000000000000000000002', userIdType: 'USER_ID' } as const
const UNKNOWN_BEFORE = { factorsBefore: null, revisionBefore: null }
/** A change that revisions do not tell apart. */
const INDISTINCT = { revisionBefore: toRevision(GENAUTH_ID, INTENDED) }

const of = (changes: Partial<WriteIntent> = {}) =>
  intentOf({
    revisionBefore: toRevision(GENAUTH_ID, BEFORE),
    revisionIntended: toRevision(GENAUTH_ID, INTENDED),
    ...changes,
  })
const ofSomebody = () =>
  of({
    given: SOMEBODY,
    genauthId: SOMEBODY.userId,
    revisionBefore: toRevision(SOMEBODY.userId, BEFORE),
    revisionIntended: toRevision(SOMEBODY.userId, INTENDED),
  })
const unreadable = fail(notSent())
const gone = fail({ kind: 'USER_NOT_FOUND', upstream: null })

/** A journal that a crash left with these intents open, now. */
async function leaveOpen(path: string, clock: HandClock, intents: readonly WriteIntent[]): Promise<void> {
  const journal = await openJournal(path, { clock: clockAt(clock.now) })
  for (const intent of intents) await journal.begin(intent)
  await journal.close()
}

/** A journal that is opened immediately after a crash left these intents open. */
async function openAfterCrash(intents: readonly WriteIntent[]) {
  const path = journalPath()
  const clock = createHandClock()
  await leaveOpen(path, clock, intents)
  return { path, clock, journal: await openJournal(path, { clock: clockAt(clock.now) }) }
}

/** The recovery of a journal by a clock in the test's hand. `looks`: what GenAuth shows; the last one stays. */
function recover(
  journal: Pick<Journal, 'openIntents' | 'resolve'>,
  clock: HandClock,
  looks: (MfaState | UpstreamResult<never>)[],
  { isAlone = true, withUserLock = createUserLocks() } = {},
) {
  const startMs = clock.now()
  const asked: UserRef[] = []
  const askedAtS: number[] = []
  const { log, lines } = watchedLog()
  const recovery = startRecovery({
    journal,
    upstreamFor: () => ({
      async readMfa(user: UserRef): Promise<UpstreamResult<StoredMfa>> {
        asked.push(user)
        askedAtS.push((clock.now() - startMs) / 1_000)
        const look = looks.length > 1 ? looks.shift() : looks[0]
        if (look === undefined) throw new Error('No look is left')
        return 'ok' in look ? look : succeed({ state: look, mfaToken: null })
      },
    }),
    isRevisionOf,
    withUserLock,
    concludeAfterMs: 10_000,
    isAlone,
    clock,
    log,
  })
  return { recovery, asked, askedAtS, lines }
}

const outcomesOf = (path: string) => readRecords(path).filter(({ kind }) => kind === 'outcome')

describe('an intent that a crash left open', () => {
  it.each<[string, Partial<WriteIntent>, MfaState | UpstreamResult<never>, string]>([
    ['the intended state', {}, INTENDED, 'APPLIED'],
    ['the intended state, the one before not known', UNKNOWN_BEFORE, INTENDED, 'UNKNOWN'],
    ['the state before', {}, BEFORE, 'UNKNOWN'],
    ['another state', {}, OTHER, 'UNKNOWN'],
    ['another state, the one before not known', UNKNOWN_BEFORE, BEFORE, 'UNKNOWN'],
    ['nothing', {}, unreadable, 'UNKNOWN'],
    ['no such user', {}, gone, 'UNKNOWN'],
    ['a state that was intended and was there before', INDISTINCT, INTENDED, 'UNKNOWN'],
  ])('whose user shows %s is concluded once its write cannot be on its way', async (...row) => {
    const [, changes, shown, outcome] = row
    const path = journalPath()
    const clock = createHandClock()
    await leaveOpen(path, clock, [of(changes)])
    await clock.advance(3_000)
    const journal = await openJournal(path, { clock: clockAt(clock.now) })
    const inDoubt: string[] = []
    journal.onInDoubt(({ id }) => inDoubt.push(id))
    const { recovery, asked, askedAtS, lines } = recover(journal, clock, [shown])
    await clock.advance(10_000)
    await recovery.ended
    await journal.close()
    expect(askedAtS).toEqual([7])
    expect(asked).toEqual([{ userId: GENAUTH_ID, userIdType: 'USER_ID' }])
    expect(lines).toMatchObject([{ level: 'warn', [outcome]: 1 }])
    const [, intent, , found] = readRecords(path)
    expect(found).toMatchObject({
      kind: 'outcome',
      intent: intent.id,
      outcome,
      failure: null,
      upstreamRequestId: null,
      durationMs: null,
      recovered: true,
    })
    expect(inDoubt).toEqual(outcome === 'UNKNOWN' ? [intent.id] : [])
    expect(await verifyJournal(path, AUDIT_KEYS)).toMatchObject({
      records: 4,
      openIntents: [],
      firstBreak: null,
    })
  })

  it.each<[string, number, number[]]>([
    ['at once where it is old', 3_600_000, [0]],
    ['without a longer wait where the clock was set back', -3_600_000, [10]],
  ])('is looked at %s', async (_what, laterMs, atS) => {
    const path = journalPath()
    const clock = createHandClock()
    await leaveOpen(path, clock, [of()])
    const later = createHandClock(clock.now() + laterMs)
    const journal = await openJournal(path, { clock: clockAt(later.now) })
    const { recovery, askedAtS } = recover(journal, later, [INTENDED])
    await later.advance(10_000)
    await recovery.ended
    await journal.close()
    expect(askedAtS).toEqual(atS)
  })

  it.each<[string, readonly WriteIntent[], readonly string[]]>([
    ['another open intent to the same state', [of(), of()], ['UNKNOWN', 'UNKNOWN']],
    [
      'another open intent to another state',
      [of({ revisionIntended: toRevision(GENAUTH_ID, OTHER) }), of()],
      ['UNKNOWN', 'APPLIED'],
    ],
    ['another user’s intent', [ofSomebody(), of()], ['APPLIED', 'APPLIED']],
  ])('and whose state is there is judged beside %s', async (_what, intents, outcomes) => {
    const { path, clock, journal } = await openAfterCrash(intents)
    const { recovery } = recover(journal, clock, [INTENDED])
    await clock.advance(10_000)
    await recovery.ended
    await journal.close()
    const ids = readRecords(path)
      .filter(({ kind }) => kind === 'intent')
      .map(({ id }) => id)
    const found = ids.map(id => outcomesOf(path).find(({ intent }) => intent === id).outcome)
    expect(found).toEqual(outcomes)
  })

  it('and whose state is there is not taken for applied beside a write in doubt to the same state', async () => {
    const path = journalPath()
    const clock = createHandClock()
    const before = await openJournal(path, { clock: clockAt(clock.now) })
    await (await before.begin(of()))(UNKNOWN)
    await before.begin(of())
    await before.close()
    const journal = await openJournal(path, { clock: clockAt(clock.now) })
    const { recovery } = recover(journal, clock, [INTENDED])
    await clock.advance(10_000)
    await recovery.ended
    await journal.close()
    expect(outcomesOf(path).map(({ outcome }) => outcome)).toEqual(['UNKNOWN', 'UNKNOWN'])
  })

  it('and whose state is there is not taken for applied where a write to it was in doubt until it was there', async () => {
    const path = journalPath()
    const clock = createHandClock()
    const before = await openJournal(path, { clock: clockAt(clock.now) })
    await (await before.begin(of()))(UNKNOWN)
    await before.begin(of())
    await before.followUp(readRecords(path)[1], 1, 'INTENDED')
    await before.close()
    const journal = await openJournal(path, { clock: clockAt(clock.now) })
    expect(journal).toMatchObject({ inDoubt: [], openIntents: [{ isContested: true }] })
    const { recovery } = recover(journal, clock, [INTENDED])
    await clock.advance(10_000)
    await recovery.ended
    await journal.close()
    expect(outcomesOf(path).map(({ outcome }) => outcome)).toEqual(['UNKNOWN', 'UNKNOWN'])
  })

  it('is judged by itself where a write to the same state was resolved before', async () => {
    const path = journalPath()
    const clock = createHandClock()
    const before = await openJournal(path, { clock: clockAt(clock.now) })
    await (await before.begin(of()))(UNKNOWN)
    await before.followUp(readRecords(path)[1], 4, 'BEFORE')
    await (await before.begin(of()))(APPLIED)
    await before.begin(of())
    await before.close()
    const journal = await openJournal(path, { clock: clockAt(clock.now) })
    const { recovery } = recover(journal, clock, [INTENDED])
    await clock.advance(10_000)
    await recovery.ended
    await journal.close()
    expect(outcomesOf(path).at(-1)).toMatchObject({ outcome: 'APPLIED', recovered: true })
  })

  it.each<[string, { isAlone?: boolean; withUserLock?: WithUserLock }, number]>([
    ['other replicas may have set', { isAlone: false }, 1],
    ['another replica keeps the lock of', { withUserLock: async () => lockNotHad() }, 0],
  ])('is UNKNOWN where %s its user', async (_what, options, looks) => {
    const { path, clock, journal } = await openAfterCrash([of()])
    const { recovery, asked } = recover(journal, clock, [INTENDED], options)
    await clock.advance(10_000)
    await recovery.ended
    await journal.close()
    expect(asked).toHaveLength(looks)
    expect(outcomesOf(path)).toMatchObject([{ outcome: 'UNKNOWN' }])
  })

  it('is asked for by the sealed identifier where GenAuth’s own id is not on record', async () => {
    const path = journalPath()
    const clock = createHandClock()
    const user = { userId: CANARY.phone, userIdType: 'USER_ID' } as const
    await leaveOpen(path, clock, [of({ given: user, genauthId: user.userId })])
    const journal = await openJournal(path, { clock: clockAt(clock.now) })
    const { recovery, asked } = recover(journal, clock, [INTENDED])
    await clock.advance(10_000)
    await recovery.ended
    expect(asked).toEqual([user])
    await journal.close()
  })

  it('is UNKNOWN where the key that opens the seal of its identifier is not given any more', async () => {
    const path = journalPath()
    const clock = createHandClock()
    const user = { userId: CANARY.phone, userIdType: 'USER_ID' } as const
    await leaveOpen(path, clock, [of({ given: user, genauthId: user.userId })])
    const unresolved = createUnresolved()
    unresolved.note(readRecords(path)[1], 2)
    const [record] = unresolved.records.values()
    if (record === undefined) throw new Error('There is no intent')
    const withdrawn = toAuditKeyring({ auditKeys: ['another key'], accessKeySecret: '' })
    const openIntents = [toUnresolvedIntent(withdrawn, record)]
    expect(openIntents).toMatchObject([{ user: null }])
    const journal = await openJournal(path, { clock: clockAt(clock.now) })
    const { recovery, asked } = recover({ openIntents, resolve: journal.resolve }, clock, [INTENDED])
    await recovery.ended
    await journal.close()
    expect(asked).toEqual([])
    expect(outcomesOf(path)).toMatchObject([{ outcome: 'UNKNOWN', recovered: true }])
  })

  it('is asked for by GenAuth’s own id where another identifier was given', async () => {
    const { clock, journal } = await openAfterCrash([
      of({ given: { userId: CANARY.email, userIdType: 'EMAIL' }, genauthId: 'own-id-of-any-shape' }),
    ])
    const { recovery, asked } = recover(journal, clock, [INTENDED])
    await clock.advance(10_000)
    await recovery.ended
    expect(asked).toEqual([{ userId: 'own-id-of-any-shape', userIdType: 'USER_ID' }])
    await journal.close()
  })
})

describe('recovery', () => {
  it('holds the lock of a user until the intent is concluded, and of nobody else', async () => {
    const { path, clock, journal } = await openAfterCrash([of()])
    const withUserLock = createUserLocks()
    const { recovery } = recover(journal, clock, [BEFORE], { withUserLock })
    const order: string[] = []
    const change = (user: string) =>
      withUserLock(user, createDeadline(60_000, systemClock), async () => {
        order.push(`${user} after ${outcomesOf(path).length} outcomes`)
        return succeed(null)
      })
    const changes = [change(GENAUTH_ID), change('somebody')]
    await clock.advance(9_999)
    expect(order).toEqual(['somebody after 0 outcomes'])
    await clock.advance(1)
    await Promise.all(changes)
    expect(order[1]).toBe(`${GENAUTH_ID} after 1 outcomes`)
    await recovery.ended
    await journal.close()
  })

  it('that is closed ends at once, lets waiting changes go on, and leaves the intents open', async () => {
    const { path, clock, journal } = await openAfterCrash([of()])
    const withUserLock = createUserLocks()
    const { recovery, asked, lines } = recover(journal, clock, [INTENDED], { withUserLock })
    recovery.close()
    await recovery.ended
    expect(
      await withUserLock(GENAUTH_ID, createDeadline(1_000, systemClock), async () => succeed('had')),
    ).toEqual(succeed('had'))
    await journal.close()
    expect([asked, lines, clock.scheduled]).toEqual([[], [], 0])
    expect(await verifyJournal(path, AUDIT_KEYS)).toMatchObject({ openIntents: [{ seq: 2 }] })
  })

  it('leaves intents with an outcome alone, and says nothing when there is nothing to do', async () => {
    const path = journalPath()
    const clock = createHandClock()
    const before = await openJournal(path)
    await (await before.begin(of()))(APPLIED)
    await before.close()
    const journal = await openJournal(path)
    const { recovery, asked, lines } = recover(journal, clock, [])
    await recovery.ended
    expect([asked, lines]).toEqual([[], []])
    await journal.close()
  })

  it('that is itself cut short goes on at the next start, and gives each intent one outcome', async () => {
    const path = journalPath()
    const clock = createHandClock()
    await leaveOpen(
      path,
      clock,
      Array.from({ length: 40 }, (_, n) =>
        of({ genauthId: `user-${n}`, given: { userId: 'x', userIdType: 'EMAIL' } }),
      ),
    )
    const first = await openJournal(path, { clock: clockAt(clock.now) })
    let settled = 0
    const dying: Pick<Journal, 'openIntents' | 'resolve'> = {
      openIntents: first.openIntents,
      async resolve(intent, outcome) {
        if (settled++ >= 20) throw new JournalUnavailableError('the process dies')
        await first.resolve(intent, outcome)
      },
    }
    const cut = recover(dying, clock, [INTENDED])
    await clock.advance(10_000)
    await cut.recovery.ended
    await first.close()
    expect(cut.lines.filter(({ level }) => level === 'error')).toHaveLength(20)

    const second = await openJournal(path, { clock: clockAt(clock.now) })
    expect(second.openIntents).toHaveLength(20)
    const { recovery, asked } = recover(second, clock, [BEFORE])
    await recovery.ended
    expect(asked).toHaveLength(20)
    await second.close()
    const intents = readRecords(path)
      .filter(({ kind }) => kind === 'intent')
      .map(({ id }) => id)
    expect(
      outcomesOf(path)
        .map(({ intent }) => intent)
        .toSorted(),
    ).toEqual(intents.toSorted())
    const third = await openJournal(path)
    expect(third.openIntents).toEqual([])
    await third.close()
  })
})
