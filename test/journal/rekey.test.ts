import { readFileSync, writeFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { type AuditKeyring, toAuditKeyring } from '../../src/journal/audit-key.ts'
import { type ChainPosition, chainRecord } from '../../src/journal/chain.ts'
import { describeVerification } from '../../src/journal/verify/describe-verification.ts'
import { verifyJournal } from '../../src/journal/verify/verify-journal.ts'
import type { Json } from '../support/app.ts'
import {
  APPLIED,
  intentOf,
  journalOnFaultyFile,
  journalPath,
  openJournal,
  readRecords,
  systemError,
} from '../support/journal.ts'

const toRing = (...auditKeys: string[]) => toAuditKeyring({ auditKeys, accessKeySecret: '' })
const FORMER = toRing('the former key')
const BOTH = toRing('the new key', 'the former key')
/** No id of GenAuth, so that recovery has to open the seal. */
const SOMEONE = { userId: '13900000001', userIdType: 'USER_ID' } as const

/** Sets before and after a change of the key, one intent of each left open. */
async function writeRekeyed(path: string): Promise<void> {
  const journal = await openJournal(path, { keys: FORMER })
  const conclude = await journal.begin(intentOf())
  await journal.begin(intentOf({ given: SOMEONE, genauthId: SOMEONE.userId }))
  const changed = journal.useKeys(BOTH)
  // Drafted under the former key, on record behind the change.
  const waiting = journal.begin(intentOf({ given: SOMEONE, genauthId: SOMEONE.userId }))
  await Promise.all([changed, waiting])
  await conclude(APPLIED)
  await journal.begin(intentOf())
  await journal.close()
}

function rewrite(records: readonly Json[], keys: AuditKeyring[0], start: ChainPosition): string[] {
  let position = start
  return records.map(({ seq: _seq, hash: _hash, prevHash: _prevHash, run, ...draft }) => {
    const chained = chainRecord(keys.chain, position, draft, run)
    position = chained.position
    return chained.line
  })
}

describe('a journal whose key changes', () => {
  it('verifies with both keys, goes on under the new one, and finds the intents of both', async () => {
    const path = journalPath()
    await writeRekeyed(path)
    expect(readRecords(path).map(({ kind }) => kind)).toEqual([
      'opened',
      'intent',
      'intent',
      'rekeyed',
      'intent',
      'outcome',
      'intent',
    ])
    const again = await openJournal(path, { keys: BOTH })
    expect(again.openIntents.map(({ user }) => user?.userId)).toEqual([
      SOMEONE.userId,
      SOMEONE.userId,
      intentOf().genauthId,
    ])
    await again.close()
    expect(await verifyJournal(path, BOTH)).toMatchObject({
      records: 8,
      firstBreak: null,
      isUnderKeyInForce: true,
    })
  })

  it('is in order wherever a crash cut it off, and the next start goes on from there', async () => {
    const path = journalPath()
    await writeRekeyed(path)
    const whole = readFileSync(path)
    const lineEnds = [...whole.keys()].filter(at => whole[at] === 0x0a).map(at => at + 1)
    for (let cut = 0; cut <= whole.length; cut += 7) {
      writeFileSync(path, whole.subarray(0, cut))
      expect((await verifyJournal(path, BOTH)).firstBreak).toBeNull()
    }
    for (const cut of lineEnds.flatMap(end => [end - 1, end, end + 1])) {
      writeFileSync(path, whole.subarray(0, cut))
      await (await openJournal(path, { keys: BOTH })).close()
      expect(await verifyJournal(path, BOTH)).toMatchObject({
        firstBreak: null,
        tornTail: null,
        isUnderKeyInForce: true,
      })
    }
  })

  it('begins under the new key by itself when it was closed under the former one', async () => {
    const path = journalPath()
    await (await openJournal(path, { keys: FORMER })).close()
    await (await openJournal(path, { keys: BOTH })).close()
    await (await openJournal(path, { keys: BOTH })).close()
    const kinds = readRecords(path).map(({ kind }) => kind)
    expect(kinds).toEqual(['opened', 'rekeyed', 'opened', 'opened'])
    await expect(openJournal(path, { keys: FORMER })).rejects.toThrow(
      'Line 2 of the audit journal: from here on the journal is under a key that was not given',
    )
    const wayBack = toRing('the former key', 'the new key')
    await (await openJournal(path, { keys: wayBack })).close()
    expect(await verifyJournal(path, wayBack)).toMatchObject({ records: 6, firstBreak: null })
  })

  it('does not take a new key that would leave the one in force behind', async () => {
    const path = journalPath()
    const journal = await openJournal(path, { keys: FORMER })
    await expect(journal.useKeys(toRing('the new key'))).rejects.toMatchObject({
      name: 'UnknownAuditKeyError',
    })
    await journal.useKeys(FORMER)
    await journal.close()
    expect(readRecords(path)).toHaveLength(1)
  })

  it('keeps its key when the change cannot be written', async () => {
    const path = journalPath()
    let isFull = false
    const journal = await journalOnFaultyFile(path, real => ({
      async appendFile(data) {
        if (isFull) throw systemError('ENOSPC')
        await real.appendFile(data)
      },
    }))
    isFull = true
    const next = toRing('the new key', 'the key of these tests')
    await expect(journal.useKeys(next)).rejects.toMatchObject({ name: 'JournalUnavailableError' })
    isFull = false
    await journal.begin(intentOf())
    expect(await verifyJournal(path, toRing('the key of these tests'))).toMatchObject({
      records: 2,
      firstBreak: null,
    })
  })

  it('shows what somebody with the former key changed before the change of keys', async () => {
    const path = journalPath()
    await writeRekeyed(path)
    const [opened, intent, ...rest] = readRecords(path)
    const before = [opened, { ...intent, reason: 'another' }, ...rest.slice(0, 2)]
    const forged = rewrite(before, FORMER[0], { seq: 0, hash: '0'.repeat(64) })
    const kept = readFileSync(path, 'utf8').split('\n').slice(4)
    writeFileSync(path, [...forged, ...kept].join('\n'))
    expect((await verifyJournal(path, BOTH)).firstBreak).toEqual({ line: 5, what: 'OTHER_CHAIN' })
  })

  it('says that an end under a former key may be by somebody who has that one', async () => {
    const path = journalPath()
    await (await openJournal(path, { keys: FORMER })).close()
    const lines = describeVerification(await verifyJournal(path, BOTH))
    expect(lines).toContain(
      'It ends under a former key: everybody with that key could have written this end.',
    )
    expect(describeVerification(await verifyJournal(path, FORMER)).join()).not.toContain('former')
  })
})
