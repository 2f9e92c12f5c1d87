import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it, vi } from 'vitest'
import { startApp } from './support/app.ts'
import { createClockAhead, createLapsingClock } from './support/hand-clock.ts'

const folder = await mkdtemp(join(tmpdir(), 'nightly-'))
afterAll(() => rm(folder, { recursive: true }))

/** The longest wait of the timer. Then it looks at the clock. */
const LOOK_MS = 60_000
const HOUR_MS = 3_600_000
const SOON = { timeout: 20_000 }

describe('MFA_SCAN_CRON', () => {
  it('starts a scan of all activated users at its hour, which is on record', async () => {
    const { clock: lapsing, lapse } = createLapsingClock(LOOK_MS)
    const { clock, forward } = createClockAhead(lapsing)
    const hour = (new Date().getUTCHours() + 2) % 24
    await using app = await startApp({
      clock,
      env: {
        STORE_URL: `file:${join(folder, 'store.db')}`,
        MFA_SCAN_CRON: `0 ${hour} * * *`,
        AUDIT_LOG: 'stdout',
      },
    })
    lapse()
    expect(app.journal.filter(({ kind }) => kind === 'scanStarted')).toEqual([])
    forward(2 * HOUR_MS)
    lapse()
    await vi.waitUntil(() => app.journal.some(({ kind }) => kind === 'scanEnded'), SOON)
    const [started, ended] = app.journal.filter(({ kind }) => kind?.startsWith('scan'))
    expect(started).toMatchObject({ kind: 'scanStarted', depth: 'BINDINGS' })
    expect(ended).toMatchObject({
      kind: 'scanEnded',
      scan: started.scan,
      status: 'SUCCEEDED',
      isWhole: true,
    })
    expect(app.log).toContainEqual(expect.objectContaining({ nightlyScan: 'CREATED' }))
  })
})
