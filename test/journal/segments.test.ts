import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { rename } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { toAuditKeyring } from '../../src/journal/audit-key.ts'
import { beginSegment, type NameCalls } from '../../src/journal/files/begin-segment.ts'
import { syncFolder } from '../../src/journal/files/make-file.ts'
import type { Journal } from '../../src/journal/journal.ts'
import { verifyJournal } from '../../src/journal/verify/verify-journal.ts'
import { clockAt } from '../support/hand-clock.ts'
import {
  APPLIED,
  AUDIT_KEYS,
  intentOf,
  journalFiles,
  journalPath,
  openJournal,
  readRecords,
  systemError,
  watchedLog,
} from '../support/journal.ts'

const UNKNOWN = { outcome: 'UNKNOWN', failure: 'UPSTREAM_UNAVAILABLE', upstreamRequestId: null } as const
const IN_ORDER = { firstBreak: null, tornTail: null, isUnderKeyInForce: true }

const set = async (journal: Journal) => (await journal.begin(intentOf()))(APPLIED)
const targetOf = (path: string, segmentBytes: number) =>
  ({ kind: 'file', path, segmentBytes, pid: process.pid, isAlive: () => true }) as const
const namesIn = (path: string) => readdirSync(dirname(path)).sort()

/** Three segments: two sealed ones, with a set each, and the open one. An intent is left open in the first one. */
async function writeSegments(path: string): Promise<void> {
  const journal = await openJournal(path)
  await journal.begin(intentOf())
  for (let segment = 1; segment < 3; segment++) {
    await set(journal)
    await journal.beginSegment()
  }
  await set(journal)
  await journal.close()
}

describe('a journal that is full', () => {
  it('goes on in another file, by itself, without a record lost or out of order', async () => {
    const path = journalPath()
    const journal = await openJournal(path, { target: targetOf(path, 20_000) })
    for (let round = 0; round < 10; round++) {
      await Promise.all(Array.from({ length: 16 }, () => set(journal)))
    }
    await journal.close()
    const sizes = journalFiles(path).map(file => statSync(file).size)
    expect(sizes.length).toBeGreaterThan(8)
    for (const size of sizes.slice(0, -1)) expect(size).toBeGreaterThan(20_000)
    expect(journalFiles(path).map(file => statSync(file).mode & 0o777)).toEqual(sizes.map(() => 0o600))
    expect(readRecords(path).map(({ seq }) => seq)).toEqual(
      readRecords(path).map((_record, index) => index + 1),
    )
    expect(await verifyJournal(path, AUDIT_KEYS)).toMatchObject({ ...IN_ORDER, intents: 160, outcomes: 160 })
    expect(namesIn(path)).toEqual(
      journalFiles(path)
        .map(file => basename(file))
        .sort(),
    )
  })

  it('goes on when it is told to, while sets are under way, and not twice for nothing', async () => {
    const path = journalPath()
    const journal = await openJournal(path)
    const work = Array.from({ length: 60 }, async (_, index) => {
      if (index % 20 === 10) await journal.beginSegment()
      await set(journal)
    })
    await Promise.all(work)
    await journal.beginSegment()
    const files = journalFiles(path).length
    await Promise.all([journal.beginSegment(), journal.beginSegment()])
    await journal.beginSegment()
    expect(journalFiles(path)).toHaveLength(files)
    expect(journal.isWritable()).toBe(true)
    await journal.close()
    await journal.beginSegment()
    expect(journalFiles(path)).toHaveLength(files)
    expect(await verifyJournal(path, AUDIT_KEYS)).toMatchObject({ ...IN_ORDER, intents: 60, openIntents: [] })
  })

  it('carries what is not resolved, and the next start needs no file but the last', async () => {
    const path = journalPath()
    const journal = await openJournal(path)
    const concludeLate = await journal.begin(intentOf())
    await (await journal.begin(intentOf()))(UNKNOWN)
    await journal.begin(intentOf({ given: { userId: '13900000001', userIdType: 'PHONE' } }))
    await journal.beginSegment()
    await concludeLate(APPLIED)
    await set(journal)
    await journal.beginSegment()
    await journal.close()
    const [, unknown, open] = readRecords(path).filter(({ kind }) => kind === 'intent')
    expect(readRecords(path).findLast(({ kind }) => kind === 'checkpoint')).toMatchObject({
      segment: 3,
      keyId: AUDIT_KEYS[0].id,
      remaining: 0,
      unresolved: [
        { intent: { id: unknown.id, seq: unknown.seq }, isContested: true, unknownSince: expect.any(String) },
        { intent: { id: open.id, seq: open.seq, sealedId: open.sealedId }, unknownSince: null },
      ],
    })
    for (const sealed of journalFiles(path).slice(0, -1)) rmSync(sealed)
    const next = await openJournal(path)
    expect(next.inDoubt.map(({ id }) => id)).toEqual([unknown.id])
    expect(next.openIntents.map(({ id }) => id)).toEqual([open.id])
    expect(next.isContested(intentOf())).toBe(true)
    await next.resolve({ id: open.id }, 'UNKNOWN')
    await next.followUp({ id: unknown.id }, 1, 'INTENDED')
    await next.close()
    expect(await verifyJournal(path, AUDIT_KEYS)).toMatchObject({ ...IN_ORDER, inDoubt: [{ id: open.id }] })
  })

  it('with a thousand unresolved writes begins with several checkpoints, all or none', async () => {
    const path = journalPath()
    const journal = await openJournal(path, { target: targetOf(path, 10_000_000) })
    await Promise.all(Array.from({ length: 1_200 }, async () => (await journal.begin(intentOf()))(UNKNOWN)))
    await journal.beginSegment()
    await journal.beginSegment()
    await journal.close()
    expect(journalFiles(path)).toHaveLength(2)
    const heads = readFileSync(path, 'utf8')
      .split('\n')
      .slice(0, -1)
      .map(line => JSON.parse(line))
    expect(heads.map(({ remaining, unresolved }) => [unresolved.length, remaining])).toEqual([
      [200, 1_000],
      [200, 800],
      [200, 600],
      [200, 400],
      [200, 200],
      [200, 0],
    ])
    const next = await openJournal(path)
    expect(next.inDoubt).toHaveLength(1_200)
    await next.close()
    const whole = readFileSync(path)
    const lineEnds = [...whole.keys()].filter(at => whole[at] === 0x0a).map(at => at + 1)
    for (const end of [lineEnds[0] ?? 0, (lineEnds[1] ?? 0) + 100]) {
      writeFileSync(path, whole.subarray(0, end))
      await expect(openJournal(path)).rejects.toThrow('announce more intents than they bring')
    }
  })

  it('goes on under its key, which the start then needs alone', async () => {
    const path = journalPath()
    const toRing = (...auditKeys: string[]) => toAuditKeyring({ auditKeys, accessKeySecret: '' })
    const journal = await openJournal(path, { keys: toRing('former') })
    await set(journal)
    await journal.useKeys(toRing('new', 'former'))
    await set(journal)
    await journal.beginSegment()
    await set(journal)
    await journal.close()
    const next = await openJournal(path, { keys: toRing('new') })
    await next.useKeys(toRing('newest', 'new'))
    await next.beginSegment()
    await next.close()
    await (await openJournal(path, { keys: toRing('newest') })).close()
    expect(await verifyJournal(path, toRing('newest', 'new', 'former'))).toMatchObject(IN_ORDER)
    expect(await verifyJournal(path, toRing('newest', 'new'))).toMatchObject({
      breaks: [{ file: 'audit.jsonl.000001', line: 1, what: 'ALTERED_OR_OTHER_KEY' }],
    })
  })
})

describe('a journal that cannot go on in another file', () => {
  it.each<[string, (path: string) => void, string]>([
    ['a file is in the place of the segment', path => writeFileSync(`${path}.000001`, 'mine'), 'EEXIST'],
    ['a folder is in the place of the segment', path => mkdirSync(`${path}.000001`), 'EEXIST'],
    ['a file is where the next one is prepared', path => writeFileSync(`${path}.next`, 'mine'), 'EEXIST'],
    ['its file was moved', path => renameSync(path, `${path}.old`), 'FILE_MOVED'],
  ])('since %s says so and replaces nothing', async (_what, prevent, cause) => {
    const path = journalPath()
    const { log, lines } = watchedLog()
    let clock = 0
    const journal = await openJournal(path, {
      log,
      clock: clockAt(() => clock),
      target: targetOf(path, 1_000),
    })
    prevent(path)
    const before = namesIn(path)
    await journal.beginSegment()
    expect(lines.filter(({ level, fault }) => level === 'error' && fault === undefined)).toMatchObject([
      {
        cause,
        segment: 1,
        msg: 'a segment of the audit journal cannot be sealed: it goes on in the same file',
      },
    ])
    expect(namesIn(path)).toEqual(before)
    if (cause === 'FILE_MOVED') renameSync(`${path}.old`, path)
    const errors = lines.filter(({ level }) => level === 'error').length
    for (let sets = 0; sets < 5; sets++) await set(journal)
    // Not tried again with each set.
    expect(lines.filter(({ level }) => level === 'error')).toHaveLength(errors)
    for (const name of before) if (name !== 'audit.jsonl.old') expect(namesIn(path)).toContain(name)
    for (const name of ['000001', 'next']) rmSync(`${path}.${name}`, { recursive: true, force: true })
    clock += 60_000
    await set(journal)
    expect(existsSync(`${path}.000001`)).toBe(true)
    await journal.close()
    expect(await verifyJournal(path, AUDIT_KEYS)).toMatchObject({ ...IN_ORDER, intents: 6, outcomes: 6 })
  })

  /** The calls of `beginSegment` in order: names are synced, two renames, names are synced; the last two only to undo. */
  it.each<[string, number[], 'BEGUN' | 'KEPT' | 'LOST', string[]]>([
    ['none', [], 'BEGUN', ['audit.jsonl', 'audit.jsonl.000001']],
    ['the first sync of names', [0], 'KEPT', ['audit.jsonl']],
    ['the first rename', [1], 'KEPT', ['audit.jsonl']],
    ['the second rename', [2], 'KEPT', ['audit.jsonl']],
    ['the second rename and the way back', [2, 3], 'LOST', ['audit.jsonl.000001', 'audit.jsonl.next']],
    ['the last sync of names', [3], 'LOST', ['audit.jsonl', 'audit.jsonl.000001']],
  ])('since of its calls %s fails has a state that is known', async (_what, failing, kind, names) => {
    const path = journalPath()
    writeFileSync(path, 'before')
    let count = 0
    const orFail = async (call: () => Promise<void>) => {
      if (failing.includes(count++)) throw systemError('EIO')
      await call()
    }
    const calls: NameCalls = {
      rename: (from, to) => orFail(() => rename(from, to)),
      syncFolder: folder => orFail(() => syncFolder(folder)),
    }
    const begun = await beginSegment(path, 1, 'head', calls)
    expect(begun.kind).toBe(kind)
    expect(namesIn(path)).toEqual(names)
    if (begun.kind === 'BEGUN') await begun.file.close()
    expect(readFileSync(join(dirname(path), names[0] ?? ''), 'utf8')).toBe(
      kind === 'BEGUN' ? 'head' : kind === 'LOST' && names[0] === 'audit.jsonl' ? 'head' : 'before',
    )
  })
})

/** What a crash in `beginSegment` leaves, made from a journal that has just begun its second segment. */
const CRASHES: [string, (path: string) => void, number][] = [
  [
    'before anything was written to the next file',
    path => {
      renameSync(`${path}.000001`, path)
      writeFileSync(`${path}.next`, '')
    },
    1,
  ],
  [
    'while the next file was written',
    path => {
      renameSync(path, `${path}.next`)
      renameSync(`${path}.000001`, path)
      truncateSync(`${path}.next`, 100)
    },
    1,
  ],
  [
    'before the open file was sealed',
    path => {
      renameSync(path, `${path}.next`)
      renameSync(`${path}.000001`, path)
    },
    1,
  ],
  ['between the two names', path => renameSync(path, `${path}.next`), 2],
  ['after the two names', () => {}, 2],
]

describe('a crash while another file begins', () => {
  it.each(CRASHES)('%s is made good by the next start', async (_when, crash, files) => {
    const path = journalPath()
    const journal = await openJournal(path)
    await set(journal)
    const { id } = await journal.begin(intentOf()).then(() => readRecords(path).at(-1))
    await journal.beginSegment()
    await journal.close()
    crash(path)
    const next = await openJournal(path)
    expect(next.openIntents.map(intent => intent.id)).toEqual([id])
    await set(next)
    await next.beginSegment()
    await next.close()
    expect(journalFiles(path)).toHaveLength(files + 1)
    expect(namesIn(path)).toHaveLength(files + 1)
    expect(await verifyJournal(path, AUDIT_KEYS)).toMatchObject({
      ...IN_ORDER,
      intents: 3,
      openIntents: [{ id }],
    })
  })
})

describe('a start', () => {
  it.each<[string, (path: string) => void, string]>([
    ['the open file is missing', path => rmSync(path), 'The open file of the audit journal is missing'],
    ['the open file is empty', path => truncateSync(path), 'audit.jsonl.000002 is later than the open file'],
    [
      'the open file is an older one',
      path => copyFileSync(`${path}.000002`, path),
      'audit.jsonl.000002 is later than the open file of the audit journal, which is segment 2',
    ],
    [
      'a segment is later than the open file',
      path => writeFileSync(`${path}.000007`, ''),
      'audit.jsonl.000007 is later than the open file of the audit journal, which is segment 3',
    ],
    [
      'a foreign file is where the next is prepared',
      path => writeFileSync(`${path}.next`, 'x'),
      'audit.jsonl.next, beside',
    ],
    ['a folder is where the next is prepared', path => mkdirSync(`${path}.next`), 'audit.jsonl.next, beside'],
    [
      'the open file was continued in two ways',
      path => {
        copyFileSync(path, `${path}.next`)
        rmSync(path)
        renameSync(`${path}.000002`, path)
      },
      'audit.jsonl.next, beside',
    ],
    [
      'the prepared file does not continue the last segment',
      path => {
        renameSync(path, `${path}.next`)
        rmSync(`${path}.000002`)
      },
      'audit.jsonl.next, beside',
    ],
  ])('is refused where %s, and nothing is changed', async (_what, harm, text) => {
    const path = journalPath()
    await writeSegments(path)
    harm(path)
    const contents = () => namesIn(path).map(name => [name, statSync(join(dirname(path), name)).size])
    const before = contents()
    await expect(openJournal(path)).rejects.toMatchObject({
      name: 'JournalBrokenError',
      message: expect.stringContaining(text),
    })
    expect(contents()).toEqual(before)
  })

  it('needs none of the sealed segments', async () => {
    const path = journalPath()
    await writeSegments(path)
    rmSync(`${path}.000001`)
    writeFileSync(`${path}.000002`, 'x')
    const journal = await openJournal(path)
    expect(journal.openIntents).toHaveLength(1)
    await journal.close()
  })
})
