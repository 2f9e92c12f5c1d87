import { existsSync, mkdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

/** A limit of memory as a container has it, for the processes that are started in it. */
export interface MemoryLimit extends AsyncDisposable {
  /** A process that writes its id here is limited from then on, with its later children. */
  readonly procsFile: string
  /** The most that was charged so far: resident memory, buffers of sockets, and files that the kernel keeps. */
  readPeakBytes(): number
  /** How often the kernel killed a process, because it could take back nothing else. */
  readKills(): number
}

/** The names of the files in the two versions of control groups. */
interface Version {
  readonly root: string
  readonly limit: string
  readonly peak: string
  readonly events: string
}

const VERSIONS: readonly Version[] = [
  {
    root: '/sys/fs/cgroup/memory',
    limit: 'memory.limit_in_bytes',
    peak: 'memory.max_usage_in_bytes',
    events: 'memory.oom_control',
  },
  { root: '/sys/fs/cgroup', limit: 'memory.max', peak: 'memory.peak', events: 'memory.events' },
]
const REST_MS = 200
const MAX_ATTEMPTS = 25

/**
 * Makes a control group with a limit of memory.
 *
 * @throws if the kernel has none, or if this user may make none
 */
export function limitMemory(bytes: number): MemoryLimit {
  const version = VERSIONS.find(({ root, limit }) => existsSync(root) && hasLimit(root, limit))
  if (version === undefined)
    throw new Error('This needs control groups for memory, and the right to make one')
  const folder = join(version.root, `genauth-graphql-bench-${process.pid}`)
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, version.limit), `${bytes}`)
  const read = (file: string) => readFileSync(join(folder, file), 'utf8')
  return {
    procsFile: join(folder, 'cgroup.procs'),
    readPeakBytes: () => Number(read(version.peak)),
    readKills: () => Number(/^oom_kill (\d+)$/m.exec(read(version.events))?.[1] ?? Number.NaN),
    [Symbol.asyncDispose]: () => remove(folder),
  }
}

/** The root group itself has no limit, but every group below it has. */
function hasLimit(root: string, limit: string): boolean {
  const probe = join(root, `genauth-graphql-probe-${process.pid}`)
  try {
    mkdirSync(probe)
    return existsSync(join(probe, limit))
  } catch {
    return false
  } finally {
    if (existsSync(probe)) rmdirSync(probe)
  }
}

/** A group can be removed once its last process is gone. */
async function remove(folder: string): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      return rmdirSync(folder)
    } catch (error) {
      if (attempt === MAX_ATTEMPTS) throw error
      await sleep(REST_MS)
    }
  }
}
