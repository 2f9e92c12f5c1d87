import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { startApp } from './support/app.ts'
import { CANARY } from './support/canaries.ts'
import { type FakeGenAuth, failing, ok, startFakeGenAuth, triggerData } from './support/fake-genauth.ts'
import { skipWaits } from './support/hand-clock.ts'
import { startUndoApp } from './support/undo-app.ts'

const page = readFileSync(new URL('../docs/genauth-calls.md', import.meta.url), 'utf8')

const UPSTREAM = {
  factors: '[{ type: SMS }, { type: OTP, sort: 1 }, { type: EMAIL, sort: 2 }]',
  select: 'applied',
  on: 'SetUserMfaStatusSuccess',
}

function set({
  user = 'userId: "u"',
  more = '',
  ...parts
}: Partial<typeof UPSTREAM & { user: string; more: string }>) {
  const { factors, select, on } = { ...UPSTREAM, ...parts }
  return `mutation { setUserMfaStatus(input: { ${user}, factors: ${factors}, ${more} }) {
    ... on ${on} { ${select} } ... on MfaError { code } } }`
}

/** A user by each kind of identifier other than GenAuth's own. */
const OTHER_NAMES = [
  ['PHONE', '2125550100'],
  ['EMAIL', 'a@example.com'],
  ['USERNAME', 'a'],
  ['EXTERNAL_ID', 'emp-1'],
  ['IDENTITY', 'source:1'],
  ['SYNC_RELATION', 'lark:1'],
  ['CUSTOM_FIELD', 'badge:1'],
] as const

function read(select: string, type = 'USER_ID', userId = 'u') {
  return `{ userMfa(userId: "${userId}", userIdType: ${type}) { ... on UserMfa { ${select} } ... on MfaError { code } } }`
}

function readByOthers(select: string): string[] {
  return OTHER_NAMES.map(([type, userId]) => read(select, type, userId))
}

function readSeveral(type: string, select: string) {
  const users = Array.from(
    { length: 50 },
    (_, index) => `{ userId: "u${index}@example.com", userIdType: ${type} }`,
  )
  return `{ usersMfa(users: [${users}]) { ... on UsersMfaSuccess {
    results { payload { ... on UserMfa { ${select} } ... on MfaError { code } } } } } }`
}

function setSeveral(type: string, select = 'changes { code }') {
  const users = Array.from(
    { length: 50 },
    (_, index) => `{ userId: "u${index}@example.com", userIdType: ${type} }`,
  )
  return `mutation { setUsersMfaStatus(input: { users: [${users}], enable: [EMAIL] }) {
    ... on SetUsersMfaStatusSuccess { succeeded results { payload { ... on SetUserMfaStatusSuccess { ${select} } } } } } }`
}

const weakenOne =
  'mutation { setUserMfaStatus(input: { userId: "u", disable: [OTP], dryRun: true }) { ... on MfaError { code } } }'
const token = `triggerData: { mfaToken: "${CANARY.mfaToken}" }`
/** A whole state that leaves nothing out. */
const tokenAndContacts = `triggerData: { mfaToken: "${CANARY.mfaToken}", mfaPhone: "${CANARY.phone}",
  mfaPhoneCountryCode: "+86", mfaEmail: "${CANARY.email}", totpMfaEnabled: true }`
const same = '[{ type: SMS }, { type: OTP, sort: 1 }]'
const users50 = Array.from({ length: 50 }, (_, index) => `{ userId: "u${index}" }`)

function setPool(factors: string, more = '') {
  return `mutation { setMfaPoolPolicy(input: { enabledFactors: ${factors}, ${more} }) {
    ... on SetMfaPoolPolicySuccess { policy { revision } changes { type } warnings { code } } ... on MfaError { code } } }`
}

function switchApplication(more = '') {
  return `mutation { switchMfaApplicationFactors(input: { applicationId: "a", enable: [SMS], ${more} }) {
    ... on SwitchMfaApplicationFactorsSuccess { application { name } enabledFactors } ... on MfaError { code } } }`
}

/** The factors of the pool, read by read. */
function showPool(...reads: readonly string[][]) {
  return (genauth: FakeGenAuth) => {
    genauth.reply('get-global-mfa-settings', ...reads.map(enabledFactors => ok({ enabledFactors })))
    for (const endpoint of ['update-global-mfa-settings', 'disable-global-mfa-settings'])
      genauth.reply(endpoint, ok({ enabledFactors: [] }))
  }
}

function showApplication(genauth: FakeGenAuth): void {
  const application = { appId: 'a', appName: 'A', appIdentifier: 'a', appType: 'web' }
  genauth.reply('get-application', ok({ ...application, customSecurityEnabled: true }))
  genauth.reply('update-application-mfa-settings', ok({ enabledFactors: ['SMS'] }))
}

type Operation = [
  name: string,
  documents: string | string[],
  prepare?: (genauth: FakeGenAuth) => void,
  env?: Record<string, string>,
]

/**
 * The rows of the table in docs/genauth-calls.md: the documents that each stands for, and how GenAuth answers where it
 * does not simply do so.
 */
const OPERATIONS: Operation[] = [
  ['`mfaViewer`', '{ mfaViewer { scopes mayWrite signedInAt limits { kind remaining } } }'],
  [
    '`findMfaUsers` with `id`, `displayName`, `user` and contacts',
    '{ findMfaUsers(search: "ada") { ... on FindMfaUsersSuccess { more people { id displayName phone user { id } } } ... on MfaError { code } } }',
    genauth =>
      genauth.reply('list-users', ok({ totalCount: 1, list: [{ userId: 'u', phone: CANARY.phone }] })),
  ],
  [
    '`userMfa`, factors only',
    '{ userMfa(userId: "u") { ... on UserMfa { phone factors { code enabled sort } } } }',
  ],
  [
    '`userMfa` with `bound` or `posture`',
    '{ userMfa(userId: "u") { ... on UserMfa { posture factors { bound } } } }',
  ],
  ['`userMfa` with `id`, user named by `USER_ID`', read('id phone')],
  ['`userMfa` with `account`, user named by `USER_ID`', read('id account { status } revision'), knowUser],
  ['`userMfa` with `id`, user named by any other kind', readByOthers('id phone')],
  ['`userMfa` with `account`, user named by any other kind', readByOthers('account { status }')],
  [
    '`userMfa` with `id`, `account`, `user` and `revision`, user named by any other kind',
    readByOthers('id account { status } user { id } revision'),
  ],
  [
    '`mfaApplications`',
    '{ mfaApplications { ... on MfaApplicationConnection { totalCount } } }',
    knowApplication,
  ],
  [
    '`userMfa` with `forecast`, the first in a minute',
    read('forecast(applicationId: "a") { verdict }'),
    knowApplication,
  ],
  [
    '`userMfa` with `history`',
    read('history { edges { node { kind } } missing }'),
    genauth => genauth.reply('get-user-action-logs', ok({ totalCount: 0, list: [] })),
  ],
  [
    '`userMfa` by a phone with `+`, factors only',
    '{ userMfa(userId: "+8613800000001", userIdType: PHONE) { ... on UserMfa { factors { code } } } }',
    genauth => genauth.reply('get-user', ok({ userId: 'u', phone: '13800000001', phoneCountryCode: '+86' })),
  ],
  [
    '`usersMfa` of 50, factors only',
    `{ usersMfa(users: [${users50}]) { ... on UsersMfaSuccess { results { payload { ... on UserMfa { factors { code } } } } } } }`,
  ],
  [
    '`usersMfa` of 50 with `account`, named by `USER_ID`',
    readSeveral('USER_ID', 'id account { status }'),
    knowFiftyUsers,
  ],
  [
    '`usersMfa` of 50 with `id` and `account`, named by e-mail',
    readSeveral('EMAIL', 'id account { status }'),
    knowFiftyUsers,
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
    'change without `mfaToken`, selecting `id` and `account`, user named by any other kind',
    OTHER_NAMES.map(([type, userId]) =>
      set({ user: `userId: "${userId}", userIdType: ${type}`, select: 'userMfa { id account { status } }' }),
    ),
  ],
  [
    'change of a name or phone of the account, selecting `account`, user named by any other kind',
    OTHER_NAMES.map(([type, userId]) =>
      set({
        user: `userId: "${userId}", userIdType: ${type}`,
        more: 'triggerData: { nickname: "n" }',
        select: 'userMfa { id account { status } }',
      }),
    ),
  ],
  [
    'change without `mfaToken`, selecting `id`, user named by `USER_ID`',
    set({ select: 'userMfa { id phone }' }),
  ],
  [
    'change without `mfaToken`, selecting `account`, user named by `USER_ID`',
    set({ select: 'userMfa { id account { status } }' }),
    knowUser,
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
  [
    'dry run',
    set({
      more: 'dryRun: true',
      on: 'SetUserMfaStatusPreview',
      select: 'changes { code } contactChanges { field } expectedRevision after { factors { code } }',
    }),
  ],
  ['revision conflict', set({ more: 'expectedRevision: "r1.old"' })],
  [
    'change whose outcome is in doubt, read back',
    set({}),
    genauth => genauth.reply('set-mfa-status', failing(500)),
  ],
  [
    'change that `PROTECTED_USER` refuses, user of `PROTECTED_USERS`',
    [weakenOne, weakenOne.replace('true', 'false')],
    () => {},
    { PROTECTED_USERS: 'u' },
  ],
  [
    'change that weakens, with `PROTECTED_GROUP` of up to 50 members, once a minute',
    weakenOne.replace('true', 'false'),
    showGroup,
    { PROTECTED_GROUP: 'g' },
  ],
  [
    'change that only switches on, with `PROTECTED_USERS` and `PROTECTED_GROUP`',
    'mutation { setUserMfaStatus(input: { userId: "u", enable: [EMAIL] }) { ... on MfaError { code } } }',
    showGroup,
    { PROTECTED_USERS: 'u', PROTECTED_GROUP: 'g' },
  ],
  ['change of 50 users by id', setSeveral('USER_ID')],
  ['change of 50 users by e-mail', setSeveral('EMAIL'), knowFiftyUsers],
  [
    'change of 50 users by e-mail, selecting `account`',
    setSeveral('EMAIL', 'userMfa { id account { status } }'),
    knowFiftyUsers,
  ],
  ['`mfaPoolPolicy`', '{ mfaPoolPolicy { ... on MfaPoolPolicy { enabledFactors otherFactors revision } } }'],
  ['`setMfaPoolPolicy` that only switches on', setPool('[SMS, OTP]'), showPool(['SMS'], ['SMS', 'OTP'])],
  [
    '`setMfaPoolPolicy` that switches off',
    setPool('[SMS]'),
    showPool(['SMS', 'OTP'], ['SMS', 'OTP'], ['SMS']),
  ],
  [
    '`setMfaPoolPolicy` that changes nothing, or a dry run',
    [setPool('[SMS]'), setPool('[OTP]', 'dryRun: true')],
    showPool(['SMS']),
  ],
  ['`switchMfaApplicationFactors`', switchApplication(), showApplication],
  ['`switchMfaApplicationFactors`, a dry run', switchApplication('dryRun: true'), showApplication],
]

function keepKnownFactors(genauth: FakeGenAuth): void {
  const applicationMfa = ['SMS', 'OTP'].map((mfaPolicy, sort) => ({ mfaPolicy, status: 1, sort }))
  genauth.stored = triggerData({ applicationMfa })
}

function knowApplication(genauth: FakeGenAuth): void {
  const application = { appId: 'a', appName: 'A' }
  genauth.reply('list-application-simple-info', ok({ totalCount: 1, list: [application] }))
  genauth.reply('get-application', ok(application))
  genauth.reply('get-mfa-trigger-data', ok(triggerData()))
  genauth.reply('list-pipeline-functions', ok({ totalCount: 0, list: [] }))
  genauth.reply('user-list', ok({ totalCount: 0, list: [] }))
}

/** The read at the start fails, so that the first change reads the group. */
function showGroup(genauth: FakeGenAuth): void {
  genauth.reply('list-group-members', failing(403), ok({ totalCount: 1, list: [{ userId: 'member' }] }))
}

function knowUser(genauth: FakeGenAuth): void {
  genauth.reply('get-user', ok({ userId: 'u' }))
}

function knowFiftyUsers(genauth: FakeGenAuth): void {
  const users = Array.from({ length: 50 }, (_, index) => ({
    userId: `u${index}@example.com`,
    email: `u${index}@example.com`,
  }))
  genauth.reply('get-user-batch', ok(users.toReversed()))
}

it.each(OPERATIONS)(
  'docs/genauth-calls.md says how many calls this costs: %s',
  async (name, documents, prepare, env = {}) => {
    await using genauth = await startFakeGenAuth()
    prepare?.(genauth)
    await using app = await startApp({ upstream: genauth, clock: skipWaits(900), env })
    if (env['PROTECTED_GROUP'] !== undefined) {
      await expect.poll(() => app.log.some(({ msg }) => msg.startsWith('PROTECTED_GROUP'))).toBe(true)
      genauth.takeCalls()
    }
    const before = genauth.stored
    if (name.startsWith('change of 50')) {
      // One store serves all users of the fake: without this, the second of them would find nothing to change.
      genauth.reply('get-mfa-status', ok(triggerData()))
    }
    for (const document of [documents].flat()) {
      genauth.stored = before
      const { errors } = await app.graphql(document)
      expect(errors).toEqual([])
      expect(page, document).toContain(`| ${name} | ${genauth.takeCalls().length} |`)
    }
  },
)

const DISABLE_OTP = { userId: '65b000000000000000000001', disable: ['OTP'] }
const ENABLE_EMAIL = { userId: '65b000000000000000000001', enable: ['EMAIL'] }

/** The rows of undos: the change, the undo, and what happens in between. */
const UNDOS: [name: string, change: object, undo: object, between?: (genauth: FakeGenAuth) => void][] = [
  ['`revertMfaChange` that only switches on', DISABLE_OTP, {}],
  ['`revertMfaChange` that weakens', ENABLE_EMAIL, {}],
  ['`revertMfaChange`, a dry run, or of a user who has changed since', ENABLE_EMAIL, { dryRun: true }],
  [
    '`revertMfaChange`, a dry run, or of a user who has changed since',
    ENABLE_EMAIL,
    {},
    genauth => {
      genauth.stored = triggerData()
    },
  ],
  [
    '`revertMfaChange` of a change that cannot be undone',
    { ...ENABLE_EMAIL, triggerData: { nickname: 'n' } },
    {},
  ],
]

it.each(UNDOS)(
  'docs/genauth-calls.md says how many calls this costs: %s',
  async (name, change, undo, between) => {
    await using genauth = await startFakeGenAuth()
    await using app = await startUndoApp({ upstream: genauth })
    const { changeId } = await app.set(change)
    between?.(genauth)
    genauth.takeCalls()
    await app.undo({ changeId, ...undo })
    expect(page).toContain(`| ${name} | ${genauth.takeCalls().length} |`)
  },
)

it('The table of docs/genauth-calls.md has no other rows', () => {
  const table = /\| operation \| calls \|\n\|---\|---\|\n((?:\|.*\n)*)/.exec(page)?.[1] ?? ''
  const undos = new Set(UNDOS.map(([name]) => name))
  expect(table.trim().split('\n')).toHaveLength(OPERATIONS.length + undos.size)
})
