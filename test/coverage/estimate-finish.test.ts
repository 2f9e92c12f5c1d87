import { expect, it } from 'vitest'
import { estimateFinishMs } from '../../src/coverage/estimate-finish.ts'
import type { Scan } from '../../src/coverage/scan.ts'
import { EVERYBODY } from '../support/scans.ts'

const SCAN: Scan = {
  id: 'scan-1',
  depth: 'BINDINGS',
  population: EVERYBODY,
  budgetShare: 0.5,
  status: 'RUNNING',
  createdAtMs: 500,
  startedAtMs: 1_000,
  finishedAtMs: null,
  expected: 1_000,
  seen: 250,
  unreadable: 0,
  upstreamCalls: 255,
  isWhole: false,
  failure: null,
}

it.each<[what: string, scan: Partial<Scan>, nowMs: number, expected: number | null]>([
  ['a quarter after 10 s', {}, 11_000, 41_000],
  ['all but the last look', { seen: 1_000 }, 11_000, 11_000],
  ['more than were counted', { seen: 1_100 }, 11_000, 11_000],
  ['nobody', { seen: 0 }, 11_000, null],
  ['nobody of an empty pool', { seen: 0, expected: 0 }, 11_000, null],
  ['before the first page', { expected: null, seen: 0 }, 11_000, null],
  ['while it waits', { status: 'QUEUED', startedAtMs: null, seen: 0 }, 11_000, null],
  ['while it is paused', { status: 'PAUSED' }, 11_000, null],
  ['after its end', { status: 'SUCCEEDED', finishedAtMs: 9_000 }, 11_000, null],
  ['after the clock was set back', {}, 900, null],
])('a scan that has read %s ends when its speed says', (_what, scan, nowMs, expected) => {
  expect(estimateFinishMs({ ...SCAN, ...scan }, nowMs)).toBe(expected)
})
