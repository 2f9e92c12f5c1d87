import { createHmac, hkdfSync } from 'node:crypto'
import { expect, it } from 'vitest'
import { toAuditKeyring } from '../src/journal/audit-key.ts'
import { toMfaBasis } from '../src/mfa/diff.ts'
import { EMPTY_MFA_STATE, type MfaState } from '../src/mfa/mfa-state.ts'
import type { Json } from './support/app.ts'
import { CANARY } from './support/canaries.ts'
import { startFakeGenAuth, triggerData } from './support/fake-genauth.ts'
import { APPLIED, intentOf, openJournal } from './support/journal.ts'
import { makeUndoPlaces, startUndoApp, type UndoApp } from './support/undo-app.ts'

const ADA = '65a000000000000000000001'
const HISTORY = `query ($userId: String!) { userMfa(userId: $userId) { ... on UserMfa {
  revision history { missing edges { node { id kind source outcome reason revertOf revertible actor { subject } } } } } } }`

async function ourEntries(app: UndoApp, userId = ADA): Promise<Json[]> {
  let history: Json = null
  await expect
    .poll(async () => {
      const { data } = await app.graphql(HISTORY, { userId })
      history = data.userMfa.history
      return history.missing
    })
    .not.toContain('THIS_SERVICE')
  return history.edges.map(({ node }: Json) => node).filter(({ source }: Json) => source === 'THIS_SERVICE')
}

it('a desk finds its mistake in the history, undoes it there, and sees who did', async () => {
  await using app = await startUndoApp({ claims: { sub: 'agent-7' } })
  const before = (await app.graphql(HISTORY, { userId: ADA })).data.userMfa.revision
  await app.set({ userId: ADA, disable: ['SMS'], reason: 'ticket 4711' })
  const [mistake] = await ourEntries(app)
  expect(mistake).toMatchObject({ kind: 'SET', outcome: 'APPLIED', revertible: true, revertOf: null })

  const reason = 'ticket 4711 was about somebody else'
  const undone = await app.undo({ changeId: mistake.id, reason })
  expect(undone.userMfa.revision).toBe(before)
  const [undo, same] = await ourEntries(app)
  expect(undo).toMatchObject({
    kind: 'UNDO',
    outcome: 'APPLIED',
    reason,
    revertOf: mistake.id,
    revertible: true,
  })
  expect(undo.actor).toEqual({ subject: 'agent-7' })
  expect(same).toEqual(mistake)

  await app.set({ userId: ADA, triggerData: { mfaEmail: 'ada@example.org' } })
  const [contact] = await ourEntries(app)
  expect(contact.revertible).toBe(false)
  expect(await app.undo({ changeId: contact.id })).toMatchObject({ why: 'CONTACTS_CHANGED' })
  expect(await app.findBreak()).toBeNull()
})

it('the next process undoes what the one before has changed, while it has the key of the change', async () => {
  await using genauth = await startFakeGenAuth()
  await using places = await makeUndoPlaces()
  const [old, next] = ['the first audit key of these tests', 'the second audit key of these tests']
  const start = (AUDIT_KEY: string, more = {}) =>
    startUndoApp({ upstream: genauth, env: { AUDIT_KEY, ...more } }, places)
  let changeId: string
  {
    await using app = await start(old)
    changeId = (await app.set({ userId: ADA, enable: ['FACE'] })).changeId
  }
  const made = genauth.stored
  {
    await using app = await start(`${next}\n${old}`)
    expect(await app.undo({ changeId })).toMatchObject({ applied: true })
    expect(genauth.stored).toEqual(triggerData())
  }
  // The journal was moved away, and its key was dropped. The store still has the change.
  genauth.stored = made
  await using app = await start(next, { AUDIT_LOG: `${places.env.AUDIT_LOG}.new` })
  expect(await app.undo({ changeId })).toMatchObject({
    __typename: 'MfaRevisionConflictError',
    message: expect.stringContaining('not, or not provably,'),
  })
  expect(genauth.stored).toBe(made)
})

/** The state that the fake has stored, as version 0.1 names it. */
function toFormerRevision(factors: MfaState['factors']): string {
  const state: MfaState = {
    ...EMPTY_MFA_STATE,
    mfaPhone: CANARY.phone,
    mfaPhoneCountryCode: '+86',
    mfaEmail: CANARY.email,
    totpMfaEnabled: true,
    factors,
  }
  const key = Buffer.from(hkdfSync('sha256', CANARY.accessKeySecret, '', 'genauth-graphql revision', 32))
  const digest = createHmac('sha256', key)
    .update(JSON.stringify(toMfaBasis(state)))
    .digest()
  return `r1.${digest.subarray(0, 16).toString('base64url')}`
}

it('a change on record since version 0.1 can be undone', async () => {
  await using genauth = await startFakeGenAuth()
  await using places = await makeUndoPlaces()
  const factorsAfter = [
    { code: 'SMS', enabled: true, sort: 0 },
    { code: 'PASSKEY', enabled: true, sort: 1 },
    { code: 'OTP', enabled: true, sort: 2 },
  ]
  const factorsBefore = factorsAfter.map((factor, place) => ({ ...factor, enabled: place !== 0 }))
  const keys = toAuditKeyring({ auditKeys: [], accessKeySecret: CANARY.accessKeySecret })
  const journal = await openJournal(places.env.AUDIT_LOG, { keys })
  const conclude = await journal.begin(
    intentOf({
      given: { userId: ADA, userIdType: 'USER_ID' },
      genauthId: ADA,
      factorsBefore,
      factorsAfter,
      changedFields: [],
      revisionBefore: toFormerRevision(factorsBefore),
      revisionIntended: toFormerRevision(factorsAfter),
    }),
  )
  await conclude(APPLIED)
  await journal.close()
  await using app = await startUndoApp({ upstream: genauth }, places)
  const [{ id: changeId }] = app.records('intent')
  genauth.stored = triggerData({ mfaPhone: '13900000009' })
  expect((await app.undo({ changeId })).__typename).toBe('MfaRevisionConflictError')
  genauth.stored = triggerData()
  const undone = await app.undo({ changeId })
  expect(undone.userMfa.factors.map(({ code, enabled }: Json) => [code, enabled])).toEqual([
    ['SMS', false],
    ['PASSKEY', true],
    ['OTP', true],
  ])
})

it('without its store nothing is undone, and changes go on', async () => {
  await using app = await startUndoApp({ env: { STORE_URL: 'file:/nowhere/at/all/store.db' } })
  const { changeId, applied } = await app.set({ userId: ADA, disable: ['SMS'] })
  expect(applied).toBe(true)
  app.takeCalls()
  const document = `mutation { revertMfaChange(input: { changeId: "${changeId}" }) { __typename } }`
  const { status, data, errors } = await app.graphql(document)
  expect([status, data, errors[0].extensions.code]).toEqual([503, null, 'STORE_UNAVAILABLE'])
  expect(errors[0].message).toContain('no change can be undone')
  expect(app.takeCalls()).toEqual([])
})
