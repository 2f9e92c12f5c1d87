import { expect, it } from 'vitest'
import { CHANGE_OUTCOMES, type Change, FOLLOW_UP_FINDINGS } from '../../src/history/change.ts'
import { judgeRevert, type Revertibility } from '../../src/history/judge-revert.ts'

const BEFORE = [
  { code: 'PASSKEY', enabled: true, sort: 3 },
  { code: 'SMS', enabled: false, sort: 0 },
]
const APPLIED: Change = {
  id: 'change-1',
  userId: 'user-1',
  atMs: 0,
  actor: { issuer: 'i', subject: 's', client: null },
  requestId: 'request-1',
  outcome: 'APPLIED',
  followUp: null,
  factorsBefore: BEFORE,
  factorsAfter: [],
  changedFields: [],
  effects: null,
  revisionBefore: 'r2.before',
  revisionIntended: 'r2.intended',
  reason: { kind: 'NONE' },
  revertOf: null,
}
const MADE = {
  changeId: 'change-1',
  factorsBefore: BEFORE,
  revisionBefore: 'r2.before',
  revisionIntended: 'r2.intended',
}

const told = (judged: Revertibility) =>
  judged.kind === 'REVERTIBLE' ? 'REVERTIBLE' : `${judged.why}${judged.isInDoubt ? ', so far' : ''}`

it('takes the factors, the revisions and the person from the record', () => {
  expect(judgeRevert(APPLIED)).toEqual({ kind: 'REVERTIBLE', genauthId: 'user-1', made: MADE })
})

it.each<[string, Partial<Change>, string]>([
  ['a change of factors', {}, 'REVERTIBLE'],
  ['one that found no factors', { factorsBefore: [] }, 'REVERTIBLE'],
  ['an undo', { revertOf: 'change-0' }, 'REVERTIBLE'],
  ['one of version 0.1', { effects: null, revisionBefore: 'r1.b', revisionIntended: 'r1.i' }, 'REVERTIBLE'],
  ['a contact', { changedFields: ['mfaPhone'] }, 'CONTACTS_CHANGED'],
  ['a flag', { changedFields: ['totpMfaEnabled'] }, 'CONTACTS_CHANGED'],
  ['a name', { changedFields: ['nickname'] }, 'CONTACTS_CHANGED'],
  ['a field of a later version', { changedFields: ['passkey'] }, 'CONTACTS_CHANGED'],
  ['factors that were not read', { factorsBefore: null }, 'STATE_BEFORE_UNKNOWN'],
  ['a state that was not read', { revisionBefore: null }, 'STATE_BEFORE_UNKNOWN'],
  [
    'a whole state that was not read',
    { factorsBefore: null, changedFields: ['mfaPhone'] },
    'STATE_BEFORE_UNKNOWN',
  ],
  ['a person under a lost key', { userId: null }, 'STATE_BEFORE_UNKNOWN'],
  ['a refused one with a contact', { outcome: 'NOT_APPLIED', changedFields: ['mfaPhone'] }, 'NOT_APPLIED'],
])('judges %s', (_what, changes, expected) => {
  expect(told(judgeRevert({ ...APPLIED, ...changes }))).toBe(expected)
})

it('judges each outcome, with each finding of a later look', () => {
  const table = [null, ...CHANGE_OUTCOMES].flatMap(outcome =>
    [null, ...FOLLOW_UP_FINDINGS].map(followUp => [
      `${outcome} ${followUp}`,
      told(judgeRevert({ ...APPLIED, outcome, followUp })),
    ]),
  )
  const others = table.filter(([name]) => !name?.startsWith('UNKNOWN'))
  expect(new Set(others.map(([name, judged]) => `${name?.split(' ')[0]}: ${judged}`))).toEqual(
    new Set(['null: OUTCOME_UNKNOWN, so far', 'APPLIED: REVERTIBLE', 'NOT_APPLIED: NOT_APPLIED']),
  )
  expect(Object.fromEntries(table.filter(([name]) => name?.startsWith('UNKNOWN')))).toEqual({
    'UNKNOWN null': 'OUTCOME_UNKNOWN, so far',
    'UNKNOWN INTENDED': 'REVERTIBLE',
    'UNKNOWN BEFORE': 'OUTCOME_UNKNOWN',
    'UNKNOWN OTHER': 'OUTCOME_UNKNOWN',
    'UNKNOWN UNREADABLE': 'OUTCOME_UNKNOWN',
    'UNKNOWN DROPPED': 'OUTCOME_UNKNOWN',
  })
})
