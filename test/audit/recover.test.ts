import { describe, expect, it } from 'vitest'
import type { Journal } from '../../src/audit/chained-journal.ts'
import { recoverIntents } from '../../src/audit/recover.ts'
import { verifyJournal } from '../../src/audit/verify-journal.ts'
import { fail, type Result, succeed } from '../../src/mfa/failure.ts'
import { JournalUnavailableError, type SetIntent } from '../../src/mfa/journal.ts'
import { EMPTY_MFA_STATE, type MfaState, type StoredMfa } from '../../src/mfa/mfa-state.ts'
import { createRevisions } from '../../src/mfa/revision.ts'
import type { UserRef } from '../../src/mfa/user-ref.ts'
import { CANARY } from '../support/canaries.ts'
import {
  APPLIED,
  AUDIT_KEYS,
  GENAUTH_ID,
  intentOf,
  journalPath,
  openJournal,
  readRecords,
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
const UNKNOWN_BEFORE = { factorsBefore: null, revisionBefore: null }
const DISPLAY_ONLY = { revisionBefore: toRevision(INTENDED) }

const of = (changes: Partial<SetIntent> = {}) =>
  intentOf({ revisionBefore: toRevision(BEFORE), revisionIntended: toRevision(INTENDED), ...changes })
const unreadable = fail({
  kind: 'UPSTREAM_UNAVAILABLE',
  upstream: null,
  reason: 'NOT_SENT',
  retryable: true,
  outcome: null,
  observed: null,
})
const gone = fail({ kind: 'USER_NOT_FOUND', upstream: null })

/** A journal that a crash left with these intents open. */
async function leaveOpen(path: string, intents: readonly SetIntent[]): Promise<void> {
  const journal = await openJournal(path)
  for (const intent of intents) await journal.begin(intent)
  await journal.close()
}

/** `looks`: what GenAuth shows, look by look; the last one stays. */
async function recover(
  journal: Pick<Journal, 'openIntents' | 'settle'>,
  looks: (MfaState | Result<never>)[],
) {
  const asked: UserRef[] = []
  const slept: number[] = []
  const { log, lines } = watchedLog()
  await recoverIntents({
    journal,
    upstreamFor: () => ({
      async readMfa(user: UserRef): Promise<Result<StoredMfa>> {
        asked.push(user)
        const look = looks.length > 1 ? looks.shift() : looks[0]
        if (look === undefined) throw new Error('No look is left')
        return 'ok' in look ? look : succeed({ state: look, mfaToken: null })
      },
    }),
    isRevisionOf,
    sleep: async ms => void slept.push(ms),
    log,
  })
  return { asked, slept, lines }
}

describe('an intent that a crash left open', () => {
  it.each<[string, Partial<SetIntent>, (MfaState | Result<never>)[], string, number]>([
    ['the intended state', {}, [INTENDED], 'APPLIED', 1],
    ['the intended state, the one before not known', UNKNOWN_BEFORE, [INTENDED], 'APPLIED', 1],
    ['the state before, twice', {}, [BEFORE, BEFORE], 'NOT_APPLIED', 2],
    ['the state before, then the intended one', {}, [BEFORE, INTENDED], 'APPLIED', 2],
    ['the state before, then another', {}, [BEFORE, OTHER], 'UNKNOWN', 2],
    ['the state before, then nothing', {}, [BEFORE, unreadable], 'UNKNOWN', 2],
    ['another state', {}, [OTHER], 'UNKNOWN', 1],
    ['another state, the one before not known', UNKNOWN_BEFORE, [BEFORE], 'UNKNOWN', 1],
    ['nothing', {}, [unreadable], 'UNKNOWN', 1],
    ['no such user', {}, [gone], 'UNKNOWN', 1],
    ['a state that the set did not change but for display', DISPLAY_ONLY, [INTENDED], 'UNKNOWN', 1],
  ])('whose user shows %s', async (_what, changes, looks, outcome, lookCount) => {
    const path = journalPath()
    await leaveOpen(path, [of(changes)])
    const journal = await openJournal(path)
    const { asked, slept, lines } = await recover(journal, looks)
    await journal.close()
    expect(asked).toEqual(Array(lookCount).fill({ userId: GENAUTH_ID, userIdType: 'USER_ID' }))
    expect(slept).toEqual(lookCount === 2 ? [2_000] : [])
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
    expect(await verifyJournal(path, AUDIT_KEYS)).toMatchObject({
      records: 4,
      openIntents: [],
      firstBreak: null,
    })
  })

  it('is asked for by the sealed identifier where GenAuth’s own id is not on record', async () => {
    const path = journalPath()
    const user = { userId: CANARY.phone, userIdType: 'USER_ID' } as const
    await leaveOpen(path, [of({ given: user, genauthId: user.userId })])
    const journal = await openJournal(path)
    expect((await recover(journal, [INTENDED])).asked).toEqual([user])
    await journal.close()
  })

  it('is asked for by GenAuth’s own id where another identifier was given', async () => {
    const path = journalPath()
    await leaveOpen(path, [
      of({ given: { userId: CANARY.email, userIdType: 'EMAIL' }, genauthId: 'own-id-of-any-shape' }),
    ])
    const journal = await openJournal(path)
    const { asked } = await recover(journal, [INTENDED])
    expect(asked).toEqual([{ userId: 'own-id-of-any-shape', userIdType: 'USER_ID' }])
    await journal.close()
  })
})

describe('recovery', () => {
  it('leaves intents with an outcome alone, and says nothing when there is nothing to do', async () => {
    const path = journalPath()
    const before = await openJournal(path)
    await (await before.begin(of()))(APPLIED)
    await before.close()
    const journal = await openJournal(path)
    expect(await recover(journal, [])).toEqual({ asked: [], slept: [], lines: [] })
    await journal.close()
  })

  it('that is itself cut short goes on at the next start, and gives each intent one outcome', async () => {
    const path = journalPath()
    await leaveOpen(
      path,
      Array.from({ length: 40 }, () => of()),
    )
    const first = await openJournal(path)
    let settled = 0
    const dying: Pick<Journal, 'openIntents' | 'settle'> = {
      openIntents: first.openIntents,
      async settle(intent, outcome) {
        if (settled++ >= 20) throw new JournalUnavailableError('the process dies')
        await first.settle(intent, outcome)
      },
    }
    await expect(recover(dying, [INTENDED])).rejects.toThrow(JournalUnavailableError)
    await first.close()

    const second = await openJournal(path)
    expect(second.openIntents).toHaveLength(20)
    const { asked, slept } = await recover(second, [BEFORE])
    expect(asked).toHaveLength(40)
    expect(slept).toHaveLength(1)
    await second.close()
    const records = readRecords(path)
    const intents = records.filter(({ kind }) => kind === 'intent').map(({ id }) => id)
    const outcomes = records.filter(({ kind }) => kind === 'outcome').map(({ intent }) => intent)
    expect(outcomes.toSorted()).toEqual(intents.toSorted())
    const third = await openJournal(path)
    expect(third.openIntents).toEqual([])
    await third.close()
  })
})
