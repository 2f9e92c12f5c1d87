import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, lstatSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { systemClock } from '../../src/base/clock.ts'
import { JournalLockedError, lockFile } from '../../src/journal/files/lock-file.ts'
import { readStartTime } from '../../src/journal/files/lock-holder.ts'
import { endWithParent } from '../support/end-with-parent.ts'
import { journalPath, openJournal } from '../support/journal.ts'

const US = { pid: process.pid, isAlive }

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

async function deadPid(): Promise<number> {
  const child = endWithParent(spawn(process.execPath, ['-e', '']))
  await once(child, 'exit')
  return child.pid ?? 0
}

const lockOf = (pid: number, startedAt: string | null) => `${JSON.stringify({ pid, startedAt })}\n`

describe('a journal in use', () => {
  it('is refused to a second process, which is told the number of the first', async () => {
    const path = journalPath()
    const first = await openJournal(path)
    const refusal = openJournal(path, {
      target: { kind: 'file', path, segmentBytes: 1_000_000, pid: process.ppid, isAlive },
    })
    await expect(refusal).rejects.toThrow(JournalLockedError)
    await expect(refusal).rejects.toThrow(`in use by process ${process.pid}:`)
    await first.close()
    await (await openJournal(path)).close()
  })

  it('is refused to the same process as well, and by another link to the file', async () => {
    const path = journalPath()
    const journal = await openJournal(path)
    symlinkSync(path, `${path}.link`)
    await expect(openJournal(path)).rejects.toThrow(JournalLockedError)
    await expect(openJournal(`${path}.link`)).rejects.toThrow(JournalLockedError)
    await journal.close()
    expect(existsSync(`${path}.lock`)).toBe(false)
  })

  it('is refused while the holder lives, where nobody can tell when it started', async () => {
    const path = journalPath()
    writeFileSync(`${path}.lock`, lockOf(process.ppid, null))
    await expect(lockFile(path, US, systemClock)).rejects.toThrow(JournalLockedError)
  })

  it('is refused when another took it over between two looks', async () => {
    const path = journalPath()
    const dead = await deadPid()
    writeFileSync(`${path}.lock`, lockOf(dead, null))
    const live = lockOf(process.ppid, null)
    const isAliveAfterAll = (pid: number) => {
      if (pid === dead) writeFileSync(`${path}.lock`, live)
      return isAlive(pid)
    }
    await expect(lockFile(path, { ...US, isAlive: isAliveAfterAll }, systemClock)).rejects.toThrow(
      JournalLockedError,
    )
    expect(readFileSync(`${path}.lock`, 'utf8')).toBe(live)
  })

  it('is refused while another process takes it over', async () => {
    const path = journalPath()
    const stale = lockOf(await deadPid(), null)
    writeFileSync(`${path}.lock`, stale)
    writeFileSync(`${path}.lock.takeover`, lockOf(process.ppid, await readStartTime(process.ppid)))
    await expect(lockFile(path, US, systemClock)).rejects.toThrow(JournalLockedError)
    expect(readFileSync(`${path}.lock`, 'utf8')).toBe(stale)
  })
})

describe('a lock that was left behind', () => {
  it.each<[string, (path: string) => Promise<void>]>([
    ['by a process that is gone', async path => writeFileSync(`${path}.lock`, lockOf(await deadPid(), null))],
    [
      'by a process whose number another has now',
      async path => writeFileSync(`${path}.lock`, lockOf(process.ppid, 'another boot 1')),
    ],
    [
      'by a process that had our own number',
      async path => writeFileSync(`${path}.lock`, lockOf(process.pid, 'another boot 1')),
    ],
    ['before it named its holder', async path => writeFileSync(`${path}.lock`, '')],
    ['while it named its holder', async path => writeFileSync(`${path}.lock`, '{"pid":1,"star')],
    ['when the machine lost power', async path => writeFileSync(`${path}.lock`, '\0'.repeat(60))],
    [
      'in the middle of a take-over',
      async path => {
        writeFileSync(`${path}.lock`, lockOf(await deadPid(), null))
        writeFileSync(`${path}.lock.takeover`, lockOf(await deadPid(), null))
      },
    ],
  ])('%s is taken over', async (_what, leave) => {
    const path = journalPath()
    await leave(path)
    const lock = await lockFile(path, US, systemClock)
    expect(JSON.parse(readFileSync(`${path}.lock`, 'utf8'))).toMatchObject({ pid: process.pid })
    expect(existsSync(`${path}.lock.takeover`)).toBe(false)
    await lock.release()
    expect(existsSync(`${path}.lock`)).toBe(false)
  })

  it('is taken over by one alone of many that find it', async () => {
    const path = journalPath()
    writeFileSync(`${path}.lock`, lockOf(await deadPid(), null))
    const all = await Promise.allSettled(Array.from({ length: 20 }, () => lockFile(path, US, systemClock)))
    expect(all.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
  })

  it.each<[string, (lock: string) => void]>([
    ['a text of another program', lock => writeFileSync(lock, '4711\n')],
    ['JSON of another program', lock => writeFileSync(lock, '{"owner":"me"}')],
    ['a whole journal', lock => writeFileSync(lock, 'x'.repeat(10_000))],
    ['a pipe', lock => execFileSync('mkfifo', [lock])],
    ['a link to nothing', lock => symlinkSync('nowhere', lock)],
    ['a folder', lock => mkdirSync(lock)],
  ])('but is %s is neither taken over nor removed', async (_what, leave) => {
    const path = journalPath()
    leave(`${path}.lock`)
    const { ino, ctimeMs } = lstatSync(`${path}.lock`)
    await expect(openJournal(path)).rejects.toThrow(
      'audit.jsonl.lock, beside the audit journal, is not a lock',
    )
    expect(lstatSync(`${path}.lock`)).toMatchObject({ ino, ctimeMs })
    expect(existsSync(path)).toBe(false)
  })

  it('is not removed by whom it no longer names', async () => {
    const path = journalPath()
    const lock = await lockFile(path, US, systemClock)
    writeFileSync(`${path}.lock`, lockOf(process.ppid, null))
    await lock.release()
    expect(existsSync(`${path}.lock`)).toBe(true)
  })
})
