import { chmod, readFile, rm, writeFile } from 'node:fs/promises'
import { basename } from 'node:path'
import { type Clock, sleep } from '../../base/clock.ts'
import { toErrorCode } from '../../base/system-error-code.ts'
import { JournalBrokenError } from '../journal-broken-error.ts'
import { type Holder, readHolder, readStartTime } from './lock-holder.ts'

/** The process that takes a lock, with its means to see whether another one still runs. */
export interface LockOwner {
  readonly pid: number
  /** Returns `true` if a process of this machine runs under the number. */
  readonly isAlive: (pid: number) => boolean
}

export interface FileLock {
  release(): Promise<void>
}

/** The journal belongs to a process that is still running. */
export class JournalLockedError extends Error {
  override readonly name = 'JournalLockedError'

  constructor(holder: number | null) {
    const who = holder === null ? 'another process' : `process ${holder}`
    super(`The audit journal is in use by ${who}: one journal belongs to one process.`)
  }
}

/** A lock without a number has a holder that died between two system calls, or one that is about to write it. */
const EMPTY_LOCK_LOOKS = 10
const EMPTY_LOCK_PAUSE_MS = 50
const MODE = 0o600

/**
 * Takes `<path>.lock` for this process. The path is the real one of a `JournalPlace`. If the holder of a lock is gone,
 * the lock is taken over. The holder is gone if its process does not run, or if a process with its number started at
 * another time. In a container the number is often 1.
 *
 * The lock works among the processes of one machine that see each other. It does not keep apart two containers that
 * share a volume. In that case the journal stops at the first record that it did not write itself.
 *
 * @throws JournalLockedError, and JournalBrokenError if the file in the place of the lock is not a lock
 */
export async function lockFile(path: string, owner: LockOwner, clock: Clock): Promise<FileLock> {
  const lock = `${path}.lock`
  if (!(await tryCreate(lock, owner))) await takeOver(lock, owner, clock)
  const mine = await readFile(lock, 'utf8')
  return {
    async release() {
      // Another process may hold the lock if somebody removed ours by hand.
      const found = await readFile(lock, 'utf8').catch(() => null)
      if (found === mine) await rm(lock, { force: true })
    },
  }
}

/**
 * Takes over under a lock of its own. Otherwise, if two processes find the same dead holder, the later one would remove
 * the lock of the earlier.
 */
async function takeOver(lock: string, owner: LockOwner, clock: Clock): Promise<void> {
  await refuseIfHeld(lock, owner, clock)
  const guard = `${lock}.takeover`
  if (!(await tryCreate(guard, owner))) {
    await refuseIfHeld(guard, owner, clock)
    await rm(guard, { force: true })
    if (!(await tryCreate(guard, owner))) throw new JournalLockedError(null)
  }
  try {
    await refuseIfHeld(lock, owner, clock)
    await rm(lock, { force: true })
    if (!(await tryCreate(lock, owner))) throw new JournalLockedError(null)
  } finally {
    await rm(guard, { force: true })
  }
}

async function tryCreate(lock: string, { pid }: LockOwner): Promise<boolean> {
  const holder: Holder = { pid, startedAt: await readStartTime(pid) }
  try {
    await writeFile(lock, `${JSON.stringify(holder)}\n`, { flag: 'wx', mode: MODE })
    await chmod(lock, MODE)
    return true
  } catch (error) {
    if (toErrorCode(error) === 'EEXIST') return false
    throw error
  }
}

async function refuseIfHeld(lock: string, { isAlive }: LockOwner, clock: Clock): Promise<void> {
  for (let look = 1; look <= EMPTY_LOCK_LOOKS; look++) {
    const holder = await readHolder(lock)
    if (holder === 'NONE') return
    if (holder === 'FOREIGN') {
      throw new JournalBrokenError(
        `${basename(lock)}, beside the audit journal, is not a lock of this program: move it away.`,
      )
    }
    if (holder !== 'EMPTY') {
      if (!isAlive(holder.pid)) return
      const startTime = await readStartTime(holder.pid)
      if (holder.startedAt !== null && startTime !== null && holder.startedAt !== startTime) return
      throw new JournalLockedError(holder.pid)
    }
    await sleep(clock, EMPTY_LOCK_PAUSE_MS)
  }
}
