import { pino } from 'pino'
import { expect, it } from 'vitest'
import { StoreUnavailableError } from '../../src/base/store-unavailable-error.ts'
import type { NightlyScan } from '../../src/coverage/coverage-service.ts'
import { startNightly } from '../../src/jobs/start-nightly.ts'
import { JournalUnavailableError } from '../../src/mfa/journal-port.ts'

const fail = (error: Error) => async (): Promise<NightlyScan> => {
  throw error
}

it.each([
  ['is new', async () => 'CREATED' as const, { level: 30, nightlyScan: 'CREATED' }],
  [
    'waits or runs already',
    async () => 'ALREADY_THERE' as const,
    { level: 30, nightlyScan: 'ALREADY_THERE' },
  ],
  ['finds a full queue', async () => 'QUEUE_FULL' as const, { level: 50, nightlyScan: 'QUEUE_FULL' }],
  ['finds no store', fail(new StoreUnavailableError('FULL')), { level: 50, reason: 'STORE_UNAVAILABLE' }],
  ['finds no journal', fail(new JournalUnavailableError()), { level: 50, reason: 'JOURNAL_UNAVAILABLE' }],
  [
    'meets a fault of ours',
    fail(new TypeError('a fault')),
    { level: 50, msg: 'the nightly scan does not start' },
  ],
])('the log says when the nightly scan %s', async (_what, start, expected) => {
  const lines: unknown[] = []
  const log = pino({}, { write: line => lines.push(JSON.parse(line)) })
  const forCaller = () => {
    throw new Error('no caller')
  }
  await startNightly({ startNightly: start, forCaller }, log)
  expect(lines).toMatchObject([expected])
})
