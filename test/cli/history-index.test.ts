import { chmodSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { expectIndexOf } from '../support/history-index.ts'
import {
  APPLIED,
  intentOf,
  journalFiles,
  journalPath,
  openJournal,
  readRecords,
  UNKNOWN,
} from '../support/journal.ts'
import { startProgram } from '../support/program.ts'
import { openStore, toTarget } from '../support/stores.ts'

const AUDIT_KEY = 'the key of these tests'

async function run(args: readonly string[], env: Readonly<Record<string, string>>) {
  await using program = startProgram(['history-index', ...args], { AUDIT_KEY, ...env })
  const code = await program.exitCode()
  return { code, stdout: program.stdout(), stderr: program.stderr() }
}

/** Writes a journal of three segments. A change begins in each of the first two and ends in the next one. */
async function writeJournal() {
  const path = journalPath()
  const journal = await openJournal(path)
  for (let n = 0; n < 2; n++) {
    const late = await journal.begin(intentOf())
    await (await journal.begin(intentOf()))(UNKNOWN)
    await journal.beginSegment()
    await late(APPLIED)
  }
  await journal.close()
  return { path, STORE_URL: `file:${join(dirname(path), 'store.db')}` }
}

describe('history-index', () => {
  it('brings the changes of named files into the history, in any order, and again without harm', async () => {
    const { path, STORE_URL } = await writeJournal()
    const [first = '', second = '', open = ''] = journalFiles(path)
    for (const files of [[second, first], [open]]) {
      const { code, stdout, stderr } = await run(files, { STORE_URL })
      expect([code, stderr]).toEqual([0, ''])
      expect(stdout).toMatch(
        /^audit\.jsonl(\.000002)?: \d changes\.\n.*All 4 changes are in the history\.\n$/s,
      )
    }
    await expectIndexOf(STORE_URL, readRecords(path))
  })

  it('says if a change ends in the files but does not begin there', async () => {
    const { path, STORE_URL } = await writeJournal()
    const [, second = ''] = journalFiles(path)
    const { code, stdout } = await run([second], { STORE_URL })
    expect(code).toBe(1)
    expect(stdout).toBe(
      'audit.jsonl.000002: 2 changes.\nAll 2 changes are in the history.\n1 ends have no beginning here: name the segments before these, too.\n',
    )
  })

  it('reads nothing if one of the files is not in order', async () => {
    const { path, STORE_URL } = await writeJournal()
    const [first = '', second = ''] = journalFiles(path)
    chmodSync(second, 0o600)
    writeFileSync(second, readFileSync(second, 'utf8').replace('"admin-1"', '"admin-2"'))
    const { code, stdout } = await run([first, second], { STORE_URL })
    expect(code).toBe(1)
    expect(stdout).toMatch(/^audit\.jsonl\.000002 is not in order:\nLine 3: .*\nNothing was read\.\n$/s)
    await (await openStore(toTarget(STORE_URL))).store.close()
    await expectIndexOf(STORE_URL, [])
    const wrongKey = await run([first], { STORE_URL, AUDIT_KEY: 'not the key of these tests' })
    expect(wrongKey).toMatchObject({ code: 1 })
    await expectIndexOf(STORE_URL, [])
  })

  it('says what is missing, and what to do about it', async () => {
    const { path, STORE_URL } = await writeJournal()
    await using opened = await openStore(toTarget(STORE_URL))
    expect(opened.store.fault).toBeNull()
    const [locked, noStore, noFile, noFolder] = await Promise.all([
      run([path], { STORE_URL }),
      run([path], {}),
      run([`${path}.gone`], { STORE_URL }),
      run([path], { STORE_URL: 'file:/nowhere/at/all/store.db' }),
    ])
    expect(locked?.stderr).toContain('- STORE_URL: another process uses this store: stop it')
    expect(noStore?.stderr).toContain('- STORE_URL: required, because the history is kept there\n')
    expect(noFile?.stderr).toContain('- history-index: the journal ')
    expect(noFolder?.stderr).toContain('- STORE_URL: the folder of the file does not exist')
    for (const { code, stdout } of [locked, noStore, noFile, noFolder])
      expect([code, stdout]).toEqual([1, ''])
    rmSync(path)
  })
})
