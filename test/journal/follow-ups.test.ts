import { describe, expect, it, onTestFinished } from 'vitest'
import { Events } from '../../src/base/events.ts'
import type { Journal } from '../../src/journal/journal.ts'
import type { JournalEvents } from '../../src/journal/journal-events.ts'
import { createFollowUps } from '../../src/journal/resolve/follow-ups.ts'
import { verifyJournal } from '../../src/journal/verify/verify-journal.ts'
import type { CallContext } from '../../src/mfa/call-context.ts'
import { fail, notSent, succeed, type UpstreamResult } from '../../src/mfa/failure.ts'
import type { WriteIntent } from '../../src/mfa/journal-port.ts'
import { EMPTY_MFA_STATE, type MfaState, type StoredMfa } from '../../src/mfa/mfa-state.ts'
import { createRevisions } from '../../src/mfa/revision.ts'
import { clockAt, createHandClock, type HandClock } from '../support/hand-clock.ts'
import {
  AUDIT_KEYS,
  GENAUTH_ID,
  intentOf,
  journalOnFaultyFile,
  journalPath,
  openJournal,
  readRecords,
  systemError,
  UNKNOWN,
  watchedLog,
} from '../support/journal.ts'

type Look = MfaState | 'UNREADABLE'

const { toRevision, isRevisionOf } = createRevisions(['secret'])
const withSms = (enabled: boolean): MfaState => ({
  ...EMPTY_MFA_STATE,
  factors: [{ code: 'SMS', enabled, sort: 0 }],
})
const BEFORE = withSms(true)
const INTENDED = withSms(false)
const OTHER = { ...INTENDED, totpMfaEnabled: true }

const of = (changes: Partial<WriteIntent> = {}) =>
  intentOf({
    revisionBefore: toRevision(GENAUTH_ID, BEFORE),
    revisionIntended: toRevision(GENAUTH_ID, INTENDED),
    ...changes,
  })

/** Follow-ups of a journal by a clock in the test's hand. `looks`: what GenAuth shows; the last one stays. */
function follow(
  journal: Pick<Journal, 'followUp' | 'inDoubt' | 'onInDoubt'>,
  clock: HandClock,
  looks: Look[],
  maxPending?: number,
) {
  const startMs = clock.now()
  const lookedAtS: number[] = []
  const priorities = new Set<CallContext['priority']>()
  const found: string[] = []
  const { log, lines } = watchedLog()
  const events = new Events<JournalEvents>()
  events.on('followUp', follow => found.push(follow.found))
  const followUps = createFollowUps({
    journal,
    upstreamFor: ({ priority }) => ({
      async readMfa(): Promise<UpstreamResult<StoredMfa>> {
        priorities.add(priority)
        lookedAtS.push((clock.now() - startMs) / 1_000)
        const seen = looks.length > 1 ? looks.shift() : looks[0]
        if (seen === undefined) throw new Error('No look is left')
        return seen === 'UNREADABLE' ? fail(notSent()) : succeed({ state: seen, mfaToken: null })
      },
    }),
    isRevisionOf,
    clock,
    events,
    log,
    ...(maxPending === undefined ? {} : { maxPending }),
  })
  onTestFinished(() => followUps.close())
  for (const intent of journal.inDoubt) followUps.add(intent)
  journal.onInDoubt(followUps.add)
  return { followUps, lookedAtS, priorities, found, lines }
}

/** A journal whose process ended while these were in doubt. */
async function leaveInDoubt(path: string, clock: HandClock, intents: readonly WriteIntent[]): Promise<void> {
  const journal = await openJournal(path, { clock: clockAt(clock.now) })
  for (const intent of intents) await (await journal.begin(intent))(UNKNOWN)
  await journal.close()
}

/** A journal that is opened after a process left these in doubt. */
async function openWith(intents: readonly WriteIntent[]) {
  const path = journalPath()
  const clock = createHandClock()
  if (intents.length > 0) await leaveInDoubt(path, clock, intents)
  return { path, clock, journal: await openJournal(path, { clock: clockAt(clock.now) }) }
}

const followUpsOf = (path: string) => readRecords(path).filter(({ kind }) => kind === 'followUp')

const UNREADABLE = 'UNREADABLE'
const UNKNOWN_BEFORE = { factorsBefore: null, revisionBefore: null }
/** A change that revisions do not tell apart. */
const INDISTINCT = { revisionBefore: toRevision(GENAUTH_ID, INTENDED) }

describe('a write that stays UNKNOWN', () => {
  it.each<[string, Partial<WriteIntent>, Look[], number[], object]>([
    ['the intended state', {}, [INTENDED], [1], { look: 1, found: 'INTENDED' }],
    [
      'the intended state in the end',
      {},
      [BEFORE, BEFORE, OTHER, INTENDED],
      [1, 5, 30, 120],
      { look: 4, found: 'INTENDED' },
    ],
    [
      'the intended state after a while',
      {},
      [BEFORE, UNREADABLE, INTENDED],
      [1, 5, 30],
      { look: 3, found: 'INTENDED' },
    ],
    ['the state before', {}, [BEFORE], [1, 5, 30, 120], { look: 4, found: 'BEFORE' }],
    ['another state', {}, [BEFORE, OTHER], [1, 5, 30, 120], { look: 4, found: 'OTHER' }],
    ['nothing', {}, [UNREADABLE], [1, 5, 30, 120], { look: 4, found: 'UNREADABLE' }],
    [
      'the intended state, the one before not known',
      UNKNOWN_BEFORE,
      [INTENDED],
      [1],
      { look: 1, found: 'INTENDED' },
    ],
    [
      'a state that is intended and was there before',
      INDISTINCT,
      [INTENDED],
      [1, 5, 30, 120],
      { look: 4, found: 'BEFORE' },
    ],
  ])('is looked at again, and the one record says: %s', async (_what, changes, looks, atS, expected) => {
    const { path, clock, journal } = await openWith([])
    const { followUps, lookedAtS, priorities, found } = follow(journal, clock, looks)
    await (await journal.begin(of(changes)))(UNKNOWN)
    expect(followUps.pending).toBe(1)
    await clock.advance(600_000)
    await expect.poll(() => followUps.pending).toBe(0)
    await journal.close()
    expect(lookedAtS).toEqual(atS)
    expect([...priorities]).toEqual(['BACKGROUND'])
    const [, intent] = readRecords(path)
    expect(followUpsOf(path)).toMatchObject([{ intent: intent.id, ...expected }])
    expect(found).toEqual(followUpsOf(path).map(record => record.found))
    expect(await verifyJournal(path, AUDIT_KEYS)).toMatchObject({
      followUps: 1,
      inDoubt: [],
      firstBreak: null,
    })
  })

  it('is followed up once, and one whose outcome is known is not', async () => {
    const { clock, journal } = await openWith([])
    const { lookedAtS } = follow(journal, clock, [INTENDED])
    const conclude = await journal.begin(of())
    await conclude(UNKNOWN)
    await conclude(UNKNOWN)
    await (await journal.begin(of()))({
      outcome: 'NOT_APPLIED',
      failure: 'CONFLICT',
      upstreamRequestId: null,
    })
    await (await journal.begin(of()))({ outcome: 'APPLIED', failure: null, upstreamRequestId: null })
    await clock.advance(600_000)
    await journal.close()
    expect(lookedAtS).toEqual([1])
  })
})

describe('a restart', () => {
  it.each<[string, number, Look[], number[], object]>([
    ['at once goes on with the first look', 0, [BEFORE], [1, 5, 30, 120], { look: 4, found: 'BEFORE' }],
    [
      'after 40 s makes the three looks that are due as one',
      40_000,
      [BEFORE],
      [0, 80],
      { look: 4, found: 'BEFORE' },
    ],
    ['after an hour looks once', 3_600_000, [OTHER], [0], { look: 4, found: 'OTHER' }],
    [
      'after an hour does not settle for a user who cannot be read',
      3_600_000,
      [UNREADABLE, UNREADABLE, INTENDED],
      [0, 5, 35],
      { look: 4, found: 'INTENDED' },
    ],
    [
      'by a clock that was set back goes on',
      -3_600_000,
      [BEFORE],
      [1, 6, 36, 156],
      { look: 4, found: 'BEFORE' },
    ],
  ])('%s', async (_what, downMs, looks, atS, expected) => {
    const path = journalPath()
    const clock = createHandClock()
    await leaveInDoubt(path, clock, [of()])
    const later = createHandClock(clock.now() + downMs)
    const journal = await openJournal(path, { clock: clockAt(later.now) })
    const { followUps, lookedAtS } = follow(journal, later, looks)
    await later.advance(600_000)
    await expect.poll(() => followUps.pending).toBe(0)
    await journal.close()
    expect(lookedAtS).toEqual(atS)
    expect(followUpsOf(path)).toMatchObject([expected])
  })

  it('does not look again at what has been followed up', async () => {
    const { path, clock, journal } = await openWith([of(), of()])
    const { followUps } = follow(journal, clock, [INTENDED])
    await clock.advance(1_000)
    await expect.poll(() => followUps.pending).toBe(0)
    await journal.close()
    const next = await openJournal(path, { clock: clockAt(clock.now) })
    expect(next.inDoubt).toEqual([])
    await next.close()
    expect(followUpsOf(path)).toHaveLength(2)
  })
})

describe('writes in doubt', () => {
  it('that are too many are dropped, and journal, count and log say so', async () => {
    const { path, clock, journal } = await openWith([of(), of(), of()])
    const { followUps, found, lines } = follow(journal, clock, [INTENDED], 2)
    expect(followUps.pending).toBe(2)
    await expect.poll(() => found).toEqual(['DROPPED'])
    await clock.advance(1_000)
    await expect.poll(() => followUps.pending).toBe(0)
    await journal.close()
    const dropped = readRecords(path).filter(({ kind }) => kind === 'intent')[2]
    expect(found).toEqual(['DROPPED', 'INTENDED', 'INTENDED'])
    expect(followUpsOf(path)[0]).toMatchObject({ intent: dropped.id, look: 0, found: 'DROPPED' })
    expect(lines[0]).toMatchObject({
      level: 'warn',
      intent: dropped.id,
      msg: expect.stringContaining('this one gets none'),
    })
  })

  it('are looked at four at a time', async () => {
    const path = journalPath()
    const clock = createHandClock()
    await leaveInDoubt(
      path,
      clock,
      Array.from({ length: 10 }, () => of()),
    )
    const { inDoubt, close } = await openJournal(path)
    await close()
    const waiting: (() => void)[] = []
    let [looking, most] = [0, 0]
    const followUps = createFollowUps({
      journal: { followUp: async () => {} },
      upstreamFor: () => ({
        async readMfa() {
          most = Math.max(most, ++looking)
          await new Promise<void>(resolve => waiting.push(resolve))
          looking--
          return succeed({ state: INTENDED, mfaToken: null })
        },
      }),
      isRevisionOf,
      clock,
      events: new Events<JournalEvents>(),
      log: watchedLog().log,
    })
    for (const intent of inDoubt) followUps.add(intent)
    for (let round = 0; round < 11; round++) {
      await clock.advance(1_000)
      waiting.shift()?.()
    }
    await clock.advance(1_000)
    expect([most, followUps.pending]).toEqual([4, 0])
  })

  it('stop being looked at when the process stops, and stay pending in the journal', async () => {
    const { path, clock, journal } = await openWith([])
    const { followUps, lookedAtS } = follow(journal, clock, [INTENDED])
    await (await journal.begin(of()))(UNKNOWN)
    followUps.close()
    await journal.close()
    expect([clock.scheduled, followUps.pending]).toEqual([0, 0])
    await clock.advance(600_000)
    expect(lookedAtS).toEqual([])
    expect(await verifyJournal(path, AUDIT_KEYS)).toMatchObject({ inDoubt: [{ seq: 2 }], followUps: 0 })
  })

  it('whose follow-up cannot be recorded stay pending, and are recorded when there is room again', async () => {
    const path = journalPath()
    const clock = createHandClock()
    const disk = { isFull: false }
    const journal = await journalOnFaultyFile(
      path,
      real => ({
        async appendFile(data) {
          if (disk.isFull) throw systemError('ENOSPC')
          return real.appendFile(data)
        },
      }),
      { clock: clockAt(clock.now) },
    )
    const { followUps, lookedAtS } = follow(journal, clock, [INTENDED])
    await (await journal.begin(of()))(UNKNOWN)
    disk.isFull = true
    await clock.advance(1_000)
    await expect.poll(() => clock.scheduled).toBe(1)
    expect(followUps.pending).toBe(1)
    disk.isFull = false
    await clock.advance(120_000)
    await expect.poll(() => followUps.pending).toBe(0)
    expect(lookedAtS).toEqual([1])
    expect(followUpsOf(path)).toMatchObject([{ look: 1, found: 'INTENDED' }])
  })
})
