import { setImmediate } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { StoreUnavailableError } from '../../src/base/store-unavailable-error.ts'
import { ChainIndexer } from '../../src/history/chain-indexer.ts'
import type { ChangeBatch } from '../../src/history/change-index.ts'
import type { ChangeReader } from '../../src/history/change-reader.ts'
import { endOf } from '../support/changes.ts'
import { createHandClock } from '../support/hand-clock.ts'
import { watchedLog } from '../support/journal.ts'

/** An index that takes everything until a test says otherwise. */
function setUp() {
  const clock = createHandClock()
  const { log, lines } = watchedLog()
  const added: ChangeBatch[] = []
  const index = {
    fault: null as string | null,
    hold: null as Promise<void> | null,
    async add(batch: ChangeBatch) {
      await index.hold
      if (index.fault !== null) throw new StoreUnavailableError(index.fault)
      added.push(batch)
      return 0
    },
    marks: async () => [],
  }
  const indexer = new ChainIndexer({ index, clock, log })
  /** Takes the records with these places, each in a group of its own. */
  const take = (...places: number[]) => {
    for (const seq of places) {
      indexer.take({ toEntries: () => [endOf(`${seq}`)], end: { seq, hash: `hash ${seq}` } })
    }
  }
  const ids = () => added.map(({ entries }) => entries.map(entry => (entry.kind === 'BEGUN' ? '' : entry.id)))
  const errors = () => lines.filter(({ level }) => level === 'error').map(({ msg }) => msg)
  return { clock, index, indexer, take, added, ids, errors }
}

/** A journal that holds the entries with these IDs. */
function readerOf(...ids: string[]): ChangeReader & { isWhole: boolean; reads: number } {
  const reader = {
    isWhole: true,
    reads: 0,
    async readBehind(_marks: unknown, take: (batch: ChangeBatch) => Promise<void>) {
      reader.reads++
      const mark = reader.isWhole ? { chain: 'chain', seq: ids.length, hash: 'read' } : null
      await take({ entries: ids.map(id => endOf(id)), mark })
      return { chain: 'chain', isWhole: reader.isWhole }
    },
  }
  return reader
}

it('changes of one moment are written together, in order, and nobody waits for it', async () => {
  const { clock, indexer, take, ids, added } = setUp()
  indexer.start(readerOf())
  await clock.advance(0)
  take(1, 2)
  await clock.advance(50)
  take(3)
  expect(indexer.waitingForMs()).toBe(50)
  await clock.advance(49)
  expect(ids()).toEqual([[]])
  await clock.advance(1)
  expect(ids()).toEqual([[], ['1', '2', '3']])
  expect(added.at(-1)?.mark).toEqual({ chain: 'chain', seq: 3, hash: 'hash 3' })
  expect(indexer.waitingForMs()).toBe(0)
  expect(indexer.isBehind()).toBe(false)
  expect(clock.scheduled).toBe(0)
})

it('a reader waits for the changes on their way, and for no later ones', async () => {
  const { clock, index, indexer, take, ids } = setUp()
  indexer.start(null)
  await clock.advance(0)
  take(1)
  let letGo = () => {}
  index.hold = new Promise(resolve => {
    letGo = resolve
  })
  const settled = indexer.settle()
  await setImmediate()
  take(2)
  letGo()
  expect(await settled).toBe(true)
  expect(ids()).toEqual([['1']])
  // A store that does not answer keeps no reader for longer than a second.
  index.hold = new Promise(() => {})
  const tooLate = indexer.settle()
  await clock.advance(1_000)
  expect(await tooLate).toBe(false)
})

it('what the store does not take stays in line, is said once, and follows in order', async () => {
  const { clock, index, indexer, take, ids, errors } = setUp()
  indexer.start(null)
  index.fault = 'UNREACHABLE'
  take(1)
  await clock.advance(100)
  take(2)
  expect(indexer.isBehind()).toBe(true)
  expect(await indexer.settle()).toBe(false)
  await clock.advance(10_000)
  expect(errors()).toEqual(['changes cannot be written to the history: they follow when it works again'])
  index.fault = null
  await clock.advance(2_000)
  expect(ids()).toEqual([['1', '2']])
  expect(indexer.isBehind()).toBe(false)
})

it('the journal is read before anything else is written, and again if the store does not take it', async () => {
  const { clock, index, indexer, take, ids } = setUp()
  const reader = readerOf('read 1', 'read 2')
  take(3)
  await clock.advance(5_000)
  expect(ids()).toEqual([])
  expect(indexer.isBehind()).toBe(true)
  index.fault = 'LOCKED'
  indexer.start(reader)
  await clock.advance(0)
  expect(indexer.isBehind()).toBe(true)
  index.fault = null
  await clock.advance(2_000)
  expect(ids()).toEqual([['read 1', 'read 2'], ['3']])
  expect(reader.reads).toBe(2)
  expect(indexer.isBehind()).toBe(false)
})

it('a line that grows too long is dropped, and the journal is read again', async () => {
  const { clock, index, indexer, take, ids } = setUp()
  const reader = readerOf('from the journal')
  indexer.start(reader)
  await clock.advance(0)
  index.fault = 'FULL'
  take(...Array.from({ length: 10_001 }, (_, n) => n + 1))
  expect(indexer.isBehind()).toBe(true)
  index.fault = null
  await clock.advance(2_000)
  expect(ids()).toEqual([['from the journal'], ['from the journal'], ['10001']])
  expect(reader.reads).toBe(2)
  expect(indexer.isBehind()).toBe(false)
})

it('what a journal on stdout lost is told as missing until the end', async () => {
  const { clock, index, indexer, take, errors, ids } = setUp()
  indexer.start(null)
  index.fault = 'FULL'
  take(...Array.from({ length: 10_002 }, (_, n) => n + 1))
  index.fault = null
  await clock.advance(4_000)
  expect(ids().flat()).toEqual(Array.from({ length: 10_000 }, (_, n) => `${n + 3}`))
  expect(indexer.isBehind()).toBe(true)
  expect(errors()).toEqual([
    'changes are missing in the history: read the lines of the journal in with history-index',
  ])
})

it('a journal that cannot be read in whole sets no mark, so that the next start reads it again', async () => {
  const { clock, indexer, take, added, errors } = setUp()
  const reader = readerOf('1')
  reader.isWhole = false
  indexer.start(reader)
  await clock.advance(0)
  take(2)
  await clock.advance(100)
  expect(added.map(({ mark }) => mark)).toEqual([null, null])
  expect(indexer.isBehind()).toBe(true)
  expect(errors()).toEqual(['changes are missing in the history: a part of the journal cannot be read'])
})

it('a stop writes what is in line, and waits a second at most', async () => {
  const { clock, indexer, take, ids } = setUp()
  indexer.start(null)
  await clock.advance(0)
  take(1)
  await indexer.close()
  expect(ids()).toEqual([['1']])
  expect(clock.scheduled).toBe(0)
  const other = setUp()
  other.indexer.start(null)
  await other.clock.advance(0)
  other.index.hold = new Promise(() => {})
  other.take(1)
  const closing = other.indexer.close()
  await other.clock.advance(1_000)
  await closing
})
