import { once } from 'node:events'
import { rm } from 'node:fs/promises'
import { get, type IncomingMessage } from 'node:http'
import { expect, it } from 'vitest'
import { type StartAppOptions, startApp, type TestApp } from '../support/app.ts'
import { begin, toPage, toRow, WHOLE } from '../support/scans.ts'
import { openStore, useStores } from '../support/stores.ts'

const { newPath } = await useStores()

/** A user of the sandbox, and one that nobody knows. */
const KNOWN = '65a000000000000000000001'
const UNKNOWN = '65a0000000000000000fffff'
const OTHERS = 120

/** Starts the product on a store that holds one scan, which has ended or not. */
async function startWithScan(options: StartAppOptions = {}, { users = OTHERS, hasEnded = true } = {}) {
  const path = newPath()
  const { store } = await openStore({ kind: 'file', path })
  const claim = await begin(store.scans)
  const others = Array.from({ length: users }, (_, n) => toRow(`${UNKNOWN}-${n}`, { departmentIds: ['d'] }))
  await store.scans.storePage(claim, toPage([toRow(KNOWN), ...others]))
  if (hasEnded) await store.scans.end(claim, WHOLE)
  await store.close()
  const app = await startApp({ ...options, env: { STORE_URL: `file:${path}`, ...options.env } })
  const { id } = claim.scan
  return {
    app,
    id,
    path,
    ask: (rest: string, init?: RequestInit) => app.fetch(`/exports/mfa-coverage/${id}${rest}`, init),
    [Symbol.asyncDispose]: () => app[Symbol.asyncDispose](),
  }
}

const linesOf = (text: string) => text.split(/\r?\n/).slice(0, -1)
const codeOf = (text: string) => JSON.parse(text).errors[0].extensions.code

it('a scan comes as CSV and as lines of JSON, whole, with its facts first', async () => {
  await using stand = await startWithScan()
  const csv = await stand.ask('.csv')
  expect([csv.status, csv.headers.get('content-type')]).toEqual([
    200,
    'text/csv; charset=utf-8; header=present',
  ])
  expect(csv.headers.get('content-disposition')).toBe(`attachment; filename="mfa-coverage-${stand.id}.csv"`)
  expect(csv.headers.get('cache-control')).toBe('no-store')
  const lines = linesOf(csv.text)
  expect(lines[0]).toBe(`scan,${stand.id}${','.repeat(10)}`)
  expect(lines.slice(1, 4).map(line => line.replace(/,+$/, ''))).toEqual([
    'status,SUCCEEDED',
    'depth,BINDINGS',
    'isWhole,true',
  ])
  expect(lines).toHaveLength(14 + OTHERS + 1)
  expect(lines[14]).toMatch(new RegExp(`^${KNOWN},ACTIVATED,NONE,false,false,false,false,,,`))
  const jsonl = await stand.ask('.jsonl')
  expect(jsonl.headers.get('content-type')).toBe('application/jsonl; charset=utf-8')
  const [head, ...rows] = linesOf(jsonl.text).map(line => JSON.parse(line))
  expect(head.scan).toMatchObject({ id: stand.id, isWhole: true, rows: OTHERS + 1 })
  expect(rows).toHaveLength(OTHERS + 1)
  expect(rows[0]).toMatchObject({ userId: KNOWN, bound: { OTP: false } })
  expect(stand.app.takeCalls(), 'calls of GenAuth').toEqual([])
  const head2 = await stand.ask('.csv', { method: 'HEAD' })
  expect([head2.status, head2.text]).toEqual([200, ''])
  expect(head2.headers.get('content-type')).toBe(csv.headers.get('content-type'))
})

it('a scan that has not ended comes as far as it is', async () => {
  await using stand = await startWithScan({}, { hasEnded: false })
  const { text } = await stand.ask('.jsonl')
  const [head, ...rows] = linesOf(text).map(line => JSON.parse(line))
  expect(head.scan).toMatchObject({ isWhole: false, finishedAt: null, ageSeconds: null })
  expect(rows).toHaveLength(head.scan.rows)
})

it('people are looked up fifty at a time, masked, within the reads of the caller', async () => {
  const env = { RATE_LIMITS: 'reads=60,writes=9,weakenings=9,misses=9' }
  await using stand = await startWithScan({ env })
  const { text } = await stand.ask('.csv?people=1')
  const rows = linesOf(text).slice(14)
  const persons = rows.map(row => row.split(',')[12])
  expect(persons[0]).toBe('FOUND')
  expect(rows[0]).toMatch(/,[^,]+,[^,]*,[^,]*\*\*\*[^,]*,[^,]*\*{4}[^,]*$/)
  expect(persons.filter(person => person === 'USER_NOT_FOUND')).toHaveLength(59)
  expect(persons.filter(person => person === 'RATE_LIMITED')).toHaveLength(OTHERS + 1 - 60)
  const batches = stand.app.takeCalls().filter(endpoint => endpoint === 'get-user-batch')
  expect(batches, 'calls for 60 users').toHaveLength(2)
  const { text: json } = await stand.ask('.jsonl?people=1')
  expect(JSON.parse(linesOf(json)[1] ?? '')).toMatchObject({ person: { failure: 'RATE_LIMITED' } })
})

it.each([
  ['without a token', '.csv', { claims: null }, 401, 'UNAUTHENTICATED'],
  ['without the scope', '.csv', { claims: { scope: 'mfa:read mfa:write' } }, 403, 'FORBIDDEN'],
  [
    'of people without the scope to read',
    '.csv?people=1',
    { claims: { scope: 'mfa:report' } },
    403,
    'FORBIDDEN',
  ],
] as const)('an export %s is refused', async (_what, rest, options, status, code) => {
  await using stand = await startWithScan(options)
  const refused = await stand.ask(rest)
  expect([refused.status, codeOf(refused.text)]).toEqual([status, code])
  expect(refused.headers.get('www-authenticate')).toMatch(/^Bearer/)
})

it('an export that is not there, or is asked for otherwise, is refused with the reason', async () => {
  await using stand = await startWithScan()
  const table = [
    ['', {}, 404, 'NOT_FOUND'],
    ['.xlsx', {}, 404, 'NOT_FOUND'],
    ['.csv/', {}, 404, 'NOT_FOUND'],
    ['.csv/x', {}, 404, 'NOT_FOUND'],
    ['x.csv', {}, 404, 'NOT_FOUND'],
    ['%00.csv', {}, 404, 'NOT_FOUND'],
    ['.csv?people=2', {}, 400, 'BAD_REQUEST'],
    ['.csv?people', {}, 400, 'BAD_REQUEST'],
    ['.csv?people=1&people=1', {}, 400, 'BAD_REQUEST'],
    ['.csv?People=1', {}, 400, 'BAD_REQUEST'],
    ['.csv?filter=x', {}, 400, 'BAD_REQUEST'],
    ['.csv', { method: 'POST', body: 'x' }, 405, 'METHOD_NOT_ALLOWED'],
  ] as const
  for (const [rest, init, status, code] of table) {
    const refused = await stand.ask(rest, init)
    expect([refused.status, codeOf(refused.text)], rest).toEqual([status, code])
  }
  expect((await stand.ask('.csv?')).status).toBe(200)
})

/** More than the system takes for a client that reads nothing. */
const MANY_USERS = 60_000

function download(app: TestApp, id: string): Promise<IncomingMessage> {
  const url = `${app.url}/exports/mfa-coverage/${id}.jsonl`
  return new Promise((resolve, reject) => {
    get(url, { headers: { authorization: app.authorization } }, resolve).once('error', reject)
  })
}

it('a download that its client leaves ends, and one whose store fails is cut off', {
  timeout: 60_000,
}, async () => {
  await using stand = await startWithScan({}, { users: MANY_USERS })
  const { app, id, path } = stand
  const left = await download(app, id)
  await once(left, 'readable')
  left.destroy()
  await expect.poll(() => app.log.filter(({ msg, aborted }) => msg === 'request' && aborted)).toHaveLength(1)
  const broken = await download(app, id)
  await once(broken, 'readable')
  await rm(path)
  let text = ''
  broken.setEncoding('utf8').on('data', chunk => {
    text += chunk
  })
  broken.resume()
  await new Promise<void>(resolve => broken.once('close', () => resolve()).once('error', () => resolve()))
  expect(broken.complete, 'the end of the file was sent').toBe(false)
  expect(linesOf(text).length, 'lines, with what was in buffers').toBeLessThan(MANY_USERS)
  expect(app.log.flatMap(({ fault }) => fault ?? [])).toEqual(['REMOVED'])
})
