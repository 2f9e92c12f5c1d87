import { randomUUID } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import type { ChainStore, TakeOverWhich } from '../../src/journal/store/chain-store.ts'
import { ENGINES, openStore, useStores } from '../support/stores.ts'

const { newTarget } = await useStores()

const LEASE_MS = 60_000
const OVER = -1

const group = (after: number, ...lines: string[]) => ({ after, segment: 1, lines })
const linesOf = async (chains: ChainStore, chainId: string) =>
  (await chains.readLines(chainId, 1, 0)).map(({ seq, line }) => `${seq} ${line}`)
const takeOver = (chains: ChainStore, changes: { which?: TakeOverWhich; except?: string[] } = {}) =>
  chains.takeOver({ leaseMs: LEASE_MS, which: 'LAPSED', except: [], ...changes })

describe.each(ENGINES)('chains of the journal in %s', engine => {
  it('keep lines in order, and store a group once that is given twice', async () => {
    await using opened = await openStore(await newTarget(engine))
    const { chains } = opened.store
    const chainId = randomUUID()
    const claim = await chains.begin(chainId, LEASE_MS)
    expect(await chains.begin(chainId, LEASE_MS)).toEqual(claim)
    expect(await chains.append(claim, group(0, 'a', 'b'), LEASE_MS)).toBe('STORED')
    expect(await chains.append(claim, group(2, 'c'), LEASE_MS)).toBe('STORED')
    expect(await chains.append(claim, group(2, 'c'), LEASE_MS)).toBe('STORED')
    expect(await linesOf(chains, chainId)).toEqual(['1 a', '2 b', '3 c'])
    expect(await chains.list()).toMatchObject([{ chainId, segment: 1, lastSeq: 3, isSettled: false }])
  })

  it('are read in parts', async () => {
    await using opened = await openStore(await newTarget(engine))
    const { chains } = opened.store
    const claim = await chains.begin(randomUUID(), LEASE_MS)
    await chains.append(claim, group(0, ...Array.from({ length: 1_200 }, (_, n) => `${n}`)), LEASE_MS)
    const first = await chains.readLines(claim.chainId, 1, 0)
    const next = await chains.readLines(claim.chainId, 1, first.length)
    expect([first.at(-1)?.seq, next[0]?.seq]).toEqual([first.length, first.length + 1])
    expect(await chains.readLines(claim.chainId, 1, 1_200)).toEqual([])
  })

  it('are not taken over while their lease lasts, but by a process that is alone', async () => {
    await using opened = await openStore(await newTarget(engine))
    const { chains } = opened.store
    const claim = await chains.begin(randomUUID(), LEASE_MS)
    expect(await takeOver(chains)).toEqual([])
    expect(await takeOver(chains, { which: 'ALL', except: [claim.chainId] })).toEqual([])
    expect(await takeOver(chains, { which: 'ALL' })).toMatchObject([{ claim: { ...claim, epoch: 2 } }])
  })

  it('are taken over once when their lease is over, and then take nothing from the process before', async () => {
    await using opened = await openStore(await newTarget(engine))
    const { chains } = opened.store
    const before = await chains.begin(randomUUID(), LEASE_MS)
    await chains.append(before, group(0, 'a'), OVER)
    const [one, other] = await Promise.all([takeOver(chains), takeOver(chains)])
    const [taken] = [...one, ...other]
    expect([...one, ...other]).toHaveLength(1)
    expect(taken).toMatchObject({ lastSeq: 1, claim: { chainId: before.chainId, epoch: 2 } })
    expect(await chains.append(before, group(1, 'b'), LEASE_MS)).toBe('LOST')
    expect(await chains.renew([before], LEASE_MS)).toEqual([])
    await chains.release(before, true)
    expect(await chains.list()).toMatchObject([{ isSettled: false }])
    if (taken !== undefined) {
      expect(await chains.renew([before, taken.claim], LEASE_MS)).toEqual([taken.claim])
      expect(await chains.append(taken.claim, group(1, 'c'), LEASE_MS)).toBe('STORED')
    }
    expect(await linesOf(chains, before.chainId)).toEqual(['1 a', '2 c'])
  })

  it('stay with a process that appends or renews although its lease is over', async () => {
    await using opened = await openStore(await newTarget(engine))
    const { chains } = opened.store
    const claim = await chains.begin(randomUUID(), OVER)
    await chains.append(claim, group(0, 'a'), LEASE_MS)
    expect(await takeOver(chains)).toEqual([])
    await chains.renew([claim], OVER)
    expect(await chains.renew([claim], LEASE_MS)).toEqual([claim])
    expect(await takeOver(chains)).toEqual([])
  })

  it('are renewed by the thousand', async () => {
    await using opened = await openStore(await newTarget(engine))
    const { chains } = opened.store
    const claim = await chains.begin(randomUUID(), OVER)
    const taken = Array.from({ length: 1_200 }, (_, n) => ({ chainId: `${n}`, epoch: 1 }))
    expect(await chains.renew([...taken, claim], LEASE_MS)).toEqual([claim])
    expect(await takeOver(chains)).toEqual([])
  })

  it('can be taken over immediately when they are released, unless they are settled', async () => {
    await using opened = await openStore(await newTarget(engine))
    const { chains } = opened.store
    const [left, settled] = [
      await chains.begin(randomUUID(), LEASE_MS),
      await chains.begin(randomUUID(), LEASE_MS),
    ]
    await chains.release(left, false)
    await chains.release(settled, true)
    await chains.begin(randomUUID(), OVER)
    const taken = await takeOver(chains, { which: 'RELEASED' })
    expect(taken.map(({ chainId }) => chainId)).toEqual([left.chainId])
  })

  it('take no group that does not begin where they end', async () => {
    await using opened = await openStore(await newTarget(engine))
    const { chains } = opened.store
    const claim = await chains.begin(randomUUID(), LEASE_MS)
    await chains.append(claim, group(0, 'a'), LEASE_MS)
    expect(await chains.append(claim, group(2, 'c'), LEASE_MS)).toBe('CHANGED')
    expect(await chains.append({ ...claim, chainId: 'removed' }, group(0, 'a'), LEASE_MS)).toBe('CHANGED')
    expect(await linesOf(chains, claim.chainId)).toEqual(['1 a'])
  })
})
