import { copyFileSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Journal } from '../../src/journal/journal.ts'
import { describeVerification } from '../../src/journal/verify/describe-verification.ts'
import { verifyJournal } from '../../src/journal/verify/verify-journal.ts'
import { APPLIED, AUDIT_KEYS, intentOf, journalPath, openJournal } from '../support/journal.ts'

const set = async (journal: Journal) => (await journal.begin(intentOf()))(APPLIED)

/** Four segments of one set each. In the first one an intent is left open. */
async function writeSegments(path: string): Promise<void> {
  const journal = await openJournal(path)
  await journal.begin(intentOf())
  for (let segment = 1; segment < 4; segment++) {
    await set(journal)
    await journal.beginSegment()
  }
  await set(journal)
  await journal.close()
}

const FILES = ['audit.jsonl.000001', 'audit.jsonl.000002', 'audit.jsonl.000003', 'audit.jsonl']

function edit(path: string, change: (text: string) => string): void {
  writeFileSync(path, change(readFileSync(path, 'utf8')))
}

function swap(a: string, b: string): void {
  renameSync(a, `${a}.x`)
  renameSync(b, a)
  renameSync(`${a}.x`, b)
}

describe('the segments of a journal', () => {
  it('are one chain, by their folder, their open file, or one by one', async () => {
    const path = journalPath()
    await writeSegments(path)
    mkdirSync(`${dirname(path)}/lost+found`)
    for (const target of [path, dirname(path), `${dirname(path)}/`]) {
      expect(await verifyJournal(target, AUDIT_KEYS)).toMatchObject({
        records: 13,
        intents: 5,
        outcomes: 4,
        openIntents: [{ seq: 2 }],
        files: FILES.map(name => ({ name })),
        firstSegment: 1,
        hasOpenFile: true,
        firstBreak: null,
        last: { seq: 13 },
      })
    }
    expect(await verifyJournal(`${path}.000002`, AUDIT_KEYS)).toMatchObject({
      records: 3,
      firstSegment: 2,
      hasOpenFile: false,
      openIntents: [{ seq: 2 }],
      firstBreak: null,
    })
  })

  it.each<[string, (path: string) => void, [string, number, string][]]>([
    ['removed', path => rmSync(`${path}.000002`), [['audit.jsonl.000003', 1, 'MISSING_SEGMENT']]],
    [
      'removed before the open file',
      path => rmSync(`${path}.000003`),
      [['audit.jsonl', 1, 'MISSING_SEGMENT']],
    ],
    [
      'renamed into the place of a removed one',
      path => renameSync(`${path}.000003`, `${path}.000002`),
      [
        ['audit.jsonl.000002', 1, 'OTHER_SEGMENT'],
        ['audit.jsonl', 1, 'MISSING_SEGMENT'],
      ],
    ],
    [
      'changed over with another',
      path => swap(`${path}.000002`, `${path}.000003`),
      [
        ['audit.jsonl.000002', 1, 'OTHER_SEGMENT'],
        ['audit.jsonl.000003', 1, 'OTHER_SEGMENT'],
      ],
    ],
    [
      'there twice',
      path => copyFileSync(`${path}.000002`, `${path}.000009`),
      [
        ['audit.jsonl.000009', 1, 'OTHER_SEGMENT'],
        ['audit.jsonl', 1, 'MISSING_SEGMENT'],
      ],
    ],
    [
      'altered',
      path => edit(`${path}.000002`, text => text.replace('"APPLIED"', '"UNKNOWN"')),
      [['audit.jsonl.000002', 3, 'ALTERED']],
    ],
    [
      'altered, as another is',
      path => {
        edit(`${path}.000001`, text => text.replace('"APPLIED"', '"UNKNOWN"'))
        edit(path, text => text.replace('"APPLIED"', '"UNKNOWN"'))
      },
      [
        ['audit.jsonl.000001', 4, 'ALTERED'],
        ['audit.jsonl', 3, 'ALTERED'],
      ],
    ],
    [
      'cut between two records',
      path => edit(`${path}.000002`, text => `${text.split('\n').slice(0, 2).join('\n')}\n`),
      [['audit.jsonl.000003', 1, 'MISSING_BEFORE']],
    ],
    [
      'cut within a record',
      path => edit(`${path}.000002`, text => text.slice(0, -40)),
      [['audit.jsonl.000002', 3, 'NOT_A_RECORD']],
    ],
    ['emptied', path => writeFileSync(`${path}.000002`, ''), [['audit.jsonl.000002', 1, 'NOT_A_RECORD']]],
    [
      'without its checkpoint',
      path => edit(`${path}.000002`, text => text.slice(text.indexOf('\n') + 1)),
      [['audit.jsonl.000002', 1, 'MISSING_BEFORE']],
    ],
  ])('are found out where one is %s', async (_what, harm, breaks) => {
    const path = journalPath()
    await writeSegments(path)
    harm(path)
    const result = await verifyJournal(dirname(path), AUDIT_KEYS)
    expect(result.breaks.map(({ file, line, what }) => [file, line, what])).toEqual(breaks)
    const [, line, what] = breaks[0] ?? []
    expect(result.firstBreak).toEqual({ line, what })
  })

  it('that come from another copy of the journal are found out', async () => {
    const [path, copy] = [journalPath(), journalPath()]
    const journal = await openJournal(path)
    await set(journal)
    await journal.close()
    copyFileSync(path, copy)
    for (const one of [path, copy]) {
      const again = await openJournal(one)
      await set(again)
      await again.beginSegment()
      await again.close()
    }
    copyFileSync(`${copy}.000001`, `${path}.000001`)
    expect((await verifyJournal(path, AUDIT_KEYS)).breaks).toMatchObject([
      { file: 'audit.jsonl', line: 1, what: 'OTHER_CHAIN' },
    ])
  })

  it('may be kept elsewhere, the first ones or all but them, and the words say so', async () => {
    const path = journalPath()
    await writeSegments(path)
    renameSync(`${path}.000001`, `${dirname(path)}.000001`)
    const without = await verifyJournal(path, AUDIT_KEYS)
    rmSync(`${dirname(path)}.000001`)
    expect(without).toMatchObject({ firstBreak: null, firstSegment: 2, hasOpenFile: true })
    expect(describeVerification(without)).toEqual(
      expect.arrayContaining([
        'The chain is in order.',
        '3 files, from audit.jsonl.000002 to audit.jsonl.',
        'It begins with segment 2: those before it are not here.',
      ]),
    )
    rmSync(path)
    const withoutEnd = await verifyJournal(dirname(path), AUDIT_KEYS)
    expect(withoutEnd).toMatchObject({ firstBreak: null, hasOpenFile: false })
    expect(describeVerification(withoutEnd)).toContain('Its open file is not here.')
  })

  it('are named in the words of a break', async () => {
    const path = journalPath()
    await writeSegments(path)
    edit(`${path}.000001`, text => text.replace('"APPLIED"', '"UNKNOWN"'))
    rmSync(`${path}.000003`)
    expect(describeVerification(await verifyJournal(path, AUDIT_KEYS)).slice(0, 3)).toEqual([
      'audit.jsonl.000001, line 4: the hash does not fit the content: altered or inserted.',
      'audit.jsonl, line 1: a segment before this one is missing, or it is in the wrong place.',
      '3 files, from audit.jsonl.000001 to audit.jsonl.',
    ])
  })

  it('are verified as one chain while a server goes on in new ones', async () => {
    const path = journalPath()
    const journal = await openJournal(path)
    let isOver = false
    const writing = (async () => {
      while (!isOver) {
        await set(journal)
        await journal.beginSegment()
      }
    })()
    for (let look = 0; look < 20; look++) {
      expect((await verifyJournal(path, AUDIT_KEYS)).breaks).toEqual([])
    }
    isOver = true
    await writing
    await journal.close()
  })
})

describe('a folder', () => {
  it.each<[string, string[], string]>([
    ['without a file', [], 'There is no journal in this folder.'],
    ['with a lock alone', ['a.jsonl.lock', 'a.jsonl.next'], 'There is no journal in this folder.'],
    ['with two files', ['a', 'b'], 'There are several files that may be a journal, as a and b: name one.'],
    ['with segments of two journals', ['a.000001', 'b.000001'], 'as a and b: name one.'],
  ])('%s is no journal', async (_what, names, text) => {
    const folder = dirname(journalPath())
    for (const name of names) writeFileSync(`${folder}/${name}`, '')
    await expect(verifyJournal(folder, AUDIT_KEYS)).rejects.toThrow(text)
  })
})
