import { expect, test } from 'vitest'
import { type Sandbox, startSandbox } from '../../src/sandbox/sandbox.ts'
import { ADA, ALAN, APPLICATION, type Caller, createTokenCaller, GRACE, type Params } from './clients.ts'

const NOON_MS = Date.UTC(2026, 10, 26, 12)

interface Log {
  userId: string
  eventType: string
  success: boolean
  appId: string
  timestamp: string
  requestId: string
}

async function list(call: Caller, params: Params): Promise<{ totalCount: number; list: Log[] }> {
  const { body } = await call('get-user-action-logs', params)
  expect(body.statusCode).toBe(200)
  return body.data as { totalCount: number; list: Log[] }
}

/** Starts a sandbox whose clock goes on by a second at each look. */
async function startTicking(): Promise<{ sandbox: Sandbox; call: Caller }> {
  let nowMs = NOON_MS
  const sandbox = await startSandbox({
    port: 0,
    now: () => {
      nowMs += 1_000
      return nowMs
    },
  })
  return { sandbox, call: await createTokenCaller(sandbox) }
}

const bindAndUnbind = async (call: Caller) => {
  const mfaTriggerData = { mfaToken: 't', applicationMfa: [], mfaEmail: 'alan@example.com' }
  await call('set-mfa-status', { userId: ALAN, mfaTriggerData: { ...mfaTriggerData, totpMfaEnabled: true } })
  await call('set-mfa-status', { userId: ALAN, mfaTriggerData })
  await call('set-mfa-status', { userId: ALAN, mfaTriggerData })
}

test('What is bound, unbound and verified is logged, the newest first, with an offset that has no colon.', async () => {
  const { sandbox, call } = await startTicking()
  await using _ = sandbox
  await bindAndUnbind(call)
  sandbox.pool.verifyMfa(ALAN, false, APPLICATION)
  sandbox.pool.verifyMfa(ALAN, true, APPLICATION)
  const found = await list(call, { userId: ALAN })
  expect(found.list.map(({ eventType, success, appId }) => [eventType, success, appId])).toEqual([
    ['verifyMfa', true, APPLICATION],
    ['verifyMfa', false, APPLICATION],
    ['unbindMFA', true, ''],
    ['bindMfa', true, ''],
    ['bindMfa', true, ''],
  ])
  expect(found.totalCount).toBe(5)
  for (const { timestamp } of found.list) {
    expect(timestamp).toMatch(/^2026-11-26T20:\d\d:\d\d\.\d{3}\+0800$/)
  }
  expect(new Set(found.list.map(({ requestId }) => requestId)).size).toBe(5)
})

test('Logs are filtered by user, event, time, success and application, and have pages.', async () => {
  const { sandbox, call } = await startTicking()
  await using _ = sandbox
  for (let index = 0; index < 7; index += 1) sandbox.pool.verifyMfa(GRACE, index % 2 === 0, APPLICATION)
  sandbox.pool.verifyMfa(ALAN, true, APPLICATION)
  const all = await list(call, { userId: GRACE })
  const [, second, third] = all.list.map(({ timestamp }) => Date.parse(timestamp))
  const count = async (params: Params) => (await list(call, { userId: GRACE, ...params })).totalCount
  expect(await count({})).toBe(7)
  expect(await count({ eventType: 'verifyMfa', success: false })).toBe(3)
  expect(await count({ eventType: 'bindMfa' })).toBe(0)
  expect(await count({ appId: APPLICATION })).toBe(7)
  expect(await count({ requestId: all.list[0]?.requestId ?? '' })).toBe(1)
  expect(await count({ start: third, end: second })).toBe(2)
  expect(await count({ end: second })).toBe(6)
  const pages = [1, 2, 3, 4].map(page => list(call, { userId: GRACE, pagination: { page, limit: 3 } }))
  const rows = (await Promise.all(pages)).map(page => page.list)
  expect(rows.map(page => page.length)).toEqual([3, 3, 1, 0])
  expect(rows.flat()).toEqual(all.list)
  expect((await list(call, { userId: 'nobody' })).list).toEqual([])
  expect((await list(call, {})).list).toHaveLength(10)
})

test('A new sandbox knows what its people did before.', async () => {
  await using sandbox = await startSandbox({ port: 0 })
  const call = await createTokenCaller(sandbox)
  const { list: logs } = await list(call, { userId: ADA })
  expect(logs.map(({ eventType, success }) => `${eventType} ${success}`)).toEqual([
    'verifyMfa true',
    'verifyMfa false',
    'bindMfa true',
  ])
})

test.each<{ params: Params; names: string }>([
  { params: { eventType: 'unbindMfa' }, names: 'eventType' },
  { params: { start: '2022-09-20' }, names: 'start' },
  { params: { pagination: { page: 0 } }, names: 'pagination.page' },
  { params: { pagination: { limit: 51 } }, names: 'pagination.limit' },
])('The logs refuse $params with 400.', async ({ params, names }) => {
  await using sandbox = await startSandbox({ port: 0 })
  const call = await createTokenCaller(sandbox)
  const { body } = await call('get-user-action-logs', params)
  expect(body).toMatchObject({ statusCode: 400, message: `参数 ${names} 格式错误` })
})
