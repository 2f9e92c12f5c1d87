import { randomUUID } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import type { ChangeEntry } from '../../src/history/change-entry.ts'
import type { ChangeIndex, ChangePlace } from '../../src/history/change-index.ts'
import { beginOf, begunOf, endOf } from '../support/changes.ts'
import { GENAUTH_ID } from '../support/journal.ts'
import { ENGINES, openStore, useStores } from '../support/stores.ts'

const { newTarget } = await useStores()

const USER = { userId: GENAUTH_ID, idHashes: [] }

function add(index: ChangeIndex, ...entries: ChangeEntry[]): Promise<number> {
  return index.add({ entries, mark: null })
}

/** Reads page after page, as a client with cursors does. */
async function readAll(index: ChangeIndex, first: number): Promise<string[]> {
  const ids: string[] = []
  let before: ChangePlace | null = null
  for (let hasMore = true; hasMore; ) {
    const page = await index.page(USER, first, before)
    ids.push(...page.changes.map(({ id }) => id))
    before = page.changes.at(-1) ?? null
    hasMore = page.hasMore
  }
  return ids
}

describe.each(ENGINES)('the index of changes in %s', engine => {
  it('gives back what was added, whatever a record may hold', async () => {
    await using opened = await openStore(await newTarget(engine))
    const { changes: index } = opened.store
    const rich = begunOf({
      requestId: 'request \u0000 "1"',
      actor: { issuer: 'https://ïssuer.example', subject: 'a\u0000\ud800b', client: null },
      factorsBefore: null,
      factorsAfter: [{ code: 'a "new"\u0000 factor', enabled: false, sort: -1.5 }],
      revertOf: randomUUID(),
    })
    const bare = begunOf({
      atMs: 0,
      factorsAfter: [],
      changedFields: [],
      effects: null,
      revisionBefore: null,
      sealedReason: null,
      user: { kind: 'ID', userId: 'no-usual-id' },
    })
    const sealed = begunOf({
      effects: [],
      user: { kind: 'SEALED', idHash: 'ab'.repeat(32), sealedId: 'opaque' },
    })
    await add(index, ...[rich, bare, sealed].map(change => ({ kind: 'BEGUN', change }) as const))
    for (const change of [rich, bare, sealed]) {
      const found = await index.find(change.id)
      expect(found).toEqual({
        ...change,
        outcome: null,
        followUp: null,
        sealedReason: change.sealedReason && new Uint8Array(change.sealedReason),
      })
    }
  })

  it('has an outcome and a later look once, in one batch or in several, however often they are added', async () => {
    await using opened = await openStore(await newTarget(engine))
    const { changes: index } = opened.store
    const [together, apart, open] = [beginOf(), beginOf(), beginOf()]
    const look = { kind: 'FOLLOWED_UP', id: apart.change.id, found: 'BEFORE' } as const
    const entries = [together, endOf(together.change.id), apart, open]
    for (let n = 0; n < 2; n++) {
      expect(await add(index, ...entries)).toBe(0)
      expect(await add(index, endOf(apart.change.id, 'UNKNOWN'))).toBe(0)
      expect(await add(index, look)).toBe(0)
    }
    // A copy of the journal from before its end tells nothing new.
    await add(index, together, apart)
    const outcomes = await Promise.all(
      [together, apart, open].map(async ({ change }) => {
        const found = await index.find(change.id)
        return [found?.outcome, found?.followUp]
      }),
    )
    expect(outcomes).toEqual([
      ['APPLIED', null],
      ['UNKNOWN', 'BEFORE'],
      [null, null],
    ])
    expect((await index.page(USER, 10, null)).changes).toHaveLength(3)
  })

  it('counts the ends of changes that it does not have', async () => {
    await using opened = await openStore(await newTarget(engine))
    const { changes: index } = opened.store
    const known = beginOf()
    const look = { kind: 'FOLLOWED_UP', id: randomUUID(), found: 'OTHER' } as const
    expect(await add(index, known, endOf(known.change.id), endOf(randomUUID()), look)).toBe(2)
  })

  it('shows the changes of one user alone, the newest first, and each once over all pages', async () => {
    await using opened = await openStore(await newTarget(engine))
    const { changes: index } = opened.store
    const mine = Array.from({ length: 51 }, (_, n) => beginOf({ atMs: Math.floor(n / 3) }))
    const others = [
      beginOf({ user: { kind: 'ID', userId: '65b000000000000000000002' } }),
      beginOf({ user: { kind: 'SEALED', idHash: 'cd'.repeat(32), sealedId: 'opaque' } }),
    ]
    await add(index, ...mine.slice(0, 40), ...others)
    const expected = mine
      .map(({ change }) => change)
      .toSorted((a, b) => b.atMs - a.atMs || (a.id < b.id ? 1 : -1))
    const old = expected.filter(change => mine.slice(0, 40).some(entry => entry.change === change))
    const firstPage = await index.page(USER, 20, null)
    expect(firstPage.changes.map(({ id }) => id)).toEqual(old.slice(0, 20).map(({ id }) => id))
    await add(index, ...mine.slice(40))
    // What is new is newer, so that the pages behind it stay as they were.
    const secondPage = await index.page(USER, 20, firstPage.changes.at(-1) ?? null)
    expect(secondPage).toMatchObject({ hasMore: false })
    expect(secondPage.changes.map(({ id }) => id)).toEqual(old.slice(20).map(({ id }) => id))
    for (const first of [1, 7, 51, 200]) {
      expect(await readAll(index, first), `${first} a page`).toEqual(expected.map(({ id }) => id))
    }
  })

  it('shows what is older than a place, whatever ID the place has', async () => {
    await using opened = await openStore(await newTarget(engine))
    const { changes: index } = opened.store
    await add(index, ...[4, 5, 6].map(atMs => beginOf({ atMs })))
    for (const [before, shown] of [
      [{ atMs: 5, id: '' }, [4]],
      [{ atMs: 5, id: 'no UUID' }, [4]],
      [{ atMs: 5, id: 'ffffffff-ffff-4fff-bfff-ffffffffffff' }, [5, 4]],
      [{ atMs: 4, id: '' }, []],
    ] as const) {
      const { changes } = await index.page(USER, 10, before)
      expect(changes.map(({ atMs }) => atMs)).toEqual(shown)
    }
  })

  it('finds a user under each hash of an ID that may be any text', async () => {
    await using opened = await openStore(await newTarget(engine))
    const { changes: index } = opened.store
    const hashes = ['ab'.repeat(32), 'ff'.repeat(32)]
    const users = [
      ...hashes.map(idHash => ({ kind: 'SEALED', idHash, sealedId: 'opaque' }) as const),
      { kind: 'ID', userId: '+8613800000000' } as const,
    ]
    await add(index, ...users.map((user, n) => beginOf({ user, atMs: n })))
    const page = await index.page({ userId: '+8613800000000', idHashes: hashes }, 2, null)
    expect(page.changes.map(({ user }) => user)).toEqual([users[2], users[1]])
    expect(page.hasMore).toBe(true)
  })

  it('has no change of an ID that never was, whatever text it is', async () => {
    await using opened = await openStore(await newTarget(engine))
    const ids = ['', 'no id', "' or 1=1 --", '65B00000-0000-4000-8000-000000000000', 'f'.repeat(600)]
    for (const id of [...ids, randomUUID()]) expect(await opened.store.changes.find(id)).toBeNull()
  })

  it('keeps the furthest mark of each chain, together with what the records tell', async () => {
    await using opened = await openStore(await newTarget(engine))
    const { changes: index } = opened.store
    const marks = [
      { chain: 'a', seq: 5, hash: 'five' },
      { chain: 'b', seq: 2, hash: 'two' },
      { chain: 'a', seq: 3, hash: 'three' },
    ]
    for (const mark of marks) await index.add({ entries: [], mark })
    expect((await index.marks()).toSorted((a, b) => (a.chain < b.chain ? -1 : 1))).toEqual(marks.slice(0, 2))
    const bad = beginOf({ id: 'no UUID' })
    await expect(
      index.add({ entries: [beginOf(), bad], mark: { chain: 'a', seq: 9, hash: 'nine' } }),
    ).rejects.toThrow()
    expect((await index.page(USER, 10, null)).changes).toEqual([])
    expect(await index.marks()).toContainEqual(marks[0])
  })

  it('forgets what is too old, a part at a time, and nothing else', async () => {
    await using opened = await openStore(await newTarget(engine))
    const { changes: index } = opened.store
    const old = Array.from({ length: 450 }, (_, n) => beginOf({ atMs: n }))
    const young = Array.from({ length: 3 }, () => beginOf({ atMs: 450 }))
    await add(index, ...old, ...young)
    const removed: number[] = []
    for (let left = 10; left > 0 && removed.at(-1) !== 0; left--)
      removed.push(await index.removeSomeBefore(450))
    expect(removed).toEqual([200, 200, 50, 0])
    expect((await index.page(USER, 10, null)).changes.map(({ atMs }) => atMs)).toEqual([450, 450, 450])
  })
})
