import { expect, test } from 'vitest'
import { type SandboxOptions, startSandbox } from '../../src/sandbox/sandbox.ts'
import { countSteps } from '../support/count-steps.ts'
import { createTokenCaller, type Params } from './clients.ts'

const FEW = 64
const MANY = 200_000

async function countStart(userCount: number): Promise<number> {
  return countSteps('src/sandbox', async () => {
    const sandbox = await startSandbox({ port: 0, userCount })
    await sandbox.close()
  })
}

test('A start with many users is as short as one with few.', async () => {
  const few = await countStart(FEW)
  expect(await countStart(MANY)).toBe(few)
})

test.each<{ what: string; endpoint: string; params: Params }>([
  { what: 'A look-up by ID', endpoint: 'get-user', params: { userId: '65a000000000000000000033' } },
  {
    what: 'A look-up by another ID',
    endpoint: 'get-user',
    params: { userId: 'emp-0048', userIdType: 'external_id' },
  },
  {
    what: 'The next page of a list',
    endpoint: 'list-users',
    params: { options: { pagination: { page: 3, limit: 10 } } },
  },
  {
    what: 'The next page of a group',
    endpoint: 'list-group-members',
    params: { code: 'break-glass', limit: 1 },
  },
])('$what takes as few steps among many users.', async ({ endpoint, params }) => {
  const few = await countCall({ port: 0, userCount: FEW }, endpoint, params)
  expect(await countCall({ port: 0, userCount: MANY }, endpoint, params)).toBe(few)
})

test('The first page of a list of many users takes few steps for each.', async () => {
  await using sandbox = await startSandbox({ port: 0, userCount: 20_000 })
  const call = await createTokenCaller(sandbox)
  const params = { options: { sort: [{ field: 'createdAt', order: 'asc' }] } }
  const steps = await countSteps('src/sandbox', () => call('list-users', params))
  // With all fields of each it would be sixty.
  expect(steps / 20_000).toBeLessThan(25)
})

/** Counts the second of two equal calls, because the first of a list makes it. */
async function countCall(options: SandboxOptions, endpoint: string, params: Params): Promise<number> {
  await using sandbox = await startSandbox(options)
  const call = await createTokenCaller(sandbox)
  await call(endpoint, params)
  return await countSteps('src/sandbox', () => call(endpoint, params))
}
