import { readFile } from 'node:fs/promises'
import { z } from 'zod'
import { toErrorCode } from './error-code.ts'

const holder = z.object({
  pid: z.int().positive(),
  /** Null: this system does not tell. */
  startedAt: z.string().nullable(),
})

/** The process that a lock file names. */
export type Holder = Readonly<z.infer<typeof holder>>

/** `starttime` in `/proc/PID/stat`, counted from behind the name, which may hold anything. */
const START_TIME_FIELD = 19

/** `NONE`: there is no such file; `EMPTY`: it names nobody. */
export async function readHolder(lock: string): Promise<Holder | 'NONE' | 'EMPTY'> {
  try {
    const parsed = holder.safeParse(JSON.parse(await readFile(lock, 'utf8')))
    return parsed.success ? parsed.data : 'EMPTY'
  } catch (error) {
    if (error instanceof SyntaxError) return 'EMPTY'
    if (toErrorCode(error) === 'ENOENT') return 'NONE'
    throw error
  }
}

/** Says which start of which boot a process number stands for; null where there is no `/proc`. */
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
