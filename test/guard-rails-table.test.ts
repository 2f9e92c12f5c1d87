import { readFileSync } from 'node:fs'
import { isInputObjectType } from 'graphql'
import { expect, it } from 'vitest'
import { createSchema } from '../src/schema/index.ts'
import { type Json, startApp, type TestApp } from './support/app.ts'
import { CANARY } from './support/canaries.ts'
import { type FakeGenAuth, startFakeGenAuth, triggerData } from './support/fake-genauth.ts'

/**
 * Every change that one request can make, asked for in every situation, over HTTP. The results are the table in
 * docs/guard-rails-table.md: `npx vitest run --config test/vitest.config.ts test/guard-rails-table.test.ts -u` writes
 * it anew.
 */

const USER = '65b000000000000000000001'
const PROTECTED = '65b000000000000000000002'
const SETTINGS = {
  AUTH_USER_ID_CLAIM: 'genauth_id',
  AUTH_STEP_UP_MAX_AGE_S: '300',
  REQUIRE_REASON: 'weakening',
  PROTECTED_USERS: PROTECTED,
}
const SET = /* GraphQL */ `
  mutation ($input: SetUserMfaStatusInput!) {
    setUserMfaStatus(input: $input) {
      ... on SetUserMfaStatusSuccess { applied changed effects }
      ... on SetUserMfaStatusPreview { changed effects }
      ... on MfaError { code }
      ... on MfaPolicyViolationError { rule effects }
      ... on MfaStepUpRequiredError { effects }
    }
  }
`
const SET_SEVERAL = /* GraphQL */ `
  mutation ($input: SetUsersMfaStatusInput!) {
    setUsersMfaStatus(input: $input) {
      ... on SetUsersMfaStatusSuccess {
        results {
          payload {
            ... on SetUserMfaStatusSuccess { applied changed effects }
            ... on MfaError { code }
            ... on MfaPolicyViolationError { rule effects }
            ... on MfaStepUpRequiredError { effects }
          }
        }
      }
    }
  }
`
/** SMS first, OTP behind it, EMAIL off, and one that this version does not know. */
const STORED = triggerData({
  mfaEmail: null,
  nickname: 'n',
  phone: '13700000001',
  phoneCountryCode: '+86',
  applicationMfa: [
    { mfaPolicy: 'SMS', status: 1, sort: 0 },
    { mfaPolicy: 'OTP', status: 1, sort: 1 },
    { mfaPolicy: 'EMAIL', status: 0, sort: 2 },
    { mfaPolicy: 'PASSKEY', status: 1, sort: 3 },
  ],
})

const [SMS, OTP, EMAIL, FACE] = ['SMS', 'OTP', 'EMAIL', 'FACE'].map(type => ({ type, enabled: true }))
const off = (factor: object | undefined) => ({ ...factor, enabled: false })
const SAME = [SMS, OTP, off(EMAIL)]
/** Has no effect of its own: the one that is off goes. */
const factors = [SMS, OTP]
const fields = (data: object) => ({ factors, triggerData: data })

/** [a name for the change, the request] */
const CHANGES: readonly (readonly [string, Json])[] = [
  ['`enable` a factor that is off', { enable: ['EMAIL'] }],
  ['`enable` a factor that is not listed', { enable: ['FACE'] }],
  ['`enable` a factor that is on', { enable: ['OTP'] }],
  ['`disable` a factor that is on', { disable: ['OTP'] }],
  ['`disable` the first factor', { disable: ['SMS'] }],
  ['`disable` a factor that is off', { disable: ['EMAIL'] }],
  ['`disable` the last known factor, with `allowNoFactor`', { disable: ['SMS', 'OTP'], allowNoFactor: true }],
  ['`factors` as they are', { factors: SAME }],
  ['`factors` with one that is off in another place', { factors: [SMS, off(EMAIL), OTP] }],
  ['`factors` with another one first', { factors: [OTP, SMS, off(EMAIL)] }],
  [
    '`factors` with another one first by a tie of `sort`',
    { factors: [OTP, SMS, off(EMAIL)].map(f => ({ ...f, sort: 0 })) },
  ],
  ['`factors` with one first that is off', { factors: [off(EMAIL), SMS, OTP] }],
  ['`factors` without one that is off', { factors: [SMS, OTP] }],
  ['`factors` without one that is on', { factors: [SMS, off(EMAIL)] }],
  ['`factors` with one on that was off', { factors: [SMS, OTP, EMAIL] }],
  ['`factors` with one off that was on', { factors: [SMS, off(OTP), off(EMAIL)] }],
  ['`factors` with one more that is on', { factors: [...SAME, FACE] }],
  ['`factors` with one more that is off', { factors: [...SAME, off(FACE)] }],
  ['`factors` empty, with `allowNoFactor`', { factors: [], allowNoFactor: true }],
  ['`mfaPhone`: another', fields({ mfaPhone: '13700000002' })],
  ['`mfaPhone`: the same, and nothing else', { enable: ['OTP'], triggerData: { mfaPhone: CANARY.phone } }],
  ['`mfaPhone`: another, and no factor named', { triggerData: { mfaPhone: '13700000002' } }],
  ['`mfaPhone`: none', fields({ mfaPhone: null })],
  ['`mfaPhoneCountryCode`: another', fields({ mfaPhoneCountryCode: '+1' })],
  ['`mfaEmail`: a first one', fields({ mfaEmail: 'new@example.com' })],
  ['`mfaEmail`: none, where none is', fields({ mfaEmail: null })],
  ["`phone`: another (the account's)", fields({ phone: '13700000002' })],
  ["`phoneCountryCode`: another (the account's)", fields({ phoneCountryCode: '+1' })],
  ['`nickname`: another', fields({ nickname: 'm' })],
  ['`username`: another', fields({ username: 'other' })],
  ['`faceMfaEnabled`: true, where it is false', fields({ faceMfaEnabled: true })],
  ['`faceMfaEnabled`: false, where it is false', fields({ faceMfaEnabled: false })],
  ['`totpMfaEnabled`: true, where it is true', fields({ totpMfaEnabled: true })],
  ['`totpMfaEnabled`: false, where it is true', fields({ totpMfaEnabled: false })],
  ['`totpMfaEnabled`: null, where it is true', fields({ totpMfaEnabled: null })],
  [
    '`mfaToken` with the list as it is: everything else is cleared',
    { factors: SAME, triggerData: { mfaToken: CANARY.mfaToken } },
  ],
]

const NOW_S = Math.floor(Date.now() / 1_000)
const [FRESH, STALE] = [{ auth_time: NOW_S }, { auth_time: NOW_S - 3_600 }]
const [OTHER, OWN] = [{ genauth_id: '65b0000000000000000000ff' }, { genauth_id: USER }]
const WHY = { reason: 'Ticket 4711' }
/** [heading, claims of the caller, fields added to the request] */
const SITUATIONS: readonly (readonly [string, Record<string, unknown>, object])[] = [
  ['other user, fresh', { ...OTHER, ...FRESH }, WHY],
  ['other user, stale', { ...OTHER, ...STALE }, WHY],
  ['own user, fresh', { ...OWN, ...FRESH }, WHY],
  ['own user, stale', { ...OWN, ...STALE }, WHY],
  ['caller unknown', FRESH, WHY],
  ['no reason', { ...OTHER, ...FRESH }, {}],
  ['protected user, fresh', { ...OTHER, ...FRESH }, { ...WHY, userId: PROTECTED }],
]

interface Row {
  readonly effects: readonly string[]
  readonly cells: readonly string[]
}

it('docs/guard-rails-table.md says what comes of every change in every situation', async () => {
  await using genauth = await startFakeGenAuth()
  await using app = await startApp({ upstream: genauth, env: SETTINGS })
  const callers = await Promise.all(
    SITUATIONS.map(async ([, claims]) => `Bearer ${await app.issuer.token(claims)}`),
  )
  const ask = (change: Json, index: number) => {
    genauth.stored = STORED
    return play(app, { userId: USER, ...change, ...SITUATIONS[index]?.[2] }, callers[index] ?? '')
  }
  const lines: string[] = []
  for (const [what, change] of CHANGES) {
    const row = await toRow(index => ask(change, index))
    lines.push(`| ${[what, row.effects.join(', ') || 'none', ...row.cells].join(' | ')} |`)

    const forecast = await toRow(index => ask({ ...change, dryRun: true }, index))
    const withoutRecord = (cells: readonly string[]) => cells.map(cell => cell.replace(/;.*/, ''))
    expect(withoutRecord(forecast.cells), what).toEqual(
      withoutRecord(row.cells).map(cell => cell.replace('written', 'would be written')),
    )
    if (!('triggerData' in change)) {
      const inList = await toRow(index => playInList(app, genauth, change, index, callers[index] ?? ''))
      expect(inList, what).toEqual(row)
    }
  }
  const headings = ['change', 'effects', ...SITUATIONS.map(([heading]) => heading)]
  const table = [`| ${headings.join(' | ')} |`, `|${headings.map(() => '---').join('|')}|`, ...lines].join(
    '\n',
  )
  await expect(`${TEXT}\n${table}\n`).toMatchFileSnapshot('../docs/guard-rails-table.md')
})

it('the table has a row for every field by which a request can change something', () => {
  const schema = createSchema()
  const namesOf = (name: string) => {
    const type = schema.getType(name)
    return isInputObjectType(type) ? Object.keys(type.getFields()) : []
  }
  const asked = CHANGES.map(([, change]) => change)
  const changed = new Set(asked.flatMap(change => Object.keys({ ...change, ...change.triggerData })))
  const notChanges = ['userId', 'userIdType', 'expectedRevision', 'reason', 'dryRun']
  const all = [...namesOf('SetUserMfaStatusInput'), ...namesOf('MfaTriggerDataInput')]
  expect([...changed].toSorted()).toEqual(all.filter(name => !notChanges.includes(name)).toSorted())
  expect(readFileSync(new URL('../docs/guard-rails.md', import.meta.url), 'utf8')).toContain(
    '(guard-rails-table.md)',
  )
})

async function toRow(ask: (index: number) => Promise<{ effects: string[]; cell: string }>): Promise<Row> {
  const answers = []
  for (const index of SITUATIONS.keys()) answers.push(await ask(index))
  const [first] = answers
  for (const { effects } of answers) expect(effects).toEqual(first?.effects)
  return { effects: first?.effects ?? [], cells: answers.map(({ cell }) => cell) }
}

async function play(app: TestApp, input: Json, authorization: string) {
  const before = app.journal.length
  const { data } = await app.graphql(SET, { input }, { authorization })
  return toCell(data.setUserMfaStatus, app.journal.slice(before))
}

async function playInList(
  app: TestApp,
  genauth: FakeGenAuth,
  change: Json,
  index: number,
  authorization: string,
) {
  genauth.stored = STORED
  const before = app.journal.length
  const { userId = USER, ...added }: Json = SITUATIONS[index]?.[2] ?? {}
  const input = { users: [{ userId }], ...change, ...added }
  const { data } = await app.graphql(SET_SEVERAL, { input }, { authorization })
  return toCell(data.setUsersMfaStatus.results[0].payload, app.journal.slice(before))
}

function toCell({ applied, changed, effects, code, rule }: Json, records: readonly Json[]) {
  const answer =
    code === undefined
      ? applied
        ? 'written'
        : changed
          ? 'would be written'
          : 'nothing to do'
      : `\`${rule ?? code}\``
  const onRecord = records.flatMap(({ kind, railsPassed, effects: judged }) => {
    if (kind !== 'intent') return kind === 'probe' ? ['`probe`'] : []
    expect(judged).toEqual(effects)
    return [`\`intent\`${railsPassed.length === 0 ? '' : ` with ${railsPassed.join(', ')}`}`]
  })
  return { effects, cell: [answer, ...onRecord].join('; ') }
}

const TEXT = `# What becomes of each change?

A test asks for each of these changes over HTTP and writes this table (\`test/guard-rails-table.test.ts\`). [guard-rails.md](guard-rails.md) says why each guard rail refuses.

- Settings: \`AUTH_STEP_UP_MAX_AGE_S=300\`, \`REQUIRE_REASON=weakening\`, \`ALLOW_SELF_WEAKENING=off\`, and \`PROTECTED_USERS\` with the user of the last column. Each request gives a \`reason\`, except in the column that says so.
- The state before: SMS on and first, OTP on, EMAIL off, one factor that this version does not know, \`mfaPhone\`, no \`mfaEmail\`, \`totpMfaEnabled\` true.
- The change of a field comes with a list of factors that has no effect: it leaves out EMAIL, which is off. So the request writes in every row in which it is allowed.
- A cell gives the result, then the record in the journal. \`with\` names the guard rails that the record says were passed. A cell without a record leaves none.
- A dry run is refused alike, and leaves a \`probe\` wherever the request names a text of \`triggerData\`. \`setUsersMfaStatus\` gives the same result for each user.
`
