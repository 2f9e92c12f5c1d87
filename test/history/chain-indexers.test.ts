import { expect, it } from 'vitest'
import { StoreUnavailableError } from '../../src/base/store-unavailable-error.ts'
import { type ChainId, ChainIndexers } from '../../src/history/chain-indexers.ts'
import type { ChangeEntry } from '../../src/history/change-entry.ts'
import type { ChainMark, ChangeBatch } from '../../src/history/change-index.ts'
import type { ChangeReader } from '../../src/history/change-reader.ts'
import { endOf } from '../support/changes.ts'
import { createHandClock } from '../support/hand-clock.ts'
import { watchedLog } from '../support/journal.ts'

/** An index, and the chains of a store, each with the IDs of its changes. */
function setUp(chains: Map<string, string[]>, lagging: () => readonly ChainId[] = () => []) {
  const clock = createHandClock()
  const added: string[] = []
  const marks = new Map<string, ChainMark>()
  const index = {
    async add({ entries, mark }: ChangeBatch) {
      added.push(...entries.map(toId))
      if (mark !== null) marks.set(mark.chain, mark)
      return 0
    },
    marks: async () => [...marks.values()],
  }
  const readerOf = (chain: ChainId): ChangeReader => ({
    async readBehind(known, take) {
      const name = chain ?? ''
      const all = chains.get(name) ?? []
      const from = known.find(mark => mark.chain === name)?.seq ?? 0
      await take({
        entries: all.slice(from).map(id => endOf(id)),
        mark: { chain: name, seq: all.length, hash: '' },
      })
      return { chain: name, isWhole: true }
    },
  })
  const findLagging = async () => lagging()
  const { log } = watchedLog()
  const indexers = new ChainIndexers({ index, readerOf, findLagging, clock, log })
  /** A record becomes durable in this process. */
  function append(chainId: string, source: symbol, id: string): void {
    const chain = chains.get(chainId) ?? []
    chains.set(chainId, [...chain, id])
    const end = { seq: chain.length + 1, hash: '' }
    indexers.take({ chainId, source }, { toEntries: () => [endOf(id)], end })
  }
  return { clock, indexers, append, added, marks }
}

function toId(entry: ChangeEntry): string {
  return entry.kind === 'BEGUN' ? entry.change.id : entry.id
}

it('a chain that another process wrote to in between is read again when it is taken over', async () => {
  const chains = new Map([['theirs', ['1']]])
  const { clock, indexers, append, added } = setUp(chains, () => ['theirs'])
  indexers.start()
  await clock.advance(0)
  expect(added).toEqual(['1'])
  // Its owner goes on, and dies before these come into the index.
  chains.set('theirs', ['1', '2', '3'])
  const source = Symbol()
  append('theirs', source, '4')
  append('theirs', source, '5')
  await clock.advance(100)
  expect([...new Set(added)].toSorted()).toEqual(['1', '2', '3', '4', '5'])
  // Another process takes it over, writes, and dies, too.
  chains.set('theirs', ['1', '2', '3', '4', '5', '6'])
  append('theirs', Symbol(), '7')
  await clock.advance(100)
  expect([...new Set(added)].toSorted()).toEqual(['1', '2', '3', '4', '5', '6', '7'])
  expect(indexers.isBehind()).toBe(false)
})

it('what chains lag behind is asked again until the store says so, and until then changes may be missing', async () => {
  let isLost = true
  const { clock, indexers, added } = setUp(new Map([['left', ['1']]]), () => {
    if (isLost) throw new StoreUnavailableError('UNREACHABLE')
    return ['left']
  })
  expect(indexers.isBehind()).toBe(true)
  indexers.start()
  await clock.advance(5_000)
  expect(indexers.isBehind()).toBe(true)
  expect(await indexers.settle()).toBe(false)
  isLost = false
  await clock.advance(2_000)
  expect(added).toEqual(['1'])
  expect(indexers.isBehind()).toBe(false)
  expect(await indexers.settle()).toBe(true)
})
