import { appendFileSync, chmodSync, readFileSync, writeFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import type { ChangeEntry } from '../../src/history/change-entry.ts'
import type { ChainMark, ChangeBatch } from '../../src/history/change-index.ts'
import type { ChangeReader } from '../../src/history/change-reader.ts'
import { type AuditKeyring, toAuditKeyring } from '../../src/journal/audit-key.ts'
import { createHistorySeal } from '../../src/journal/history/create-history-seal.ts'
import { createFileRecords } from '../../src/journal/history/file-records.ts'
import type { Journal } from '../../src/journal/journal.ts'
import {
  APPLIED,
  AUDIT_KEYS,
  GENAUTH_ID,
  intentOf,
  journalFiles,
  journalPath,
  openJournal,
  readRecords,
  UNKNOWN,
} from '../support/journal.ts'

const SIGNAL = new AbortController().signal

function readerOf(path: string, end: number | null = null, ring: AuditKeyring = AUDIT_KEYS): ChangeReader {
  return createFileRecords({
    path,
    ring: () => ring,
    end: () => (end === null ? null : { seq: end, hash: '' }),
    createRest: () => async () => {},
  })
}

async function readBehind(reader: ChangeReader, marks: readonly ChainMark[] = []) {
  const batches: ChangeBatch[] = []
  const read = await reader.readBehind(marks, async batch => void batches.push(batch), SIGNAL)
  return { ...read, batches, entries: batches.flatMap(({ entries }) => entries) }
}

/** What an entry is about, for a comparison with the records. */
function toText(entry: ChangeEntry): string {
  switch (entry.kind) {
    case 'BEGUN':
      return `intent ${entry.change.id}`
    case 'ENDED':
      return `outcome ${entry.id} ${entry.outcome}`
    case 'FOLLOWED_UP':
      return `followUp ${entry.id} ${entry.found}`
  }
}

function expectedOf(path: string, fromSeq = 1): string[] {
  return readRecords(path)
    .filter(({ seq }) => seq >= fromSeq)
    .flatMap(record => {
      switch (record.kind) {
        case 'intent':
          return [`intent ${record.id}`]
        case 'outcome':
          return [`outcome ${record.intent} ${record.outcome}`]
        case 'followUp':
          return [`followUp ${record.intent} ${record.found}`]
        default:
          return []
      }
    })
}

/** A journal of three segments, with changes that go from one to the next. */
async function writeJournal(path: string, sets = 4): Promise<void> {
  const journal = await openJournal(path)
  const setSome = async (on: Journal) => {
    for (let n = 0; n < sets; n++) await (await on.begin(intentOf()))(n % 2 === 0 ? APPLIED : UNKNOWN)
  }
  for (let segment = 0; segment < 3; segment++) {
    const late = await journal.begin(intentOf())
    await setSome(journal)
    await journal.followUp(
      { id: readRecords(path).findLast(({ outcome }) => outcome === 'UNKNOWN').intent },
      1,
      'BEFORE',
    )
    if (segment < 2) await journal.beginSegment()
    await late(APPLIED)
  }
  await journal.close()
}

describe('the changes in the files of a journal', () => {
  it('are read in order, from behind the furthest mark on, whichever record that is', async () => {
    const path = journalPath()
    await writeJournal(path)
    expect(journalFiles(path)).toHaveLength(3)
    const records = readRecords(path)
    const all = await readBehind(readerOf(path))
    expect(all.isWhole).toBe(true)
    expect(all.chain).toBe(records[0].hash)
    expect(all.entries.map(toText)).toEqual(expectedOf(path))
    const other = { chain: 'other', seq: 3, hash: 'f'.repeat(64) }
    for (const { seq, hash } of records) {
      const marks = [other, { chain: 'a', seq, hash }, { chain: 'b', seq: 1, hash: records[0].hash }]
      const { chain, entries, batches } = await readBehind(readerOf(path), marks)
      expect(entries.map(toText), `behind record ${seq}`).toEqual(expectedOf(path, seq + 1))
      expect(chain).toBe(seq === 1 ? 'b' : 'a')
      const last = records.at(-1)
      expect(batches.at(-1)?.mark).toEqual(
        seq === last.seq ? undefined : { chain, seq: last.seq, hash: last.hash },
      )
    }
  })

  it('are handed over in batches, each with the mark of its last record', async () => {
    const path = journalPath()
    await writeJournal(path, 120)
    const { batches } = await readBehind(readerOf(path))
    const hashes = new Map(readRecords(path).map(({ seq, hash }) => [seq, hash]))
    expect(batches.length).toBeGreaterThan(3)
    for (const { entries, mark } of batches) {
      expect(entries.length).toBeLessThanOrEqual(200)
      if (mark === null) throw new Error('A batch without a mark')
      expect(hashes.get(mark.seq)).toBe(mark.hash)
      const again = await readBehind(readerOf(path), [mark])
      expect(again.entries.map(toText)).toEqual(expectedOf(path, mark.seq + 1))
    }
  })

  it('end with the last durable record, because what follows it may vanish', async () => {
    const path = journalPath()
    await writeJournal(path)
    const records = readRecords(path)
    const durable = records.length - 3
    appendFileSync(path, '{"caller":{"client"')
    const { entries, isWhole, batches } = await readBehind(readerOf(path, durable))
    expect(isWhole).toBe(true)
    expect(entries).toHaveLength(expectedOf(path).length - 3)
    expect(batches.at(-1)?.mark?.seq).toBe(durable)
    // Others may write something that is no record there.
    appendFileSync(path, '\nno record\n')
    expect(await readBehind(readerOf(path, durable))).toMatchObject({ isWhole: true })
  })

  it('are read while the journal is written, and goes on in new segments', async () => {
    const path = journalPath()
    const journal = await openJournal(path)
    let isWriting = true
    const writing = (async () => {
      for (let n = 0; n < 60; n++) {
        if (n % 20 === 19) await journal.beginSegment()
        await (await journal.begin(intentOf()))(APPLIED)
      }
      isWriting = false
    })()
    const seen = new Set<string>()
    let mark: ChainMark | null = null
    while (isWriting) {
      const reader = createFileRecords({
        path,
        ring: () => AUDIT_KEYS,
        end: () => journal.end(),
        createRest: () => async () => {},
      })
      const { batches, entries, isWhole } = await readBehind(reader, mark === null ? [] : [mark])
      expect(isWhole).toBe(true)
      for (const text of entries.map(toText)) {
        expect(seen.has(text)).toBe(false)
        seen.add(text)
      }
      mark = batches.at(-1)?.mark ?? mark
    }
    await writing
    const { entries } = await readBehind(readerOf(path), mark === null ? [] : [mark])
    await journal.close()
    expect([...seen, ...entries.map(toText)]).toEqual(expectedOf(path))
  })

  it('that are not in order are told as a gap, with no mark from there on', async () => {
    const path = journalPath()
    await writeJournal(path)
    const [, middle = ''] = journalFiles(path)
    const whole = readFileSync(middle, 'utf8')
    chmodSync(middle, 0o600)
    writeFileSync(middle, whole.replace('"subject":"admin-1"', '"subject":"admin-2"'))
    const { isWhole, batches, entries } = await readBehind(readerOf(path))
    expect(isWhole).toBe(false)
    expect(batches.at(-1)?.mark).toBeNull()
    // What is in order behind it is read nevertheless.
    expect(toText(entries.at(-1) ?? { kind: 'ENDED', id: '', outcome: 'APPLIED' })).toBe(
      expectedOf(path).at(-1),
    )
  })

  it('hold what the record holds, and the words of the caller only under a seal', async () => {
    const path = journalPath()
    const reason = 'She lost her phone \u{1f511}'
    const journal = await openJournal(path)
    await journal.begin(intentOf({ reason }))
    await journal.begin(
      intentOf({ reason: null, genauthId: 'any-text', given: { userId: 'any-text', userIdType: 'USER_ID' } }),
    )
    await journal.close()
    const [, record, unusual] = readRecords(path)
    const { entries } = await readBehind(readerOf(path))
    const [first, second] = entries.map(entry => (entry.kind === 'BEGUN' ? entry.change : null))
    expect(first).toEqual({
      id: record.id,
      user: { kind: 'ID', userId: GENAUTH_ID },
      atMs: Date.parse(record.time),
      actor: record.caller,
      requestId: record.requestId,
      factorsBefore: record.factorsBefore,
      factorsAfter: record.factorsAfter,
      changedFields: record.changedFields,
      effects: record.effects,
      revisionBefore: record.revisionBefore,
      revisionIntended: record.revisionIntended,
      sealedReason: expect.any(Buffer),
      revertOf: null,
    })
    expect(Buffer.from(first?.sealedReason ?? []).includes('phone')).toBe(false)
    expect(second).toMatchObject({
      user: { kind: 'SEALED', idHash: unusual.user.idHash, sealedId: unusual.sealedId },
      sealedReason: null,
    })
    const former = toAuditKeyring({
      auditKeys: ['a key of later', 'the key of these tests'],
      accessKeySecret: '',
    })
    const foreign = toAuditKeyring({ auditKeys: ['another key altogether'], accessKeySecret: '' })
    for (const [ring, isOpen] of [
      [AUDIT_KEYS, true],
      [former, true],
      [foreign, false],
    ] as const) {
      const seal = createHistorySeal(() => ring)
      if (first === null || first === undefined || second === null || second === undefined) throw new Error()
      expect(seal.openReason(first)).toEqual(
        isOpen ? { kind: 'GIVEN', text: reason } : { kind: 'UNREADABLE' },
      )
      expect(seal.openReason(second)).toEqual({ kind: 'NONE' })
      expect(seal.openUserId(first.user, first.id)).toBe(GENAUTH_ID)
      expect(seal.openUserId(second.user, second.id)).toBe(isOpen ? 'any-text' : null)
      expect(seal.openReason({ id: second.id, sealedReason: first.sealedReason })).toEqual({
        kind: 'UNREADABLE',
      })
      expect(seal.toUserKeys('any-text').idHashes.includes(unusual.user.idHash)).toBe(isOpen)
      expect(seal.toUserKeys(GENAUTH_ID)).toEqual({ userId: GENAUTH_ID, idHashes: [] })
    }
  })
})
