import { expect, it } from 'vitest'
import type { ScanPage, StoredPage } from '../../src/coverage/scan-store.ts'
import { PageWriter } from '../../src/coverage/scanning/page-writer.ts'
import { createHandClock } from '../support/hand-clock.ts'
import { newScan, toRow } from '../support/scans.ts'

function begin() {
  const pages: ScanPage[] = []
  const clock = createHandClock()
  let result: StoredPage = { kind: 'STORED', inserted: 0 }
  let calls = 0
  const scan = {
    ...newScan(),
    ...({ status: 'RUNNING', startedAtMs: 0, finishedAtMs: null, expected: null, seen: 0 } as const),
    ...({ unreadable: 0, upstreamCalls: 0, isWhole: false, failure: null } as const),
  }
  const writer = new PageWriter({
    claim: { scan, epoch: 1, position: null },
    calls: { takeCount: () => ++calls },
    clock,
    store: {
      storePage: async (_, page) => {
        pages.push(page)
        return result
      },
    },
  })
  const add = (userId: string) => writer.add([toRow(userId)], 1, { expected: 9, position: userId })
  const stored = () =>
    pages.splice(0).map(({ rows, unreadable, position }) => ({
      ids: rows.map(({ userId }) => userId).join(),
      unreadable,
      position,
    }))
  const fence = () => {
    result = { kind: 'FENCED' }
  }
  return { writer, add, stored, clock, fence }
}

it('stores the first page, then three together', async () => {
  const { add, stored } = begin()
  for (const id of ['a', 'b', 'c', 'd', 'e']) expect(await add(id)).toBe('STORED')
  expect(stored()).toEqual([
    { ids: 'a', unreadable: 1, position: 'a' },
    { ids: 'b,c,d', unreadable: 3, position: 'd' },
  ])
})

it('stores what it has after a second, and when it is told to', async () => {
  const { writer, add, stored, clock } = begin()
  await add('a')
  await add('b')
  await clock.advance(1_000)
  await add('c')
  await add('d')
  await writer.flush({ expected: 9, position: 'end' })
  await writer.flush({ expected: 9, position: 'end' })
  expect(stored()).toEqual([
    { ids: 'a', unreadable: 1, position: 'a' },
    { ids: 'b,c', unreadable: 2, position: 'c' },
    { ids: 'd', unreadable: 1, position: 'end' },
    { ids: '', unreadable: 0, position: 'end' },
  ])
})

it('says that the scan belongs to somebody else', async () => {
  const { writer, add, fence } = begin()
  await add('a')
  fence()
  await add('b')
  expect(await writer.flush({ expected: 9, position: 'b' })).toBe('FENCED')
})
