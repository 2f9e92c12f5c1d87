import type { ServerResponse } from 'node:http'
import { expect, it } from 'vitest'
import { startApp, type TestApp } from './support/app.ts'
import { type FakeGenAuth, failing, ok, startFakeGenAuth, triggerData } from './support/fake-genauth.ts'

const READ = '{ userMfa(userId: "u") { __typename ... on UserMfa { email factors { code bound } } } }'
const SET = 'mutation { setUserMfaStatus(input: { userId: "u", disable: [SMS] }) { __typename } }'

/** Reads that wait until they are answered by hand. */
function holdReads(genauth: FakeGenAuth): ServerResponse[] {
  const held: ServerResponse[] = []
  genauth.reply('get-mfa-status', response => void held.push(response))
  return held
}

function answer(response: ServerResponse | undefined, data: unknown): void {
  response?.end(JSON.stringify({ statusCode: 200, message: '', data }))
}

const until = (held: readonly unknown[], count: number) =>
  expect.poll(() => held.length, { interval: 5, timeout: 5_000 }).toBe(count)

async function authorizationOf(app: TestApp, sub: string) {
  return { authorization: `Bearer ${await app.issuer.token({ scope: 'mfa:read mfa:write', sub })}` }
}

it('reads of one user that overlap are one, for one caller, and are not kept beyond it', async () => {
  await using genauth = await startFakeGenAuth()
  await using app = await startApp({ upstream: genauth })
  const held = holdReads(genauth)
  const first = app.graphql(READ)
  await until(held, 1)
  const others = [app.graphql(READ), app.graphql(READ)]
  // Another user's read shows that the two before it have come about as far.
  const another = app.graphql(READ.replace('"u"', '"v"'))
  await until(held, 2)
  for (let round = 0; round < 3; round++) await app.graphql('{ __typename }')
  for (const response of held) answer(response, triggerData())
  const answers = await Promise.all([first, ...others, another])
  expect(new Set(answers.map(({ data }) => JSON.stringify(data))).size).toBe(1)
  expect(genauth.seenOf('get-mfa-status')).toHaveLength(2)
  expect(genauth.seenOf('get-user-mfa-info').length).toBeLessThan(4)
  genauth.reply('get-mfa-status', ok(triggerData()))
  await app.graphql(READ)
  expect(genauth.seenOf('get-mfa-status')).toHaveLength(3)
})

it('reads of two callers are two', async () => {
  await using genauth = await startFakeGenAuth()
  await using app = await startApp({ upstream: genauth })
  const held = holdReads(genauth)
  const answers = [app.graphql(READ, {}, await authorizationOf(app, 'one'))]
  answers.push(app.graphql(READ, {}, await authorizationOf(app, 'two')))
  await until(held, 2)
  for (const response of held) answer(response, triggerData())
  await Promise.all(answers)
})

it('a read that began before a write is not joined after it', async () => {
  await using genauth = await startFakeGenAuth()
  await using app = await startApp({ upstream: genauth })
  const held = holdReads(genauth)
  const before = app.graphql(READ)
  await until(held, 1)
  genauth.reply('get-mfa-status', ok(triggerData()))
  // It weakens nothing, so it is not read back.
  const set = SET.replace('disable: [SMS]', 'enable: [FACE]')
  expect((await app.graphql(set)).data.setUserMfaStatus.__typename).toBe('SetUserMfaStatusSuccess')
  genauth.reply('get-mfa-status', ok(triggerData({ mfaEmail: null })))
  expect((await app.graphql(READ)).data.userMfa.email).toBeNull()
  answer(held[0], triggerData())
  expect((await before).data.userMfa.email).not.toBeNull()
})

it('the read before a write joins no other', async () => {
  await using genauth = await startFakeGenAuth()
  await using app = await startApp({ upstream: genauth })
  const held = holdReads(genauth)
  const read = app.graphql(READ)
  await until(held, 1)
  const set = app.graphql(SET)
  await until(held, 2)
  genauth.reply('get-mfa-status', response => answer(response, genauth.stored))
  for (const response of held) answer(response, triggerData())
  expect((await set).data.setUserMfaStatus.__typename).toBe('SetUserMfaStatusSuccess')
  await read
})

it('who joined a read that came to nothing makes one of its own', async () => {
  await using genauth = await startFakeGenAuth()
  await using app = await startApp({ upstream: genauth })
  const held = holdReads(genauth)
  const first = app.graphql(READ, {}, { 'x-request-deadline-ms': '300' })
  await until(held, 1)
  const second = app.graphql(READ)
  expect((await first).data.userMfa.__typename).toBe('MfaUpstreamUnavailableError')
  await until(held, 2)
  answer(held[1], triggerData())
  expect((await second).data.userMfa.__typename).toBe('UserMfa')
  genauth.reply('get-mfa-status', failing(404))
  expect((await app.graphql(READ)).data.userMfa.__typename).toBe('MfaUserNotFoundError')
})
