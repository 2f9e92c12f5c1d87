import { sql } from 'kysely'
import { describe, expect, it } from 'vitest'
import { StoreUnavailableError } from '../../src/base/store-unavailable-error.ts'
import { toAuditKeyring } from '../../src/journal/audit-key.ts'
import type { ChainStore } from '../../src/journal/store/chain-store.ts'
import { verifyChains } from '../../src/journal/store/verify-chains.ts'
import { EMPTY_MFA_STATE, type MfaState } from '../../src/mfa/mfa-state.ts'
import { openDatabase } from '../../src/store/open-database.ts'
import type { StoreTarget } from '../../src/store/store-target.ts'
import { APPLIED, AUDIT_KEYS, GENAUTH_ID, intentOf, UNKNOWN } from '../support/journal.ts'
import { openStoreProcess, recordsOf, toRevision } from '../support/store-journals.ts'
import { ENGINES, openStore, useStores } from '../support/stores.ts'

const { newTarget } = await useStores()

/** The same records under another name, as if a process with them had died. */
const COPY = `
  insert into mfa_journal_chains select 'copy', begun_at, 1, 0, segment, last_seq, 0 from mfa_journal_chains;
  insert into mfa_journal_records select 'copy', segment, seq, line from mfa_journal_records`

/** Does something to a database as another program would. */
async function alter(target: StoreTarget, text: string): Promise<void> {
  const database = await openDatabase(target, false)
  for (const statement of text.split(';')) await sql.raw(statement).execute(database.tables)
  await database.close()
}

const withSms = (enabled: boolean): MfaState => ({
  ...EMPTY_MFA_STATE,
  factors: [{ code: 'SMS', enabled, sort: 0 }],
})
const [BEFORE, INTENDED] = [withSms(true), withSms(false)]
const INTENT = intentOf({
  revisionBefore: toRevision(GENAUTH_ID, BEFORE),
  revisionIntended: toRevision(GENAUTH_ID, INTENDED),
})

describe.each(ENGINES)('a journal in a store in %s', engine => {
  it('holds each write, and its chain is settled when the process ends in order', async () => {
    await using opened = await openStore(await newTarget(engine))
    const { chains } = opened.store
    const { journal } = await openStoreProcess(chains)
    const conclude = await journal.begin(INTENT)
    await conclude(APPLIED)
    await journal.close()
    expect((await recordsOf(chains)).map(({ kind }) => kind)).toEqual(['opened', 'intent', 'outcome'])
    expect(await chains.list()).toMatchObject([{ lastSeq: 3, isSettled: true }])
    expect(await verifyChains(chains, AUDIT_KEYS)).toMatchObject([
      { firstBreak: null, records: 3, intents: 1, openIntents: [], isUnderKeyInForce: true },
    ])
  })

  it('takes over the chain of a dead process, and gives its open write one outcome there', async () => {
    await using opened = await openStore(await newTarget(engine))
    const { chains } = opened.store
    const dead = await openStoreProcess(chains)
    const conclude = await dead.journal.begin(INTENT)
    const { journal, look } = await openStoreProcess(chains, { state: INTENDED })
    await expect
      .poll(async () => (await recordsOf(chains)).find(({ kind }) => kind === 'outcome'))
      .toMatchObject({ outcome: 'APPLIED', recovered: true })
    // The process was not dead: it only was silent. It can append nothing to that chain.
    await conclude(APPLIED)
    expect((await recordsOf(chains)).filter(({ kind }) => kind === 'outcome')).toHaveLength(1)
    look()
    await expect.poll(async () => (await chains.list())[0]?.isSettled).toBe(true)
    await journal.close()
    expect((await verifyChains(chains, AUDIT_KEYS)).map(({ firstBreak }) => firstBreak)).toEqual([
      null,
      null,
      null,
    ])
  })

  it('tells of a chain that it takes over, so that the history reads what nobody was told of', async () => {
    await using opened = await openStore(await newTarget(engine))
    const { chains } = opened.store
    const dead = await openStoreProcess(chains)
    await (await dead.journal.begin(INTENT))(APPLIED)
    const { groups } = await openStoreProcess(chains)
    const [chain] = await chains.list()
    expect(groups).toEqual([
      {
        records: [],
        chainId: chain?.chainId,
        source: expect.any(Symbol),
        end: { seq: 4, hash: expect.any(String) },
      },
    ])
  })

  it('goes on in a chain of its own after another process has taken over the one before', async () => {
    await using opened = await openStore(await newTarget(engine))
    const { chains } = opened.store
    const silent = await openStoreProcess(chains, { isAlone: false })
    await openStoreProcess(chains)
    silent.look()
    await expect
      .poll(() => silent.lines.map(({ msg }) => msg))
      .toContain('another process has taken over a chain of the audit journal')
    await expect.poll(() => silent.journal.isWritable()).toBe(true)
    const conclude = await silent.journal.begin(INTENT)
    await conclude(APPLIED)
    const outcomes = (await recordsOf(chains)).filter(({ kind }) => kind === 'outcome')
    expect(outcomes).toMatchObject([{ recovered: false }])
    expect(await chains.list()).toHaveLength(3)
  })

  it('leaves writes in doubt to the next process, which knows that they may make a state', async () => {
    await using opened = await openStore(await newTarget(engine))
    const { chains } = opened.store
    const before = await openStoreProcess(chains)
    await (await before.journal.begin(INTENT))(UNKNOWN)
    expect(before.journal.isContested(INTENT)).toBe(false)
    await before.journal.close()
    const after = await openStoreProcess(chains)
    expect(after.journal.pendingFollowUps()).toBe(1)
    expect(after.journal.isContested(INTENT)).toBe(true)
    expect(after.journal.isContested({ ...INTENT, revisionIntended: 'another' })).toBe(false)
  })
})

describe.each(ENGINES)('a takeover in a store in %s', engine => {
  it('that was too slow leaves the chain to the process that has continued it', async () => {
    await using opened = await openStore(await newTarget(engine))
    const { chains } = opened.store
    await (await openStoreProcess(chains)).journal.begin(INTENT)
    let takeovers = 0
    const { journal, lines } = await openStoreProcess({
      ...chains,
      async takeOver(options) {
        if (takeovers++ > 0) return []
        const claimed = await chains.takeOver(options)
        // Another one takes it over, and appends, before this one reads it.
        for (const { claim, lastSeq } of await chains.takeOver(options)) {
          await chains.append(claim, { after: lastSeq, segment: 1, lines: ['more'] }, 15_000)
        }
        return claimed
      },
    })
    expect(journal.sealedFaults()).toEqual({ broken: 0, unverified: 0 })
    expect(journal.isWritable()).toBe(true)
    expect(lines.map(({ msg }) => msg)).not.toContainEqual(expect.stringContaining('not in order'))
  })

  it('renews the leases of all its chains while it lasts', async () => {
    await using opened = await openStore(await newTarget(engine))
    const { chains } = opened.store
    await (await openStoreProcess(chains)).journal.begin(INTENT)
    const renewed: string[][] = []
    let isDeadThere = false
    const slow: ChainStore = {
      ...chains,
      takeOver: async options => (isDeadThere ? chains.takeOver({ ...options, which: 'ALL' }) : []),
      async readLines(...place) {
        live.look()
        await expect.poll(() => renewed.length).toBeGreaterThan(0)
        return chains.readLines(...place)
      },
      async renew(claims, leaseMs) {
        if (isDeadThere) renewed.push(claims.map(({ chainId }) => chainId))
        return chains.renew(claims, leaseMs)
      },
    }
    const live = await openStoreProcess(slow, { isAlone: false })
    const all = (await chains.list()).map(({ chainId }) => chainId)
    isDeadThere = true
    live.look()
    await expect.poll(() => renewed.map(ids => ids.toSorted())).toContainEqual(all.toSorted())
    expect(live.journal.isWritable()).toBe(true)
  })
})

describe.each(ENGINES)('a process that has lost its chain in a store in %s', engine => {
  it('still knows which of its writes are contested', async () => {
    await using opened = await openStore(await newTarget(engine))
    const { chains } = opened.store
    const silent = await openStoreProcess(chains, { isAlone: false })
    const [first, second] = [{ ...INTENT }, { ...INTENT }]
    await (await silent.journal.begin(first))(UNKNOWN)
    await silent.journal.begin(second)
    await openStoreProcess(chains)
    silent.look()
    await expect.poll(async () => (await chains.list()).length).toBe(3)
    expect(silent.journal.isContested(second)).toBe(true)
  })

  it('says if the chain was changed or removed', async () => {
    const target = await newTarget(engine)
    const opened = await openStore(target)
    const { chains } = opened.store
    const { journal, lines } = await openStoreProcess({
      ...chains,
      append: async (claim, group, leaseMs) =>
        group.after === 0 ? chains.append(claim, group, leaseMs) : 'CHANGED',
    })
    await expect(journal.begin(INTENT)).rejects.toThrow('The audit journal cannot be written')
    expect(lines.map(({ msg }) => msg)).toContain(
      'a chain of the audit journal was removed or changed in the store',
    )
    await journal.close()
    await opened.store.close()
  })

  it('is not ready while the store does not answer, although nothing is written', async () => {
    await using opened = await openStore(await newTarget(engine))
    let isAway = false
    const { journal, look } = await openStoreProcess({
      ...opened.store.chains,
      async renew(claims, leaseMs) {
        if (isAway) throw new StoreUnavailableError('UNREACHABLE')
        return opened.store.chains.renew(claims, leaseMs)
      },
    })
    isAway = true
    look()
    await expect.poll(() => journal.isWritable()).toBe(false)
    isAway = false
    look()
    await expect.poll(() => journal.isWritable()).toBe(true)
  })
})

describe.each(ENGINES)('a chain in a store in %s', engine => {
  it('whose lease is over is taken over only by a process that could use the store for the time of a lease', async () => {
    await using opened = await openStore(await newTarget(engine))
    const { chains } = opened.store
    const asked: string[] = []
    let isAway = false
    const watched: ChainStore = {
      ...chains,
      async renew(...args) {
        if (!isAway) return chains.renew(...args)
        asked.push('AWAY')
        throw new StoreUnavailableError('UNREACHABLE')
      },
      async takeOver(options) {
        const taken = await chains.takeOver(options)
        asked.push(options.which)
        return taken
      },
    }
    const { look, forward } = await openStoreProcess(watched, { isAlone: false })
    for (const [seconds, isAwayThen] of [[0], [14], [1], [5, true], [5], [14], [1]] as const) {
      isAway = isAwayThen === true
      forward(1_000 * seconds)
      const looks = asked.length
      look()
      await expect.poll(() => asked.length).toBe(looks + 1)
    }
    expect(asked).toEqual([
      'RELEASED',
      'RELEASED',
      'RELEASED',
      'LAPSED',
      'AWAY',
      'RELEASED',
      'RELEASED',
      'LAPSED',
    ])
  })

  it('goes on in segments, of which a takeover reads the last one', async () => {
    await using opened = await openStore(await newTarget(engine))
    const { chains } = opened.store
    const dead = await openStoreProcess(chains, { segmentBytes: 1_500 })
    for (let n = 0; n < 4; n++) await (await dead.journal.begin(INTENT))(n === 0 ? UNKNOWN : APPLIED)
    await dead.journal.begin(INTENT)
    await openStoreProcess(chains)
    const [chain] = await chains.list()
    expect(chain?.segment).toBeGreaterThan(2)
    expect(await verifyChains(chains, AUDIT_KEYS)).toMatchObject([
      { firstBreak: null, firstSegment: 1, intents: 5 },
      { firstBreak: null },
    ])
    const heads = (await recordsOf(chains)).filter(({ kind }) => kind === 'checkpoint')
    expect(heads.at(-1)).toMatchObject({
      segment: chain?.segment,
      unresolved: [{ unknownSince: expect.any(String) }],
    })
  })

  it('is taken over when its key is given, without a restart', async () => {
    await using opened = await openStore(await newTarget(engine))
    const { chains } = opened.store
    const toRing = (...auditKeys: string[]) => toAuditKeyring({ auditKeys, accessKeySecret: '' })
    const dead = await openStoreProcess(chains, { keys: toRing('the key of somebody else') })
    await dead.journal.begin(INTENT)
    const { journal, look } = await openStoreProcess(chains)
    expect(journal.sealedFaults()).toEqual({ broken: 0, unverified: 1 })
    const both = toRing('the key of these tests', 'the key of somebody else')
    await journal.useKeys(both)
    expect(journal.sealedFaults()).toEqual({ broken: 0, unverified: 0 })
    look()
    await expect
      .poll(async () => (await verifyChains(chains, both)).flatMap(({ openIntents }) => openIntents))
      .toEqual([])
  })

  it('goes on under another key', async () => {
    await using opened = await openStore(await newTarget(engine))
    const { chains } = opened.store
    const [former] = AUDIT_KEYS
    const ring = toAuditKeyring({
      auditKeys: ['the next key of these tests', 'the key of these tests'],
      accessKeySecret: '',
    })
    const dead = await openStoreProcess(chains)
    await dead.journal.begin(INTENT)
    const { journal } = await openStoreProcess(chains, { keys: ring, state: BEFORE })
    await journal.useKeys(ring)
    await expect
      .poll(async () => (await verifyChains(chains, ring)).map(({ openIntents }) => openIntents))
      .toEqual([[], []])
    const [taken] = await verifyChains(chains, ring)
    expect(taken).toMatchObject({ firstBreak: null, isUnderKeyInForce: true })
    expect(await verifyChains(chains, [former])).toMatchObject([{ firstBreak: { what: 'UNKNOWN_KEY' } }, {}])
  })

  it.each([
    ['under a key that is not given', 'the key of nobody', null, { broken: 0, unverified: 1 }, true],
    [
      'whose end was removed',
      'the key of these tests',
      'delete from mfa_journal_records where seq = 2',
      { broken: 1, unverified: 0 },
      false,
    ],
    [
      'that was altered',
      'the key of these tests',
      `update mfa_journal_records set line = replace(line, 'desk', 'disk') where seq = 2`,
      { broken: 1, unverified: 0 },
      false,
    ],
    ['that is a copy of another', 'the key of these tests', COPY, { broken: 1, unverified: 0 }, false],
  ])(
    '%s is left as it is, and writes go on only if nothing is wrong with it',
    async (_, key, alteration, faults, isWritable) => {
      const target = await newTarget(engine)
      await using first = await openStore(target)
      const keys = toAuditKeyring({ auditKeys: [key], accessKeySecret: '' })
      const dead = await openStoreProcess(first.store.chains, { keys })
      await dead.journal.begin(INTENT)
      await first.store.close()
      if (alteration !== null) await alter(target, alteration)
      await using opened = await openStore(target)
      const before = await recordsOf(opened.store.chains)
      const { journal } = await openStoreProcess(opened.store.chains)
      expect(journal.sealedFaults()).toEqual(faults)
      expect(journal.isWritable()).toBe(isWritable)
      const [own] = (await opened.store.chains.list()).slice(-1)
      const after = await recordsOf(opened.store.chains)
      const untouched = after.filter(({ chain }) => chain !== own?.chainId)
      if (alteration === COPY) expect(untouched.filter(({ chain }) => chain === 'copy')).toHaveLength(2)
      else expect(untouched).toEqual(before)
      expect(
        (await verifyChains(opened.store.chains, AUDIT_KEYS)).filter(({ firstBreak }) => firstBreak !== null),
      ).toHaveLength(1)
    },
  )
})
