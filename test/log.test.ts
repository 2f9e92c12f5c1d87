import { expect, it } from 'vitest'
import { createLog } from '../src/log.ts'
import { toReadableLine } from '../src/readable-log.ts'
import { CANARY, watchForLeaks } from './support/canaries.ts'
import { startProgram } from './support/program.ts'

function logged(write: (log: ReturnType<typeof createLog>) => void) {
  const lines: string[] = []
  write(createLog('debug', { write: line => void lines.push(line) }))
  for (const line of lines) watchForLeaks('log', line)
  return lines.map(line => JSON.parse(line))
}

it('shows of an error its kind and where it arose, not what it says', () => {
  const [line] = logged(log => log.error({ err: new TypeError(`bad ${CANARY.phone}`) }, 'unexpected error'))
  expect(line).toMatchObject({ level: 'error', msg: 'unexpected error', err: { type: 'TypeError' } })
  expect(line.err.stack[0]).toMatch(/^at .*log\.test\.ts/)
})

it('is not deceived by a message that looks like a stack', () => {
  const [line] = logged(log => log.error({ err: new Error(`x\n    at ${CANARY.mfaToken}\n    at y`) }))
  expect(line.err.stack[0]).toMatch(/^at .*log\.test\.ts/)
})

it.each([
  { mfaToken: CANARY.mfaToken },
  { headers: { authorization: `Bearer ${CANARY.mfaToken}` } },
  { options: { accessKeySecret: CANARY.accessKeySecret } },
])('hides a credential that comes along with an object: %j', object => {
  expect(JSON.stringify(logged(log => log.info(object)))).toContain('[Redacted]')
})

it('in front of a person shows the time of the day, the level, what happened and the rest', () => {
  const line =
    '{"level":"warn","time":"2026-11-24T12:23:00.086Z","kind":"READ","failed":2,"at":["x"],"id":"a\\u001b[2J","to":"a\u202eb\u009b","msg":"circuit breaker"}'
  expect(toReadableLine(line)).toBe(
    '12:23:00.086 WARN  circuit breaker kind=READ failed=2 at=["x"] id="a\\u001b[2J" to="a\\u202eb\\u009b"\n',
  )
})

const ON_A_TERMINAL = ['--import', 'data:text/javascript,process.stdout.isTTY=true']
const ISSUER = {
  AUTH_JWKS_URL: 'http://127.0.0.1:1/jwks',
  AUTH_ISSUER: 'issuer',
  AUTH_AUDIENCE: 'audience',
}

it.each([
  ['lines for people on a terminal', /^[\d:.]{12} INFO {2}ready graphql=http/m, {}, ON_A_TERMINAL, false],
  [
    'JSON on a terminal in production',
    /^\{"level":"info".*"msg":"ready"\}$/m,
    { ...ISSUER, NODE_ENV: 'production', AUDIT_LOG: 'stdout', SANDBOX: '1' },
    ON_A_TERMINAL,
    true,
  ],
  ['JSON where nobody sits', /^\{"level":"info".*"msg":"ready"\}$/m, {}, [], true],
] as const)('writes %s', async (_what, ready, env, nodeArgs, hasJournal) => {
  await using program = startProgram([], { PORT: '0', SANDBOX_PORT: '0', ...env }, nodeArgs)
  await expect.poll(program.stdout, { timeout: 15_000 }).toMatch(ready)
  // The journal shares stdout and stays as it is, unless nobody named it and somebody sits in front of it.
  expect(/^\{"cutBytes":0,.*"kind":"opened".*\}$/m.test(program.stdout())).toBe(hasJournal)
  if (!hasJournal) expect(program.stdout()).toContain('the journal is not kept, and not shown on a terminal')
})
