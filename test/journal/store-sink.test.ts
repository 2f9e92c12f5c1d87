import { describe, expect, it } from 'vitest'
import { StoreUnavailableError } from '../../src/base/store-unavailable-error.ts'
import type { ChainGroup, ChainLoss, ChainStore } from '../../src/journal/store/chain-store.ts'
import { StoreSink } from '../../src/journal/store/store-sink.ts'
import { skipWaits } from '../support/hand-clock.ts'

type Append = ChainStore['append']

/** A sink on a chain whose appends end one after the other as the test says. The last end stays. */
function openSink(...ends: (() => ReturnType<Append>)[]) {
  const groups: ChainGroup[] = []
  const released: boolean[] = []
  const lost: ChainLoss[] = []
  const sink = new StoreSink({
    chains: {
      append(_claim, group) {
        groups.push(group)
        const end = ends.length > 1 ? ends.shift() : ends[0]
        return end === undefined ? Promise.resolve('STORED') : end()
      },
      release: async (_claim, isSettled) => void released.push(isSettled),
    },
    claim: { chainId: 'chain', epoch: 1 },
    leaseMs: 15_000,
    lastSeq: 0,
    number: 1,
    isEmpty: true,
    bytes: 0,
    segmentBytes: 10,
    isResolved: () => true,
    onLost: why => lost.push(why),
    clock: skipWaits(10_000),
  })
  return { sink, groups, released, lost }
}

const stored = async () => 'STORED' as const
const taken = async () => 'LOST' as const
const changed = async () => 'CHANGED' as const
const away = async () => {
  throw new StoreUnavailableError('UNREACHABLE')
}

describe('a sink in the store', () => {
  it('gives the same group again while the store is away, and goes on behind it', async () => {
    const { sink, groups } = openSink(away, away, stored)
    await sink.append('a\nb\n')
    await sink.append('c\n')
    const first = { after: 0, segment: 1, lines: ['a', 'b'] }
    expect(groups).toEqual([first, first, first, { after: 2, segment: 1, lines: ['c'] }])
    expect([sink.isBroken(), sink.syncCount()]).toEqual([false, 2])
  })

  it('is broken for good when the chain is lost, and then asks the store nothing', async () => {
    const { sink, groups, released, lost } = openSink(taken)
    await expect(sink.append('a\n')).rejects.toMatchObject({ code: 'CHAIN_LOST' })
    await expect(sink.append('a\n')).rejects.toMatchObject({ code: 'CHAIN_LOST' })
    await sink.close()
    expect([groups.length, released, lost, sink.isBroken()]).toEqual([1, [], ['LOST'], true])
  })

  it('says so if nobody has taken the chain over and its end is another one', async () => {
    const { sink, lost } = openSink(changed)
    await expect(sink.append('a\n')).rejects.toMatchObject({ code: 'CHAIN_LOST' })
    expect(lost).toEqual(['CHANGED'])
  })

  it('settles no chain that may end in a group that nobody was told of', async () => {
    const { sink, released } = openSink(away)
    const appended = sink.append('an intent\n')
    sink.giveUp()
    await expect(appended).rejects.toThrow(StoreUnavailableError)
    await sink.close()
    expect(released).toEqual([false])
  })

  it('counts as broken while the store does not answer, until it does', async () => {
    const { sink } = openSink(stored)
    sink.noteAway(true)
    expect([sink.isBroken(), sink.isLost()]).toEqual([true, false])
    await sink.append('a\n')
    expect(sink.isBroken()).toBe(false)
  })

  it('lets an append fail that waits for the store when nobody waits for it any more', async () => {
    const { sink } = openSink(away)
    const appended = sink.append('a\n')
    sink.giveUp()
    await expect(appended).rejects.toThrow(StoreUnavailableError)
  })

  it('begins a segment when it is full, whose head does not count', async () => {
    const { sink, groups, released } = openSink(stored)
    expect([sink.number, sink.isEmpty, sink.isFull]).toEqual([1, true, false])
    await sink.append('aaaaaaaaaa\n')
    expect([sink.isEmpty, sink.isFull]).toEqual([false, true])
    await sink.begin('head\n')
    expect([sink.number, sink.isEmpty, sink.isFull]).toEqual([2, true, false])
    await sink.append('b\n')
    expect(groups.at(-1)).toEqual({ after: 2, segment: 2, lines: ['b'] })
    await sink.close()
    expect(released).toEqual([true])
  })
})
