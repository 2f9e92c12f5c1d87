import { readFileSync, statSync, writeFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { verifyJournal } from '../../src/journal/verify/verify-journal.ts'
import { APPLIED, AUDIT_KEYS, intentOf, journalPath, openJournal } from '../support/journal.ts'

/** A chain of three records, and the text of the one that would be next. */
async function writeJournal(path: string): Promise<{ whole: string; next: string }> {
  const journal = await openJournal(path)
  await (await journal.begin(intentOf()))(APPLIED)
  await journal.begin(intentOf())
  await journal.close()
  const lines = readFileSync(path, 'utf8').split('\n')
  return { whole: `${lines.slice(0, 3).join('\n')}\n`, next: lines[3] ?? '' }
}

const OTHER_HASH = 'a'.repeat(64)
const NULS = '\0'.repeat(500)

const FOREIGN: readonly [string, string | Buffer][] = [
  ['a word', 'notes'],
  ['a text without a line end', 'Dear operator, this is not a journal'],
  ['an empty line', '\n'],
  ['a blank', ' '],
  ['a mark of byte order', '\ufeff'],
  ['a brace', '{'],
  ['an object', '{"a":1}'],
  ['an empty object', '{}'],
  ['an array', '[1,2'],
  ['an object of objects', '{"caller":{"name":"x"},"changedFields":['],
  ['an object of another program', '{"format":1,"kind":"opened","hash":"'],
  ['the beginning of another format of ours', '{"cutBytes":0,"format":2,"hash":"'],
  ['bytes that are no text', Buffer.of(0xff, 0xfe, 0x00, 0x7b)],
  ['a zip', Buffer.from('504b030414000000', 'hex')],
]

describe('a file that is not ours', () => {
  it.each([
    ...FOREIGN,
    ['NULs', NULS],
    ['too little of a record', '{"cutB'],
    ['a member of ours with a value of another', '{"cutBytes":"all'],
  ] as const)('of %s is refused and left byte for byte', async (_what, content) => {
    const path = journalPath()
    writeFileSync(path, content, { mode: 0o600 })
    const before = statSync(path)
    await expect(openJournal(path)).rejects.toMatchObject({
      name: 'JournalBrokenError',
      message: expect.stringContaining('Line 1 of the audit journal: '),
    })
    expect(readFileSync(path)).toEqual(Buffer.from(content))
    expect(statSync(path).mtimeMs).toBe(before.mtimeMs)
  })

  it.each(FOREIGN.filter(([, content]) => content !== '{'))(
    'of %s behind a chain of ours is refused and left byte for byte',
    async (_what, content) => {
      const path = journalPath()
      const { whole } = await writeJournal(path)
      writeFileSync(path, Buffer.concat([Buffer.from(whole), Buffer.from(content)]))
      expect(await verifyJournal(path, AUDIT_KEYS)).toMatchObject({
        records: 3,
        firstBreak: { line: 4, what: 'NOT_A_RECORD' },
        tornTail: null,
      })
      await expect(openJournal(path)).rejects.toThrow('Line 4 of the audit journal: ')
      expect(readFileSync(path)).toEqual(Buffer.concat([Buffer.from(whole), Buffer.from(content)]))
    },
  )
})

type ToTail = (next: string) => string | Buffer
const prevHashOf = (line: string) => /"prevHash":"([^"]+)"/.exec(line)?.[1] ?? ''

describe('an unfinished record', () => {
  it('that is the first one is cut off', async () => {
    const path = journalPath()
    const { whole } = await writeJournal(path)
    for (const bytes of [7, 12, 14, 25, 200, whole.indexOf('\n')]) {
      writeFileSync(path, whole.slice(0, bytes), { mode: 0o600 })
      await (await openJournal(path)).close()
      expect(await verifyJournal(path, AUDIT_KEYS)).toMatchObject({ records: 1, firstBreak: null })
    }
  })

  it.each<[string, ToTail, boolean]>([
    ['is cut off', next => next.slice(0, 400), true],
    ['that lacks nothing but its line end is cut off', next => next, true],
    [
      'that ends within a character is cut off',
      () => Buffer.from('{"caller":{"client":"\u00e9').subarray(0, -1),
      true,
    ],
    ['whose last bytes a loss of power made NULs is cut off', next => `${next.slice(0, 100)}${NULS}`, true],
    ['of which a loss of power kept the length alone is cut off', () => NULS, true],
    ['of version 0.1 is cut off', next => next.replace(/"effects":\[[^\]]*\],/, '').slice(0, 400), true],
    ['with NULs inside is not', next => `${next.slice(0, 50)}\0\0${next.slice(52)}`, false],
    ['of another place in the chain is not', next => next.replace(/"seq":4/, '"seq":5').slice(0, -1), false],
    ['of another chain is not', next => next.replace(prevHashOf(next), OTHER_HASH).slice(0, -1), false],
    ['with a member that no record has is not', next => next.replace('{', '{"a":1,').slice(0, 99), false],
    ['with a member that is of another kind is not', () => '{"durationMs":1,"caller":', false],
    ['whose next member is another is not', () => '{"durationMs":1,"hush', false],
    ['with a blank in it is not', next => next.replace(',', ', ').slice(0, 99), false],
    ['with something behind its end is not', next => `${next}x`, false],
  ])('%s', async (_what, toTail, isCut) => {
    const path = journalPath()
    const { whole, next } = await writeJournal(path)
    const left = Buffer.concat([Buffer.from(whole), Buffer.from(toTail(next))])
    writeFileSync(path, left)
    const opening = openJournal(path).then(journal => journal.close())
    if (isCut) {
      await opening
      expect(await verifyJournal(path, AUDIT_KEYS)).toMatchObject({
        records: 4,
        firstBreak: null,
        tornTail: null,
      })
    } else {
      await expect(opening).rejects.toMatchObject({ name: 'JournalBrokenError' })
      expect(readFileSync(path)).toEqual(left)
    }
  })
})
