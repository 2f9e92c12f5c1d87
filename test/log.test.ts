import { expect, it } from 'vitest'
import { createLog } from '../src/log.ts'
import { CANARY, watchForLeaks } from './support/canaries.ts'

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
