import { chmodSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import { systemClock } from '../../src/base/clock.ts'
import { toAuditKeyring } from '../../src/journal/audit-key.ts'
import { listSealed } from '../../src/journal/files/segment-names.ts'
import { type SealedVerificationOptions, verifySealed } from '../../src/journal/verify/verify-sealed.ts'
import { walkJournal } from '../../src/journal/verify/walk-journal.ts'
import { JournalUnavailableError } from '../../src/mfa/journal-port.ts'
import { clockAt, skipWaits } from '../support/hand-clock.ts'
import {
  APPLIED,
  AUDIT_KEYS,
  intentOf,
  journalPath,
  openJournal,
  readRecords,
  watchedLog,
} from '../support/journal.ts'

const IN_ORDER = 'the sealed segments of the audit journal are in order'
const BROKEN = 'a sealed segment of the audit journal is not in order: no more writes until a restart'
const OTHER_KEY = 'a sealed segment of the audit journal is under a key that is not given'
const OTHER_KEYS = toAuditKeyring({ auditKeys: ['another key'], accessKeySecret: '' })

/** Three sealed segments of so many sets, and an open file. */
async function writeSegments(path: string, sets = 1): Promise<void> {
  const journal = await openJournal(path)
  for (let segment = 1; segment <= 4; segment++) {
    if (segment > 1) await journal.beginSegment()
    for (let set = 0; set < sets; set++) await (await journal.begin(intentOf()))(APPLIED)
  }
  await journal.close()
}

async function verify(path: string, changes: Partial<SealedVerificationOptions> = {}) {
  const { log, lines } = watchedLog()
  await using file = await open(path)
  const openFile = await walkJournal(file, AUDIT_KEYS)
  const sealed = await listSealed(path)
  const options = { sealed, openFile, ring: AUDIT_KEYS, clock: skipWaits(900), log, ...changes }
  const verification = verifySealed(options)
  return { verification, lines, sealed }
}

function edit(path: string, change: (text: string) => string): void {
  writeFileSync(path, change(readFileSync(path, 'utf8')))
}

describe('the verification of sealed segments', () => {
  it.each<[string, (path: string) => void, [number, number], object]>([
    ['as they were sealed', () => {}, [0, 0], { level: 'info', segments: 3, records: 9, msg: IN_ORDER }],
    [
      'without the oldest, which is kept elsewhere',
      path => rmSync(`${path}.000001`),
      [0, 0],
      { segments: 2, msg: IN_ORDER },
    ],
    [
      'with an altered record',
      path => edit(`${path}.000002`, text => text.replace('"APPLIED"', '"UNKNOWN"')),
      [1, 0],
      { level: 'error', file: 'audit.jsonl.000002', line: 3, what: 'ALTERED', msg: BROKEN },
    ],
    [
      'with an altered head',
      path => edit(`${path}.000002`, text => text.replace('"segment":2', '"segment":3')),
      [1, 0],
      { level: 'error', file: 'audit.jsonl.000002', line: 1, what: 'ALTERED', msg: BROKEN },
    ],
    [
      'with one missing between others',
      path => rmSync(`${path}.000002`),
      [1, 0],
      { file: 'audit.jsonl.000003', what: 'MISSING_SEGMENT', msg: BROKEN },
    ],
    [
      'with the last one missing',
      path => rmSync(`${path}.000003`),
      [1, 0],
      { file: 'the open file', what: 'MISSING_SEGMENT', msg: BROKEN },
    ],
    [
      'with one cut between two records',
      path => edit(`${path}.000003`, text => text.slice(0, text.lastIndexOf('\n', text.length - 2) + 1)),
      [1, 0],
      { file: 'the open file', what: 'MISSING_BEFORE', msg: BROKEN },
    ],
    [
      'with a head that names a key which is not given',
      path => edit(`${path}.000002`, text => text.replace(/"keyId":"\w+"/, `"keyId":"${'0'.repeat(32)}"`)),
      [0, 1],
      { level: 'warn', file: 'audit.jsonl.000002', line: 1, what: 'UNKNOWN_KEY', msg: OTHER_KEY },
    ],
  ])('%s says what it found', async (_what, change, [broken, unverified], line) => {
    const path = journalPath()
    await writeSegments(path)
    change(path)
    const { verification, lines } = await verify(path)
    await verification.ended
    expect(verification.faults).toEqual({ broken, unverified })
    expect(lines).toMatchObject([line])
  })

  it('takes what is moved away or cannot be read while it goes on for no break', async () => {
    const path = journalPath()
    await writeSegments(path)
    const { sealed } = await verify(path)
    const unreadable = { number: 2, path: path.replace(/[^/]+$/, '') }
    const { verification, lines } = await verify(path, {
      sealed: [...sealed.slice(0, 1), unreadable, { number: 3, path: `${path}.gone` }],
    })
    await verification.ended
    expect(verification.faults).toEqual({ broken: 0, unverified: 1 })
    expect(lines).toMatchObject([{ level: 'error', cause: 'EISDIR' }])
  })

  it('counts all segments of a key that is not given, and none as broken', async () => {
    const path = journalPath()
    await writeSegments(path)
    const { verification } = await verify(path, { ring: OTHER_KEYS })
    await verification.ended
    expect(verification.faults).toEqual({ broken: 0, unverified: 3 })
  })

  it('says once that others may write to some of them', async () => {
    const path = journalPath()
    await writeSegments(path)
    for (const number of [1, 2]) chmodSync(`${path}.00000${number}`, 0o666)
    const { verification, lines } = await verify(path)
    await verification.ended
    expect(lines).toMatchObject([{ level: 'warn', segments: 2 }, { msg: IN_ORDER }])
  })

  it('rests nine tenths of the time, after each small piece', async () => {
    const path = journalPath()
    await writeSegments(path, 60)
    // Each look at the clock is a millisecond later.
    let clockMs = 0
    const rests: number[] = []
    const { verification, sealed } = await verify(path, {
      clock: {
        ...clockAt(() => clockMs++),
        after(ms, work) {
          rests.push(ms)
          return systemClock.after(0, work)
        },
      },
    })
    await verification.ended
    const pieces = sealed.map(segment => Math.ceil(statSync(segment.path).size / 65_536))
    expect(Math.max(...pieces)).toBeGreaterThan(1)
    expect(rests.length).toBeGreaterThanOrEqual(pieces.reduce((a, b) => a + b))
    expect(new Set(rests)).toEqual(new Set([9]))
  })

  it('ends where it is when the process stops', async () => {
    const path = journalPath()
    await writeSegments(path)
    edit(`${path}.000002`, text => text.replace('"APPLIED"', '"UNKNOWN"'))
    let clockMs = 0
    let stop = () => {}
    const { verification, lines } = await verify(path, {
      clock: {
        ...clockAt(() => clockMs++),
        after(_ms, work) {
          stop()
          return systemClock.after(0, work)
        },
      },
    })
    stop = verification.close
    await verification.ended
    expect(verification.faults.broken).toBe(0)
    expect(lines).toEqual([])
  })
})

describe('a journal with a broken sealed segment', () => {
  it('begins no write, and still records what became of one that is under way', async () => {
    const path = journalPath()
    await writeSegments(path)
    edit(`${path}.000001`, text => text.replace('"APPLIED"', '"UNKNOWN"'))
    const journal = await openJournal(path)
    const conclude = await journal.begin(intentOf())
    await expect.poll(() => journal.sealedFaults()).toEqual({ broken: 1, unverified: 0 })
    expect(journal.isWritable()).toBe(false)
    const records = readRecords(path).length
    await expect(journal.begin(intentOf())).rejects.toThrow(JournalUnavailableError)
    expect(readRecords(path)).toHaveLength(records)
    await conclude(APPLIED)
    expect(readRecords(path).at(-1)).toMatchObject({ kind: 'outcome', outcome: 'APPLIED' })
    await journal.close()
  })
})
