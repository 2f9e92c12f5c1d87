import { expect, test } from 'vitest'
import { startSandbox } from '../../src/sandbox/sandbox.ts'
import { ADA, APPLICATION, createTokenCaller, KATHERINE, LILEI, type Params } from './clients.ts'

test.each([
  { userIdType: undefined, userId: ADA, found: ADA },
  { userIdType: 'user_id', userId: ADA, found: ADA },
  { userIdType: 'phone', userId: '13800000001', found: ADA },
  { userIdType: 'email', userId: 'ada@example.com', found: ADA },
  { userIdType: 'email', userId: 'ADA@Example.COM', found: ADA },
  { userIdType: 'username', userId: 'ada', found: ADA },
  { userIdType: 'username', userId: '李雷', found: LILEI },
  { userIdType: 'external_id', userId: 'emp-0001', found: ADA },
  { userIdType: 'external_id', userId: '工号:0007', found: LILEI },
  { userIdType: 'identity', userId: '62f20932716fbcc10d966ee5:ou_ada', found: ADA },
  { userIdType: 'sync_relation', userId: 'lark:ou_ada', found: ADA },
  { userIdType: 'custom_field', userId: 'badge:B-0001', found: ADA },
  { userIdType: 'identity', userId: '62f20932716fbcc10d966ee5:ou:李雷:7', found: LILEI },
  { userIdType: 'sync_relation', userId: 'ldap:uid=lilei,dc=example:7', found: LILEI },
  { userIdType: 'custom_field', userId: 'badge:B:0007', found: LILEI },
])('$userIdType "$userId" finds its user.', async ({ userIdType, userId, found }) => {
  await using sandbox = await startSandbox({ port: 0 })
  const call = await createTokenCaller(sandbox)
  const params = userIdType === undefined ? { userId } : { userId, userIdType }
  expect((await call('get-user', params)).body).toMatchObject({ statusCode: 200, data: { userId: found } })
})

test.each([
  { userIdType: 'user_id', userId: '65a00000000000000000ffff' },
  { userIdType: 'user_id', userId: 'not hexadecimal' },
  { userIdType: 'phone', userId: '212-456-1111' },
  { userIdType: 'email', userId: 'nobody@example.com' },
  { userIdType: 'username', userId: 'Ada' },
  { userIdType: 'username', userId: ' ada' },
  { userIdType: 'external_id', userId: 'EMP-0001' },
  { userIdType: 'identity', userId: '62f20932716fbcc10d966ee5' },
  { userIdType: 'identity', userId: 'lark:ou_ada' },
  { userIdType: 'identity', userId: '62f20932716fbcc10d966ee5:ou_ada:' },
  { userIdType: 'sync_relation', userId: '62f20932716fbcc10d966ee5:ou_ada' },
  { userIdType: 'custom_field', userId: 'badge' },
  { userIdType: 'custom_field', userId: 'toString:x' },
  { userIdType: 'custom_field', userId: '__proto__' },
])('$userIdType "$userId" is nobody: 404 with apiCode 2004.', async ({ userIdType, userId }) => {
  await using sandbox = await startSandbox({ port: 0 })
  const call = await createTokenCaller(sandbox)
  const { httpStatus, body } = await call('get-user', { userId, userIdType })
  expect(httpStatus).toBe(200)
  expect(body).toEqual({
    statusCode: 404,
    apiCode: 2004,
    message: '用户不存在',
    requestId: expect.any(String),
  })
})

test.each<{ params: Params; names: string }>([
  { params: {}, names: 'userId' },
  { params: { userId: '' }, names: 'userId' },
  { params: { userId: ['a', 'b'] }, names: 'userId' },
  { params: { userId: '1234567890#', userIdType: 'phone' }, names: 'userId' },
  { params: { userId: '+8613800000001', userIdType: 'phone' }, names: 'userId' },
  { params: { userId: 'test#x.com', userIdType: 'email' }, names: 'userId' },
  { params: { userId: ADA, userIdType: 'nickname' }, names: 'userIdType' },
  { params: { userId: ADA, userIdType: '' }, names: 'userIdType' },
])('Every call about a user refuses $params with 400, naming $names', async ({ params, names }) => {
  await using sandbox = await startSandbox({ port: 0 })
  const call = await createTokenCaller(sandbox)
  for (const endpoint of ['get-user', 'get-mfa-status', 'get-user-mfa-info', 'get-mfa-trigger-data']) {
    const { httpStatus, body } = await call(endpoint, { appId: APPLICATION, ...params })
    expect(httpStatus).toBe(200)
    expect(body).toMatchObject({ statusCode: 400, message: `参数 ${names} 格式错误` })
  }
})

test('Of two users with one national number the first in seed order is found.', async () => {
  await using sandbox = await startSandbox({ port: 0 })
  const call = await createTokenCaller(sandbox)
  const { body } = await call('get-user', { userId: '2025550104', userIdType: 'phone' })
  expect(body).toMatchObject({ data: { userId: KATHERINE, phoneCountryCode: '+1' } })
  const all = await call('list-users', {
    advancedFilter: [{ field: 'phone', operator: 'EQUAL', value: '2025550104' }],
  })
  expect(all.body).toMatchObject({ data: { totalCount: 2 } })
})
