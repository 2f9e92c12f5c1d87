import { readFileSync, writeFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { toAuditKeyring } from '../../src/journal/audit-key.ts'
import type { Journal } from '../../src/journal/journal.ts'
import { describeVerification } from '../../src/journal/verify/describe-verification.ts'
import { verifyJournal } from '../../src/journal/verify/verify-journal.ts'
import type { WriteIntent } from '../../src/mfa/journal-port.ts'
import type { Json } from '../support/app.ts'
import {
  APPLIED,
  AUDIT_KEYS,
  intentOf,
  journalPath,
  openJournal,
  readRecords,
  UNKNOWN,
} from '../support/journal.ts'

/** Line 1: opened; then intent and outcome by turns, 2 to 7; line 8: an intent without an outcome. */
async function writeJournal(path: string, last: Partial<WriteIntent> = {}): Promise<string[]> {
  const journal = await openJournal(path)
  for (let set = 0; set < 3; set++) await (await journal.begin(intentOf()))(APPLIED)
  await journal.begin(intentOf(last))
  await journal.close()
  return readFileSync(path, 'utf8').split('\n').slice(0, -1)
}

type Tamper = (lines: string[]) => string[]

const change =
  (line: number, from: string | RegExp, to: string): Tamper =>
  lines =>
    lines.map((text, index) => (index === line - 1 ? text.replace(from, to) : text))
const remove =
  (line: number, count = 1): Tamper =>
  lines =>
    lines.toSpliced(line - 1, count)
const insert =
  (line: number, text: (lines: string[]) => string): Tamper =>
  lines =>
    lines.toSpliced(line - 1, 0, text(lines))
const at = (lines: string[], line: number) => lines[line - 1] ?? ''

describe('a tampered journal', () => {
  it.each<[string, Tamper, number, string]>([
    ['an outcome turned round', change(3, '"APPLIED"', '"NOT_APPLIED"'), 3, 'ALTERED'],
    ['another subject', change(2, 'admin-1', 'admin-2'), 2, 'ALTERED'],
    ['another time', change(4, /"time":"20/, '"time":"19'), 4, 'ALTERED'],
    ['another hash', change(4, /"hash":"...../, '"hash":"00000'), 4, 'ALTERED'],
    ['another link to the record before', change(5, /"prevHash":"...../, '"prevHash":"00000'), 5, 'ALTERED'],
    ['an altered first record', change(1, '"cutBytes":0', '"cutBytes":7'), 1, 'ALTERED_OR_OTHER_KEY'],
    ['a field more', change(2, '{', '{"a":1,'), 2, 'NOT_A_RECORD'],
    ['a field that stands twice', change(3, '{', '{"outcome":"NOT_APPLIED",'), 3, 'NOT_A_RECORD'],
    ['a space between two fields', change(3, ',', ', '), 3, 'NOT_A_RECORD'],
    ['another line end', change(3, /$/, '\r'), 3, 'NOT_A_RECORD'],
    ['a record cut short', change(6, /.{9}$/, ''), 6, 'NOT_A_RECORD'],
    ['a removed line', remove(4), 4, 'MISSING_BEFORE'],
    ['a removed pair', remove(4, 2), 4, 'MISSING_BEFORE'],
    ['a removed beginning', remove(1, 3), 1, 'MISSING_BEFORE'],
    [
      'two lines changed over',
      lines => lines.with(3, at(lines, 5)).with(4, at(lines, 4)),
      4,
      'MISSING_BEFORE',
    ],
    ['a line twice', insert(4, lines => at(lines, 3)), 4, 'REPEATED'],
    ['an old line again at the end', insert(9, lines => at(lines, 2)), 9, 'REPEATED'],
    ['an empty line', insert(3, () => ''), 3, 'NOT_A_RECORD'],
    ['a forged record', insert(3, lines => at(lines, 2).replace('"seq":2', '"seq":3')), 3, 'ALTERED'],
  ])('%s is named', async (_what, tamper, line, what) => {
    const path = journalPath()
    const lines = await writeJournal(path)
    writeFileSync(path, `${tamper(lines).join('\n')}\n`)
    const result = await verifyJournal(path, AUDIT_KEYS)
    expect(result).toMatchObject({ firstBreak: { line, what }, records: line - 1, tornTail: null })
    await expect(openJournal(path)).rejects.toThrow(`Line ${line} of the audit journal`)
  })

  it('is told from a line of another copy of the same journal', async () => {
    const path = journalPath()
    const lines = await writeJournal(path)
    writeFileSync(path, `${lines.slice(0, 3).join('\n')}\n`)
    const journal = await openJournal(path)
    await journal.close()
    const forked = readFileSync(path, 'utf8').split('\n').slice(0, -1)
    writeFileSync(path, `${[...forked, at(lines, 5)].join('\n')}\n`)
    expect((await verifyJournal(path, AUDIT_KEYS)).firstBreak).toEqual({ line: 5, what: 'OTHER_CHAIN' })
  })

  it('is found when a character is put in the place of bytes that are none', async () => {
    const path = journalPath()
    const journal = await openJournal(path)
    await journal.begin(intentOf({ reason: '\ufffd' }))
    await journal.close()
    const bytes = readFileSync(path)
    const at = bytes.indexOf(Buffer.from('\ufffd'))
    writeFileSync(path, Buffer.concat([bytes.subarray(0, at), Buffer.of(0xff), bytes.subarray(at + 3)]))
    expect((await verifyJournal(path, AUDIT_KEYS)).firstBreak).toEqual({ line: 2, what: 'NOT_A_RECORD' })
  })

  it('in which an outcome has no intent, or a second one, is the program’s own fault and named', async () => {
    const path = journalPath()
    const journal = await openJournal(path)
    const conclude = await journal.begin(intentOf())
    const [intent] = readRecords(path).slice(1)
    await conclude(APPLIED)
    await journal.resolve({ ...intent, user: intentOf().given }, 'UNKNOWN')
    await journal.close()
    expect(await verifyJournal(path, AUDIT_KEYS)).toMatchObject({
      records: 3,
      firstBreak: { line: 4, what: 'UNMATCHED_OUTCOME' },
    })
  })

  it.each<[string, (journal: Journal, intent: Json) => Promise<void>, number]>([
    [
      'a follow-up of an intent without an outcome',
      (journal, intent) => journal.followUp(intent, 1, 'OTHER'),
      3,
    ],
    [
      'a follow-up of a write that was applied',
      async (journal, intent) => {
        await journal.resolve(intent, 'APPLIED')
        await journal.followUp(intent, 1, 'INTENDED')
      },
      4,
    ],
    [
      'a second follow-up',
      async (journal, intent) => {
        await journal.resolve(intent, 'UNKNOWN')
        await journal.followUp(intent, 4, 'BEFORE')
        await journal.followUp(intent, 4, 'BEFORE')
      },
      5,
    ],
  ])('with %s is the program’s own fault and named', async (_what, write, line) => {
    const path = journalPath()
    const journal = await openJournal(path)
    await journal.begin(intentOf())
    await write(journal, readRecords(path)[1])
    await journal.close()
    expect((await verifyJournal(path, AUDIT_KEYS)).firstBreak).toEqual({ line, what: 'UNMATCHED_FOLLOW_UP' })
  })

  it('with another key breaks at its first line', async () => {
    const path = journalPath()
    await writeJournal(path)
    const other = toAuditKeyring({ auditKeys: ['another'], accessKeySecret: '' })
    expect((await verifyJournal(path, other)).firstBreak).toEqual({ line: 1, what: 'ALTERED_OR_OTHER_KEY' })
    await expect(openJournal(path, { keys: other })).rejects.toThrow(
      'A former AUDIT_KEY belongs in a line below the one in force',
    )
  })
})

describe('the end of a journal', () => {
  it.each([
    ['a set', null],
    ['an undo', '0b0e3c1e-6b0a-4d5e-9a3a-3f0f4d1f2a11'],
  ])(
    'that is torn at any byte of %s is no tampering, and the next start cuts it off and goes on',
    async (_what, revertOf) => {
      const path = journalPath()
      const lines = await writeJournal(path, { revertOf })
      const whole = lines.slice(0, 7).map(line => `${line}\n`)
      const torn = Buffer.from(at(lines, 8))
      for (const bytes of [1, 2, 100, torn.length - 100, torn.length - 1, torn.length]) {
        writeFileSync(path, Buffer.concat([Buffer.from(whole.join('')), torn.subarray(0, bytes)]))
        expect(await verifyJournal(path, AUDIT_KEYS)).toMatchObject({
          records: 7,
          firstBreak: null,
          tornTail: { line: 8, bytes },
        })
        const journal = await openJournal(path)
        await journal.close()
        const records = readFileSync(path, 'utf8').trim().split('\n')
        expect(records).toHaveLength(8)
        expect(at(records, 8)).toContain(`"cutBytes":${bytes},`)
        expect(await verifyJournal(path, AUDIT_KEYS)).toMatchObject({ firstBreak: null, tornTail: null })
      }
    },
  )

  it('that lost whole records cannot be seen from the file, and the words say so', async () => {
    const path = journalPath()
    const lines = await writeJournal(path)
    writeFileSync(path, `${lines.slice(0, 5).join('\n')}\n`)
    const result = await verifyJournal(path, AUDIT_KEYS)
    expect(result).toMatchObject({ records: 5, firstBreak: null, openIntents: [], last: { seq: 5 } })
    expect(describeVerification(result)).toContain(
      'Whole records cut off at the end cannot be seen from the file: compare the last one with a copy elsewhere.',
    )
  })

  it('of an empty file is no fault', async () => {
    const path = journalPath()
    writeFileSync(path, '')
    expect(await verifyJournal(path, AUDIT_KEYS)).toMatchObject({ records: 0, firstBreak: null })
  })

  it('of a file that is not there is an error', async () => {
    await expect(verifyJournal(journalPath(), AUDIT_KEYS)).rejects.toMatchObject({ code: 'ENOENT' })
  })

  it('in a line of many megabytes is not waited for', async () => {
    const path = journalPath()
    writeFileSync(path, Buffer.alloc(20_000_000, 'x'))
    expect((await verifyJournal(path, AUDIT_KEYS)).firstBreak).toEqual({ line: 1, what: 'NOT_A_RECORD' })
  })
})

describe('the words of a verification', () => {
  const normalize = (lines: string[]) =>
    lines.map(line =>
      line
        .replace(/[0-9a-f]{64}/, '<hash>')
        .replace(/[0-9a-f-]{36}/, '<id>')
        .replace(/\d{4}-[\dT:.-]+Z/, '<time>'),
    )

  it('of a journal with an open intent and a torn end', async () => {
    const path = journalPath()
    const lines = await writeJournal(path)
    writeFileSync(path, `${lines.join('\n')}\n{"calle`)
    expect(normalize(describeVerification(await verifyJournal(path, AUDIT_KEYS)))).toMatchInlineSnapshot(`
      [
        "The chain is in order.",
        "8 records: 4 intents, 3 outcomes, 0 follow-ups.",
        "Intent <id> (record 8, <time>) has no outcome.",
        "Line 9: unfinished, 7 bytes. A crash leaves this, and the next start cuts it off; so would cutting the file there.",
        "Last record in order: 8, hash <hash>.",
        "Whole records cut off at the end cannot be seen from the file: compare the last one with a copy elsewhere.",
      ]
    `)
  })

  it('of writes in doubt, followed up or not', async () => {
    const path = journalPath()
    const journal = await openJournal(path)
    for (const _ of [1, 2]) await (await journal.begin(intentOf()))(UNKNOWN)
    await journal.followUp(readRecords(path)[1], 2, 'INTENDED')
    await journal.close()
    expect(normalize(describeVerification(await verifyJournal(path, AUDIT_KEYS)))).toMatchInlineSnapshot(`
      [
        "The chain is in order.",
        "6 records: 2 intents, 2 outcomes, 1 follow-ups.",
        "Intent <id> (record 4, <time>) has the outcome UNKNOWN, and no follow-up yet.",
        "Last record in order: 6, hash <hash>.",
        "Whole records cut off at the end cannot be seen from the file: compare the last one with a copy elsewhere.",
      ]
    `)
    const next = await openJournal(path)
    expect(next).toMatchObject({ openIntents: [], inDoubt: [{ id: readRecords(path)[3].id }] })
    await next.close()
  })

  it('of a tampered one', async () => {
    const path = journalPath()
    const lines = await writeJournal(path)
    writeFileSync(path, `${change(3, '"APPLIED"', '"UNKNOWN"')(lines).join('\n')}\n`)
    expect(normalize(describeVerification(await verifyJournal(path, AUDIT_KEYS)))).toMatchInlineSnapshot(`
      [
        "Line 3: the hash does not fit the content: altered or inserted.",
        "2 records before it: 1 intents, 0 outcomes, 0 follow-ups.",
        "Intent <id> (record 2, <time>) has no outcome.",
        "Last record in order: 2, hash <hash>.",
        "Whole records cut off at the end cannot be seen from the file: compare the last one with a copy elsewhere.",
      ]
    `)
  })
})
