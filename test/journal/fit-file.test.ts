import {
  chmodSync,
  existsSync,
  linkSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { basename, dirname, join, relative } from 'node:path'
import { describe, expect, it } from 'vitest'
import { JournalUnavailableError } from '../../src/mfa/journal-port.ts'
import { clockAt } from '../support/hand-clock.ts'
import { APPLIED, intentOf, journalPath, openJournal, watchedLog } from '../support/journal.ts'

const modeOf = (path: string) => (statSync(path).mode & 0o777).toString(8)
const warningsOf = (lines: { level: string; msg: string }[]) =>
  lines.filter(({ level }) => level === 'warn').map(({ msg }) => msg)

describe('the rights of others', () => {
  it.each([
    [0o600, [], '600'],
    [0o640, ['others may read the audit journal'], '640'],
    [0o604, ['others may read the audit journal'], '604'],
    // As Kubernetes leaves it for the group of a volume.
    [
      0o660,
      [
        'others could write to the audit journal: this right was taken from them',
        'others may read the audit journal',
      ],
      '640',
    ],
    [0o602, ['others could write to the audit journal: this right was taken from them'], '600'],
  ])('%o of a journal are warned of, and none may write', async (mode, warnings, after) => {
    const path = journalPath()
    await (await openJournal(path)).close()
    chmodSync(path, mode)
    const { log, lines } = watchedLog()
    await (await openJournal(path, { log })).close()
    expect(warningsOf(lines)).toEqual(warnings)
    expect(modeOf(path)).toBe(after)
  })

  it('to a folder that everybody may write to are warned of', async () => {
    const path = journalPath()
    chmodSync(dirname(path), 0o777)
    const { log, lines } = watchedLog()
    await (await openJournal(path, { log })).close()
    expect(warningsOf(lines)).toEqual([
      'everybody may write to the folder of the audit journal, and so replace its files',
    ])
  })
})

describe('a second name', () => {
  it('is refused, whichever of the two is given', async () => {
    const path = journalPath()
    await (await openJournal(path)).close()
    linkSync(path, `${path}.2`)
    for (const name of [path, `${path}.2`]) {
      await expect(openJournal(name)).rejects.toThrow('has a second name (a hard link)')
    }
    expect(existsSync(`${path}.lock`) || existsSync(`${path}.2.lock`)).toBe(false)
    rmSync(`${path}.2`)
    await (await openJournal(path)).close()
  })

  it('lets no second process in while the first runs', async () => {
    const path = journalPath()
    const folder = dirname(path)
    const journal = await openJournal(path)
    const elsewhere = journalPath()
    linkSync(path, elsewhere)
    await expect(openJournal(elsewhere)).rejects.toThrow('has a second name')
    rmSync(elsewhere)
    symlinkSync(folder, `${elsewhere}.folder`)
    symlinkSync(path, elsewhere)
    for (const name of [
      elsewhere,
      join(`${elsewhere}.folder`, basename(path)),
      relative('.', path),
      `${folder}/../${basename(folder)}/./${basename(path)}`,
    ]) {
      await expect(openJournal(name)).rejects.toMatchObject({ name: 'JournalLockedError' })
    }
    await journal.close()
  })

  it('that is a link to nothing is refused, since two of them could lead to one file', async () => {
    const path = journalPath()
    symlinkSync('nowhere.jsonl', path)
    await expect(openJournal(path)).rejects.toThrow('AUDIT_LOG is a link to nothing')
    expect(existsSync(join(dirname(path), 'nowhere.jsonl'))).toBe(false)
  })
})

/** Each takes the file from its path and gives it back, if it can be given back. */
const LOSSES: [string, (path: string) => (() => void) | null, string][] = [
  [
    'was moved',
    path => {
      renameSync(path, `${path}.1`)
      return () => renameSync(`${path}.1`, path)
    },
    'FILE_MOVED',
  ],
  [
    'was moved and replaced by a copy',
    path => {
      renameSync(path, `${path}.1`)
      writeFileSync(path, readFileSync(`${path}.1`))
      return () => renameSync(`${path}.1`, path)
    },
    'FILE_MOVED',
  ],
  [
    'has another hard link alone',
    path => {
      linkSync(path, `${path}.1`)
      rmSync(path)
      return () => renameSync(`${path}.1`, path)
    },
    'FILE_MOVED',
  ],
  [
    'has a second hard link',
    path => {
      linkSync(path, `${path}.1`)
      return () => rmSync(`${path}.1`)
    },
    'FILE_LINKED',
  ],
  [
    'went with its folder',
    path => {
      const folder = dirname(path)
      renameSync(folder, `${folder}.old`)
      return () => renameSync(`${folder}.old`, folder)
    },
    'FILE_MOVED',
  ],
  [
    'went with its folder, and another folder is there, as after a mount over it',
    path => {
      const folder = dirname(path)
      renameSync(folder, `${folder}.old`)
      mkdirSync(folder)
      return () => {
        rmSync(folder, { recursive: true })
        renameSync(`${folder}.old`, folder)
      }
    },
    'FILE_MOVED',
  ],
  [
    'was removed with its folder',
    path => {
      rmSync(dirname(path), { recursive: true })
      return null
    },
    'FILE_REMOVED',
  ],
  [
    'was removed',
    path => {
      rmSync(path)
      return null
    },
    'FILE_REMOVED',
  ],
  [
    'was cut',
    path => {
      writeFileSync(path, '')
      return null
    },
    'FILE_CHANGED',
  ],
]

describe('a journal whose file', () => {
  it.each(LOSSES)('%s takes no set until it is as it was', async (_what, lose, fault) => {
    const path = journalPath()
    const { log, lines } = watchedLog()
    let clock = 0
    const journal = await openJournal(path, { log, clock: clockAt(() => clock) })
    const giveBack = lose(path)
    await expect(journal.begin(intentOf())).rejects.toThrow(JournalUnavailableError)
    expect(journal.isWritable()).toBe(false)
    expect(lines.filter(({ level }) => level === 'error')).toMatchObject([
      { fault, msg: expect.stringContaining('the file of the audit journal') },
      { cause: fault, msg: 'the audit journal cannot be written' },
    ])
    giveBack?.()
    clock += 10_000
    if (giveBack === null) {
      await expect(journal.begin(intentOf())).rejects.toThrow(JournalUnavailableError)
    } else {
      await (await journal.begin(intentOf()))(APPLIED)
      expect(journal.isWritable()).toBe(true)
    }
    await journal.close()
  })
})
