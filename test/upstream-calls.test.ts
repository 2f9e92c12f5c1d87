import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { startApp } from './support/app.ts'
import { CANARY } from './support/canaries.ts'
import { type FakeGenAuth, failing, ok, startFakeGenAuth, triggerData } from './support/fake-genauth.ts'
import { skipWaits } from './support/hand-clock.ts'

const page = readFileSync(new URL('../docs/genauth-calls.md', import.meta.url), 'utf8')

const UPSTREAM = {
  factors: '[{ type: SMS }, { type: OTP, sort: 1 }, { type: EMAIL, sort: 2 }]',
  select: 'applied',
}

function set({
  user = 'userId: "u"',
  more = '',
  ...parts
}: Partial<typeof UPSTREAM & { user: string; more: string }>) {
  const { factors, select } = { ...UPSTREAM, ...parts }
  return `mutation { setUserMfaStatus(input: { ${user}, factors: ${factors}, ${more} }) {
    ... on SetUserMfaStatusSuccess { ${select} } ... on MfaError { code } } }`
}

function setSeveral(type: string) {
  const users = Array.from(
    { length: 50 },
    (_, index) => `{ userId: "u${index}@example.com", userIdType: ${type} }`,
  )
  return `mutation { setUsersMfaStatus(input: { users: [${users}], enable: [EMAIL] }) {
    ... on SetUsersMfaStatusSuccess { succeeded results { ... on SetUserMfaStatusSuccess { changes { code } } } } } }`
}

const token = `triggerData: { mfaToken: "${CANARY.mfaToken}" }`
/** A whole state that leaves nothing out. */
const tokenAndContacts = `triggerData: { mfaToken: "${CANARY.mfaToken}", mfaPhone: "${CANARY.phone}",
  mfaPhoneCountryCode: "+86", mfaEmail: "${CANARY.email}", totpMfaEnabled: true }`
const same = '[{ type: SMS }, { type: OTP, sort: 1 }]'
const users50 = Array.from({ length: 50 }, (_, index) => `{ userId: "u${index}" }`)

/** The rows of the table in docs/genauth-calls.md: a document for each, and how GenAuth answers where it does not simply do so. */
const OPERATIONS: [string, string, ((genauth: FakeGenAuth) => void)?][] = [
  [
    '`userMfa`, factors only',
    '{ userMfa(userId: "u") { ... on UserMfa { phone factors { code enabled sort } } } }',
  ],
  [
    '`userMfa` with `bound` or `posture`',
    '{ userMfa(userId: "u") { ... on UserMfa { posture factors { bound } } } }',
  ],
  [
    '`usersMfa` of 50, factors only',
    `{ usersMfa(users: [${users50}]) { ... on UsersMfaSuccess { results { ... on UserMfa { factors { code } } } } } }`,
  ],
  [
    'change without `mfaToken`',
    set({ select: 'applied changed changes { code } userMfa { factors { code } revision phone }' }),
  ],
  [
    'change without `mfaToken`, user named by e-mail',
    set({ user: 'userId: "a@example.com", userIdType: EMAIL', select: 'userMfa { user { id } }' }),
  ],
  [
    'change with `mfaToken`',
    set({ more: token, select: 'applied verified userMfa { factors { code } revision phone }' }),
  ],
  [
    'change with `mfaToken`, selecting `changes`',
    set({ more: tokenAndContacts, select: 'changes { code }' }),
    keepKnownFactors,
  ],
  [
    'change that weakens, with the state before read',
    set({ factors: '[{ type: EMAIL }]', select: 'verified' }),
  ],
  [
    'change that changes nothing',
    set({ factors: same, select: 'changed userMfa { revision }' }),
    keepKnownFactors,
  ],
  ['change selecting `userMfa { posture }`', set({ select: 'userMfa { posture factors { bound } }' })],
  ['dry run', set({ more: 'dryRun: true', select: 'changes { code } userMfa { factors { code } }' })],
  ['revision conflict', set({ more: 'expectedRevision: "r1.old"' })],
  [
    'change whose outcome is in doubt, read back',
    set({}),
    genauth => genauth.reply('set-mfa-status', failing(500)),
  ],
  ['change of 50 users by id', setSeveral('USER_ID')],
  ['change of 50 users by e-mail', setSeveral('EMAIL'), knowFiftyUsers],
]

function keepKnownFactors(genauth: FakeGenAuth): void {
  const applicationMfa = ['SMS', 'OTP'].map((mfaPolicy, sort) => ({ mfaPolicy, status: 1, sort }))
  genauth.stored = triggerData({ applicationMfa })
}

function knowFiftyUsers(genauth: FakeGenAuth): void {
  const users = Array.from({ length: 50 }, (_, index) => ({
    userId: `id-${index}`,
    email: `u${index}@example.com`,
  }))
  genauth.reply('get-user-batch', ok(users.toReversed()))
}

it.each(OPERATIONS)(
  'docs/genauth-calls.md says how many calls this costs: %s',
  async (name, document, prepare) => {
    await using genauth = await startFakeGenAuth()
    await using app = await startApp({ upstream: genauth, clock: skipWaits(900) })
    prepare?.(genauth)
    if (name.startsWith('change of 50')) {
      // One store serves all users of the fake: without this, the second of them would find nothing to change.
      genauth.reply('get-mfa-status', ok(triggerData()))
    }
    const { errors } = await app.graphql(document)
    expect(errors).toEqual([])
    expect(page).toContain(`| ${name} | ${genauth.takeCalls().length} |`)
  },
)

it('The table of docs/genauth-calls.md has no other rows', () => {
  const table = /\| operation \| calls \|\n\|---\|---\|\n((?:\|.*\n)*)/.exec(page)?.[1] ?? ''
  expect(table.trim().split('\n')).toHaveLength(OPERATIONS.length)
})
