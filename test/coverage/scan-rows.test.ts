import { describe, expect, it } from 'vitest'
import { listAllUsers } from '../sandbox/all-users.ts'
import { toExpectedRow, withoutTimes } from '../support/expected-rows.ts'
import { startScanWorld } from '../support/scan-world.ts'
import { useStores } from '../support/stores.ts'

const { newTarget } = await useStores()

const USERS = listAllUsers(330)
const ACTIVE = USERS.filter(user => user.status === 'Activated')

describe('a scan', () => {
  it.each([
    { depth: 'ACTIVITY', bindings: 0, states: 0 },
    { depth: 'BINDINGS', bindings: ACTIVE.length, states: 0 },
    { depth: 'FULL', bindings: ACTIVE.length, states: ACTIVE.length },
  ] as const)(
    'stores the truth about each active user at depth $depth',
    async ({ depth, bindings, states }) => {
      await using world = await startScanWorld(await newTarget('file'), { userCount: USERS.length })
      const { run, scan, rows } = await world.scan({ depth })
      expect(withoutTimes(rows)).toEqual(ACTIVE.map(user => toExpectedRow(user, depth)))
      for (const row of rows) {
        expect(row.readAtMs).toBeGreaterThanOrEqual(Number(scan.startedAtMs))
        expect(row.readAtMs).toBeLessThanOrEqual(Number(scan.finishedAtMs))
      }

      const lists = Math.ceil(ACTIVE.length / 50)
      expect(world.proxy.counts).toEqual({
        'list-users': 2 * lists,
        ...(bindings === 0 ? {} : { 'get-user-mfa-info': bindings }),
        ...(states === 0 ? {} : { 'get-mfa-status': states }),
        'get-global-mfa-settings': 1,
      })
      const counts = {
        expected: ACTIVE.length,
        seen: ACTIVE.length,
        unreadable: 0,
        upstreamCalls: 2 * lists + bindings + states + 1,
        isWhole: true,
        failure: null,
      }
      expect(run).toBe('ENDED')
      expect(scan).toMatchObject({ status: 'SUCCEEDED', ...counts })
      expect(world.conclusions).toEqual([{ scanId: scan.id, request: null, status: 'SUCCEEDED', ...counts }])
      expect((await world.store.summary(scan.id))?.poolFactors).toEqual(['SMS', 'OTP', 'EMAIL'])
      expect(await world.run(scan.id)).toBe('NOT_DUE')
    },
  )
})
