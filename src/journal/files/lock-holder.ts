import { lstat, readFile } from 'node:fs/promises'
import { z } from 'zod'
import { toErrorCode } from '../../base/system-error-code.ts'

const holder = z.object({
  pid: z.int().positive(),
  /** `null` if this system does not say. */
  startedAt: z.string().nullable(),
})

/** The process that a lock file names. */
export type Holder = Readonly<z.infer<typeof holder>>

/** `starttime` in `/proc/PID/stat`, counted from after the name, which may hold anything. */
const START_TIME_FIELD = 19

const BEGINNING = '{"pid":'
const MAX_LOCK_BYTES = 4_096

/**
 * Reads the holder of a lock.
 *
 * - `NONE`: there is no such file.
 * - `EMPTY`: its process or the machine died before the holder was written.
 * - `FOREIGN`: it is not a lock of ours.
 */
export async function readHolder(lock: string): Promise<Holder | 'NONE' | 'EMPTY' | 'FOREIGN'> {
  try {
    const stats = await lstat(lock)
    // Reading a pipe would wait for its writer.
    if (!stats.isFile() || stats.size > MAX_LOCK_BYTES) return 'FOREIGN'
    return parseHolder(await readFile(lock, 'utf8'))
  } catch (error) {
    if (toErrorCode(error) === 'ENOENT') return 'NONE'
    throw error
  }
}

/** A lock is not synced, so its bytes may be NULs after a loss of power. */
function parseHolder(text: string): Holder | 'EMPTY' | 'FOREIGN' {
  const written = text.replace(/\0+$/, '')
  try {
    const parsed = holder.safeParse(JSON.parse(written))
    return parsed.success ? parsed.data : 'FOREIGN'
  } catch {
    return BEGINNING.startsWith(written) || written.startsWith(BEGINNING) ? 'EMPTY' : 'FOREIGN'
  }
}

/** Returns a text that identifies one start of a process number in one boot. Returns `null` if there is no `/proc`. */
export async function readStartTime(pid: number): Promise<string | null> {
  try {
    const boot = await readFile('/proc/sys/kernel/random/boot_id', 'utf8')
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8')
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return `${boot.trim()} ${fields[START_TIME_FIELD]}`
  } catch {
    return null
  }
}
